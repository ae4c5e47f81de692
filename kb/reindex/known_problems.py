"""The known problems of the files of the corpus, without reading them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from ingest.files.changes import Changes
from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.reindex.ledger import JobRun


class KnownProblems(NamedTuple):
    """Problems, by whether the file has changed since."""

    standing: tuple[Problem, ...]
    """Problems of unchanged files."""
    changed: tuple[str, ...]
    """Paths of files that had a problem and have changed since; the next run will check them."""


def known_problems(catalogue: Catalogue, changes: Changes, runs: Sequence[JobRun]) -> KnownProblems:
    """Return the problems from the index, from the current walk, and from the last run.

    A file that could never be read is known from the last run only.
    """
    last = next((run for run in reversed(runs) if run.outcome.is_of_the_job and run.report), None)
    reported = last.report.problems if last and last.report else ()
    found = (*catalogue.problems(), *changes.unreadable, *reported)
    changed = {problem.path for problem in found} & {*_changed(changes, last)}
    return KnownProblems(distinct(problem for problem in found if problem.path not in changed), tuple(sorted(changed)))


def _changed(changes: Changes, last: JobRun | None) -> Iterator[str]:
    """Yield the paths of files changed since they were read, or since the last run tried to read them."""
    yield from (file.path for file in changes.changed)
    if last:
        began = datetime.fromisoformat(last.began).timestamp() * 1e9
        yield from (file.path for file in changes.added if file.mtime_ns > began)


def distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the distinct problems, sorted by their text."""
    by_text = {str(problem): problem for problem in problems}
    return tuple(by_text[text] for text in sorted(by_text))
