"use strict";
// The Porter stemmer (Program 14, 1980) with the results of the one that made the index, also where that differs from
// the paper: after -ed and -ing it restores an e, or halves a double letter, only in stems of two letters.
const stem = (() => {
  const step2 = {
    ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent",
    eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful",
    ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log",
  };
  const step3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
  const consonants = "[^aeiouy]+", vowels = "[aeiou]+", begin = `^(?:${consonants})?${vowels}${consonants}`;
  const measured = new RegExp(begin, "u"), once = new RegExp(`${begin}(?:${vowels})?$`, "u");
  const twice = new RegExp(`${begin}${vowels}${consonants}`, "u");
  const voiced = new RegExp(`^(?:${consonants})?[aeiouy]`, "u");
  const short = new RegExp(`^${consonants}[aeiouy][^aeiouwxy]$`, "u");
  const ending = (names) => new RegExp(`^(.+?)(${names})$`, "u");
  const second = ending(Object.keys(step2).join("|")), third = ending(Object.keys(step3).join("|"));
  const fourth = ending("al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize");
  const withoutPlural = (word) => {
    if (!word.endsWith("s")) return word;
    if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
    return word.at(-2) === "s" ? word : word.slice(0, -1);
  };
  const withoutPast = (word) => {
    if (word.endsWith("eed")) return measured.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
    const found = /^(.*)(?:ed|ing)$/u.exec(word);
    if (!found || !voiced.test(found[1])) return word;
    const left = found[1];
    if (/^(?:at|bl|iz)$/.test(left)) return `${left}e`;
    if (/^([^aeiouylsz])\1$/u.test(left)) return left.slice(0, left.length / 2);
    return short.test(left) ? `${left}e` : left;
  };
  const replaced = (word, pattern, table) => {
    const found = pattern.exec(word);
    return found && measured.test(found[1]) ? found[1] + table[found[2]] : word;
  };
  const withoutSuffix = (word) => {
    const found = fourth.exec(word) ?? /^(.+?[st])(ion)$/u.exec(word);
    return found && twice.test(found[1]) ? found[1] : word;
  };
  const withoutE = (word) => {
    const left = word.slice(0, -1);
    if (!word.endsWith("e") || !left) return word;
    return twice.test(left) || (once.test(left) && !short.test(left)) ? left : word;
  };
  return (given) => {
    if ([...given].length < 3) return given;
    const beginsWithY = given[0] === "y"; // there it is a consonant
    let word = withoutPast(withoutPlural(beginsWithY ? `Y${given.slice(1)}` : given));
    if (word.endsWith("y") && voiced.test(word.slice(0, -1))) word = `${word.slice(0, -1)}i`;
    word = withoutE(withoutSuffix(replaced(replaced(word, second, step2), third, step3)));
    if (word.endsWith("ll") && twice.test(word)) word = word.slice(0, -1);
    return beginsWithY ? `y${word.slice(1)}` : word;
  };
})();
