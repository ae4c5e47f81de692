"use strict";
(() => {
  const svg = document.querySelector("svg");
  if (!svg) return;
  const find = document.getElementById("find"), input = document.getElementById("words");
  const count = document.getElementById("count"), chosen = document.getElementById("chosen");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = new Map([...document.querySelectorAll("li[id]")].map((row) => [row.id.slice(1), row]));
  const texts = new Map([...rows].map(([number, row]) => [number, fold(row.textContent)]));
  const dots = [...svg.querySelectorAll("[data-n]")];
  const parts = [...document.querySelectorAll("details")];

  const search = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const hits = new Set();
    for (const [number, text] of texts) if (words.every((word) => text.includes(word))) hits.add(number);
    svg.classList.toggle("search", words.length > 0);
    for (const dot of dots) dot.classList.toggle("hit", words.length > 0 && hits.has(dot.dataset.n));
    for (const [number, row] of rows) row.hidden = !hits.has(number);
    for (const part of parts) {
      const found = [...part.querySelectorAll("li")].some((row) => !row.hidden);
      part.hidden = !found;
      part.open = words.length > 0 && found && hits.size <= 50;
    }
    count.textContent = words.length ? `${hits.size} of ${rows.size} lessons` : "";
  };

  const choose = (number) => {
    for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
    const row = rows.get(number);
    row.classList.add("chosen");
    svg.querySelector(`[data-n="${number}"]`).classList.add("chosen");
    const link = row.querySelector("a").cloneNode(true);
    const topic = row.closest("details").querySelector("summary").textContent;
    chosen.replaceChildren(link, ` (${topic})`);
    return link;
  };

  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches("details")) {
      target.open = true;
      target.hidden = false;
      target.querySelector("summary").focus();
    }
  };

  svg.addEventListener("click", (event) => {
    const number = event.target.dataset.n;
    if (number) choose(number).focus();
  });
  svg.addEventListener("mouseover", (event) => {
    const number = event.target.dataset.n;
    if (number) choose(number);
  });
  input.addEventListener("input", search);
  window.addEventListener("hashchange", open);
  find.hidden = false;
  open();
})();
