"""Proposes front matter values from notes, for a person to confirm or delete, each with its place in the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.front_matter.places import Steps
from ingest.lesson import Metadata, text_of, texts_of
from ingest.markdown.plain import plain_inline
from kb.codify.labels.labels import Label
from kb.codify.labels.roles import role_of
from kb.codify.labels.row_name import label_on, name_alone, unmarked
from kb.codify.labels.title_words import TITLE_LABELS
from kb.codify.proposals.end_date import Days
from kb.codify.proposals.people import people_in, without_title
from kb.codify.proposals.results import results_in
from kb.codify.sources.chat import messages_in
from kb.codify.sources.mail import Header, unanswered
from kb.figures.dates import dates_in
from kb.figures.days import read_day

_MOST_RESULTS = 5
_LONGEST_QUOTE = 60
_LONGEST_LABELLED = 1_000
_MOST_LISTED = 30
_WRITTEN_BY = re.compile(
    r"(?:^|[\W_])(?:notes|minutes|report|text|written|compiled|prepared)(?:\s(?:taken|written|prepared))?\sby\s"
    r"(?P<name>[^\W\d_a-z][\w'\u2019-]{0,30}(?:\s[^\W\d_a-z][\w.'\u2019-]{0,30}){1,3})\s*(?=$|[.,;|*_(\u00b7\u2022\u2013-])",
)
_MOST_ROWS_ABOVE = 12
_LONGEST_NAMED_ROW = 120
# Keys of other formats for the day on which it ended, or happened.
_DATE_KEYS = (
    *("end_time", "end_date", "date_occurred", "event_date", "incident_date", "date_of_event"),
    *("start_time", "start_date"),
)

Comments = dict[Steps, str]


class Proposals:
    """The values that can be inferred from notes.

    `rows` are those of the file, with code and quoted text empty; the text begins at `first`. `opened_from` is `mail`
    or `page` if the text was extracted from one: then its line numbers differ from the file's, and are not given.
    """

    def __init__(
        self, rows: Sequence[str], first: int, headers: Mapping[str, Header], *, opened_from: str = ""
    ) -> None:
        self._rows = rows
        self._first = first
        self._headers = headers
        self._opened_from = opened_from
        self._messages = messages_in(rows)
        self._labels = [(row, label) for row, label in self._labelled() if 0 < len(label.text) <= _LONGEST_LABELLED]
        self._numbered = {row for row, label in self._labels if label.written[-1:].isdigit()}

    def added(self, values: Metadata, comments: Comments) -> tuple[Metadata, Comments]:
        """Return values and comments with proposals for missing keys."""
        values, comments = dict(values), dict(comments)
        for key, propose in (
            ("tags", self._tags),
            ("unit", self._unit),
            ("people", self._people),
            ("impact", self._impact),
        ):
            if not values.get(key) and (proposed := propose()):
                values[key], value = proposed
                comments |= {(key, *steps): what for steps, what in value.items()}
        if not values.get("date") and (found := self._date(values)):
            values["date"], comments["date",] = found
        return values, comments

    def _labelled(self) -> Iterator[tuple[int, Label]]:
        for row, line in enumerate(self._rows):
            if label := label_on(line):
                yield row, label

    def _labelled_values(self, *names: str) -> Iterator[tuple[int, str]]:
        return ((row, plain_inline(label.text).strip("*_ ")) for row, label in self._labels if label.name in names)

    def _tags(self) -> tuple[list[str], Comments] | None:
        row, value = next(
            self._labelled_values("tags", "tag", "keywords", "labels", "schlagworte", "mots clés", "etiquetas"), (0, "")
        )
        tags = list(texts_of(value.strip("[]"), separator=","))
        return (tags, {(): self._proposed(row, value)}) if tags else None

    def _unit(self) -> tuple[str, Comments] | None:
        row, value = next(
            self._labelled_values("unit", "business unit", "department", "abteilung", "service", "departamento"),
            (0, ""),
        )
        return (value, {(): self._proposed(row, value)}) if value else None

    def _date(self, values: Metadata) -> tuple[str, str] | None:
        for key in _DATE_KEYS:
            if day := read_day(text_of(values.get(key))):
                return day, f"proposed from the key {key} of the notes"
        days = Days(self._rows, self._labels)
        if end := days.end():
            return end.date.day, self._proposed(end.row, end.date.text)
        if (header := self._headers.get("date")) and (found := next(dates_in(header.value), None)):
            return found.day, self._proposed(self._first + header.row, header.value)
        if other := next(days.others(), None):
            return other.date.day, self._proposed(other.row, other.date.text)
        return None

    def _people(self) -> tuple[list[dict[str, str]], Comments] | None:
        people: list[dict[str, str]] = []
        comments: Comments = {}
        for row, value, role in self._named():
            for person in people_in(value):
                name = without_title(person["name"])
                known = next((other for other in people if without_title(other["name"]) == name), None)
                if known is None:
                    comments[len(people),] = self._proposed(row, value)
                    people.append(_with_role(person, role))
                elif "contact" in person:
                    known.setdefault("contact", person["contact"])
        return (people, comments) if people else None

    def _named(self) -> Iterator[tuple[int, str, str]]:
        for row, label in self._labels:
            if (role := role_of(label.name)) is not None:
                yield row, label.text, role
        yield from self._listed()
        for row, line in enumerate(self._rows[:_MOST_ROWS_ABOVE]):
            if len(line) <= _LONGEST_NAMED_ROW and (found := _WRITTEN_BY.search(line)):
                yield row, found["name"], ""
        for message in self._messages:
            if message.name and not message.is_system:
                yield message.row, message.name, "team"
        if header := self._headers.get("from"):
            yield self._first + header.row, header.value, ""

    def _impact(self) -> tuple[list[dict[str, Any]], Comments] | None:
        found = results_in(self._rows)
        if not found:
            return None
        comments: Comments = {
            (number,): self._proposed(*result[1:]) for number, result in enumerate(found[:_MOST_RESULTS])
        }
        if more := found[_MOST_RESULTS:]:
            comments[()] = f"{len(more)} more in the notes, from line {more[0].row + 1} on"
        return [result.entry for result in found[:_MOST_RESULTS]], comments

    def titles(self) -> Iterator[tuple[int, str]]:
        """Yield row and text after labels that introduce a title."""
        found = (
            (row, unanswered(value)) for row, value in self._labelled_values(*TITLE_LABELS) if row not in self._numbered
        )
        return ((row, value) for row, value in found if value)

    def _listed(self) -> Iterator[tuple[int, str, str]]:
        """Yield the people below a name such as `Attendees`, one per row."""
        for row, line in enumerate(self._rows):
            if (role := role_of(name_alone(line))) is not None:
                below = range(row + 1, min(len(self._rows), row + 1 + _MOST_LISTED))
                start = next((number for number in below if self._rows[number].strip()), row)
                for number in range(start, below.stop):
                    value = unmarked(self._rows[number]).strip()
                    if not value or name_alone(self._rows[number]) != value.casefold() or not people_in(value):
                        break
                    yield number, value, role

    def _proposed(self, row: int, value: str) -> str:
        value = " ".join(value.replace('"', "").split())
        shown = value if len(value) <= _LONGEST_QUOTE else value[: _LONGEST_QUOTE - 3].rstrip() + "..."
        place = f"the {self._opened_from}" if self._opened_from else f"line {row + 1}"
        return f'proposed from {place}: "{shown}"'


def _with_role(person: dict[str, str], role: str) -> dict[str, str]:
    """Return a person with this role, unless a role follows the name."""
    known = {"name": person["name"], "role": person.get("role", role), "contact": person.get("contact", "")}
    return {key: value for key, value in known.items() if value}
