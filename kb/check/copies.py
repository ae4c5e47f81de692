"""Paragraphs that stand in more than one lesson."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.comments import without_comments
from ingest.markdown import Lines
from kb.check.lesson_file import LessonFile

_LEAST_WORDS = 25
# Shorter cannot have so many words; looking at lengths first spares most of the work.
_LEAST_CHARACTERS = 2 * _LEAST_WORDS - 1
# What stands in more lessons is a template, a licence, a notice.
_MOST_LESSONS = 5
_NOT_A_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Fold what two writers of one sentence would do differently: case, punctuation, white space."""
    return _NOT_A_WORD.sub(" ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Copy:
    """A long paragraph of a lesson that another lesson has too."""

    block: Lines
    words: int
    others: Sequence[LessonFile]


Copies = Mapping[Path, Sequence[Copy]]
"""By a lesson's location, in the order of the file."""


def copies_in(files: Iterable[LessonFile]) -> Copies:
    """Find the paragraphs that two to five lessons have in common, in time linear in the text."""
    holders: defaultdict[int, list[tuple[LessonFile, Lines, int]]] = defaultdict(list)
    for file in files:
        for block, text in _long_blocks(file):
            words = text.split()
            if len(words) >= _LEAST_WORDS:
                holders[hash(" ".join(words))].append((file, block, len(words)))
    found: defaultdict[Path, list[Copy]] = defaultdict(list)
    for held in holders.values():
        owners = {file.location: file for file, _, _ in held}
        if 1 < len(owners) <= _MOST_LESSONS:
            for file, block, count in held:
                others = [other for location, other in owners.items() if location != file.location]
                found[file.location].append(Copy(block, count, others))
    return {location: sorted(copies, key=lambda copy: copy.block) for location, copies in found.items()}


def _long_blocks(file: LessonFile) -> Iterator[tuple[Lines, str]]:
    rows = file.rows
    for block in file.reading.blocks:
        text = "\n".join(rows[block[0] : block[1]]) if block[1] - block[0] > 1 else rows[block[0]]
        if len(text) >= _LEAST_CHARACTERS:
            yield block, without_comments(text).casefold()


def words_in(file: LessonFile) -> int:
    """Count the words below the front matter and the headings."""
    rows = file.rows
    return sum(len(without_comments("\n".join(rows[start:end])).split()) for start, end in file.reading.blocks)
