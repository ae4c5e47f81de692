"use strict";
// The search box. `/` goes to it, arrows move through what is found, Enter opens, Escape goes back to the box.
const kbSearch = (() => {
  const waiting = new Map();
  const settle = (name, value) => waiting.get(name)?.resolve(value);
  // Each file calls back with what it holds.
  const load = (name, file) => {
    if (!waiting.has(name)) {
      const one = {};
      one.promise = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }));
      waiting.set(name, one);
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root}search/${file}.js`;
      script.onerror = () => { waiting.delete(name); script.remove(); one.reject(new Error(file)); };
      document.head.append(script);
    }
    return waiting.get(name).promise;
  };
  return {
    base: (base) => settle("base", base),
    shard: (number, text) => settle(`shard ${number}`, text),
    titles: (number, rows) => settle(`titles ${number}`, rows),
    loadBase: () => load("base", "base"),
    loadShard: (number) => load(`shard ${number}`, number),
    loadTitles: (number) => load(`titles ${number}`, `titles-${number}`),
  };
})();

(() => {
  const [words, found, told] = ["words", "found", "told"].map((id) => document.getElementById(id));
  if (!words) return;
  const most = 10, longest = 1000, pause = 120, root = document.body.dataset.root;
  let rank = null, base = null, asked = 0, timer = 0;
  words.form.hidden = false;
  words.maxLength = longest;

  const prepare = async () => {
    base ??= await kbSearch.loadBase();
    rank ??= rankingOf(base, postingsOf(base, kbSearch.loadShard));
  };
  const rowOf = async (lesson) => (await kbSearch.loadTitles(Math.floor(lesson / base.titles)))[lesson % base.titles];
  const item = ([address, title, facts]) => {
    const [li, link, name, small] = ["li", "a", "b", "small"].map((tag) => document.createElement(tag));
    link.href = root + address;
    name.textContent = title;
    name.dir = small.dir = "auto";
    small.textContent = facts;
    link.append(name, small);
    li.append(link);
    return li;
  };
  const show = (items, line) => {
    found.replaceChildren(...items);
    told.textContent = line;
  };
  const lineOf = ({ lessons, found: count, unknown }) => {
    const lacking = unknown.length ? ` No lesson has: ${unknown.slice(0, 5).join(", ")}.` : "";
    if (!lessons.length) return `Nothing found.${lacking}`;
    const some = count > lessons.length ? `The nearest ${lessons.length} of ${count.toLocaleString("en")} lessons` : count === 1 ? "1 lesson" : `${count} lessons`;
    return `${some}, the best first.${lacking}`;
  };
  const search = async () => {
    const own = ++asked, text = words.value.trim();
    if (!text) { show([], ""); return; }
    try {
      await prepare();
      const result = await rank(text, most);
      const rows = await Promise.all(result.lessons.map(([lesson]) => rowOf(lesson)));
      if (own === asked) show(rows.map(item), lineOf(result));
    } catch {
      if (own === asked) show([], "The search cannot be loaded; look at the list of all lessons.");
    }
  };
  const links = () => [...found.querySelectorAll("a")];
  const move = (step) => {
    const places = [words, ...links()], at = places.indexOf(document.activeElement);
    places[Math.min(Math.max(at + step, 0), places.length - 1)]?.focus();
  };
  const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

  words.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, pause); });
  words.addEventListener("focus", () => prepare().catch(() => {}), { once: true });
  words.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search().then(() => links()[0]?.focus());
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isHere = event.target === words || found.contains(event.target);
    if (event.key === "/" && !isTyping(event.target)) { event.preventDefault(); words.focus(); words.select(); }
    else if (event.key === "ArrowDown" && isHere) { event.preventDefault(); move(1); }
    else if (event.key === "ArrowUp" && isHere) { event.preventDefault(); move(-1); }
    else if (event.key === "Escape" && isHere) { if (event.target === words) { words.value = ""; search(); } words.focus(); }
  });
  const query = new URLSearchParams(location.search).get("q");
  if (query) { words.value = query.slice(0, longest); search(); }
})();

// An answer names a line; the block that begins there, or before it, is shown.
(() => {
  const show = () => {
    const line = /^#L(\d{1,7})$/.exec(location.hash);
    if (!line || document.getElementById(line[0].slice(1))) return;
    const places = [...document.querySelectorAll('.prose [id^="L"]')].filter((one) => /^L\d+$/.test(one.id));
    places.findLast((one) => Number(one.id.slice(1)) <= Number(line[1]))?.scrollIntoView();
  };
  addEventListener("hashchange", show);
  show();
})();
