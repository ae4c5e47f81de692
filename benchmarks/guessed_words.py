"""How well are the words of a question guessed from the ten bits of each in a shared list of gaps?

    python benchmarks/guessed_words.py QUESTIONS TEXTS...

QUESTIONS is a file of questions, TEXTS are files of texts from which whoever guesses makes a dictionary; both are JSON
lines with `text`, and may have `title`. Of each question the six rarest words count, as in a list. A guess is the
commonest word of the dictionary that has the same ten bits.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.demand.shared.entry import MOST_WORDS
from kb.demand.shared.token import faint
from kb.demand.words import terms_in

LEAST_TEXTS = 2
GUESSES = 5


def texts(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield f"{row.get('title', '')} {row['text']}"


def bits(term: str) -> int:
    return faint(term).faint


def dictionary(common: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the words for each value of the ten bits, the commonest first."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for term in sorted(common, key=lambda term: (-common[term], term)):
        if common[term] >= LEAST_TEXTS:
            found[bits(term)].append(term)
    return found


def rank(term: str, known: Mapping[int, Sequence[str]]) -> int:
    """Return at which guess, from 0, a word is found; `GUESSES` if it is not."""
    tried = known.get(bits(term), [])[:GUESSES]
    return tried.index(term) if term in tried else GUESSES


def guessed(lists: Sequence[Sequence[str]], known: Mapping[int, Sequence[str]]) -> Iterator[str]:
    ranks = [[rank(term, known) for term in own] for own in lists]
    every = [one for own in ranks for one in own]
    yield f"words that fit ten bits: {sum(map(len, known.values())) / max(len(known), 1):.1f}"
    yield f"words right at the first guess: {every.count(0) / len(every):.1%}"
    yield f"words among the first {GUESSES}: {sum(one < GUESSES for one in every) / len(every):.1%}"
    yield f"questions with all words right at the first guess: {sum(not any(own) for own in ranks) / len(ranks):.1%}"
    lines = Counter(frozenset(map(bits, own)) for own in lists)
    alone = sum(lines[frozenset(map(bits, own))] == 1 for own in lists)
    yield f"questions with a line of their own: {alone / len(lists):.1%}"


def main(questions: Path, *sources: Path) -> None:
    common = Counter(term for source in sources for text in texts(source) for term in terms_in(text))
    terms = (sorted(terms_in(text), key=lambda term: (common[term], term)) for text in texts(questions))
    for line in guessed([own[:MOST_WORDS] for own in terms if own], dictionary(common)):
        print(line)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
