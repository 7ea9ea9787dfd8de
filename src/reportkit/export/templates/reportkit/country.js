"use strict";
(() => {
  const most = 50;
  const tools = document.querySelector(".tools");
  const [field, told] = ["input", "output"].map((name) => tools.querySelector(name));
  const list = document.querySelector(".found");
  const names = JSON.parse(document.getElementById("names").textContent);
  const bodies = [];
  for (const group of document.querySelectorAll("tbody")) {
    const province = group.rows[0].cells[0].firstChild.textContent.trim();
    for (const row of group.rows) {
      const link = row.querySelector("th a");
      if (!link) continue;
      const county = link.textContent;
      const href = link.getAttribute("href");
      bodies.push({ name: county, where: province, href, words: `${county} ${province}`.toLowerCase() });
      names[row.dataset.id].split("\n").forEach((name, place) => {
        const words = `${name} ${county} ${province}`.toLowerCase();
        bodies.push({ name, where: `${province} ${county}`, href: `${href}#n${place + 1}`, words });
      });
    }
  }
  const line = (body) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const where = document.createElement("small");
    link.href = body.href;
    link.textContent = body.name;
    where.textContent = ` ${body.where}`;
    item.append(link, where);
    return item;
  };
  field.addEventListener("input", () => {
    const parts = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = parts.length ? bodies.filter((body) => parts.every((part) => body.words.includes(part))) : [];
    list.replaceChildren(...found.slice(0, most).map(line));
    list.hidden = !found.length;
    told.textContent = !parts.length ? "" : found.length > most ? `找到${found.length}个，列出前${most}个` : `找到${found.length}个`;
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
})();
