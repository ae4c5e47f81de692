"""Remarks on an answer for stderr: how the query was understood, how sure the answer is, what to try next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from kb.wording import counted, have_changed
from search.query import is_identifier

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer

_WORDS_NAMED = 6
_WORDS_OF_A_PROBLEM = 12
_LONGEST_NAMED = 40


def remarks(answer: Answer) -> Iterator[str]:
    """Yield what a user should know before reading an answer."""
    if answer.as_of:
        yield f"answered from the lessons as of {answer.as_of}"
    yield from answer.notes
    if answer.results and not answer.relevance.is_relevant:
        yield "nothing here is sure to help; these are the nearest"
    if answer.relevance.is_relevant and (unknown := [word for word in answer.unknown_words if is_identifier(word)]):
        yield f"no lesson has {_named(unknown)}"


def changed_since(count: int) -> str:
    """Return a line that says how many lessons have changed since the index was built."""
    return f"{have_changed(count)}; --refresh includes them"


def is_for_a_brief(answer: Answer) -> bool:
    """Return whether the query describes a problem at length, for which one page may serve better than a list."""
    return answer.relevance.is_relevant and len(answer.query.split()) >= _WORDS_OF_A_PROBLEM


def what_to_try(answer: Answer, folders: Sequence[str], *, restricted: bool) -> str:
    """Return the line below an answer without a relevant result; `folders` are the folders of the lessons."""
    if not answer.index.lessons and answer.as_of:
        return f"there were no lessons in {', '.join(folders)} then"
    if not answer.index.lessons:
        return f"there are no lessons in {', '.join(folders)} yet; write the first one"
    if not answer.results and restricted and answer.notes:  # the notes already say which filter matched nothing
        return "nothing found"
    unknown = f"no lesson has {_named(answer.unknown_words)}; " if answer.unknown_words else ""
    lexical = "" if answer.mode == "lexical" else ", --mode lexical for the words alone"
    return f"{unknown}try other words{lexical}, or write this lesson when it is solved"


def _named(words: Sequence[str]) -> str:
    shortened = (f"{word[:_LONGEST_NAMED]}\u2026" if len(word) > _LONGEST_NAMED else word for word in words)
    shown = ", ".join(islice(shortened, _WORDS_NAMED))
    return f"{shown} and {counted(len(words) - _WORDS_NAMED, 'other word')}" if len(words) > _WORDS_NAMED else shown
