"""The parser of queries: a typed line in the query language, or the plain words of a page.

words  "a phrase"  -without  -"a phrase"  field:value  field:"several words"  field:a|b
field:>=x  field:x..y  -field:value  kind:tool  has:impact
"""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import folded_key
from search.analysis.tokens import has_pieces
from search.errors import QueryError
from search.query.suggesting import NEARLY_EQUAL, nearest

if TYPE_CHECKING:
    from search.query.filters import Condition, Scales

MAX_CHARACTERS = 100_000
"""The maximum length of a page; the rest is not read."""
_MAX_TYPED_CHARACTERS = 300
# Colour codes of a pasted log, and other control characters.
_CONTROL = re.compile(r"(?:\x1b\[[0-9;:?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f])+")

_QUOTES = '"\u201c\u201d'
_PHRASE = rf"[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]"
_VALUE_PART = rf"(?:[<>]=?)?(?:[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[^\s|{_QUOTES}]*)"
# A field name and a colon. A second colon (`std::vector`) or a slash after it (`http://`, `C:\`) makes it plain text.
_FIELD = rf"(?P<field>[^\W\d_][\w.-]*):(?![:/\\])(?P<value>{_VALUE_PART}(?:\|{_VALUE_PART})*)"
# An operator is only one at the beginning of a word; a minus before a digit is a sign.
_TOKEN = re.compile(
    rf"(?<!\S)(?P<minus>-(?=[^\W\d_]|[{_QUOTES}]))?(?:{_FIELD}|{_PHRASE}|(?P<word>[^\s{_QUOTES}]+))"
    rf"|(?P<inner>[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}])"
)


class Query(NamedTuple):
    """A parsed query."""

    display: str
    """As the user wrote it."""
    text: str
    """The query without operators; empty if it has only filters."""
    phrases: tuple[str, ...] = ()
    """Quoted phrases: if any lessons have them, only these are found."""
    without: tuple[str, ...] = ()
    """Excluded words and phrases: a lesson with one of them is not found."""
    filters: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    """Messages on how the query was understood, where that may surprise."""
    exact: bool = False
    """Whether the words are taken as they are, without spelling correction."""

    def with_filters(self, conditions: Collection[Condition]) -> Query:
        display = self.display or " ".join(map(str, conditions))
        return self._replace(display=display, filters=(*self.filters, *conditions))


EVERYTHING = Query("", "")
"""Finds all lessons; filters restrict it."""


def clean_query(text: str) -> str:
    """Return the query without control characters; raises `QueryError` if there is nothing to search for."""
    text = text.encode("utf-8", "replace").decode()  # lone surrogates, from bytes of the shell or escapes in JSON
    text = _CONTROL.sub(" ", text).strip()
    if not text:
        raise QueryError("the query is empty; describe the problem in a few words")
    if not has_pieces(text):
        raise QueryError(f"the query {text[:40]!r} has no words; describe the problem in a few words")
    return text


def page_query(text: str, display: str = "") -> Query:
    """Return a query for a text as it is, without operators; raises `QueryError` as `clean_query` does.

    `display` is shown in its place in the answer.
    """
    notes: tuple[str, ...] = ()
    if len(text) > MAX_CHARACTERS:
        notes = (f"the query is longer than {MAX_CHARACTERS:,} characters; the rest was left out",)
    text = clean_query(text[:MAX_CHARACTERS])
    return Query(display or text, text, notes=notes, exact=True)


def is_line(text: str) -> bool:
    """Return whether a text is one line, short enough to be typed; any other text is a page."""
    return len(text.strip()) <= _MAX_TYPED_CHARACTERS and "\n" not in text.strip()


def parse_query(text: str, fields: Collection[str] = (), scales: Scales = MappingProxyType({})) -> Query:
    """Parse a query; raises `QueryError` if it cannot be answered in this form.

    A typed line is in the query language; `fields` are the names it may filter by, in the form of `folded_key`, and
    `scales` those of them whose values are ordered words. Words are joined with OR. A pasted page has only words: its
    quotes are direct speech.
    """
    if not is_line(text):
        return page_query(text)
    return _Line(clean_query(text), fields, scales).query()


def parse_conditions(
    text: str, fields: Collection[str], scales: Scales = MappingProxyType({})
) -> tuple[Condition, ...]:
    """Parse a line that has only conditions; raises `QueryError`."""
    return _Line(clean_query(text), fields, scales).conditions()


def known_field(name: str, fields: Collection[str]) -> str:
    """Return the folded name of a field; if there is no such field raises `QueryError`, naming the most similar one."""
    folded = folded_key(name)
    if folded in _SECTION_FIELDS or folded in fields:
        return folded
    near = _nearest(folded, fields)
    raise QueryError(f"no lesson has a field {name!r}" + (f"; nearest: {near}" if near else "; see docs/lessons.md"))


_SECTION_FIELDS = ("kind", "has")
"""Fields of a lesson's sections, not of its front matter."""


def _nearest(folded: str, fields: Collection[str]) -> str | None:
    """Return the field that a name probably means; its last part is enough: `area` for `impact.area`."""
    names = {field.rpartition(".")[2]: field for field in sorted(fields, reverse=True)}
    names |= {name: name for name in (*fields, *_SECTION_FIELDS, "tag")}
    swapped = [name for name in names if sorted(name) == sorted(folded)]  # `tga`: too short to be similar otherwise
    near = nearest(folded, names, alike=NEARLY_EQUAL) or swapped
    return names[near[0]] if near else None


class _Line:
    """The parser of one typed line."""

    def __init__(self, line: str, fields: Collection[str], scales: Scales) -> None:
        self._line = line
        self._fields = fields
        self._scales = scales
        self._notes: list[str] = []
        self._phrases: list[str] = []
        self._without: list[str] = []
        self._filters: list[Condition] = []

    def query(self) -> Query:
        text = _TOKEN.sub(self._take, self._closed())
        if text != self._line:
            text = " ".join(text.split())
        if not has_pieces(text):
            text = ""
            if all(condition.negated for condition in self._filters):
                raise QueryError(f"{self._line!r} says only what to leave out; add what to look for, in a few words")
        phrases, without, filters = tuple(self._phrases), tuple(self._without), tuple(self._filters)
        return Query(self._line, text, phrases, without, filters, tuple(self._notes))

    def conditions(self) -> tuple[Condition, ...]:
        left = " ".join(_TOKEN.sub(self._take, self._closed()).split())
        if left or self._without:
            why = self._notes[0].partition(": ")[0] if self._notes else f"{left or self._line!r} is not a condition"
            raise QueryError(f"{why}; write a condition such as tag:sales; to search for words: `kb search`")
        return tuple(self._filters)

    def _closed(self) -> str:
        """Return the line with paired quotes: a last quote that is never closed becomes a space."""
        places = [match.start() for match in re.finditer(f"[{_QUOTES}]", self._line)]
        if len(places) % 2 == 0:
            return self._line
        self._notes.append("a quotation mark that is not closed was read as a space")
        before, after = self._line[: places[-1]], self._line[places[-1] + 1 :]
        return before + ("" if before.endswith((":", "<", ">", "=", "|", "-")) else " ") + after

    def _take(self, token: re.Match[str]) -> str:
        """Record what a token asks for, and return the part of it that is plain text."""
        if token["field"] and (known := self._filter(token)) is not None:
            return known
        if token["minus"]:
            return self._leave_out(token.group()[1:])
        phrase = token["phrase"] or token["inner"]
        if phrase and _is_phrase(phrase):
            self._phrases.append(phrase.strip(_QUOTES))
        return token.group()

    def _filter(self, token: re.Match[str]) -> str | None:
        """Add a token's condition and return an empty text; None if the token is not a condition."""
        name, value = token["field"], token["value"]
        folded = folded_key(name)
        if folded in self._fields or folded in _SECTION_FIELDS:
            if not value and self._is_within(token):  # a colon inside a sentence
                return None
            from search.query.filters import parse_condition  # imported here: most queries have no filter

            self._filters.append(parse_condition(name, value, negated=bool(token["minus"]), scales=self._scales))
            return ""
        if not has_pieces(value):
            return None
        if near := _nearest(folded, self._fields):
            raise QueryError(
                f"no lesson has a field {name!r}; nearest: {near} (in quotes {token.group()} is plain text)"
            )
        self._notes.append(f"no lesson has a field {name!r}: {token.group()} was read as words")
        return None

    def _is_within(self, token: re.Match[str]) -> bool:
        return bool(token.string[: token.start()].strip() and token.string[token.end() :].strip())

    def _leave_out(self, words: str) -> str:
        from search.analysis.analyzer import terms

        if terms(words):
            self._without.append(words.strip(_QUOTES))
        else:
            self._notes.append(f"-{words} excludes nothing: it is too common a word")
        return ""


def _is_phrase(text: str) -> bool:
    from search.analysis.analyzer import analyze

    found = analyze(text)
    return len(found.words) > 1 or bool(found.names)
