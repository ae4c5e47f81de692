"""How good the rankings are on test collections in BEIR layout; each leg beside the hybrid.

    python benchmarks/quality.py FOLDER [FOLDER ...]

Each document becomes one lesson of a throw-away knowledge base, ranked with the default settings.
Measures by ir_measures; a query without a ranking counts 0.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from search.query import page_query
from search.ranking import Mode

_DEPTH = 100
_MEASURES = (nDCG @ 10, R @ 100, RR @ 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "collections", nargs="+", type=Path, help="folders with corpus.jsonl, queries.jsonl, qrels/test.tsv"
    )
    parser.add_argument("--drop-self", action="store_true", help="the queries are documents: drop the query's own")
    parser.add_argument("--keep", type=Path, help="keep the indexes in this folder, and reuse them")
    options = parser.parse_args()
    print(f"{'collection':22s} {'mode':10s}" + "".join(f"{measure!s:>9s}" for measure in _MEASURES))
    for folder in options.collections:
        with tempfile.TemporaryDirectory() as scratch:
            root = (options.keep or Path(scratch)) / folder.name
            _evaluate(folder, root, drop_self=options.drop_self)


def _evaluate(folder: Path, root: Path, *, drop_self: bool) -> None:
    names = _write_lessons(folder, root)
    knowledge_base = KnowledgeBase(root, ProgressLines())
    knowledge_base.reindex()
    searcher = knowledge_base.searcher()
    assert searcher is not None
    qrels = list(_qrels(folder))
    judged = {qrel.query_id for qrel in qrels if qrel.relevance > 0}
    qrels = [qrel for qrel in qrels if qrel.query_id in judged]
    queries = [query for query in _lines(folder / "queries.jsonl") if query["_id"] in judged]
    for mode in Mode:
        run = [
            ir_measures.ScoredDoc(query["_id"], names[result.lesson.path], result.score)
            for query in queries
            for result in searcher.search(page_query(query["text"]), mode=mode, limit=_DEPTH).results
            if not (drop_self and names[result.lesson.path] == query["_id"])
        ]
        found = ir_measures.calc_aggregate(_MEASURES, qrels, run)
        print(
            f"{folder.name:22s} {mode.value:10s}" + "".join(f"{found[measure]:9.4f}" for measure in _MEASURES),
            flush=True,
        )


def _write_lessons(folder: Path, root: Path) -> dict[str, str]:
    """Write one file for each document and return the document ids by path."""
    names: dict[str, str] = {}
    (root / "lessons").mkdir(parents=True, exist_ok=True)
    (root / "kb.toml").touch()
    for number, document in enumerate(_lines(folder / "corpus.jsonl")):
        path = f"lessons/{number:06d}.md"
        names[path] = document["_id"]
        title = f"title: {json.dumps(document['title'])}\n" if document.get("title") else ""
        if not (root / path).exists():
            (root / path).write_text(f"---\n{title}---\n\n{document['text']}\n", "utf-8")
    return names


def _qrels(folder: Path) -> Iterator[ir_measures.Qrel]:
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, relevance = line.split("\t")
        yield ir_measures.Qrel(query, document, int(relevance))


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


if __name__ == "__main__":
    main()
