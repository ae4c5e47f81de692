"""The use of a lesson in a later intervention, and whether it helped there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import Reuse
from kb.people.directory import NOBODY, Directory

if TYPE_CHECKING:
    from ingest.lesson import Lesson
    from kb.forms.find import lessons as forms
    from kb.reuse.recorded import RecordedUse

_TEXTS = ("note", "saved", "by")
_NOT_SHOWN = "(not shown)"
REUSED = "reused.lesson"
"""The fact by which a lesson names one that it used."""


class Use(NamedTuple):
    """The use of a lesson. Texts that are not known are empty."""

    lesson: str
    """The id of the later lesson; empty if the intervention has none."""
    title: str
    """Its title, or the words that say where the lesson was used."""
    outcome: str
    """One of `OUTCOMES` of the format."""
    note: str
    saved: str = ""
    """What it saved, as written: `12 days`."""
    date: str = ""
    by: str = ""
    """Who recorded it: name and address."""

    def __str__(self) -> str:
        return _said(self.lesson or self.title, self.outcome, self.note, self.saved)

    def as_json(self) -> forms.Use:
        return {
            "lesson": self.lesson,
            "title": self.title,
            "outcome": self.outcome,
            "note": self.note,
            "saved": self.saved,
            "date": self.date,
            "by": self.by,
        }


def uses_by_lesson(
    lessons: Iterable[Lesson], recorded: Iterable[RecordedUse] = (), directory: Directory = NOBODY
) -> dict[str, tuple[Use, ...]]:
    """Return the uses by the id of the used lesson, the latest first; a lesson that names itself does not count.

    Nobody who has opted out in the `directory` is named in what the ledger records.
    """
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for lesson in lessons:
        for one in lesson.reused:
            if one.lesson != lesson.id:
                use = Use(lesson.id, lesson.title, one.outcome, one.note, one.saved, lesson.date or "")
                found[one.lesson].append(use)
    for record in recorded:
        found[record.lesson].append(permitted_use(record, directory).use)
    return {id_: tuple(sorted(uses, key=lambda use: use.date, reverse=True)) for id_, uses in found.items()}


def permitted_use(record: RecordedUse, directory: Directory) -> RecordedUse:
    """Return a recorded use without the texts that name somebody who has opted out."""
    if not directory.withholds:
        return record
    where = _NOT_SHOWN if directory.has_opted_out(record.where) else record.where
    others = {name: text for name in _TEXTS if directory.has_opted_out(text := getattr(record, name))}
    return record._replace(where=where, **dict.fromkeys(others, ""))


def used(reuse: Reuse) -> str:
    """Return what a lesson says of one that it used."""
    return _said(reuse.lesson, reuse.outcome, reuse.note, reuse.saved)


def _said(name: str, outcome: str, note: str, saved: str) -> str:
    told = ": ".join(part for part in (outcome.replace("-", " "), note) if part)
    told = ", ".join(part for part in (told, f"saved {saved}" if saved else "") if part)
    return f"{name} ({told})" if told else name
