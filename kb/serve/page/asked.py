"""What a reader asks of a page: a problem and conditions, in an address or in a form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec

from kb.config import Config
from kb.retrieval.request import FilterOptions, Request
from kb.serve.api.parameters import MOST_CHARACTERS, Filters, Limit, Text
from search.query import is_line

_PLAIN = re.compile(r"\w[\w &/+#-]*")
_OF_TEXT = ("q", "kind", "area", "unit", "evidence", "since", "until", "tag", "where", "limit", "all")
"""In an address, in this order."""


class Question(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A problem, and which lessons may be found for it. Its names are those of the API, and three shorter ones."""

    q: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)] = ""
    area: Text | None = None
    """Of the impact."""
    unit: Text | None = None
    evidence: Annotated[str, msgspec.Meta(pattern="^[A-E]$")] | None = None
    """The weakest grade."""
    limit: Limit | None = None
    all: bool = False

    @property
    def options(self) -> FilterOptions:
        stated = (*_stated("impact.area", self.area), *_stated("unit", self.unit))
        grade = (f"evidence>={self.evidence}",) if self.evidence else ()
        return replace(super().options, where=(*stated, *grade, *self.where))

    @property
    def is_long(self) -> bool:
        """Whether it is a page of text, such as a mail, which stands in no address."""
        return not is_line(self.q)

    @property
    def asks(self) -> bool:
        """Whether anything is asked."""
        return bool(self.q.strip() or self.options)

    def request(self, config: Config, *, every: bool | None = None) -> Request:
        """Return the request; raises `QueryError` if it is invalid in any library."""
        limit = self.limit or config.limit
        asked = Request(self.q, self.is_long, self.options, limit=limit, every=self.all if every is None else every)
        asked.check()
        return asked

    def pairs(self) -> list[tuple[str, str]]:
        """Return all that it says but for the text of the problem, as the fields of a form."""
        return [(name, value) for name, value in self._said() if name != "q"]

    def _said(self) -> list[tuple[str, str]]:
        said: list[tuple[str, str]] = []
        for name in _OF_TEXT:
            value: Any = getattr(self, name)
            if isinstance(value, tuple):
                said += [(name, str(one)) for one in value]
            elif isinstance(value, bool):
                said += [(name, "true")] if value else []
            elif value is not None and str(value).strip():
                said.append((name, str(value)))
        return said

    def address(self, path: str = "") -> str:
        """Return the address that asks it, below the first page."""
        said = urlencode(self._said())
        return f"{path}?{said}" if said else path

    def but(self, **changes: Any) -> Question:
        """Return it with changes, and as short as it was at first."""
        return msgspec.structs.replace(self, **{"limit": None, **changes})


def _stated(key: str, value: str | None) -> tuple[str, ...]:
    text = phrase(value or "")
    return (f"{key}={text}",) if text else ()


def value_of(text: str) -> str:
    """Return a text so that a condition takes it as it is: in quotes only if it has signs that mean something."""
    return text if _PLAIN.fullmatch(text) else phrase(text)


def phrase(value: str) -> str:
    """Return a value so that the query language takes it as it is, whatever signs it has; empty if it has no words."""
    words = " ".join(value.replace('"', " ").replace("\u201c", " ").replace("\u201d", " ").split())
    return f'"{words}"' if words else ""
