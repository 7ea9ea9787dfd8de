// A table of the form whose figures can be typed over. Each change goes to Python, which says what breaks.
function render({ model, el }) {
  const table = document.createElement("table");
  table.className = "rk-grid";
  el.append(table);
  const cell = (kind, text) => {
    const made = document.createElement(kind);
    made.textContent = text;
    return made;
  };
  const draw = () => {
    const head = document.createElement("tr");
    head.append(cell("th", ""), ...model.get("columns").map((name) => cell("th", name)));
    const rows = model.get("rows").map(([label, places]) => {
      const row = document.createElement("tr");
      row.append(cell("th", label));
      for (const [address, value] of places) {
        const field = document.createElement("td");
        if (address) {
          const input = document.createElement("input");
          input.value = value;
          input.dataset.address = address;
          input.setAttribute("aria-label", address);
          input.addEventListener("change", () => model.send({ address, value: input.value }));
          field.append(input);
        }
        row.append(field);
      }
      return row;
    });
    table.replaceChildren(head, ...rows);
    mark();
  };
  const mark = () => {
    const broken = new Set(model.get("broken"));
    const changed = new Set(model.get("changed"));
    for (const input of table.querySelectorAll("input")) {
      input.classList.toggle("broken", broken.has(input.dataset.address));
      input.classList.toggle("changed", changed.has(input.dataset.address));
    }
  };
  draw();
  model.on("change:rows", draw);
  model.on("change:broken", mark);
  model.on("change:changed", mark);
}
export default { render };
