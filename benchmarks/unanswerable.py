"""What the search says of questions that a library answers and of those that it does not, on BEIR collections.

    python benchmarks/unanswerable.py FOLDER [FOLDER ...] [--sizes 5 15 50 200]

Of each collection the whole library is asked, and small ones that are drawn from it, by default settings:

- answerable: its own queries. Hidden are those of which the right lesson is among the first three and all that is
  shown is said to be only near; the other columns are what is said of the rest.
- near: the same queries, while the whole topic of their relevant lessons is held apart: one of eight clusters of the
  library, by meaning. The neighbouring topics stay. Of small libraries: queries of lessons that were not drawn.
- far: queries of the other collections.

For the calibration of `search/ranking/relevance.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
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

from kb.catalogue.catalogue import Catalogue
from kb.evaluation.collection import Collection
from kb.index.snapshot import CATALOGUE
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines, Silent
from kb.retrieval.request import Request
from search.engine import Relevance
from search.evaluation import read_judgements, read_queries
from search.indexing import VECTORS, passage_numbers
from search.semantic.vector_file import map_vectors

_TOPICS = 8
_MOST_QUERIES = 200
_LIBRARIES = 6
"""Small ones that are drawn of each size."""
_OF_SMALL = 30
"""Queries of each kind that a small library is asked."""
_SHOWN = 5
_FIRST = 3
_SEED = 7

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """A query, the ids of the lessons that answer it, and the paths of those that are held apart."""

    query: str
    right: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """A collection: its lessons' files and its queries."""

    name: str
    root: Path
    queries: list[Asked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path, help="folders with corpus.jsonl, queries.jsonl, qrels/")
    parser.add_argument("--sizes", type=int, nargs="*", default=[5, 15, 50, 200])
    options = parser.parse_args()
    libraries = [_open(Collection(folder)) for folder in options.collections]
    print(f"{'library':26s} {'kind':12s} {'asked':>6s} {'hidden':>7s} {'answers':>8s} {'may help':>9s} {'nearest':>8s}")
    for library in libraries:
        far = _some([Asked(one.query) for other in libraries if other is not library for one in other.queries])
        kinds = {"answerable": library.queries, "near": list(_held_apart(library)), "far": far}
        for kind, asked in kinds.items():
            _print_row(library.name, kind, list(_said(library.root, asked)))
        for size in options.sizes:
            _print_small(library, size, far)


def _open(collection: Collection) -> Drawn:
    root = collection.prepared()
    KnowledgeBase(root, ProgressLines()).reindex()
    judgements = read_judgements(collection.judgements)
    asked = [
        Asked(text, frozenset(document for document, grade in judgements[id_].items() if grade > 0))
        for id_, text in read_queries(collection.queries).items()
        if id_ in judgements
    ]
    return Drawn(collection.name, root, _some(asked))


def _some(items: Sequence[T], most: int = _MOST_QUERIES, seed: int = _SEED) -> list[T]:
    """Return some of many, always the same."""
    chosen = np.random.default_rng(seed).permutation(len(items))[:most]
    return [items[number] for number in sorted(chosen)]


def _print_row(name: str, kind: str, said: list[tuple[Relevance, bool]]) -> None:
    if not said:
        return
    count = Counter(relevance for relevance, _ in said)
    right = [relevance for relevance, is_right in said if is_right]
    hidden = f"{sum(not relevance.is_relevant for relevance in right) / len(right):7.3f}" if right else " " * 7
    shares = "".join(f" {count[relevance] / len(said):8.3f}" for relevance in Relevance)
    print(f"{name:26s} {kind:12s} {len(said):6d} {hidden}{shares}", flush=True)


def _said(root: Path, asked: Iterable[Asked]) -> Iterator[tuple[Relevance, bool]]:
    """Give for each query what is said of the answer, and whether a right lesson is among its first three."""
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None
    with closing(searcher):
        for one in asked:
            answer = searcher.ask(Request(one.query, is_page=True, limit=_SHOWN, excluded=tuple(one.apart)))
            yield answer.relevance, any(result.lesson.id in one.right for result in answer.results[:_FIRST])


def _print_small(library: Drawn, size: int, far: list[Asked]) -> None:
    said: dict[str, list[tuple[Relevance, bool]]] = {"answerable": [], "near": [], "far": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(_LIBRARIES):
            root = Path(folder) / str(number)
            drawn = _draw(library, root, size, number)
            answered = [one for one in library.queries if one.right & drawn]
            missed = [one for one in library.queries if not one.right & drawn]
            kinds = {"answerable": answered, "near": [Asked(one.query) for one in missed], "far": far}
            for kind, asked in kinds.items():
                said[kind] += _said(root, _some(asked, _OF_SMALL, number))
    for kind, every in said.items():
        _print_row(f"{library.name} of {size}", kind, every)


def _draw(library: Drawn, root: Path, size: int, number: int) -> set[str]:
    """Make a small library: lessons that answer a third as many queries, and any others; returns their ids."""
    dice = np.random.default_rng([_SEED, size, number])
    with closing(Catalogue(_live(library.root) / CATALOGUE)) as catalogue:
        paths = dict(zip(catalogue.ids(), catalogue.outline().paths, strict=True))
    wanted = [sorted(one.right & paths.keys()) for one in library.queries]
    chosen = {dice.choice(wanted[at]) for at in dice.permutation(len(wanted))[: max(size // 3, 1)] if wanted[at]}
    rest = [id_ for id_ in paths if id_ not in chosen]
    chosen |= {rest[at] for at in dice.permutation(len(rest))[: max(size - len(chosen), 0)]}
    for id_ in chosen:
        file = root / paths[id_]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((library.root / paths[id_]).read_bytes())
    (root / "kb.toml").write_bytes((library.root / "kb.toml").read_bytes())
    KnowledgeBase(root, Silent()).reindex()
    return {str(id_) for id_ in chosen}


def _live(root: Path) -> Path:
    snapshot = SnapshotStore(root).live()
    assert snapshot is not None
    return snapshot.folder


def _held_apart(library: Drawn) -> Iterator[Asked]:
    """Give each query with all lessons of the topics that its relevant lessons belong to held apart."""
    folder = _live(library.root)
    with closing(Catalogue(folder / CATALOGUE)) as catalogue:
        paths, ids = catalogue.outline().paths, catalogue.ids()
    topics = _topics(map_vectors(folder / VECTORS), passage_numbers(folder).lesson_of.astype(np.int64))
    topic_of = dict(zip(ids, topics.tolist(), strict=True))
    for one in library.queries:
        theirs = {topic_of[id_] for id_ in one.right if id_ in topic_of}
        if theirs and len(theirs) < _TOPICS:
            apart = frozenset(path for path, topic in zip(paths, topics, strict=True) if topic in theirs)
            yield Asked(one.query, apart=apart)


def _topics(vectors: NDArray[np.float32], lesson_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the topic of each lesson: the cluster of the mean of its passages' vectors."""
    means = np.zeros((int(lesson_of.max()) + 1, vectors.shape[1]), np.float32)
    np.add.at(means, lesson_of, vectors)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    clusters = faiss.Kmeans(means.shape[1], _TOPICS, seed=_SEED, niter=30, min_points_per_centroid=1)
    clusters.train(means)
    return np.asarray(clusters.index.search(means, 1)[1][:, 0], np.int64)


if __name__ == "__main__":
    main()
