"""Checks a snapshot: the digests of its files, and that all parts have the same lessons and passages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from ingest.files.tree import paths_below
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.index.manifest import MANIFEST
from kb.index.snapshot import CATALOGUE, OUTLINE, Snapshot
from search.errors import DamagedIndex
from search.indexing import vector_defects, word_mismatches


def defects(snapshot: Snapshot) -> list[str]:
    """Return the defects of a snapshot; empty if it is sound.

    Digests are checked first, so that no changed file is parsed.
    """
    try:
        snapshot.verify()
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            catalogue.check()
            return [*_unknown_files(snapshot), *_mismatches(snapshot, catalogue)]
    except DamagedIndex as error:
        return [str(error)]


def _unknown_files(snapshot: Snapshot) -> Iterator[str]:
    there = {path.relative_to(snapshot.folder).as_posix() for path in paths_below(snapshot.folder) if not path.is_dir()}
    for name in sorted(there - {*snapshot.manifest.files, MANIFEST}):
        yield f"{snapshot.folder / name} is not in the manifest"


def _mismatches(snapshot: Snapshot, catalogue: Catalogue) -> Iterator[str]:
    folder, manifest = snapshot.folder, snapshot.manifest
    outline, counts, terms = catalogue.outline(), catalogue.passages_of(), catalogue.terms()
    if (manifest.lessons, manifest.passages) != (len(counts), len(terms)) or sum(counts) != len(terms):
        yield (
            f"{folder}: the manifest has {manifest.lessons:,} lessons and {manifest.passages:,} passages, "
            f"the catalogue {len(counts):,} and {len(terms):,}"
        )
    if Outline.read(folder / OUTLINE).lessons() != outline.lessons():
        yield f"{folder}: catalogue and outline do not match"
    if word_mismatches(folder, counts, terms):
        yield f"{folder}: catalogue and postings do not match"
    if manifest.encoder:
        yield from vector_defects(folder, catalogue.texts(), manifest.encoder)
