"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const [field, order, told] = ["input", "select", "output"].map((name) => tools.querySelector(name));
  const body = document.querySelector("tbody");
  const rows = Array.from(body.rows, (row) => ({
    row,
    words: (row.dataset.id + " " + row.cells[0].textContent).toLowerCase(),
  }));
  const figure = (row, year, part) => {
    const place = row.cells[year].querySelector(part ? "small" : "a");
    return place && /^\d+$/.test(place.textContent) ? Number(place.textContent) : -1;
  };
  const search = () => {
    const parts = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of rows) {
      const found = parts.every((part) => each.words.includes(part));
      if (each.row.hidden === found) each.row.hidden = !found;
      shown += found;
    }
    told.textContent = parts.length ? `找到${shown}个` : "";
  };
  const sort = () => {
    const sorted = rows.slice();
    if (order.value) {
      const [year, part] = order.value.split(".").map(Number);
      for (const each of sorted) each.figure = figure(each.row, year, part);
      sorted.sort((a, b) => b.figure - a.figure);
    }
    body.append(...sorted.map((each) => each.row));
  };
  field.addEventListener("input", search);
  order.addEventListener("change", sort);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
})();
