// A place to drop files, folders too, and a button for those who have no mouse. A file goes to Python in pieces.
const PIECE = 1 << 20;

async function entriesOf(entry, before) {
  const name = before ? `${before}/${entry.name}` : entry.name;
  if (entry.isFile) {
    return [[name, await new Promise((good, bad) => entry.file(good, bad))]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((good, bad) => reader.readEntries(good, bad));
    if (!some.length) return found;
    for (const one of some) found.push(...(await entriesOf(one, name)));
  }
}

function render({ model, el }) {
  const zone = document.createElement("label");
  zone.className = "rk-drop";
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.setAttribute("aria-label", model.get("label"));
  const words = document.createElement("span");
  const show = () => { words.textContent = model.get("label"); };
  show();
  model.on("change:label", show);
  zone.append(words, input);
  el.append(zone);

  async function send(files) {
    if (!files.length) return;
    words.textContent = model.get("busy");
    for (const [at, [name, file]] of files.entries()) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const pieces = Math.max(1, Math.ceil(bytes.length / PIECE));
      for (let nth = 0; nth < pieces; nth += 1) {
        const last = nth === pieces - 1;
        const piece = bytes.slice(nth * PIECE, (nth + 1) * PIECE);
        const done = last && at === files.length - 1;
        model.send({ name, last, done }, undefined, [piece.buffer]);
      }
    }
    input.value = "";
  }
  model.on("msg:custom", (message) => { if (message.kind === "taken") show(); });
  input.addEventListener("change", () =>
    send([...input.files].map((file) => [file.webkitRelativePath || file.name, file])));
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const files = [];
    for (const entry of entries) files.push(...(await entriesOf(entry, "")));
    await send(files);
  });
}
export default { render };
