"""Ways to fuse the two legs, side by side on test collections in BEIR layout: why the search fuses as it does.

    python benchmarks/fusion.py FOLDER [FOLDER ...] [--drop-self NAME]

Prints nDCG@10 of each leg and of each way with each weight, the mean over the collections, and by how much
the worst of them is better than its better leg. Then each collection is left out in turn: the weight that is
best on the mean of the others is applied to it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.collection import Collection
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, POSTINGS, VECTORS
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from kb.user_cache import encoders_folder
from search.analyzer import terms
from search.encoders import Encoders
from search.evaluation import Evaluator, parse_measure
from search.judgements import Judgements, read_judgements, read_queries
from search.page import telling_pairs, telling_slices, telling_terms
from search.postings import Postings
from search.vectors import VectorIndex

Floats = NDArray[np.float32]
Fuse = Callable[[Floats, Floats, float], Floats]
"""Scores of all lessons by words and by meaning, and the weight of the words → fused scores."""

_WEIGHTS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_MEASURE = "nDCG@10"
_BEST = 200
_USUAL_SHARPNESS = 4.5


@dataclass(frozen=True)
class _Legs:
    """What both legs say of all lessons of a collection, for each of its queries."""

    name: str
    ids: Sequence[str]
    judgements: Judgements
    own: bool
    """Whether the queries are documents, of which each one's own is no hit."""
    lexical: dict[str, Floats]
    semantic: dict[str, Floats]

    def value(self, fuse: Callable[[Floats, Floats], Floats]) -> float:
        run = {}
        for query in self.judgements:
            scores = fuse(self.lexical[query], self.semantic[query])
            ranked = [(self.ids[number], float(scores[number])) for number in np.argsort(-scores, kind="stable")[:11]]
            run[query] = [hit for hit in ranked if not (self.own and hit[0] == query)]
        return Evaluator([parse_measure(_MEASURE)], self.judgements).evaluate(run).mean[_MEASURE]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path, help="folders with corpus.jsonl, queries.jsonl, qrels/")
    parser.add_argument("--drop-self", action="append", default=[], metavar="NAME", help="its queries are documents")
    options = parser.parse_args()
    legs = [_read(Collection(folder), own=folder.name in options.drop_self) for folder in options.collections]
    print(f"{'':26s}" + "".join(f"{each.name[:9]:>10s}" for each in legs) + f"{'mean':>9s}{'worst':>8s}")
    single = [
        _print("words", [each.value(lambda lexical, _: lexical) for each in legs]),
        _print("meaning", [each.value(lambda _, semantic: semantic) for each in legs]),
    ]
    better = np.max(single, axis=0)
    for name, fuse in _WAYS.items():
        values = np.array(
            [
                _print(f"{name} {weight:.2f}", [_value(each, fuse, weight) for each in legs], better)
                for weight in _WEIGHTS
            ]
        )
        left_out = [_WEIGHTS[int(np.argmax(np.delete(values, each, axis=1).mean(axis=1)))] for each in range(len(legs))]
        chosen = [values[_WEIGHTS.index(weight), each] for each, weight in enumerate(left_out)]
        _print(f"{name} left out", chosen, better)
        print(f"{'':26s}" + "".join(f"{weight:10.2f}" for weight in left_out))


def _value(legs: _Legs, fuse: Fuse, weight: float) -> float:
    return legs.value(lambda lexical, semantic: fuse(lexical, semantic, weight))


def _print(name: str, values: Sequence[float], better: Floats | None = None) -> Sequence[float]:
    worst = "" if better is None else f"{(np.array(values) - better).min():+8.3f}"
    print(f"{name:26s}" + "".join(f"{value:10.3f}" for value in values) + f"{np.mean(values):9.4f}{worst}", flush=True)
    return values


def _reciprocal_ranks(lexical: Floats, semantic: Floats, weight: float) -> Floats:
    def reciprocal(scores: Floats) -> Floats:
        return np.asarray(1 / (61 + np.argsort(np.argsort(-scores, kind="stable"))), np.float32)

    words = np.where(lexical > 0, reciprocal(lexical), 0)
    return np.asarray(weight * words + (1 - weight) * reciprocal(semantic), np.float32)


def _ranges(lexical: Floats, semantic: Floats, weight: float) -> Floats:
    """Words by their best, cosines between the worst and the best of the candidates."""
    candidates = (lexical >= np.sort(lexical)[-_BEST:][0]) & (lexical > 0) | (semantic >= np.sort(semantic)[-_BEST:][0])
    low, high = semantic[candidates].min(), semantic.max()
    scaled = (np.maximum(semantic, low) - low) / max(high - low, 1e-9)
    fused = weight * lexical / max(lexical.max(), 1e-9) + (1 - weight) * scaled
    return np.asarray(np.where(candidates, fused, -1), np.float32)


def _deviations(lexical: Floats, semantic: Floats, weight: float) -> Floats:
    fused = weight * lexical / max(lexical.std(), 1e-9) + (1 - weight) * semantic / max(semantic.std(), 1e-9)
    return np.asarray(fused, np.float32)


def _sharpness(lexical: Floats, semantic: Floats, weight: float) -> Floats:
    """As the search does it; see `search/fusion.py`."""
    spread = max(semantic.std(), 1e-9)
    sharpness = np.sqrt(max(semantic.max() - semantic.mean(), 0) / spread / _USUAL_SHARPNESS)
    fused = weight * lexical / max(lexical.std(), 1e-9) + (1 - weight) * sharpness * semantic / spread
    return np.asarray(fused, np.float32)


_WAYS: dict[str, Fuse] = {
    "reciprocal ranks": _reciprocal_ranks,
    "ranges": _ranges,
    "deviations": _deviations,
    "deviations, sharpness": _sharpness,
}


def _read(collection: Collection, *, own: bool) -> _Legs:
    root = collection.prepared()
    KnowledgeBase(root, ProgressLines()).reindex()
    snapshot = SnapshotStore(root).live()
    assert snapshot is not None
    assert snapshot.manifest.encoder is not None
    encoder = Encoders(encoders_folder(), root, print).open(snapshot.manifest.encoder.model)
    postings, vectors = Postings.read(snapshot.folder / POSTINGS), VectorIndex.read(snapshot.folder / VECTORS)
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        ids = catalogue.ids()
    judgements = {
        query: {document: grade for document, grade in documents.items() if not (own and document == query)}
        for query, documents in read_judgements(collection.judgements).items()
    }
    texts = read_queries(collection.queries)
    judged = {
        query: found for query, found in judgements.items() if query in texts and max(found.values(), default=0) > 0
    }
    lexical, semantic = {}, {}
    for query in judged:
        every = terms(texts[query])
        told = telling_terms(every, postings)
        lexical[query] = postings.score(told, telling_pairs(every, told, postings)).lessons
        slices = telling_slices(texts[query], told, encoder.card.max_tokens, postings)
        cosines = np.max([vectors.scores(encoder.encode_query(part)) for part in slices], axis=0)
        semantic[query] = np.maximum.reduceat(cosines, postings.first_passage)  # every document has a passage
    return _Legs(collection.name, ids, judged, own, lexical, semantic)


if __name__ == "__main__":
    main()
