"""How long a word that no lesson has is compared with all words of a library.

    python benchmarks/slips.py [--words 60000]

The library's words are made up, of 4 to 12 letters. Prints for a few unknown words the median of 20 times, in
milliseconds of processor time; of two no word of the library has the first letter, so that all are compared.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from search.analysis.analyzer import indexed
from search.analysis.lesson_terms import LessonTerms
from search.indexing import LexicalIndex
from search.lexical.array_index import ArrayIndex
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.query.slips import candidates

_LETTERS = "etaoinshrdlucm"
ASKED = ("etaoinsx", "etao", "xtaoins", "qqqqzzzzxxxx")
_TIMES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=60_000)
    index = _library(parser.parse_args().words)
    print(f"{parser.parse_args().words:,} words")
    for word in ASKED:
        times = []
        for _ in range(_TIMES):
            started = time.process_time()
            candidates(word, index)
            times.append(1000 * (time.process_time() - started))
        print(f"{word:14}{median(times):8.2f} ms")


def _library(count: int) -> LexicalIndex:
    dice = Random(1)  # noqa: S311 - nothing secret
    words: set[str] = set()
    while len(words) < count:
        words.add("".join(dice.choices(_LETTERS, k=dice.randint(4, 12))))
    text = indexed(" ".join(sorted(words)))
    new = NewPostings()
    new.add("words.md", LessonTerms({}, [text.words], spellings=text.spellings))
    return ArrayIndex(new.merged_into(Postings.empty(), [None]))


if __name__ == "__main__":
    main()
