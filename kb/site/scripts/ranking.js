"use strict";
// A query in the terms of the index, and the lessons by their scores: search/query/wording.py, page.py, and BM25F.
function rankingOf(base, postings) {
  const { analyze, termOf, isIdentifier } = analyzerOf(base);
  const queryWeight = (times) => (base.k3 + 1) * times / (base.k3 + times);
  const add = (map, key, value) => map.set(key, (map.get(key) ?? 0) + value);
  const pairwise = (words) => words.slice(1).map((word, at) => [words[at], word]);

  const identifiersOf = (names, text) => {
    const taken = new Set(), chosen = [];
    for (const name of [...names].sort((a, b) => (a.start - a.end) - (b.start - b.end))) {
      const words = Array.from({ length: name.last - name.first }, (_, at) => name.first + at);
      if (words.every((word) => !taken.has(word)) && isIdentifier(text.slice(name.start, name.end))) {
        chosen.push(name);
        for (const word of words) taken.add(word);
      }
    }
    return { chosen, taken };
  };
  // Two and three neighbouring words with only white space between, written as one.
  const neighbours = (text, words) => {
    const found = [];
    for (const [first, word] of words.entries()) {
      let together = text.slice(word.start, word.end);
      for (const next of words.slice(first + 1, first + base.ofWordsTogether)) {
        const before = words[words.indexOf(next) - 1], between = text.slice(before.end, next.start);
        const numbers = /\p{Nd}$/u.test(together) && /^\p{Nd}/u.test(text.slice(next.start));
        if (numbers || !/^\s+$/u.test(between)) break;
        together += text.slice(next.start, next.end);
        found.push(termOf(together));
      }
    }
    return found.filter((term) => term !== null);
  };
  const halvesOf = (text, words) => words.flatMap((word) => {
    const written = text.slice(word.start, word.end);
    if (!/^\p{L}+$/u.test(written) || written.length > base.ofMostLetters) return [];
    const cuts = Math.max(written.length - 2 * base.ofLeastLetters + 1, 0);
    return Array.from({ length: cuts }, (_, at) => at + base.ofLeastLetters)
      .map((at) => [termOf(written.slice(0, at)), termOf(written.slice(at))]).filter(([one, other]) => one && other);
  });
  const informative = (terms) => {
    if (terms.size <= base.mostTerms) return terms;
    const told = [...terms].filter(([term]) => postings.knows(term))
      .map(([term, times]) => [term, times, queryWeight(times) * postings.idf(term)]);
    return new Map(told.sort((a, b) => b[2] - a[2]).slice(0, base.mostTerms).map(([term, times]) => [term, times]));
  };
  const informativePairs = (words, chosen) => {
    const found = new Map();
    for (const [one, other] of pairwise(words)) {
      const key = `${one} ${other}`;
      if (chosen.has(one) && chosen.has(other)) found.set(key, { one, other, times: (found.get(key)?.times ?? 0) + 1 });
    }
    const told = ({ one, other, times }) => queryWeight(times) * (postings.idf(one) + postings.idf(other));
    const entries = [...found];
    if (entries.length > base.mostPairs) entries.sort((a, b) => told(b[1]) - told(a[1]));
    return new Map(entries.slice(0, base.mostPairs));
  };

  const wordingOf = async (text) => {
    const found = analyze(text), words = found.words.map((word) => word.term);
    const mayJoin = words.length <= base.ofMostWordsPutTogether;
    const joined = mayJoin ? neighbours(text, found.words) : [], halves = mayJoin ? halvesOf(text, found.words) : [];
    await postings.need([...words, ...joined, ...found.names.map((one) => one.term), ...found.parts.map((one) => one.term)]);
    await postings.need(halves.map(([one]) => one));
    const known = halves.filter(([one]) => postings.knows(one));
    await postings.need(known.map(([, other]) => other));

    const further = new Map(), weights = Array(words.length).fill(1);
    const { chosen, taken } = identifiersOf(found.names.filter((name) => postings.knows(name.term)), text);
    for (const name of chosen) add(further, name.term, base.ofIdentifier);
    for (const part of found.parts.filter((one) => postings.knows(one.term))) {
      const whole = words[part.word], isKnown = postings.knows(whole), hangul = !/^[\0-\x7f]*$/.test(whole);
      add(further, part.term, hangul || !isKnown ? 1 : base.ofPartOfKnownWord);
      weights[part.word] = isKnown ? (hangul ? base.ofWholeOfParts : 1) : 0;
    }
    for (const name of chosen) weights.fill(base.ofWordOfIdentifier, name.first, name.last);
    const counts = new Map();
    words.forEach((word, at) => add(counts, word, weights[at]));
    for (const name of found.names) {
      if (!taken.has(name.first) && postings.knows(name.term)) add(further, name.term, base.ofCompound);
    }
    for (const term of joined.filter(postings.knows)) add(further, term, base.ofWrittenTogether);
    const terms = informative(new Map([...counts].filter(([, times]) => times)));
    const pairs = informativePairs(words, terms);
    const ofIdentifiers = new Set(chosen.flatMap((name) => pairwise(words.slice(name.first, name.last))).map((pair) => pair.join(" ")));
    for (const key of ofIdentifiers) if (pairs.has(key)) pairs.get(key).times *= base.ofWordOfIdentifier;
    for (const [one, other] of known) {
      if (postings.knows(other) && postings.pair(one, other)) pairs.set(`${one} ${other}`, { one, other, times: base.ofWrittenApart });
    }
    const others = informative(new Map([...further].filter(([term]) => !terms.has(term))));
    const unknown = [...new Set(found.words.filter((word) => !postings.knows(word.term)).map((word) => text.slice(word.start, word.end)))];
    return { terms: new Map([...terms, ...others]), pairs, unknown };
  };

  const scoresOf = ({ terms, pairs }) => {
    const scores = new Map(), fround = Math.fround;
    const sum = (row, weight) => {
      if (!row) return;
      for (const [lesson, sums] of row.weighted) {
        const weighted = fround(sums), share = fround(fround(fround(weight * row.idf) * weighted) / fround(fround(base.k1) + weighted));
        scores.set(lesson, fround((scores.get(lesson) ?? 0) + share));
      }
    };
    for (const [term, times] of terms) sum(postings.row(term), queryWeight(times));
    for (const { one, other, times } of pairs.values()) sum(postings.pair(one, other), base.pair * queryWeight(times));
    return scores;
  };
  // What does not depend on the query: status, evidence and reuse; and a successor is above what it replaces.
  const withPriors = (scores) => {
    const best = Math.max(0, ...scores.values()), found = new Map(), fround = Math.fround;
    for (const [old, successor] of base.successors) if (scores.has(old) && !scores.has(successor)) scores.set(successor, 0);
    for (const [lesson, score] of scores) found.set(lesson, fround(score + fround(fround(best) * fround(base.added[lesson] ?? 0))));
    for (const [old, successor] of base.successors) {
      if (found.has(old) && found.get(successor) <= found.get(old)) found.set(successor, fround(found.get(old) + base.above * best));
    }
    return found;
  };
  return async (text, limit) => {
    const wording = await wordingOf(text);
    const scores = [...withPriors(scoresOf(wording))].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return { lessons: scores.slice(0, limit), found: scores.length, unknown: wording.unknown };
  };
}
