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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.catalogue.catalogue import Catalogue
from kb.evaluation.collection import Collection
from kb.index.snapshot import CATALOGUE
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from kb.system.user_cache import encoders_folder
from search.evaluation import Evaluator, Judgements, parse_measure, read_judgements, read_queries
from search.indexing import Encoders, open_lexical, open_vectors
from search.query import Mode
from search.query.correcting import corrected_wording
from search.query.query import is_line
from search.query.wording import wording_of
from search.ranking.calibration import DEFAULT
from search.ranking.fusion import Fusion
from search.ranking.matches import Matches
from search.ranking.question import encode
from search.scores import Statistics

Floats = NDArray[np.float32]

_WEIGHTS = (0.25, 0.3, 0.33, 0.36, 0.4, 0.5)
_MEASURE = "nDCG@10"
_BEST = 200
_USUAL_SHARPNESS = 4.5


class _Scores(NamedTuple):
    """What both legs say of all documents of a collection for a query."""

    lexical: Floats
    semantic: Floats
    found: float
    """How much the words count because some document has them, 0 to 1."""


Fuse = Callable[[_Scores, float], Floats]
"""Scores, and the weight of the words → fused scores."""


@dataclass(frozen=True)
class _Legs:
    """What both legs say for each query of a collection."""

    name: str
    ids: Sequence[str]
    judgements: Judgements
    own: bool
    """Whether the queries are documents, of which each one's own is no hit."""
    scores: dict[str, _Scores]

    def value(self, fuse: Callable[[_Scores], Floats]) -> float:
        run = {}
        for query in self.judgements:
            scores = fuse(self.scores[query])
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
        _print("words", [each.value(lambda scores: scores.lexical) for each in legs]),
        _print("meaning", [each.value(lambda scores: scores.semantic) for each in legs]),
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
    return legs.value(lambda scores: fuse(scores, weight))


def _print(name: str, values: Sequence[float], better: Floats | None = None) -> Sequence[float]:
    worst = "" if better is None else f"{(np.array(values) - better).min():+8.3f}"
    print(f"{name:26s}" + "".join(f"{value:10.3f}" for value in values) + f"{np.mean(values):9.4f}{worst}", flush=True)
    return values


def _reciprocal_ranks(scores: _Scores, weight: float) -> Floats:
    def reciprocal(leg: Floats) -> Floats:
        return np.asarray(1 / (61 + np.argsort(np.argsort(-leg, kind="stable"))), np.float32)

    words = np.where(scores.lexical > 0, reciprocal(scores.lexical), 0)
    return np.asarray(weight * words + (1 - weight) * reciprocal(scores.semantic), np.float32)


def _ranges(scores: _Scores, weight: float) -> Floats:
    """Words by their best, cosines between the worst and the best of the candidates."""
    lexical, semantic, _ = scores
    candidates = (lexical >= np.sort(lexical)[-_BEST:][0]) & (lexical > 0) | (semantic >= np.sort(semantic)[-_BEST:][0])
    low, high = semantic[candidates].min(), semantic.max()
    scaled = (np.maximum(semantic, low) - low) / max(high - low, 1e-9)
    fused = weight * lexical / max(lexical.max(), 1e-9) + (1 - weight) * scaled
    return np.asarray(np.where(candidates, fused, -1), np.float32)


def _deviations(scores: _Scores, weight: float) -> Floats:
    words, meaning = _in_deviations(scores.lexical), _in_deviations(scores.semantic)
    return np.asarray(weight * words + (1 - weight) * meaning, np.float32)


def _sharpness(scores: _Scores, weight: float) -> Floats:
    words, meaning = _in_deviations(scores.lexical), _in_deviations(scores.semantic)
    sharpness = max((meaning.max() - meaning.mean()) / _USUAL_SHARPNESS, 0)
    return np.asarray(weight * words + (1 - weight) * np.sqrt(sharpness) * meaning, np.float32)


def _found(scores: _Scores, weight: float) -> Floats:
    return _sharpness(scores, weight * scores.found / (weight * scores.found + 1 - weight))


def _cosines(scores: _Scores, weight: float) -> Floats:
    """As the search does it; see `search/ranking/fusion.py`."""
    fusion = Fusion(Statistics.of(scores.lexical), Statistics.of(scores.semantic), scores.found, weight)
    return np.asarray(fusion.words(scores.lexical) + fusion.meaning(scores.semantic), np.float32)


def _in_deviations(scores: Floats) -> Floats:
    return np.asarray(scores / max(scores.std(), 1e-9), np.float32)


_WAYS: dict[str, Fuse] = {
    "reciprocal ranks": _reciprocal_ranks,
    "ranges": _ranges,
    "deviations": _deviations,
    "deviations, sharpness": _sharpness,
    "the same, words found": _found,
    "spread, words found": _cosines,
}


def _read(collection: Collection, *, own: bool) -> _Legs:
    root = collection.prepared()
    KnowledgeBase(root, ProgressLines()).reindex()
    snapshot = SnapshotStore(root).live()
    assert snapshot is not None
    assert snapshot.manifest.encoder is not None
    encoder = Encoders(encoders_folder(), root, print).open(snapshot.manifest.encoder.model)
    index, vectors = open_lexical(snapshot.folder), open_vectors(snapshot.folder, encoder.card.dimension)
    every = np.arange(index.lessons)
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
    scores = {}
    for query in judged:
        text = texts[query]
        wording = corrected_wording(text, index) if is_line(text) else wording_of(text, index)
        encoded = encode(wording, Mode.HYBRID, index, encoder)
        assert encoded.vectors is not None
        words, meaning = index.match(encoded.words), vectors.match(encoded.vectors)
        found = Matches(encoded.words, words, meaning, DEFAULT).weight
        scores[query] = _Scores(words.scores.of(every), meaning.scores.of(every), found)  # all have a passage
    return _Legs(collection.name, ids, judged, own, scores)


if __name__ == "__main__":
    main()
