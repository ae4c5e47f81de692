"""How often the search says "nothing relevant", rightly and wrongly, on test collections in BEIR layout.

    python benchmarks/unanswerable.py FOLDER [FOLDER ...]

Three kinds of query are asked of each collection's library, by default settings:

- answerable: its own queries. Lost are those for which the search says that nothing is relevant.
- held apart: the same queries, while the whole topic of their relevant lessons is held apart: one of eight
  clusters of the library, by meaning. The neighbouring topics stay, so this is the hard case.
- foreign: queries of the other collections.

Of the last two, recognised are those for which the search says so. For the calibration of `search/relevance.py`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.collection import Collection
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, VECTORS
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from search.judgements import read_judgements, read_queries
from search.mode import Mode
from search.query import Query, page_query
from search.vectors import VectorIndex

_TOPICS = 8
_MOST_QUERIES = 200
_SEED = 7

T = TypeVar("T")
Asked = tuple[Query, set[str]]
"""A query, and the paths of the lessons that are held apart from the library."""


@dataclass(frozen=True)
class _Library:
    name: str
    root: Path
    queries: list[tuple[Query, set[str]]]
    """Each with the ids of its relevant lessons."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path, help="folders with corpus.jsonl, queries.jsonl, qrels/")
    libraries = [_open(Collection(folder)) for folder in parser.parse_args().collections]
    print(f"{'library':22s} {'answerable lost':>16s} {'held apart recognised':>23s} {'foreign recognised':>20s}")
    rows = []
    for library in libraries:
        others = [query for other in libraries if other is not library for query, _ in other.queries]
        own: Iterable[Asked] = ((query, set()) for query, _ in library.queries)
        foreign: Iterable[Asked] = ((query, set()) for query in _some(others))
        row = [_share_refused(library, asked) for asked in (own, _held_apart(library), foreign)]
        rows.append(row)
        print(f"{library.name:22s} {row[0]:16.3f} {row[1]:23.3f} {row[2]:20.3f}", flush=True)
    mean = np.mean(rows, axis=0)
    print(f"{'mean':22s} {mean[0]:16.3f} {mean[1]:23.3f} {mean[2]:20.3f}")


def _open(collection: Collection) -> _Library:
    root = collection.prepared()
    KnowledgeBase(root, ProgressLines()).reindex()
    judgements = read_judgements(collection.judgements)
    asked = [
        (page_query(text), {document for document, grade in judgements[id_].items() if grade > 0})
        for id_, text in read_queries(collection.queries).items()
        if id_ in judgements
    ]
    return _Library(collection.name, root, _some(asked))


def _some(items: Sequence[T]) -> list[T]:
    """Return some of many, always the same."""
    chosen = np.random.default_rng(_SEED).permutation(len(items))[:_MOST_QUERIES]
    return [items[number] for number in sorted(chosen)]


def _held_apart(library: _Library) -> Iterator[Asked]:
    """Yield each query with all lessons of the topics that its relevant lessons belong to."""
    snapshot = SnapshotStore(library.root).live()
    assert snapshot is not None
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        outline, ids = catalogue.outline(), catalogue.ids()
    vectors = VectorIndex.read(snapshot.folder / VECTORS).vectors()
    topics = _topics(vectors, np.repeat(np.arange(len(outline)), [passages for _, passages, _ in outline]))
    topic_of = dict(zip(ids, topics.tolist(), strict=True))
    for query, relevant in library.queries:
        theirs = {topic_of[id_] for id_ in relevant if id_ in topic_of}
        if theirs and len(theirs) < _TOPICS:
            yield query, {path for (path, _, _), topic in zip(outline, topics, strict=True) if topic in theirs}


def _topics(vectors: NDArray[np.float32], lesson_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the topic of each lesson: the cluster of the mean of its passages' vectors."""
    means = np.zeros((int(lesson_of.max()) + 1, vectors.shape[1]), np.float32)
    np.add.at(means, lesson_of, vectors)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    clusters = faiss.Kmeans(means.shape[1], _TOPICS, seed=_SEED, niter=30, min_points_per_centroid=1)
    clusters.train(means)
    return np.asarray(clusters.index.search(means, 1)[1][:, 0], np.int64)


def _share_refused(library: _Library, asked: Iterable[Asked]) -> float:
    searcher = KnowledgeBase(library.root).searcher()
    assert searcher is not None
    with closing(searcher):
        return float(
            np.mean(
                [not searcher.search(query, mode=Mode.HYBRID, limit=1, apart=apart).relevant for query, apart in asked]
            )
        )


if __name__ == "__main__":
    main()
