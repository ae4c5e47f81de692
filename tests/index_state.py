"""What an index holds and what it answers, to be compared with another's."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ingest.markdown.readable import Readable
from ingest.passages.passage import Passage
from kb.catalogue.catalogue import Catalogue
from kb.doctor.checkup import CHECKS
from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.matches import Ranked
from search.errors import DamagedIndex
from search.models.encoder_card import EncoderCard
from search.query.mode import Mode
from search.semantic.cache import VectorCache

HITS = 20
_OF_KB = {".gitignore", "CURRENT", "ledger.jsonl", "lock", "snapshots", "vectors.sqlite"}

Ranking = list[tuple[str, float]]


@dataclass(frozen=True)
class State:
    """All that two equal indexes have in common."""

    passages: dict[str, list[tuple[Passage, Readable]]]
    rankings: list[list[Ranked]]
    """For each query, in each mode: ids and scores."""


def state_of(root: Path, queries: Sequence[str]) -> State | None:
    """Return what the index of a knowledge base holds, and what it answers; None when there is none yet."""
    searcher = KnowledgeBase(root).index.searcher()
    if searcher is None:
        return None
    snapshot = answering(root)
    modes = list(Mode) if snapshot.manifest.encoder else [Mode.LEXICAL]
    with closing(searcher):
        rankings = [searcher.ranking(query, mode=mode, limit=HITS) for query in queries for mode in modes]
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        passages = {
            path: [(passage, catalogue.readable(path, place)) for place, passage in enumerate(catalogue.passages(path))]
            for path in catalogue.outline().paths
        }
    return State(passages, rankings)


def by_words(state: State) -> State:
    """Return what an index holds and answers before its passages are encoded."""
    modes = list(Mode)
    return State(state.passages, state.rankings[modes.index(Mode.LEXICAL) :: len(modes)])


def answering(root: Path) -> Snapshot:
    """Return the snapshot that answers: the live one, or the newest when the live one cannot."""
    store = SnapshotStore(root)
    try:
        snapshot = store.live()
    except DamagedIndex:
        snapshot = store.newest_sound()
    assert snapshot is not None
    return snapshot


def assert_same(found: State | None, expected: State | None) -> None:
    """The same passages, the same order, and the same scores as far as floats add up alike."""
    assert found is not None
    assert expected is not None
    assert found.passages == expected.passages
    for ranking, wanted in zip(found.rankings, expected.rankings, strict=True):
        assert [hit.id for hit in ranking] == [hit.id for hit in wanted]
        assert [hit.score for hit in ranking] == pytest.approx([hit.score for hit in wanted], abs=1e-5)


def texts_of(root: Path) -> set[str]:
    """Return what is encoded of the passages of the index."""
    with closing(Catalogue(answering(root).folder / CATALOGUE)) as catalogue:
        return set(catalogue.texts())


def vectors_kept(root: Path, card: EncoderCard, texts: set[str]) -> int:
    """Count the texts whose vectors the cache has, whatever became of the process that wrote it."""
    with TemporaryDirectory() as copy:  # nobody but the next run shall mend the cache
        for file in (root / ".kb").glob("vectors.sqlite*"):
            shutil.copy(file, copy)
        with closing(VectorCache(Path(copy) / "vectors.sqlite")) as cache:
            return len(cache.find(card.fingerprint, sorted(texts), card.dimension, unit_length=card.normalizes))


def leftovers(root: Path) -> list[str]:
    """Return what does not belong into `.kb`."""
    folder = root / ".kb"
    snapshots = set(SnapshotStore(root).ids())
    inside = {path.name for path in (folder / "snapshots").iterdir()}
    return sorted(({path.name for path in folder.iterdir()} - _OF_KB) | (inside - snapshots))


def complaints(root: Path) -> list[Diagnosis]:
    """Return what `kb doctor` finds wrong with a knowledge base, whatever it thinks of this machine."""
    site = Site.at(str(root))
    checks = [check for area in (Area.CONFIGURATION, Area.INDEX, Area.VECTOR_CACHE) for check in CHECKS[area]]
    return [found for check in checks for found in check(site) if found.level is not Level.OK]
