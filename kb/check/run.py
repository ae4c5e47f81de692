"""One run of `kb check`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.problem import Problem
from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.groups.vocabulary import LONE_TAG
from kb.check.request import CheckRequest, selection
from kb.check.rules import Selection, find
from kb.check.severity import Severity
from kb.config import Config
from kb.corpus.census import Census
from kb.corpus.changed import Changed
from kb.corpus.gathering import gather
from kb.corpus.lesson_file import LessonFile
from kb.corpus.usage import Usage

_MANY_LESSONS = 20
"""In fewer, most tags must stand alone."""
Ask = Callable[[Sequence[LessonFile], Census], Mapping[str, Sequence[Finding]]]
"""What the index has to say of those lessons that it is asked about, by path."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it."""

    files: tuple[LessonFile, ...]
    findings: tuple[Finding, ...]
    """By place, without repeats and without what the lessons allow."""
    failed: tuple[Problem, ...]
    """What could not be read at all."""
    tags: Usage | None = None
    """Of the whole library, if that was checked and is large enough for it to tell anything."""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


class Checking:
    """A request, read for one library."""

    def __init__(self, config: Config, request: CheckRequest, today: date) -> None:
        """Raises `UnknownCode`, `ConfigError`, `NoSuchFile` and `NoRepository`."""
        self._config = config
        self._today = today
        self._only_library = request.lessons_only or request.changed is not None
        self.changed = Changed(config.root, request.changed)
        self.wanted = selection(config, request.select, request.ignore)
        self._paths = self.changed.among(request.paths) if request.changed is not None else request.paths or None

    def checked(self, ask: Ask = lambda files, census: {}) -> Checked:
        """Return what is found in the files as they are now."""
        return check(self._config, self._paths, self.wanted, self._today, ask, only_library=self._only_library)


def check(
    config: Config,
    paths: Sequence[Path] | None,
    wanted: Selection,
    today: date,
    ask: Ask = lambda files, census: {},
    *,
    only_library: bool = False,
) -> Checked:
    """Check the lessons that are named, all if `paths` is None; raises `NoSuchFile`."""
    with _without_collection():
        return _checked(config, paths, wanted, today, ask, only_library=only_library)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let Python not look for circles of objects: there are few, and looking among so many is a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _checked(
    config: Config, paths: Sequence[Path] | None, wanted: Selection, today: date, ask: Ask, *, only_library: bool
) -> Checked:
    gathered = gather(config, paths, only_library=only_library)
    every = tuple(dict.fromkeys((*gathered.library, *gathered.chosen)))
    census = Census(every, today, frozenset(config.own_keys))
    asked = ask(gathered.chosen, census)
    findings: set[Finding] = set()
    for file in gathered.chosen:
        found = [*find(file, census, wanted), *(() if file.has_torn_front_matter else asked.get(file.path, ()))]
        findings.update(without_allowed(file, found, wanted, was_asked=file.path in asked))
    tells = paths is None and len(every) >= _MANY_LESSONS and LONE_TAG.code in wanted
    tags = census.tag_usage if tells else None
    return Checked(gathered.chosen, tuple(by_place(findings)), gathered.failed, tags)
