"""Paragraphs that occur in more than one lesson."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.markdown.blocks import Lines
from kb.corpus.lesson_file import LessonFile

_LEAST_WORDS = 25
# A shorter text cannot have 25 words; comparing lengths first saves most of the work.
_LEAST_CHARACTERS = 2 * _LEAST_WORDS - 1
# A paragraph in more lessons than this is a template, a licence or a notice.
_MOST_LESSONS = 5
_BEGINNING, _FIRST_WORDS = 200, 6
_NO_PROSE = ("```", "~~~", "    ", "\t", "|", "<", "{")
_NOT_A_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Normalize case, punctuation and white space, so that spellings of one sentence are equal."""
    return _NOT_A_WORD.sub(" ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Copy:
    """A long paragraph of a lesson that other lessons have too."""

    block: Lines
    words: int
    others: Sequence[LessonFile]


Copies = Mapping[Path, Sequence[Copy]]
"""Copies by a lesson's location, in the order of the file."""
_Paragraph = tuple[LessonFile, Lines]
Paragraphs = Mapping[str, Sequence[_Paragraph]]
"""Long paragraphs by their first words."""


def copies_in(files: Iterable[LessonFile]) -> Copies:
    """Return the paragraphs that two to five lessons have in common, in time linear in the length of the text."""
    return copies_among(paragraphs_in(files))


def paragraphs_in(files: Iterable[LessonFile]) -> Paragraphs:
    """Return the long paragraphs of some lessons."""
    alike: defaultdict[str, list[_Paragraph]] = defaultdict(list)
    for file in files:
        for block, text in _prose(file):
            if len(text) >= _LEAST_CHARACTERS:
                alike[_beginning(text)].append((file, block))
    return alike


def copies_among(paragraphs: Paragraphs) -> Copies:
    """Return the copies among paragraphs that begin alike."""
    found: defaultdict[Path, list[Copy]] = defaultdict(list)
    for held in paragraphs.values():
        if len(held) > 1:  # most beginnings are unique, so most paragraphs need not be compared
            for file, copy in _copies_among(held):
                found[file.location].append(copy)
    return {location: _in_order(copies) for location, copies in found.items()}


def copies_with(file: LessonFile, paragraphs: Paragraphs, copies: Copies) -> Copies:
    """Return the copies in a library to which one lesson is added; `copies` are those without it."""
    own = paragraphs_in([file])
    shared = {beginning: [*paragraphs.get(beginning, ()), *held] for beginning, held in own.items()}
    compared = {(one.location, block) for held in shared.values() for one, block in held}
    found = copies_among(shared)
    changed: dict[Path, Sequence[Copy]] = {}
    for location in {location for location, _ in compared}:
        kept = [copy for copy in copies.get(location, ()) if (location, copy.block) not in compared]
        changed[location] = _in_order([*kept, *found.get(location, ())])
    return {**copies, **changed}


def _in_order(copies: Iterable[Copy]) -> list[Copy]:
    return sorted(copies, key=lambda copy: copy.block)


def _beginning(text: str) -> str:
    return " ".join(text[:_BEGINNING].casefold().split()[:_FIRST_WORDS])


def _copies_among(paragraphs: Iterable[_Paragraph]) -> Iterator[tuple[LessonFile, Copy]]:
    holders: defaultdict[tuple[str, ...], list[_Paragraph]] = defaultdict(list)
    for file, block in paragraphs:
        words = file.seen(block).casefold().split()
        if len(words) >= _LEAST_WORDS:
            holders[tuple(words)].append((file, block))
    for words_held, held in holders.items():
        owners = {file.location: file for file, _ in held}
        if 1 < len(owners) <= _MOST_LESSONS:
            for file, block in held:
                others = [other for location, other in owners.items() if location != file.location]
                yield file, Copy(block, len(words_held), others)


def _prose(file: LessonFile) -> Iterator[tuple[Lines, str]]:
    """Yield paragraphs and lists; shared code, tables and HTML do not make two lessons duplicates."""
    for block in file.reading.blocks:
        text = _text(file, block)
        if not text.startswith(_NO_PROSE) and not text.lstrip().startswith(_NO_PROSE):
            yield block, text


def _text(file: LessonFile, block: Lines) -> str:
    return "\n".join(file.rows[slice(*block)])


def words_in(file: LessonFile) -> int:
    """Return the number of words in a lesson's paragraphs and lists."""
    return sum(len(file.seen(block).split()) for block, _ in _prose(file))
