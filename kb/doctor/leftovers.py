"""Temporary files that killed processes have left, in all folders where kb writes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.files.tree import folders_below
from kb.codify.built_in import FOLDER
from kb.doctor.diagnosis import FIX, Area, Diagnosis, Level
from kb.doctor.site import Site
from kb.reuse.ledger import FOLDER as LEDGER
from kb.schedule.user_manager import unit_folder
from kb.system.git import repository_of
from kb.system.user_cache import collections_folder, encoders_folder, past_folder, state_folder, verified_folder
from kb.trust.distrust import leads_through_link
from search.storage import leftovers

_NAMED = 5

_warning = partial(Diagnosis, Area.CONFIGURATION, Level.WARNING)


def left_beside(site: Site) -> list[Path]:
    """Return temporary files that no process writes any more.

    `.kb` is not searched: there only the holder of its lock can know which files are leftovers.
    """
    folders = dict.fromkeys((*_of_the_user(), *_of_the_knowledge_base(site)))
    return [path for folder in folders for path in leftovers(folder)]


def _of_the_user() -> Iterator[Path]:
    encoders = encoders_folder()
    yield from (encoders, encoders / "names", encoders / "verified", verified_folder(), collections_folder())
    yield from (past_folder(), state_folder(), unit_folder())


def _of_the_knowledge_base(site: Site) -> Iterator[Path]:
    if site.root is None:
        return
    yield site.root
    if repository := repository_of(site.root):
        yield repository.hooks
    for name in (FOLDER, LEDGER, *(site.config.paths if site.config else ())):
        if leads_through_link(site.root / name, site.root):  # the target of the link is not part of the knowledge base
            continue
        yield from (folder for folder, _ in folders_below(site.root / name))


def beside(site: Site) -> Iterator[Diagnosis]:
    """Look for files of killed processes beside lessons, settings, reports, schedules and prepared models."""
    left = left_beside(site)
    yield from (_warning(f"{path} was left by a process that was stopped", FIX) for path in left[:_NAMED])
    if len(left) > _NAMED:
        yield _warning(f"and {len(left) - _NAMED:,} more left by processes that were stopped", FIX)


CHECKS = (beside,)
