"""The end date of the intervention in notes: `End:` has priority, and `Start:` is never used for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ingest.kinds import normalize
from ingest.markdown.plain import plain_inline
from kb.codify.labels.labels import Label
from kb.figures.dates import WrittenDate, dates_in, labelled_dates_in, without_dates
from kb.figures.table_rows import cells_of, tables

_DATE_LABELS = frozenset(
    (
        *(
            "date",
            "dates",
            "date of event",
            "date of incident",
            "incident date",
            "event date",
            "when",
            "held on",
            "day",
        ),
        *("created", "last edited", "last edited time", "datum", "wann", "fecha", "quand", "le", "date of meeting"),
        *("meeting date", "date raised", "raised on", "date reported", "reported on"),
        *(
            "period",
            "project period",
            "time period",
            "timeframe",
            "time frame",
            "start end",
            "start and end",
            "from to",
        ),
        *("zeitraum", "projektzeitraum", "laufzeit", "beginn und ende", "beginn ende", "von bis"),
        *("période", "début et fin", "début fin", "du au", "período", "periodo", "inicio y fin", "inicio fin", "data"),
    )
)
_OF_WHAT = (
    r"(?:incident|outage|disruption|project|event|intervention|work|works|trial|pilot|experiment|projekt\w*|st\u00f6rung|vorfall\w*"
    r"|ausfall\w*|ma\u00dfnahme|versuch\w*|l?intervention|lincident|projet|panne|essai|incidente|proyecto|intervenci\u00f3n|progetto"
    r"|projeto|interven\u00e7\u00e3o)"
)
_OF = r"(?:of|of the|der|des|du|de|de la|del|della|do|da)"
_DATE_OF = (
    r"(?:(?:date|day|time|datum|fecha|data|hora) (?:of |de |del |di |der |des |du |do |van )?(?:the )?|actual |real )?"
)
_ON = r"(?: (?:date|time|day|on|at|am|le|el|em|op|um|datum))*"
_END = re.compile(
    rf"{_DATE_OF}(?:{_OF_WHAT} )?(?:end|ended|finish|finished|completed|completion|closed|closure|concluded|done"
    r"|resolved|solved|ende|beendet|enddatum|projektende|abschluss|abgeschlossen|behoben|fin|fini|termin\u00e9e?|cl\u00f4ture|cl\u00f4tur\u00e9e?"
    r"|achev\u00e9e?|r\u00e9solue?|finalizad[oa]|finalizaci\u00f3n|terminad[oa]|t\u00e9rmino|cierre|cerrad[oa]|resuelt[oa]|fine|finito"
    r"|conclus[oa]|conclusione|chiusura|einde|einddatum|afgesloten|afgerond|fim|conclu\u00edd[oa]|conclus\u00e3o|encerrad[oa]"
    rf"|encerramento)(?: {_OF} {_OF_WHAT})?{_ON}"
)
_START = re.compile(
    r"\b(?:start\w*|began|begun|begin\w*|begonnen|anfang|gestartet|startdatum|d\u00e9but\w*|debut|commenc\w*|d\u00e9marr\w*"
    r"|inicio|iniciad[oa]|comienzo|inizio|iniziat[oa]|aanvang|in\u00edcio|come\u00e7o|opened|detected|first seen|since"
    r"|seit|depuis|desde)\b"
)
_WRITTEN = re.compile(
    r"(?:(?:text|report|notes?|minutes|page|document) )?(?:written|drafted|compiled|typed|recorded|updated|last updated"
    r"|modified|last modified|geschrieben|verfasst|erstellt|aktualisiert|\u00e9crite?|r\u00e9dig\u00e9e?"
    r"|mise? \u00e0 jour|escrit[oa]|redactad[oa]|actualizad[oa]|scritt[oa]|geschreven|atualizad[oa])(?: (?:up|down))?"
    r"(?: (?:on|at|am|le|el|il|op|em))?"
)
_NOT_ITS_DATE = re.compile(
    r"\b(?:next|due|deadline|print\w*|founded|established|born|birth|dob|expir\w+|valid|until|target|planned|renewal"
    r"|n\u00e4chste\w*|f\u00e4llig\w*|frist|gedruckt|druckdatum|gegr\u00fcndet|geboren|geburtsdatum|g\u00fcltig\w*|geplant\w*|prochaine?"
    r"|\u00e9ch\u00e9ance|imprim\u00e9e?|fond\u00e9e?|n\u00e9e?|pr\u00e9vue?|pr\u00f3xim[ao]|vencimiento|plazo|impres[ao]|fundad[ao]|nacid[ao]|previst[ao])\b"
)
"""In a label: the date is in the future, or that of something else."""
_FIRST_WORDS = re.compile(r"[\W_]*(?P<words>[^\W\d_]+(?:\s[^\W\d_]+){0,3}?)\W{1,3}(?=\d|[^\W\d_]{3,10}\.?\s\d)")
"""A label without a colon: `Ended on 28 April 2026`."""
_CLOCK = re.compile(r"\s*\d{1,2}[:.]\d{2}\b[^\d\n]{0,30}")
_NEAR = 14
"""Most characters before a date, for a weekday or `on`."""


_IsMeant = Callable[[str], object]


class Dated(NamedTuple):
    """A day in the notes, and its row."""

    row: int
    date: WrittenDate


class Days:
    """The days in notes. `rows` are their text, `labels` the rows that begin with a label."""

    def __init__(self, rows: Sequence[str], labels: Sequence[tuple[int, Label]]) -> None:
        self._rows = rows
        named = [(row, label.name, plain_inline(label.text).strip("*_ ")) for row, label in labels]
        self._labelled = [(row, name, text) for row, name, text in named if not _NOT_ITS_DATE.search(name)]
        self._others = {row for row, name, _ in named if _NOT_ITS_DATE.search(name)}
        self._unlabelled = [(row, text) for row, line in enumerate(rows) if (text := _first_words(line))]

    def end(self) -> Dated | None:
        """Return the day after `End:` or `Ended on`; if it is only a time of day, the day of the start."""
        for row, name, text in self._labelled:
            if _END.fullmatch(name) and (found := _at_start(text)):
                return Dated(row, found)
        for row, words in self._unlabelled:
            if _END.fullmatch(words) and (found := next(dates_in(self._rows[row]), None)):
                return Dated(row, found)
        if any(_END.fullmatch(name) and _CLOCK.fullmatch(text) for _, name, text in self._labelled):
            return next(self._labelled_days(_START.search), None)
        return None

    def others(self) -> Iterator[Dated]:
        """Yield other possible days, the most certain first: after a label, in the text, the day of writing.

        If an end is named but cannot be parsed, days in the text are not used.
        """
        yield from self._labelled_days(_DATE_LABELS.__contains__)
        if any(_END.fullmatch(name) and without_dates(text) != text for _, name, text in self._labelled):
            return
        written = {row for row, name, _ in self._labelled if _WRITTEN.fullmatch(name)}
        written |= {row for row, words in self._unlabelled if _WRITTEN.fullmatch(words)}
        left = self._others | self._starts() | written
        for rows in ([row for row, _ in enumerate(self._rows) if row not in left], sorted(written)):
            for row in rows:
                if found := next(dates_in(self._rows[row]), None):
                    yield Dated(row, found)

    def _labelled_days(self, is_meant: _IsMeant) -> Iterator[Dated]:
        for row, name, text in self._labelled:
            if is_meant(name) and (found := next(labelled_dates_in(text), None)):
                yield Dated(row, found)

    def _starts(self) -> set[int]:
        """Return the rows that contain the start, also those of a table with a column for it."""
        starts = {row for row, name, _ in self._labelled if _START.search(name) and name not in _DATE_LABELS}
        starts |= {row for row, words in self._unlabelled if _START.search(words)}
        for table in tables(self._rows):
            if any(_START.search(normalize(cell)) for cell in cells_of(self._rows[table.start])):
                starts |= {*table}
        return starts


def _first_words(line: str) -> str:
    found = _FIRST_WORDS.match(line[:60])
    return normalize(found["words"]) if found else ""


def _at_start(text: str) -> WrittenDate | None:
    """Return the day at the beginning of a text: `Closed: all tickets since 3 May 2026` names another one."""
    found = next(labelled_dates_in(text), None)
    return found if found and text.find(found.text) <= _NEAR else None
