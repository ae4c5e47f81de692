"""Whether all lessons can be read now, and were read completely when they were indexed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from shlex import quote

from ingest.files.changes import compare
from ingest.files.corpus import Listing
from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.config import FILE_NAME, Config, corpus_of
from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site, is_allowed, sound_live
from kb.errors import IndexUnusable
from kb.index.snapshot import CATALOGUE
from kb.reindex.known_problems import KnownProblems, distinct, known_problems
from kb.reindex.ledger import JobRun, Ledger
from kb.wording import counted
from search.query import nearest

_NAMED = 20

_ok = partial(Diagnosis, Area.LESSONS, Level.OK)
_warning = partial(Diagnosis, Area.LESSONS, Level.WARNING)
_error = partial(Diagnosis, Area.LESSONS, Level.ERROR)


def lessons(site: Site) -> Iterator[Diagnosis]:
    """Find the lessons as a reindex does, and report each that could not be read completely."""
    config = site.config
    if config is None:
        return
    listing = corpus_of(config).find()
    problems, changed = _problems(site, config, listing)
    yield from (_error(str(problem), _cure(config.root, problem)) for problem in problems[:_NAMED])
    if (more := len(problems) - _NAMED) > 0:
        yield _error(f"and {more:,} more that could not be read, or only in part", "kb -v reindex")
    message = "could not be read, or only in part, and has changed since"
    yield from (_warning(f"{path} {message}", "kb reindex") for path in changed[:_NAMED])
    yield from _count(config, listing)


def _problems(site: Site, config: Config, listing: Listing) -> KnownProblems:
    live = sound_live(site.store)
    if live is None:
        return KnownProblems(distinct(listing.unreadable), ())
    with closing(Catalogue(live.folder / CATALOGUE)) as catalogue:
        changes = compare(listing, catalogue.files(), corpus_of(config).digest)
        return known_problems(catalogue, changes, _runs(site))


def _runs(site: Site) -> list[JobRun]:
    try:
        return Ledger(site.store.ledger).runs() if site.store else []
    except IndexUnusable:  # reported in the area of the schedule
        return []


def _cure(root: Path, problem: Problem) -> str:
    path = root / problem.path
    if not path.exists() and problem.path.endswith("/"):
        if meant := _near(root, path.name):
            return f"edit {root}/{FILE_NAME}: under corpus.paths, perhaps {meant!r} is meant"
        return f"mkdir -p {quote(str(path))}"
    if path.exists() and not is_allowed(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        return f"sudo chmod a+rX {quote(str(path))}"
    return f"correct {quote(str(path))}, then kb reindex"


def _near(root: Path, name: str) -> str:
    """Return the folder of the knowledge base with the most similar name; empty if none is similar."""
    folders = [path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return next(iter(nearest(name, folders)), "")


def _count(config: Config, listing: Listing) -> Iterator[Diagnosis]:
    folders = ", ".join(config.paths)
    if listing.files:
        yield _ok(f"{counted(len(listing.files), 'lesson')} in {folders}")
    elif not listing.unreadable:
        yield _warning(f"no lesson in {folders}", f"write one, or correct corpus in {config.root}/{FILE_NAME}")


CHECKS = (lessons,)
