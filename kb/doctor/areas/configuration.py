"""Whether `kb.toml` is valid and the folders that it names are suitable."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from kb.config import FILE_NAME
from kb.doctor.diagnosis import Area, Diagnosis, Level, parted
from kb.doctor.site import Site
from kb.index.store import FOLDER_NAME

_ok = partial(Diagnosis, Area.CONFIGURATION, Level.OK)
_warning = partial(Diagnosis, Area.CONFIGURATION, Level.WARNING)
_error = partial(Diagnosis, Area.CONFIGURATION, Level.ERROR)


def file(site: Site) -> Iterator[Diagnosis]:
    """Report what is wrong with `kb.toml`."""
    if site.problem is None:
        yield _ok(f"{site.root}/{FILE_NAME}")
    else:
        where = f"edit {site.root}/{FILE_NAME}" if site.root else "kb init"
        yield _error(*parted(site.problem, where))


def folders(site: Site) -> Iterator[Diagnosis]:
    """Look for lesson folders that overlap, or lie in `.kb`, which may be deleted at any time."""
    if site.config is None:
        return
    places = [(name, (site.config.root / name).resolve()) for name in site.config.paths]
    correct = f"edit corpus.paths in {site.root}/{FILE_NAME}"
    derived = (site.config.root / FOLDER_NAME).resolve()
    for name, place in places:
        if place.is_relative_to(derived):
            yield _error(f"the corpus folder {name!r} is in {FOLDER_NAME}, which may be deleted", correct)
    yield from (_warning(what, correct) for what in _overlaps(places))


def _overlaps(places: list[tuple[str, Path]]) -> Iterator[str]:
    for number, (name, place) in enumerate(places):
        for other, outer in places[:number]:
            if place.is_relative_to(outer) or outer.is_relative_to(place):
                yield f"the corpus folders {other!r} and {name!r} overlap: ids depend on their order"


CHECKS = (file, folders)
