"""Whether a snapshot is what it says: every byte, every number, and the same lessons and passages in each part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.files.tree import paths_below
from kb.index.catalogue import Catalogue
from kb.index.manifest import MANIFEST
from kb.index.outline import Outline
from kb.index.snapshot import CATALOGUE, OUTLINE, POSTINGS, VECTORS, Snapshot
from search.errors import DamagedIndex
from search.lexical.postings import Postings
from search.semantic.cache import UNIT_LENGTH_TOLERANCE
from search.semantic.vector_file import VectorFile
from search.semantic.vectors import keys_of, read_keys

if TYPE_CHECKING:
    from search.semantic.encoder import Vectors
    from search.semantic.encoder_card import EncoderCard


def defects(snapshot: Snapshot) -> list[str]:
    """Return what is wrong with a snapshot, nothing when it is sound.

    Digests first: of files that are not what was written, nothing is read.
    """
    try:
        snapshot.verify()
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            catalogue.check()
            return [*_unknown_files(snapshot), *_out_of_step(snapshot, catalogue)]
    except DamagedIndex as error:
        return [str(error)]


def _unknown_files(snapshot: Snapshot) -> Iterator[str]:
    there = {path.relative_to(snapshot.folder).as_posix() for path in paths_below(snapshot.folder) if not path.is_dir()}
    for name in sorted(there - {*snapshot.manifest.files, MANIFEST}):
        yield f"{snapshot.folder / name} is not in the manifest"


def _out_of_step(snapshot: Snapshot, catalogue: Catalogue) -> Iterator[str]:
    folder, manifest = snapshot.folder, snapshot.manifest
    outline, counts, terms = catalogue.outline(), catalogue.passages_of(), catalogue.terms()
    if (manifest.lessons, manifest.passages) != (len(counts), len(terms)) or sum(counts) != len(terms):
        yield (
            f"{folder}: the manifest has {manifest.lessons:,} lessons and {manifest.passages:,} passages, "
            f"the catalogue {len(counts):,} and {len(terms):,}"
        )
    if Outline.read(folder / OUTLINE).lessons() != outline.lessons():
        yield f"{folder}: catalogue and outline are not in step"
    postings = Postings.read(folder / POSTINGS)
    if postings.passages_of.tolist() != counts or postings.body_lengths.tolist() != terms:
        yield f"{folder}: catalogue and postings are not in step"
    if manifest.encoder:
        yield from _vectors_out_of_step(snapshot, catalogue, manifest.encoder)


def _vectors_out_of_step(snapshot: Snapshot, catalogue: Catalogue, encoder: EncoderCard) -> Iterator[str]:
    folder = snapshot.folder
    with VectorFile.open(folder / VECTORS) as vectors:
        if vectors.dimension != encoder.dimension:
            yield (
                f"{folder}: the model's vectors have {encoder.dimension} numbers, those of the index"
                f" {vectors.dimension}"
            )
        keys = read_keys(folder / VECTORS)
        if len(vectors) != len(keys) or not np.array_equal(keys, keys_of(catalogue.texts())):
            yield f"{folder}: passages and vectors are not in step"
        lengths = [np.linalg.norm(block, axis=1) for block in vectors.blocks()]
    yield from _wrong_lengths(folder, np.concatenate([np.zeros(0, np.float32), *lengths]), encoder)


def _wrong_lengths(folder: Path, lengths: Vectors, encoder: EncoderCard) -> Iterator[str]:
    """Name the first vector without unit length; a model may also compare by length.

    Zero is only a text without a token, which there is where the model puts none of its own around it.
    """
    right = np.isclose(lengths, 1.0, atol=UNIT_LENGTH_TOLERANCE) if encoder.normalizes else np.isfinite(lengths)
    right = np.where(lengths == 0, not encoder.special_tokens, right)
    if not right.all():
        wrong = int(np.flatnonzero(~right)[0])
        yield f"{folder}: the vector of passage {wrong:,} has the length {lengths[wrong]:.3f}, not 1"
