"""Lists of lessons, as pages that are small enough to be read on a telephone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.lesson import Lesson
from kb.lessons.evidence import evidence_of_lesson
from kb.lessons.stated import stated
from kb.pages.library import Said
from kb.showing.page import Addresses
from kb.wording import counted, shortened

LONGEST = 200
"""Lessons on one page: with titles of NASA's length it has 60 kB."""
_LONGEST_TITLE = 160


class Row(NamedTuple):
    """A lesson in a list."""

    date: str
    title: str
    address: str
    said: str


class ListPage(NamedTuple):
    """One page of a list."""

    path: str
    title: str
    lead: str
    notes: Sequence[str]
    rows: Sequence[Row]
    pages: Sequence[Said]
    """All pages of the list, if there are several."""


def row_of(lesson: Lesson, addresses: Addresses) -> Row:
    evidence = evidence_of_lesson(lesson)
    said = (stated(lesson.unit), "" if lesson.status in ("", "validated") else lesson.status, str(evidence or ""))
    title = shortened(lesson.title, _LONGEST_TITLE)
    return Row(lesson.date or "", title, addresses.lesson(lesson.id) or "", " · ".join(filter(None, said)))


def pages_of(path: str, title: str, rows: Sequence[Row], notes: Sequence[str] = ()) -> Iterator[ListPage]:
    """Yield the pages of a list; `path` is that of the first one."""
    stretches = [rows[start : start + LONGEST] for start in range(0, len(rows), LONGEST)] or [rows]
    numbers = range(1, len(stretches) + 1)
    paths = [_numbered(path, number) for number in numbers]
    pages = [Said(_span(own, number), address) for own, address, number in zip(stretches, paths, numbers, strict=True)]
    for own, address, number in zip(stretches, paths, numbers, strict=True):
        part = f", page {number} of {len(stretches)}" if len(stretches) > 1 else ""
        lead = counted(len(rows), "lesson")
        yield ListPage(address, f"{title}{part}", lead, notes, own, pages if len(stretches) > 1 else ())


def _numbered(path: str, number: int) -> str:
    stem, _, suffix = path.rpartition(".")
    return path if number == 1 else f"{stem}~{number}.{suffix}"


def _span(rows: Sequence[Row], number: int) -> str:
    """Return the years of a page of a list, or its number."""
    years = [row.date[:4] for row in rows if row.date]
    if not years:
        return str(number)
    first, last = max(years), min(years)
    return f"{number}: {first}" if first == last else f"{number}: {first} to {last}"
