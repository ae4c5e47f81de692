"""Finds the values of a lesson's front matter with words of a query, to show why the lesson was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from math import fsum
from typing import Any

from ingest.format import FORMAT, Items, Record
from ingest.lesson import Metadata, items_of, text_of
from ingest.other_texts import is_no_text, words_of
from kb.lessons.stated import stated
from search.engine import Snippet, best_sentences
from search.query import terms

# Texts of these keys are shown elsewhere in a result, or are passages.
_SHOWN_ELSEWHERE = frozenset({"id", "title", "summary", "answers"})
_MOST = 2
_LEAST_SHARE = 0.25
"""Least share of the information of the query's terms that a value must have to be shown."""
_LENGTH = 130
"""Most characters shown of a value: two lines of a terminal of 80 columns."""
_READ = 4000
"""Most characters of a value that are read, to bound the time for a very long one."""


def found_in_front_matter(
    metadata: Metadata, information: Mapping[str, float], shown: Iterable[str]
) -> dict[str, Snippet]:
    """Return at most two values, by key, with terms of the query that no text in `shown` has.

    `information` has the information of each term of the query that the lesson has. A nested key is named by its path,
    as in `people.name`.
    """
    seen = set(terms("\n".join(shown)))
    missing = {term: weight for term, weight in information.items() if term not in seen}
    found: dict[str, Snippet] = {}
    values = list(_values(metadata)) if missing else []
    enough = _LEAST_SHARE * fsum(information.values())
    while missing and values and len(found) < _MOST:
        name, text, terms_of_value = max(values, key=lambda value: _information(value[2], missing))
        if not missing.keys() & terms_of_value or _information(terms_of_value, missing) < enough:
            break
        found.setdefault(name, best_sentences([text], missing, _LENGTH))
        missing = {term: weight for term, weight in missing.items() if term not in terms_of_value}
    return found


def _information(terms_of_value: Set[str], missing: Mapping[str, float]) -> float:
    return fsum(weight for term, weight in missing.items() if term in terms_of_value)


def _values(metadata: Metadata) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each value that is a text or a number: its key, its text, and its terms."""
    for key, value in metadata.items():
        if key in _SHOWN_ELSEWHERE:
            value = [item for item in items_of(value) if is_no_text(key, value, item)]
        names = "" if key in FORMAT.keys else words_of(key)
        for name, label, text in _leaves(key, names, value, _fields_of(key)):
            yield name, text, frozenset(terms(f"{label} {text}"))


def _fields_of(key: str) -> Collection[str]:
    """Return the keys of the format within a key; the names of all other keys are searched too."""
    shape = FORMAT.keys[key].shape if key in FORMAT.keys else None
    shape = shape.of if isinstance(shape, Items) else shape
    return shape.keys if isinstance(shape, Record) else ()


def _leaves(name: str, names: str, value: Any, fields: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Yield for each text or number its key, the searchable names of its keys, and its text."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", names if key in fields else f"{names} {words_of(key)}", item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(name, names, item, fields)
    elif text := stated(text_of(value))[:_READ]:
        yield name, names, text
