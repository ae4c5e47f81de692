"""Lessons that say what another says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.front_matter.places import Span
from kb.check.finding import Finding
from kb.check.groups.closeness import CLOSE
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.copies import Copy, folded, words_in
from kb.corpus.lesson_file import LessonFile
from kb.wording import counted

_PARAGRAPH = (
    "Every label was printed from the address of the order before, because the spooler kept one page back and nobody "
    "had looked at more than the first parcel of a morning.\n"
)

TEXT = Rule(
    "duplicates.text",
    Severity.WARNING,
    "At least half of a lesson is word for word in another, in paragraphs of 25 words and more.",
    "have at least half of their text in common with another lesson",
    "Two lessons on one subject come to differ, and half of the readers find the older one. Keep one, move into it "
    "what only the other says, "
    "and write `supersedes` there; or take out what is repeated and link to it.",
    f"# Wrong labels\n\n## Problem\n{_PARAGRAPH}\n==> other.md <==\n# Labels\n\n## Problem\n{_PARAGRAPH}",
    f"# Wrong labels\n\n## Problem\n{_PARAGRAPH}\n==> other.md <==\n# Labels\n\nSee [wrong labels](lesson.md).\n",
)
TITLE = Rule(
    "duplicates.title",
    Severity.WARNING,
    "Two lessons have the same title.",
    "have the title of another lesson",
    "In a list of results nobody can tell them apart. Say in the title what is particular: the place, the cause, "
    "the year.",
    "# Wrong labels\n\n==> other.md <==\n# Wrong labels\n",
    "# Wrong labels in Lyon\n\n==> other.md <==\n# Wrong labels in Turin\n",
)
ANSWER = Rule(
    "duplicates.answer",
    Severity.WARNING,
    "Two lessons have the same sentence under `answers`.",
    "have a sentence under `answers` that another lesson has too",
    "Only one of them can come first. Say in each what its own readers would say, or merge the lessons.",
    "---\nanswers:\n  - why do parcels come back\n---\n# Wrong labels\n\n"
    "==> other.md <==\n---\nanswers:\n  - Why do parcels come back?\n---\n# Wrong scales\n",
    "---\nanswers:\n  - why do parcels come back with another address\n---\n# Wrong labels\n\n"
    "==> other.md <==\n---\nanswers:\n  - why do parcels come back as too heavy\n---\n# Wrong scales\n",
)
RULES = (TEXT, TITLE, ANSWER, CLOSE)

_MOST_NAMED = 3


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what a current lesson has in common with other current ones."""
    if file.lesson.is_current:
        yield from _text(file, census)
        yield from _title(file, census)
        yield from _answers(file, census)


def _text(file: LessonFile, census: Census) -> Iterator[Finding]:
    copies = census.copies.get(file.location, ())
    for other in _rivals(file, list(dict.fromkeys(other for copy in copies for other in copy.others))):
        shared = [copy for copy in copies if other in copy.others]
        if text := _half(file, other, shared) or _half_of(other, file, census):
            message = f"{text}{_where(file, shared)}; keep one of the two, or link to what is repeated"
            yield TEXT.at(file, _at(shared[0].block[0]), message)


def _half(file: LessonFile, other: LessonFile, shared: Sequence[Copy]) -> str:
    common, words = sum(copy.words for copy in shared), words_in(file)
    return f"{common:,} of {counted(words, 'word')} are in {other.path} too" if common * 2 >= words else ""


def _half_of(other: LessonFile, file: LessonFile, census: Census) -> str:
    copies = census.copies.get(other.location, ())
    common = sum(copy.words for copy in copies if any(holder.location == file.location for holder in copy.others))
    words = words_in(other)
    return f"{common:,} of {counted(words, 'word')} of {other.path} are here too" if common * 2 >= words else ""


def _title(file: LessonFile, census: Census) -> Iterator[Finding]:
    title = folded(file.lesson.title)
    if title and (others := _all_named(file, census.by_title.get(title, ()))):
        message = f"{others} the same title; say in the title what is particular to this one"
        yield TITLE.at(file, file.places.of_value("title") or _first_heading(file), message)


def _answers(file: LessonFile, census: Census) -> Iterator[Finding]:
    for answer in file.reading.answers:
        if others := _all_named(file, census.by_answer.get(folded(answer.text), ())):
            message = f"{others} {answer.text!r} in `answers` too; write what only this lesson answers"
            yield ANSWER.at(file, _at(answer.lines[0]), message)


def _rivals(file: LessonFile, holders: Sequence[LessonFile]) -> list[LessonFile]:
    """Return the other lessons that are current."""
    return [other for other in holders if other is not file and other.lesson.is_current]


def _all_named(file: LessonFile, holders: Sequence[LessonFile]) -> str:
    """Name the first other lesson and count the rest: `b.md and 2 more lessons have`; empty if there are none."""
    first = next((other for other in holders if other is not file), None)
    more = len(holders) - 2
    if not first:
        return ""
    return f"{first.path} and {counted(more, 'more lesson')} have" if more else f"{first.path} has"


def _where(file: LessonFile, copies: Sequence[Copy]) -> str:
    """Name the sections that contain the paragraphs, at most three."""
    sections = [section for section in file.reading.sections if section.headings]
    headings = dict.fromkeys(
        section.headings[-1]
        for copy in copies
        for section in sections
        if section.lines[0] <= copy.block[0] < section.lines[1]
    )
    named = ", ".join(repr(heading) for heading in list(headings)[:_MOST_NAMED])
    return f", in {named}" + (", …" if len(headings) > _MOST_NAMED else "") if named else ""


def _first_heading(file: LessonFile) -> Span | None:
    return next((_at(section.lines[0]) for section in file.reading.sections if section.headings), None)


def _at(line: int) -> Span:
    return Span(line, 0, line + 1, 0)
