"""What of a lesson's front matter has words of a query: without it, nobody would see why the lesson was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from math import fsum
from typing import Any

from ingest.format import FORMAT
from ingest.lesson import Metadata, text_of
from kb.stated import stated
from search.analyzer import terms
from search.snippet import Snippet, best_sentences

# Shown in a place of their own, or passages themselves.
_SHOWN_ELSEWHERE = frozenset({"id", "title", "summary", "answers"})
_MOST = 2
_LEAST_TOLD = 0.25
"""Share of what the query tells; a word among many is not why a lesson is here."""
_LENGTH = 130
"""Characters of one value: two lines of a terminal of 80 columns."""
_READ = 4000
"""Characters of one value: nobody waits for the rest of a megabyte."""


def found_in_front_matter(metadata: Metadata, told: Mapping[str, float], shown: Iterable[str]) -> dict[str, Snippet]:
    """Return the values, by key, that have terms of the query which no text that is `shown` has: two at most.

    `told` says how much each term of the query tells that the lesson has. A key within another goes by both names,
    as in `people.name`.
    """
    seen = set(terms("\n".join(shown)))
    missing = {term: weight for term, weight in told.items() if term not in seen}
    found: dict[str, Snippet] = {}
    values = list(_values(metadata)) if missing else []
    enough = _LEAST_TOLD * fsum(told.values())
    while missing and values and len(found) < _MOST:
        name, text, had = max(values, key=lambda value: _told(value[2], missing))
        if not missing.keys() & had or _told(had, missing) < enough:
            break
        found.setdefault(name, best_sentences([text], missing, _LENGTH))
        missing = {term: weight for term, weight in missing.items() if term not in had}
    return found


def _told(had: Set[str], missing: Mapping[str, float]) -> float:
    return fsum(weight for term, weight in missing.items() if term in had)


def _values(metadata: Metadata) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each value that is a text or a number: its key, what it says, and its terms."""
    for key, value in metadata.items():
        if key in _SHOWN_ELSEWHERE:
            continue
        is_own = key not in FORMAT.keys  # of which the name can be searched for too
        for name, text in _leaves(key, value):
            yield name, text, frozenset(terms(f"{name} {text}" if is_own else text))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(name, item)
    elif text := stated(text_of(value))[:_READ]:
        yield name, text
