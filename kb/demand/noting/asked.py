"""What is noted of one question."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from kb.wording import shortened

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer, Meaning
    from kb.retrieval.request import Request

LONGEST = 2_000
"""Characters of a question that are kept."""
_WORDS_OF_PAGE = 12
_LESSONS = 3
_LETTERS = re.compile(r"[^\W\d_]+")


class Command(IntEnum):
    """Where a question was asked; the numbers are stored."""

    SEARCH = 1
    BRIEF = 2
    SIMILAR = 3


class Verdict(IntEnum):
    """How well the best lesson fitted: names of `Relevance`; the numbers are stored, and a higher one is better."""

    NEAREST = 0
    MAY_HELP = 1
    ANSWERS = 2


class Question(NamedTuple):
    """A question that has been answered."""

    command: Command
    request: Request
    answer: Answer | None
    restricted: bool
    """Whether conditions or excluded words restricted the search, so that it says little about the library."""


class Asked(NamedTuple):
    """A question and what came back."""

    command: Command
    text: str
    """As typed; of a page its informative words, or the page itself if kb.toml wants it."""
    is_page: bool
    restricted: bool
    verdict: Verdict
    lessons: tuple[str, ...]
    """The ids of the first three lessons."""
    snapshot: str
    meaning: Meaning | None
    """The vector of the question, if there was one."""


def asked_of(question: Question, *, whole: bool) -> Asked:
    """Return what is noted of an answered question; `whole`: whether the whole text of a page is kept."""
    command, request, answer, restricted = question
    assert answer is not None, "only what has an answer is noted"
    is_page = request.is_page or "\n" in answer.query.strip()
    typed = not is_page or command is Command.SIMILAR  # the question of `similar` is a lesson's title
    text = answer.query if typed else request.text if whole else informative_words(answer, request.text)
    return Asked(
        command,
        shortened(" ".join(text.split()), LONGEST),
        is_page,
        restricted,
        Verdict[answer.relevance.name] if answer.results else Verdict.NEAREST,
        tuple(result.lesson.id for result in answer.results[:_LESSONS]),
        answer.index.snapshot,
        answer.meaning,
    )


def informative_words(answer: Answer, page: str) -> str:
    """Return the words of a page that say most: those that its hits have, and those that no lesson has.

    The latter without what may be a name; in alphabetical order, which tells no sentence.
    """
    weights: dict[str, float] = {}
    for result in answer.results:
        for word, weight in result.words.items():
            if " " not in word:  # with a space it is a pair of words
                weights[word] = max(weight, weights.get(word, 0.0))
    had = sorted(weights, key=lambda word: (-weights[word], word))
    names = _possible_names(page)
    unknown = sorted(word for word in answer.unknown_words if word.isalpha() and word.casefold() not in names)
    return " ".join(had[: _WORDS_OF_PAGE - min(len(unknown), _WORDS_OF_PAGE // 2)] + unknown[: _WORDS_OF_PAGE // 2])


def _possible_names(page: str) -> frozenset[str]:
    """Return the words, case-folded, that somewhere in a page have a capital letter or stand in an address."""
    found = (part for part in page.split() if "@" in part or "://" in part or not part.islower())
    return frozenset(word for part in found for word in _LETTERS.findall(part.casefold()))
