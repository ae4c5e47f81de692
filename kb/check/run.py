"""One run of `kb check`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.problem import Problem
from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.groups import people, reuse
from kb.check.groups.vocabulary import LONE_TAG
from kb.check.request import CheckRequest, selection
from kb.check.rules import RULES, Selection, find
from kb.check.severity import Severity
from kb.config import PEOPLE_FILE, Config
from kb.corpus.census import Census
from kb.corpus.changed import Changed
from kb.corpus.gathering import gather, located
from kb.corpus.lesson_file import LessonFile
from kb.corpus.usage import Usage
from kb.errors import Exit
from kb.lessons.file_problem import problem_as_json
from kb.people.directory import Directory
from kb.people.people_file import read_directory
from kb.reuse.ledger import Ledger
from kb.system.here import seen_from, working_directory

if TYPE_CHECKING:
    from kb.forms.judge import findings as forms

_MANY_LESSONS = 20
"""Least size of a library for statistics on tags: in a smaller one, most tags occur only once anyway."""
Ask = Callable[[Sequence[LessonFile], Census, Selection], Mapping[str, Sequence[Finding]]]
"""Checks lessons with the index; returns the findings by path, with an entry for every lesson checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a run."""

    files: tuple[LessonFile, ...]
    findings: tuple[Finding, ...]
    """By place, without duplicates and without allowed findings."""
    failed: tuple[Problem, ...]
    """Files and folders that could not be read at all."""
    tags: Usage | None = None
    """Usage of tags in the whole library; None if only a part was checked, or if the library is too small."""
    strict: bool = False
    """Whether warnings count as errors."""

    @property
    def exit_code(self) -> Exit:
        if self.failed:
            return Exit.PARTLY_FAILED
        wrong = self.count(Severity.ERROR) + self.strict * self.count(Severity.WARNING)
        return Exit.NOTHING if wrong else Exit.DONE

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    def as_json(self) -> forms.Checked:
        """Return `lessons`, `findings`, `failed`, `summary`; keys are only ever added."""
        return {
            "lessons": len(self.files),
            "findings": [finding.as_json() for finding in self.findings],
            "failed": [problem_as_json(problem) for problem in self.failed],
            "summary": {
                "errors": self.count(Severity.ERROR),
                "warnings": self.count(Severity.WARNING),
                "notes": self.count(Severity.NOTE),
                "mended": sum(bool(finding.edits) for finding in self.findings),
            },
        }


def _no_index(files: Sequence[LessonFile], census: Census, wanted: Selection) -> Mapping[str, Sequence[Finding]]:
    return {}


def check(config: Config, request: CheckRequest, today: date, ask: Ask = _no_index) -> Checked:
    """Check lessons as their files are now, and `ask` the index about those that the request names.

    Raises `UnknownCode`, `ConfigError`, `NoSuchFile` and `NoRepository`.
    """
    with _without_collection():
        return _checked(config, request, today, ask)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Disable the cyclic garbage collector: there are few cycles, and searching for them takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _checked(config: Config, request: CheckRequest, today: date, ask: Ask) -> Checked:
    changed = Changed(config.root, request.changed)
    wanted = selection(config, request.select, request.ignore)
    paths = request.paths or None if request.changed is None else changed.among(request.paths)
    gathered = gather(config, paths, only_library=request.lessons_only or request.changed is not None)
    every = tuple(dict.fromkeys((*gathered.library, *gathered.chosen)))
    directory = read_directory(config.root)
    census = Census(every, today, frozenset(config.own_keys), directory)
    index_findings = ask(_to_be_asked_about(gathered.chosen, request, wanted, changed), census, wanted)
    findings = {
        *_of_people(config, request, directory, wanted),
        *_of_ledger(config, request, {file.lesson.id for file in gathered.library}, wanted),
    }
    for file in gathered.chosen:
        found = [
            *find(file, census, wanted),
            *(() if file.has_torn_front_matter else index_findings.get(file.path, ())),
        ]
        findings.update(without_allowed(file, found, wanted, index_used=file.path in index_findings))
    tells = paths is None and len(every) >= _MANY_LESSONS and LONE_TAG.code in wanted
    tags = census.tag_usage if tells else None
    strict = request.strict or config.strict
    return Checked(gathered.chosen, tuple(by_place(findings)), gathered.failed, tags, strict)


def _of_people(config: Config, request: CheckRequest, directory: Directory, wanted: Selection) -> Iterator[Finding]:
    """Yield the findings in `people.md`, if it is to be checked."""
    if people.FILE.code in wanted and _is_chosen(request, file := config.root.resolve() / PEOPLE_FILE):
        yield from people.of_directory(directory, seen_from(working_directory(), file).as_posix())


def _of_ledger(config: Config, request: CheckRequest, ids: Collection[str], wanted: Selection) -> Iterator[Finding]:
    """Yield the findings in the ledger of uses, in those of its files that are to be checked."""
    root, here = config.root.resolve(), working_directory()
    for finding in reuse.of_ledger(Ledger(root).now(), ids):
        if finding.code in wanted and _is_chosen(request, file := root / finding.path):
            yield replace(finding, path=seen_from(here, file).as_posix())


def _is_chosen(request: CheckRequest, file: Path) -> bool:
    return not request.paths or any(map(file.is_relative_to, map(located, request.paths)))


def _to_be_asked_about(
    files: Sequence[LessonFile], request: CheckRequest, wanted: Selection, changed: Changed
) -> Sequence[LessonFile]:
    if request.ask is False or not any(rule.asks and rule.code in wanted for rule in RULES.values()):
        return ()
    return files if request.ask else [file for file in files if file in changed]
