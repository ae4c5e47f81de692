"""What a person asks, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.errors import QueryError

_PHRASE = re.compile(r'["\u201c\u201d]([^"\u201c\u201d\n]+)["\u201c\u201d]')
_MAX_TYPED_CHARACTERS = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the legs take it."""

    text: str
    """For the encoder."""
    terms: tuple[str, ...]
    """For the postings, with repeats; empty when there are only stop words."""
    phrases: tuple[str, ...]
    """Quoted: lessons that have them come alone, if there are any."""


def clean_query(text: str) -> str:
    """Return the query without control characters; raises `QueryError` when there is nothing to look for."""
    text = text.encode("utf-8", "replace").decode()  # what the shell, or an escape in JSON, could not say
    text = _CONTROL.sub(" ", text).strip()
    if not text:
        raise QueryError("the query is empty; describe the problem in a few words")
    if not re.search(r"[^\W_]", text):
        raise QueryError(f"the query {text[:40]!r} has no words; describe the problem in a few words")
    return text


def parse_query(text: str) -> Query:
    """Take a query apart; raises `QueryError` as `clean_query` does.

    Words are joined with OR. Quotes mean a phrase in a line that was typed; in a pasted page they
    are somebody's speech.
    """
    from search.analyzer import terms  # a query that asks nothing is refused before whoosh is imported

    text = clean_query(text)
    typed = "\n" not in text and len(text) <= _MAX_TYPED_CHARACTERS
    phrases = tuple(phrase for phrase in _PHRASE.findall(text) if len(terms(phrase)) > 1) if typed else ()
    return Query(text, tuple(terms(text)), phrases)
