"use strict";
// Text → terms, with the results of the analyzer that made the index: search/analysis/analyzer.py and tokens.py.
function analyzerOf(tables) {
  const { unseen, marks, unspaced, signs } = tables.classes;
  const letter = "[\\p{L}\\p{Nl}\\p{No}]", wordCharacter = "[\\p{L}\\p{N}_]";
  const inNumbers = "(?<=\\p{Nd})(?:\\.(?=\\p{Nd})|,(?=\\p{Nd}{3}(?!\\p{Nd})))";
  const piece = new RegExp(
    `(?<unit>[${unspaced}](?:[\\u1039\\u17d2][^\\n]|[${marks}${unseen}])*)` +
    `|(?<word>(?:(?![${unspaced}])[\\p{L}\\p{N}][${marks}${unseen}]*|${inNumbers})+)` +
    `|(?<sign>(?:${signs})[\\u0300-\\u036f${unseen}\\u{1f3fb}-\\u{1f3ff}]*)`, "gu");
  const invisible = new RegExp(`[${unseen}\\u{1f3fb}-\\u{1f3ff}]+`, "gu");
  const loose = /[\s\x1c-\x1f\x85\u0300-\u036f]+/gu;
  const joinsNames = /^(?:_+|\++|[-\u2010\u2011.&@])$/u, joinsPaths = /^(?:[/\\]|::)$/u;
  const signBefore = new RegExp(`(?<!${wordCharacter.slice(0, -1)}.\\-])(?:--|\\.)(?=${letter})`, "uy");
  const signsBehind = new RegExp(`(?:\\+\\+|#)(?!${wordCharacter})`, "uy");
  const separators = "[\\-\\u2010\\u2011._/\\\\:]+";
  const betweenWords = new RegExp(
    `(?<=${letter})${separators}(?=${wordCharacter})|(?<=\\p{Nd})${separators}(?=${letter})`, "gu");
  const stopWords = new Set(tables.stopWords), bases = new Map(Object.entries(tables.bases));
  const isAscii = (text) => /^[\0-\x7f]*$/.test(text);
  const cut = (text, most) => (text.length <= most ? text : [...text].slice(0, most).join(""));

  const folded = (word) => {
    const plain = word.replace(invisible, "").normalize("NFKC");
    // There is no case folding in ECMAScript; upper case first turns sharp s into two letters, as folding does.
    const lower = [...plain].map((sign) => (/\p{Changes_When_Casefolded}/u.test(sign) ? foldedSign(sign) : sign)).join("");
    return lower.normalize("NFKC").replace(loose, "");
  };
  const foldedSign = (sign) => {
    const upper = sign.toUpperCase();
    return (upper === sign || sign === "\u1e9e" ? (sign === "\u1e9e" ? "ss" : sign.toLowerCase()) : upper.toLowerCase()).replaceAll("\u03c2", "\u03c3");
  };
  const spelling = (word) => (isAscii(word) ? word.toLowerCase() : folded(cut(word, tables.mostFolded)));
  const termOf = (word) => {
    const short = cut(isAscii(word) ? word : folded(cut(word, tables.mostFolded)), tables.mostLetters);
    const plain = [...short.toLowerCase()].map((sign) => bases.get(sign) ?? sign).join("").replaceAll(",", "");
    return plain && !stopWords.has(plain) ? stem(plain) : null;
  };

  const piecesOf = (text) => {
    const groups = [];
    for (const found of text.matchAll(piece)) {
      const kind = found.groups.unit !== undefined ? "unit" : found.groups.word !== undefined ? "word" : "sign";
      const one = { kind, text: found[0], start: found.index, end: found.index + found[0].length };
      const last = groups.at(-1);
      if (last && belongs(text, last.at(-1), one)) last.push(one);
      else groups.push([one]);
    }
    return groups;
  };
  const belongs = (text, before, one) => {
    if (one.kind !== before.kind || one.kind === "sign") return false;
    const between = text.slice(before.end, one.start);
    return one.kind === "unit" ? !between : joinsNames.test(between) || joinsPaths.test(between);
  };
  const namesOf = (text, words) => {
    const names = [[words[0]]];
    for (const word of words.slice(1)) {
      if (joinsPaths.test(text.slice(names.at(-1).at(-1).end, word.start))) names.push([]);
      names.at(-1).push(word);
    }
    return names;
  };
  const spanOfName = (text, words) => {
    let start = words[0].start, end = words.at(-1).end;
    for (const sign of start ? ["--", "."] : []) {
      signBefore.lastIndex = start - sign.length;
      if (text.slice(0, start).endsWith(sign) && signBefore.test(text)) { start -= sign.length; break; }
    }
    signsBehind.lastIndex = end;
    if (signsBehind.test(text)) end = signsBehind.lastIndex;
    return [start, end];
  };

  const partsOf = (word) => {
    const hangul = [...word.matchAll(/(?<hangul>[\uac00-\ud7a3]+)|[^\uac00-\ud7a3]+/gu)];
    if (!isAscii(word) && hangul.some((found) => found.groups.hangul)) {
      return hangul.flatMap((found) => partsOfStretch(found.index, found[0].length, Boolean(found.groups.hangul), word.length));
    }
    if (word.includes(",")) return [...word.matchAll(/[^,]+/g)].map((found) => [found.index, found.index + found[0].length]);
    const found = lettersAndNumber.exec(word);
    if (!found) return [];
    const [first, second] = found[1] !== undefined ? [found[1], found[2]] : [found[3], found[4]];
    return [[0, first.length], [first.length, first.length + second.length]];
  };
  const lettersAndNumber = new RegExp(
    `^(?:(${letter}{2,}|${letter}(?=\\p{Nd}+\\.))(\\p{Nd}[\\p{Nd}.]*)|(\\p{Nd}[\\p{Nd}.]*)(${letter}{2,}))$`, "u");
  const partsOfStretch = (start, length, isHangul, whole) => {
    if (!isHangul || length === 1) return length < whole ? [[start, start + length]] : [];
    if (length === 2 && whole === 2) return [[start, start + 1]];
    return [...Array(length - 1).keys()].map((at) => [start + at, start + at + 2]);
  };

  const analyze = (text) => {
    const found = { words: [], names: [], parts: [] };
    for (const group of piecesOf(text)) {
      if (group[0].kind === "unit") addRun(found, group);
      else if (group[0].kind === "word") addPath(found, text, group);
      else addWord(found, group[0]);
    }
    return found;
  };
  const addWord = (found, one) => {
    const term = termOf(one.text);
    if (term === null) return;
    found.words.push({ term, start: one.start, end: one.end });
    if (one.kind !== "word" || [...one.text].length > tables.mostLetters || /^(?:[A-Za-z]*|\d*)$/.test(one.text)) return;
    const composed = isAscii(one.text) ? one.text : one.text.replace(invisible, "").normalize("NFC");
    for (const [first, last] of partsOf(composed)) {
      const part = termOf(composed.slice(first, last));
      if (part !== null) found.parts.push({ term: part, word: found.words.length - 1 });
    }
  };
  const addRun = (found, units) => {
    const words = units.map((unit) => ({ term: folded(cut(unit.text, tables.mostFolded)), start: unit.start, end: unit.end }));
    if (words.length === 1) found.words.push(words[0]);
    for (let at = 0; at + 1 < words.length; at++) {
      found.words.push({ term: words[at].term + words[at + 1].term, start: words[at].start, end: words[at + 1].end });
    }
  };
  const addPath = (found, text, words) => {
    const number = found.words.length;
    if (words.length === 1) { addWords(found, text, words); return; }
    const names = namesOf(text, words);
    for (const name of names) addWords(found, text, name);
    if (names.length > 1 && found.words.length > number) addName(found, text, [words[0].start, words.at(-1).end], number);
  };
  const addWords = (found, text, name) => {
    const first = found.words.length;
    for (const word of name) addWord(found, word);
    const span = spanOfName(text, name);
    if (name.length > 1 || span[0] !== name[0].start || span[1] !== name[0].end) addName(found, text, span, first);
  };
  const addName = (found, text, [start, end], first) => {
    const term = termOf(spelling(cut(text.slice(start, end), tables.mostFolded)).replace(betweenWords, ""));
    if (term === null) return;
    if (found.words.length > first) found.names.push({ term, first, last: found.words.length, start, end });
    else found.words.push({ term, start, end });
  };

  const isLower = (word) => /\p{Lowercase}/u.test(word) && !/[\p{Uppercase}\p{Lt}]/u.test(word);
  const isIdentifier = (name) => {
    if (/[_.&@+#\\]|::|^--|\/.*\//u.test(name) || !/\p{Lowercase}/u.test(name)) return true;
    const words = name.match(new RegExp(`${letter}{3,}`, "gu")) ?? [];
    return /\p{Nd}/u.test(name) && !words.some((word) => isLower([...word].slice(1).join("")));
  };
  return { analyze, termOf, isIdentifier };
}
