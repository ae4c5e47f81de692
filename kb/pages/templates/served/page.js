"use strict";
// Makes the page quicker to use. Without it everything works by links and forms.
(() => {
  const wait = 250, longest = 300; // milliseconds after a key; characters that may stand in an address
  const words = document.getElementById("words");
  const form = document.getElementById("ask");
  const told = document.getElementById("told");
  const answer = () => document.getElementById("answer");
  const links = () => [...document.querySelectorAll(".hit h3 a, .hit h2 a")];

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && words) {
      event.preventDefault();
      words.focus();
      words.select();
    } else if (event.key === "Escape" && document.activeElement?.closest?.(".hit")) {
      words?.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && move(event.key === "ArrowDown" ? 1 : -1)) {
      event.preventDefault();
    }
  });

  // Arrows lead from the box, while it has one line, to the lessons found and back.
  const move = (step) => {
    const all = links(), at = all.indexOf(document.activeElement);
    if (!all.length || (at < 0 && (document.activeElement !== words || step < 0 || words.value.includes("\n")))) return false;
    (all[at + step] ?? (at + step < 0 ? words : all[at]))?.focus();
    return true;
  };

  if (!form || !words || words.tagName !== "TEXTAREA") return;

  const fit = () => {
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight + words.offsetHeight - words.clientHeight}px`;
  };
  if (!CSS.supports("field-sizing", "content")) {
    words.addEventListener("input", fit);
    fit();
  }

  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !words.value.includes("\n")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  if (!answer()) return;
  const own = new URL(form.getAttribute("action"), location.href); // with the conditions that stay
  let asking = null, timer = 0, asked = words.value.trim();
  const isLong = (text) => text.length > longest || text.includes("\n");

  const address = (text) => {
    const to = new URL(own);
    if (text && !isLong(text)) to.searchParams.set("q", text);
    return to;
  };

  const show = async (to, text) => {
    asking?.abort(); // an older answer never replaces a newer one
    const mine = (asking = new AbortController());
    const body = isLong(text) ? new URLSearchParams({ q: text }) : undefined;
    try {
      const got = await fetch(to, { method: body ? "POST" : "GET", body, signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await got.text(), "text/html");
      if (mine.signal.aborted) return;
      const found = page.getElementById("answer");
      if (!got.ok || !found) {
        told.textContent = page.querySelector("h1")?.textContent ?? "";
        return;
      }
      answer().replaceWith(document.adoptNode(found));
      document.title = page.title;
      told.textContent = `${document.getElementById("verdict")?.textContent ?? ""} ${links().length || ""}`.trim();
    } catch (error) {
      if (error.name !== "AbortError") told.textContent = "No answer; is the server still there?";
    }
  };

  words.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    timer = setTimeout(() => {
      const text = words.value.trim();
      if (text === asked) return;
      const to = address(text), first = !asked;
      asked = text;
      if (first) history.pushState(null, "", to);
      else history.replaceState(null, "", to);
      show(to, text);
    }, wait);
  });

  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    asked = words.value = new URL(location.href).searchParams.get("q") ?? "";
    show(new URL(location.href), asked);
  });
})();
