"""`--fix`: corrects in the file what has exactly one right answer."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.problem import Problem
from kb.check.finding import Finding
from kb.check.run import Checked
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.edit.source import Source
from kb.errors import ChangedMeanwhile, KbError

_ROUNDS = 10
"""Limit of repetitions: a fix may reveal another finding, and future rules might never come to an end."""


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file that was fixed."""

    path: str
    """The path as shown in findings."""
    before: str
    after: str
    findings: tuple[Finding, ...]
    """The findings that were fixed."""

    @property
    def diff(self) -> Iterator[str]:
        """Yield the lines of the unified diff, without the file's own line ends."""
        before, after = _rows(self.before), _rows(self.after)
        yield from difflib.unified_diff(before, after, f"a/{self.path}", f"b/{self.path}", lineterm="")


def _rows(text: str) -> list[str]:
    *rows, last = text.split("\n")
    return [*rows, f"{last}\n\\ No newline at end of file"] if last else rows


@dataclass(frozen=True, slots=True)
class Fixes:
    """The result of fixing."""

    files: tuple[FixedFile, ...]
    failed: tuple[Problem, ...]
    """Files that could not be written; they are unchanged."""


def fix(check: Callable[[], Checked]) -> Fixes:
    """Fix findings and check again until nothing is left to fix; each file is written atomically."""
    work = _Work()
    for _ in range(_ROUNDS):
        if not work.fix(check()):
            break
    return Fixes(work.files(), tuple(work.failed.values()))


@dataclass
class _Work:
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    fixed: defaultdict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, Problem] = field(default_factory=dict)

    def fix(self, checked: Checked) -> bool:
        """Write each file at most once; return whether any was written."""
        files = {file.path: file for file in checked.files}
        findings: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in checked.findings:
            if finding.edits and finding.path not in self.failed:
                findings[finding.path].append(finding)
        written = [self._write(files[path], found) for path, found in findings.items()]
        return any(written)

    def _write(self, file: LessonFile, findings: Sequence[Finding]) -> bool:
        chosen = list(non_overlapping(findings))
        try:
            after = _replaced(file, [edit for finding in chosen for edit in finding.edits])
        except KbError as error:
            self.failed[file.path] = Problem(file.path, str(error).removeprefix(f"{file.location}: "))
            return False
        self.before.setdefault(file.path, file.text)
        self.after[file.path] = after
        self.fixed[file.path] += chosen
        return after != file.text

    def files(self) -> tuple[FixedFile, ...]:
        return tuple(
            FixedFile(path, self.before[path], after, tuple(self.fixed[path]))
            for path, after in sorted(self.after.items())
        )


def non_overlapping(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings whose edits do not overlap; one that overlaps an earlier one waits for the next round."""
    taken: list[Edit] = []
    for finding in findings:
        if not any(_touch(edit, other) for edit in finding.edits for other in taken):
            taken += finding.edits
            yield finding


def _touch(one: Edit, other: Edit) -> bool:
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _replaced(file: LessonFile, edits: Sequence[Edit]) -> str:
    source = Source.read(file.location)
    if source.text != file.text:
        raise ChangedMeanwhile(f"{file.location}: was changed by somebody else meanwhile; check again")
    return source.replace(edits)
