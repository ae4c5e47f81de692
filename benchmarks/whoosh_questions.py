"""What `benchmarks/whoosh_parts.py` asks both indexes, drawn at random from the lessons themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from benchmarks.whoosh_engine import Entry

_QUERIES = 100
WORDS_OF_PAGE = 100
_WORDS_OF_PHRASES = (2, 3, 5)
_SLIPS = 300
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEAST_LETTERS = 5


class Questions(NamedTuple):
    """What both indexes are asked."""

    titles: list[list[str]]
    """The terms of titles."""
    pages: list[list[str]]
    """The different terms of the first words of bodies."""
    phrases: dict[str, list[list[str]]]
    """By the number of their words: terms that follow each other in a body."""
    slips: dict[str, list[tuple[str, str]]]
    """By how the words were drawn: a word with one edit, and the word itself."""


def drawn_from(entries: Sequence[Entry]) -> list[Entry]:
    """Return the lessons whose titles are asked."""
    return _dice().sample(entries, min(_QUERIES, len(entries)))


def questions(entries: Sequence[Entry]) -> Questions:
    """Draw the questions; the same ones for the same lessons."""
    from search.analysis.analyzer import terms

    dice, drawn = _dice(), drawn_from(entries)
    pages = [list(dict.fromkeys(terms(" ".join(entry.text.split()[:WORDS_OF_PAGE])))) for entry in drawn]
    phrases = {
        str(words): [phrase for entry in drawn for phrase in _phrase(entry, words, dice)] for words in _WORDS_OF_PHRASES
    }
    return Questions([terms(entry.title) for entry in drawn], pages, phrases, _slips(entries, dice))


def _dice() -> Random:
    return Random(1)  # noqa: S311 - nothing secret


def _phrase(entry: Entry, words: int, dice: Random) -> Iterator[list[str]]:
    long_enough = [found for found in entry.terms.passages if len(found) >= words]
    if long_enough:
        passage = dice.choice(long_enough)
        start = dice.randint(0, len(passage) - words)
        yield list(passage[start : start + words])


def _slips(entries: Sequence[Entry], dice: Random) -> dict[str, list[tuple[str, str]]]:
    from search.analysis.analyzer import term_of

    every = [word for entry in entries for word in sorted(entry.terms.spellings) if len(word) >= _LEAST_LETTERS]
    known = {term for entry in entries for found in entry.terms.passages for term in found}

    def unknown(words: Sequence[str]) -> Iterator[tuple[str, str]]:
        while True:
            word = dice.choice(words)
            slip = _with_a_slip(word, dice)
            if known.isdisjoint((slip, term_of(slip))):
                yield slip, word

    drawn = {"by lesson": unknown(every), "by word": unknown(sorted(set(every)))}
    return {name: [next(slips) for _ in range(_SLIPS)] for name, slips in drawn.items()}


def _with_a_slip(word: str, dice: Random) -> str:
    """Return a word with a letter inserted, left out or replaced, or with two letters swapped."""
    at, letter = dice.randrange(len(word) - 1), dice.choice(_LETTERS)
    before, one, behind = word[:at], word[at], word[at + 1 :]
    return before + dice.choice((letter + one + behind, behind, letter + behind, behind[0] + one + behind[1:]))
