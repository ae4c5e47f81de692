"use strict";
// The postings of the terms of a query, from the files that have them: search/browser/browser_index.py wrote these.
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function readerOf(bytes, at = 0) {
  const number = () => {
    let value = 0, factor = 1, byte;
    do { byte = bytes[at++]; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
    return value;
  };
  return {
    number,
    numbers: (count) => Array.from({ length: count }, number),
    take: (count) => bytes.subarray(at, (at += count)),
    get isAtEnd() { return at >= bytes.length; },
  };
}

function postingsOf(base, load) {
  const fround = Math.fround, fields = base.weights.length;
  const passages = readerOf(bytesOf(base.passages)).numbers(base.lessons);
  const lessonOf = passages.flatMap((count, lesson) => Array(count).fill(lesson));
  const lengths = readerOf(bytesOf(base.lengths));
  const damping = base.weights.map((weight) => {
    const own = lengths.numbers(base.lessons), present = own.filter((length) => length > 0).length;
    const mean = own.reduce((sum, length) => sum + length, 0) / Math.max(present, 1);
    return own.map((length) => fround(weight / fround(1 - base.b + base.b * length / (mean > 0 ? mean : 1))));
  });
  const paired = new Set(base.paired), shards = new Map(), rows = new Map(), pairs = new Map();

  // By code points, as the files are sorted.
  const isBefore = (one, other) => {
    const [a, b] = [[...one], [...other]];
    const at = a.findIndex((sign, place) => sign !== b[place]);
    return at < 0 ? a.length < b.length : at < b.length && a[at].codePointAt(0) < b[at].codePointAt(0);
  };
  const shardOf = (term) => {
    let low = 0, high = base.shards.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(term, base.shards[middle])) high = middle; else low = middle + 1;
    }
    return low - 1;
  };
  const need = async (terms) => {
    const numbers = new Set(terms.map(shardOf).filter((number) => number >= 0 && !shards.has(number)));
    await Promise.all([...numbers].map(async (number) => shards.set(number, split(await load(number)))));
  };
  const split = (base64) => {
    const reader = readerOf(bytesOf(base64)), found = new Map(), decoder = new TextDecoder();
    while (!reader.isAtEnd) {
      const term = decoder.decode(reader.take(reader.number()));
      found.set(term, reader.take(reader.number()));
    }
    return found;
  };
  const row = (term) => {
    if (!rows.has(term)) {
      const bytes = shards.get(shardOf(term))?.get(term);
      rows.set(term, bytes ? read(bytes) : null);
    }
    return rows.get(term);
  };
  const read = (bytes) => {
    const reader = readerOf(bytes), counts = reader.numbers(fields);
    const postings = counts.flatMap((count, field) => {
      let doc = 0;
      return Array.from({ length: count }, () => ({ field, doc: (doc += reader.number()) }));
    });
    for (const one of postings) one.frequency = reader.number();
    for (const one of postings) {
      let position = 0;
      one.positions = paired.has(one.field) ? Array.from({ length: one.frequency }, () => (position += reader.number())) : [];
    }
    return counted(postings);
  };
  // Sums the occurrences by lesson, weighted and damped by field: BM25F.
  const counted = (postings) => {
    const weighted = new Map();
    for (const { field, doc, frequency } of postings) {
      const lesson = field ? doc : lessonOf[doc];
      weighted.set(lesson, (weighted.get(lesson) ?? 0) + frequency * damping[field][lesson]);
    }
    const rest = base.lessons - weighted.size;
    return { postings, weighted, idf: Math.log1p((rest + 0.5) / (weighted.size + 0.5)) };
  };
  const pair = (one, other) => {
    const key = `${one} ${other}`;
    if (!pairs.has(key)) pairs.set(key, together(row(one), row(other)));
    return pairs.get(key);
  };
  const together = (one, other) => {
    if (!one || !other) return null;
    const places = new Map(one.postings.map((posting) => [posting.field + fields * posting.doc, new Set(posting.positions)]));
    const found = [];
    for (const { field, doc, positions } of other.postings) {
      const before = places.get(field + fields * doc);
      const frequency = before ? positions.filter((position) => before.has(position - 1)).length : 0;
      if (frequency) found.push({ field, doc, frequency });
    }
    return found.length ? counted(found) : null;
  };
  return { need, row, pair, knows: (term) => row(term) !== null, idf: (term) => row(term)?.idf ?? Math.log1p(2 * base.lessons + 1) };
}
