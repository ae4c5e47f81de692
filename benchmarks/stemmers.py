"""Whether the stemmer and the stop words of the lessons' own language find more than Porter's and the English ones.

    python benchmarks/stemmers.py FOLDER_OF_LESSONS LANGUAGE        de, fr, es, ru ...: those of Snowball in whoosh

There are no judged queries for such lessons. So each lesson is asked for by its title and by its first sentence, which
are taken out of its text. Prints nDCG@10 by words alone, and the mean difference to Porter with its 95 % interval.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from math import log2
from pathlib import Path
from statistics import fmean

import numpy as np
from whoosh.lang.porter import stem
from whoosh.lang.snowball import classes
from whoosh.lang.stopwords import stoplists

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.whoosh_engine import Entry, read_entries
from search.analysis.accents import WITHOUT_MARKS
from search.analysis.lesson_terms import LessonTerms
from search.lexical.array_index import ArrayIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings

_LEAST_SENTENCES = 5
_LEAST_WORDS = 6
"""Of a first sentence."""
_RANKED = 10
_SAMPLES = 5000
_WORD = re.compile(r"[^\W_]+")

Terms = Callable[[str], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", type=Path, help="a folder of Markdown files")
    parser.add_argument("language", choices=sorted(classes.keys() - {"en"}))
    options = parser.parse_args()
    entries = [entry for entry in read_entries(options.lessons) if len(entry.sentences) >= _LEAST_SENTENCES]
    sentences = [entry.sentences[0] if len(entry.sentences[0].split()) >= _LEAST_WORDS else "" for entry in entries]
    analyzers = {"Porter, as kb": porter, "no stemmer": unstemmed, "Snowball": snowball(options.language)}
    print(f"{len(entries)} lessons, {sum(map(bool, sentences))} with a first sentence")
    for name, queries in {"title": [entry.title for entry in entries], "first sentence": sentences}.items():
        found = {analyzer: gains(entries, queries, terms) for analyzer, terms in analyzers.items()}
        for analyzer, each in found.items():
            print(f"{name:16}{analyzer:16}{fmean(each):6.3f}  {difference(each, found['Porter, as kb'])}")


def porter(text: str) -> list[str]:
    plain = (word.translate(WITHOUT_MARKS) for word in words(text))
    return [str(stem(word)) for word in plain if word not in stoplists["en"]]


def unstemmed(text: str) -> list[str]:
    return [word.translate(WITHOUT_MARKS) for word in words(text) if word not in stoplists["en"]]


def snowball(language: str) -> Terms:
    """Return the analysis with a language's stemmer, which needs the accents, and also its stop words."""
    stemmer, stop_words = classes[language](), stoplists["en"] | stoplists[language]
    known: dict[str, str] = {}

    def terms(text: str) -> list[str]:
        every = [word for word in words(text) if word not in stop_words]
        known.update({word: stemmer.stem(word).translate(WITHOUT_MARKS) for word in every if word not in known})
        return [known[word] for word in every]

    return terms


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def gains(entries: Sequence[Entry], queries: Sequence[str], terms: Terms) -> list[float]:
    """Return nDCG@10 of each query; the lesson at its place is the only relevant one."""
    new = NewPostings()
    for entry in entries:
        new.add(entry.path, LessonTerms({}, [terms(" ".join(entry.sentences[1:]))]))
    index = ArrayIndex(new.merged_into(Postings.empty(), [None] * len(entries)))
    order = {path: number for number, path in enumerate(sorted(entry.path for entry in entries))}
    asked = [(order[entry.path], Counter(terms(query))) for entry, query in zip(entries, queries, strict=True) if query]
    best = [(number, index.match(LexicalQuery(query)).scores.best(_RANKED).tolist()) for number, query in asked]
    return [1 / log2(2 + found.index(number)) if number in found else 0.0 for number, found in best]


def difference(ours: Sequence[float], theirs: Sequence[float]) -> str:
    each = np.array(ours) - np.array(theirs)
    means = np.random.default_rng(1).choice(each, (_SAMPLES, len(each))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{each.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


if __name__ == "__main__":
    main()
