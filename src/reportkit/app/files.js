// Buttons that make a file when they are pressed, and save it.
function render({ model, el }) {
  const row = document.createElement("div");
  row.className = "rk-files";
  el.append(row);
  const show = () => {
    row.replaceChildren(...Object.entries(model.get("files")).map(([key, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.dataset.file = key;
      button.addEventListener("click", () => {
        button.disabled = true;
        button.textContent = model.get("busy");
        model.send({ want: key });
      });
      return button;
    }));
  };
  show();
  model.on("change:files", show);
  model.on("msg:custom", (message, buffers) => {
    if (message.kind === "file") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([buffers[0]]));
      link.download = message.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }
    show();
  });
}
export default { render };
