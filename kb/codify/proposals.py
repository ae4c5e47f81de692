"""What notes seem to say of a lesson's front matter: for a person to keep or to strike, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.kinds import Kind, KindTable, normalize
from ingest.lesson import Metadata, text_of, texts_of
from ingest.places import Steps
from ingest.plain import plain_inline
from kb.check.days import read_day
from kb.codify.chat import messages_in
from kb.codify.dates import dates_in
from kb.codify.end_date import Days
from kb.codify.labels import Label, label_of
from kb.codify.mail import Header, unanswered
from kb.codify.names import kind_of_name
from kb.codify.people import people_in, role_of, without_title
from kb.codify.title_words import TITLE_LABELS
from kb.figure import Figure
from kb.figures import figures
from kb.table_rows import cells_of, columns_of

_MOST_FIGURES = 5
_LONGEST_QUOTE = 60
# What a person writes is shorter; what a program writes must not keep one waiting.
_LONGEST_TEXT = 1_000_000
_LONGEST_LABELLED = 1_000
_NAME_AND_TEXT = 2
_MOST_LISTED = 30
_ASIDE_NAMES = frozenset(
    normalize(name)
    for name in (
        *("aob", "any other business", "other business", "miscellaneous", "agenda", "apologies", "housekeeping"),
        *("goals", "goal", "targets", "target", "objectives", "aims", "expectations", "expected results", "forecast"),
        *("verschiedenes", "sonstiges", "ziele", "ziel", "divers", "objectifs", "varios", "otros asuntos", "objetivos"),
    )
)
"""Below such headings stand no results: small matters, and what is hoped for."""
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})\s")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=\D)")
_WRITTEN_BY = re.compile(
    r"(?:^|[\W_])(?:notes|minutes|report|text|written|compiled|prepared)(?:\s(?:taken|written|prepared))?\sby\s"
    r"(?P<name>[^\W\d_a-z][\w'\u2019-]{0,30}(?:\s[^\W\d_a-z][\w.'\u2019-]{0,30}){1,3})\s*(?=$|[.,;|*_(\u00b7\u2022\u2013-])",
)
_DEEPEST = 6
_MOST_ROWS_ABOVE = 12
_LONGEST_NAMED_ROW = 120
_LONGEST_NAME = 100
_MARKER = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})\s+)?")
# Keys that other formats have for the day on which it ended, or happened.
_DATE_KEYS = (
    *("end_time", "end_date", "date_occurred", "event_date", "incident_date", "date_of_event"),
    *("start_time", "start_date"),
)

Comments = dict[Steps, str]


class Proposals:
    """The values that may be read out of notes.

    `rows` are those of the file, empty where code or somebody else's words stand; the text begins at `first`.
    `opened_from` is what the text was opened from, a mail or a page: that has other rows, and is quoted without them.
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
        """Return values and comments with what is proposed for keys that are not there."""
        values, comments = dict(values), dict(comments)
        for key, propose in (
            ("tags", self._tags),
            ("unit", self._unit),
            ("people", self._people),
            ("impact", self._impact),
        ):
            if not values.get(key) and (proposed := propose()):
                values[key], said = proposed
                comments |= {(key, *steps): what for steps, what in said.items()}
        if not values.get("date") and (found := self._date(values)):
            values["date"], comments["date",] = found
        return values, comments

    def _labelled(self) -> Iterator[tuple[int, Label]]:
        for row, line in enumerate(self._rows):
            if len(cells := cells_of(line)) == _NAME_AND_TEXT:
                line = f"{plain_inline(cells[0]).removesuffix(':')}: {cells[1]}"
            if label := label_of(_MARKER.sub("", line, count=1).rstrip(" \\")):
                yield row, label

    def _said(self, *names: str) -> Iterator[tuple[int, str]]:
        return ((row, plain_inline(label.text).strip("*_ ")) for row, label in self._labels if label.name in names)

    def _tags(self) -> tuple[list[str], Comments] | None:
        row, said = next(
            self._said("tags", "tag", "keywords", "labels", "schlagworte", "mots clés", "etiquetas"), (0, "")
        )
        tags = list(texts_of(said.strip("[]"), separator=","))
        return (tags, {(): self._proposed(row, said)}) if tags else None

    def _unit(self) -> tuple[str, Comments] | None:
        row, said = next(
            self._said("unit", "business unit", "department", "abteilung", "service", "departamento"), (0, "")
        )
        return (said, {(): self._proposed(row, said)}) if said else None

    def _date(self, values: Metadata) -> tuple[str, str] | None:
        for key in _DATE_KEYS:
            if day := read_day(text_of(values.get(key))):
                return day, f"proposed from the key {key} of the notes"
        days = Days(self._rows, self._labels)
        if end := days.end():
            return end.date.day, self._proposed(end.row, end.date.said)
        if (header := self._headers.get("date")) and (found := next(dates_in(header.value), None)):
            return found.day, self._proposed(self._first + header.row, header.value)
        if other := next(days.others(), None):
            return other.date.day, self._proposed(other.row, other.date.said)
        return None

    def _people(self) -> tuple[list[dict[str, str]], Comments] | None:
        people: list[dict[str, str]] = []
        comments: Comments = {}
        for row, said, role in self._named():
            for person in people_in(said):
                name = without_title(person["name"])
                known = next((other for other in people if without_title(other["name"]) == name), None)
                if known is None:
                    comments[len(people),] = self._proposed(row, said)
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
        text = "\n".join(self._without_asides())[:_LONGEST_TEXT]
        found = _distinct(figures(text))
        if not found:
            return None
        shown = found[:_MOST_FIGURES]
        comments: Comments = {
            (number,): self._proposed(_row_of(text, figure), figure.text) for number, figure in enumerate(shown)
        }
        if more := found[_MOST_FIGURES:]:
            comments[()] = f"{len(more)} more in the notes, from line {_row_of(text, more[0]) + 1} on"
        return [_entry(figure, text) for figure in shown], comments

    def _without_asides(self) -> Iterator[str]:
        """Yield the rows, those empty that stand below a heading such as `Any other business` or `Goals`."""
        level = 0
        for line in self._rows:
            heading = _HEADING.match(line)
            if _name_alone(line) in _ASIDE_NAMES:
                level = len(heading["marks"]) if heading else _DEEPEST
            elif level and (
                (heading and len(heading["marks"]) <= level)
                or (level == _DEEPEST and kind_of_name(_name_alone(line), _KINDS) is not Kind.OTHER)
            ):
                level = 0
            yield "" if level else line

    def titles(self) -> Iterator[tuple[int, str]]:
        """Yield what labels say that stand before a title."""
        found = ((row, unanswered(said)) for row, said in self._said(*TITLE_LABELS) if row not in self._numbered)
        return ((row, said) for row, said in found if said)

    def _listed(self) -> Iterator[tuple[int, str, str]]:
        """Yield the people who stand below a name such as `Attendees`, one on each row."""
        for row, line in enumerate(self._rows):
            if (role := role_of(_name_alone(line))) is not None:
                below = range(row + 1, min(len(self._rows), row + 1 + _MOST_LISTED))
                start = next((number for number in below if self._rows[number].strip()), row)
                for number in range(start, below.stop):
                    said = _MARKER.sub("", self._rows[number], count=1).strip()
                    if not said or _name_alone(self._rows[number]) != said.casefold() or not people_in(said):
                        break
                    yield number, said, role

    def _proposed(self, row: int, said: str) -> str:
        said = " ".join(said.replace('"', "").split())
        shown = said if len(said) <= _LONGEST_QUOTE else said[: _LONGEST_QUOTE - 3].rstrip() + "..."
        place = f"the {self._opened_from}" if self._opened_from else f"line {row + 1}"
        return f'proposed from {place}: "{shown}"'


def _distinct(found: list[Figure]) -> list[Figure]:
    """Return each claim where it stands first: a summary says the same again."""
    first: dict[tuple[str, ...], Figure] = {}
    for one in found:
        first.setdefault((one.before, one.after, one.change, one.unit), one)
    return list(first.values())


def _row_of(text: str, figure: Figure) -> int:
    return text.count("\n", 0, figure.start)


def _name_alone(line: str) -> str:
    """Return what stands on a row without marks and number, in small letters, as `normalize` folds known names."""
    if len(line) >= _LONGEST_NAME:
        return ""
    said = _MARKER.sub("", line, count=1)
    return plain_inline(_NUMBER.sub("", said) if _HEADING.match(line) else said).strip(" *_").rstrip(":?").casefold()


def _with_role(person: dict[str, str], role: str) -> dict[str, str]:
    """Return a person with a role, unless one stands beside the name."""
    said = {"name": person["name"], "role": person.get("role", role), "contact": person.get("contact", "")}
    return {key: value for key, value in said.items() if value}


def _entry(figure: Figure, text: str) -> dict[str, Any]:
    """Return what an entry can say; area and design are left for a person."""
    said = {
        "metric": _metric(figure, text),
        "before": _number(figure.before),
        "after": _number(figure.after),
        "unit": figure.unit,
        "change": figure.change,
    }
    return {"area": None, **{key: value for key, value in said.items() if value != ""}, "design": None}


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 10 else text


_SENTENCE = re.compile(r"(?:[.!?;:]\s|\n\s*\n|(?:\n|^)\s*[-*+#|>]+\s|^)(?P<said>[^.!?;:|\n]*(?:\n[^.!?;:|\n]+)?)$")
_VERB = re.compile(
    r"\s(?:(?:has|have|had|was|were|are|is|been|now|wurden?|ist|sind|est|sont|a|ont|ha|han)\s)*(?:went|gone|goes|fell|fallen|falls"
    r"|rose|risen|grew|grown|dropped|came|changed|decreased|increased|declined|improved|shrank|climbed|reduced|cut|lowered"
    r"|raised|sank|sanken|sinkt|sinken|fiel|fielen|ging|gingen|stieg|stiegen|gesunken|gestiegen|gefallen"
    r"|pass\u00e9e?s?|passent|passe|tomb\u00e9e?s?|baiss\u00e9|augment\u00e9|baj\u00f3|bajaron|bajado|pas\u00f3|pasaron|pasado|cay\u00f3|cayeron"
    r"|subi\u00f3|subieron|subido|disminuy\u00f3|aument\u00f3)?\s?(?:down|up)?\s*$"
)
_SUBJECT = re.compile(
    r"(?:(?:the|our|their|its|der|die|das|unsere?|la|las|los|el|le|les|nos|nuestr[oa]s?)\s)?"
    r"(?P<what>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*){0,3})",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:we|it|they|he|she|this|that|these|those|which|who|and|but|or|so|then|by|was|were|is|are|has|have|had|as|if"
    r"|because|when|from|to|an?|after|about|nearly|almost|than|result|there)\b"
    r"|^(?:number|amount|figure|value|total|rate|level)$|^[a-z]+(?:ing|ed)\s(?:the|our|its|their)\b",
    re.IGNORECASE,
)


_LONGEST_NAMED = 200
_LABELLED = re.compile(r"(?P<name>[^\W\d_][^:;.!?|]{2,60}?)\s?:\s*$")
_KINDS = KindTable()


def _named_before(row: str) -> str:
    """Return what stands before two values without a verb: a label, or the first cell of their row."""
    if cells := [plain_inline(cell) for cell in cells_of(row) or columns_of(row) if cell]:
        return cells[0] if re.match(r"[^\W\d_]", cells[0]) else ""
    found = _LABELLED.fullmatch(_MARKER.sub("", row, count=1))
    name = plain_inline(found["name"]) if found else ""
    return "" if kind_of_name(name, _KINDS) is not Kind.OTHER else name


def _below_name(said: str) -> str:
    """Return a clause without the name of a part that stands alone above it."""
    above, _, below = said.rpartition("\n")
    return below if kind_of_name(above.strip(), _KINDS) is not Kind.OTHER else said


def _metric(figure: Figure, text: str) -> str:
    """Return what changed, where the sentence begins with nothing else: "Costs fell by 30 %"."""
    row = text[max(text.rfind("\n", 0, figure.start) + 1, figure.start - _LONGEST_NAMED) : figure.start]
    if figure.before and (named := _named_before(row)):
        return named
    before = _SENTENCE.search(text[max(0, figure.start - 100) : figure.start])
    clause = _VERB.sub("", f"{_below_name(before['said']).rstrip()} ") if before else ""
    subject = _SUBJECT.fullmatch(plain_inline(clause))
    return subject["what"] if subject and not _NO_SUBJECT.search(subject["what"]) else ""
