"use strict";
(() => {
  const svg = document.querySelector("svg");
  if (!svg) return;
  const [find, input, count, found, chosen] = ["find", "words", "count", "found", "chosen"].map((id) => document.getElementById(id));
  const most = 10, few = 50; // results beside the search box; with few, their topics are opened too
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = new Map([...document.querySelectorAll("li[id]")].map((row) => [row.id.slice(1), row]));
  const texts = new Map([...rows].map(([number, row]) => [number, fold(row.textContent)]));
  const dots = new Map([...svg.querySelectorAll("[data-n]")].map((dot) => [dot.dataset.n, dot]));
  const topics = [...document.querySelectorAll("details")];

  const topicOf = (row) => ` (${row.closest("details").querySelector("summary").textContent})`;
  const linkOf = (row) => row.querySelector("a").cloneNode(true);
  const itemOf = (row) => {
    const item = document.createElement("li");
    item.append(linkOf(row), topicOf(row));
    return item;
  };

  const search = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const searching = words.length > 0;
    const hits = [...texts].filter(([, text]) => words.every((word) => text.includes(word))).map(([number]) => number);
    const isHit = new Set(hits);
    svg.classList.toggle("search", searching);
    for (const [number, dot] of dots) dot.classList.toggle("hit", searching && isHit.has(number));
    for (const [number, row] of rows) row.hidden = !isHit.has(number);
    for (const topic of topics) {
      topic.hidden = !topic.querySelector("li:not([hidden])");
      topic.open = searching && !topic.hidden && hits.length <= few;
    }
    const shown = searching ? hits.slice(0, most) : [];
    found.replaceChildren(...shown.map((number) => itemOf(rows.get(number))));
    const more = hits.length > shown.length ? `; the first ${most} are here, all under Lessons` : "";
    count.textContent = searching ? `${hits.length} of ${rows.size} lessons${more}` : "";
  };

  const choose = (number) => {
    for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
    const row = rows.get(number), link = linkOf(row);
    for (const one of [row, dots.get(number)]) one.classList.add("chosen");
    chosen.replaceChildren(link, topicOf(row));
    return link;
  };

  const open = (hash) => {
    const topic = hash && document.getElementById(hash.slice(1))?.closest("details");
    if (!topic) return;
    if (topic.hidden) {
      input.value = "";
      search();
    }
    topic.open = true;
    const summary = topic.querySelector("summary");
    summary.focus();
    summary.scrollIntoView();
  };

  svg.addEventListener("click", (event) => {
    const number = event.target.dataset.n;
    if (number) choose(number).focus({ preventScroll: true });
  });
  svg.addEventListener("mouseover", (event) => {
    const number = event.target.dataset.n;
    if (number) choose(number);
  });
  document.addEventListener("click", (event) => {
    const hash = event.target.closest("a")?.getAttribute("href");
    if (!hash?.startsWith("#t")) return;
    event.preventDefault(); // else the browser moves the focus away from the topic
    history.pushState(null, "", hash);
    open(hash);
  });
  input.addEventListener("input", search);
  window.addEventListener("hashchange", () => open(location.hash));
  find.hidden = false;
  search();
  open(location.hash);
})();
