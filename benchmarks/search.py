"""kb's search beside other engines: the same lessons, the same queries, quality and latency in one table.

    python benchmarks/search.py COLLECTION                     a folder in BEIR layout, with judgements
    python benchmarks/search.py --library DIR --queries FILE   an indexed knowledge base; BEIR's lines, or plain ones

What each engine is:

- kb hybrid, kb words only: the ranking of ten lessons. kb whole answer: the first five with snippets and reasons.
- SQLite FTS5, bm25s, tantivy: BM25 in memory, English stems, words joined with OR, a title counting three times.
- ripgrep: what people do without an index. One process for a query; files rank by how many different words
  of the query they contain. Its time is that of the whole process.

Milliseconds are of single queries inside a warm process, the engines in turn, so that a machine whose speed
drifts slows all of them; a ratio is an engine's median to that of kb hybrid. Seconds to index are those of a copy
of the lessons; kb finds the vectors of all passages in its cache, so they hold no time of the model.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.engines import Bm25s, Document, Engine, Fts5, Kb, KbAnswer, Ripgrep, Tantivy
from kb.config import FILE_NAME, read_config
from kb.errors import KbError
from kb.evaluation.collection import Collection
from kb.evaluation.judged import Judged, match
from kb.evaluation.lesson_texts import LessonTexts
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from search.errors import SearchError
from search.evaluation import Evaluator, parse_measure, read_judgements, read_queries

_MEASURE = parse_measure("nDCG@10")
_RANKED = 10
_PAGES = 50
_WORDS_OF_PAGE = 300
_MOST_QUERIES = 500
"""Of a file without judgements; judged ones are all asked, for their quality."""
_IN_TURN = 4
_WARMING = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Workload:
    """What all engines are asked, about what."""

    about: str
    documents: Sequence[Document]
    queries: Sequence[str]
    pages: Sequence[str]
    judged: Judged | None
    """Its queries are `queries`, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one query took, and what it found."""

    ms: float
    found: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """An engine's part of the table."""

    engine: Engine
    seconds: float
    """To index."""
    queries: list[Asked] = field(default_factory=list)
    pages: list[Asked] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", nargs="?", type=Path, help="a folder with corpus.jsonl, queries.jsonl, qrels/")
    parser.add_argument("--drop-self", action="store_true", help="its queries are documents: a query's own is no hit")
    parser.add_argument("--library", type=Path, help="instead: a knowledge base that is indexed")
    parser.add_argument("--queries", type=Path, help="what to ask the library")
    options = parser.parse_args()
    if bool(options.collection) == bool(options.library) or bool(options.library) != bool(options.queries):
        parser.error("expected a collection, or --library and --queries")
    try:
        print(table_of(options))
    except (KbError, SearchError, OSError) as error:
        raise SystemExit(f"{error}") from error


def table_of(options: argparse.Namespace) -> str:
    if options.collection:
        root, workload = _of_collection(Collection(options.collection), drop_self=options.drop_self)
    else:
        root, workload = options.library, _of_library(options.library, _typed(options.queries))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        return _table(workload, _measured(workload, _engines(root, Path(scratch))))


def _of_collection(collection: Collection, *, drop_self: bool) -> tuple[Path, Workload]:
    root = collection.prepared()
    knowledge_base = KnowledgeBase(root, ProgressLines())
    knowledge_base.reindex()
    names = LessonTexts(knowledge_base).names
    queries, judgements = read_queries(collection.queries), read_judgements(collection.judgements)
    judged = match(queries, judgements, names, drop_self=drop_self)
    return root, _of_library(root, list(judged.queries.values()), judged)


def _of_library(root: Path, queries: Sequence[str], judged: Judged | None = None) -> Workload:
    knowledge_base = KnowledgeBase(root)
    status, library = knowledge_base.upkeep.status(), LessonTexts(knowledge_base)
    documents = [Document(one.id, one.path, one.title, library.texts[one.id]) for one in library.lessons]
    long = [one for one in library.lessons if len(library.texts[one.id].split()) >= _WORDS_OF_PAGE]
    bodies = [knowledge_base.text(lesson).split() for lesson in _some(long or library.lessons, _PAGES)]
    pages = [" ".join(words[:_WORDS_OF_PAGE]) for words in bodies if words]
    about = f"{status.lessons:,} lessons, {status.passages:,} passages"
    return Workload(about, documents, queries, pages, judged)


def _typed(path: Path) -> Sequence[str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    plain = lines and not lines[0].startswith("{")
    return _some(lines if plain else list(read_queries(path).values()), _MOST_QUERIES)


def _some(items: Sequence[T], count: int) -> Sequence[T]:
    """Return at most so many, from all over."""
    return items[:: max(-(-len(items) // count), 1)]


def _engines(root: Path, scratch: Path) -> Iterator[Engine]:
    """Yield the engines that are installed, and name the others."""
    hybrid = Kb(_copied(root, scratch / "hybrid"))
    yield from (hybrid, KbAnswer(hybrid), Kb(_copied(root, scratch / "words"), words_only=True))
    others: list[Callable[[], Engine]] = [Fts5, Bm25s, Tantivy, lambda: Ripgrep(root)]
    for make in others:
        try:
            yield make()
        except ImportError as error:
            print(f"left out: {error}", file=sys.stderr)


def _copied(root: Path, to: Path) -> Path:
    """Copy lessons and vectors, so that the library itself stays as it is."""
    for folder in read_config(root).paths:
        shutil.copytree(root / folder, to / folder, dirs_exist_ok=True)
    shutil.copy(root / FILE_NAME, to)
    cache = SnapshotStore(to).vector_cache
    cache.parent.mkdir()
    shutil.copy(SnapshotStore(root).vector_cache, cache)
    return to


def _measured(workload: Workload, engines: Iterable[Engine]) -> list[Row]:
    rows = [_indexed(engine, workload.documents) for engine in engines]
    _ask(rows, workload.queries, lambda row: row.queries)
    _ask(rows, workload.pages, lambda row: row.pages)
    return rows


def _indexed(engine: Engine, documents: Sequence[Document]) -> Row:
    print(f"indexing: {engine.name}", file=sys.stderr)
    started = time.perf_counter()
    engine.index(documents)
    return Row(engine, time.perf_counter() - started)


def _ask(rows: Sequence[Row], texts: Sequence[str], asked_of: Callable[[Row], list[Asked]]) -> None:
    for start in range(0, len(texts), _IN_TURN):
        for row in rows:
            for text in texts[:_WARMING] if start == 0 else ():
                _asked(row.engine, text)
            asked_of(row).extend(_asked(row.engine, text) for text in texts[start : start + _IN_TURN])


def _asked(engine: Engine, text: str) -> Asked:
    started = time.perf_counter()
    found = engine.search(text, _RANKED + 1)  # one may be the query's own
    return Asked((time.perf_counter() - started) * 1000, found)


def _table(workload: Workload, rows: Sequence[Row]) -> str:
    """Return what the figures are of, and a Markdown table that is aligned for a terminal too."""
    queries, pages = (len(texts) for texts in (workload.queries, workload.pages))
    median = np.median([len(text.split()) for text in workload.queries])
    first = rows[0]
    lines = [_HEADS] + [
        [
            row.engine.name,
            f"{row.seconds:.1f}",
            _quality(row, workload.judged),
            *_times(row.queries, first.queries),
            *_times(row.pages, first.pages),
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    shown = [
        " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).join(("| ", " |"))
        for line in lines
    ]
    about = f"{workload.about}; {queries} queries (median {median:.0f} words), {pages} pages"
    return "\n".join([about, "", *shown])


_HEADS = ["engine", "index s", _MEASURE.name, "query p50 ms", "p95", "ratio", "page p50 ms", "p95", "ratio"]


def _quality(row: Row, judged: Judged | None) -> str:
    if judged is None or isinstance(row.engine, KbAnswer):  # which shows fewer than are measured
        return ""
    run = {
        query: judged.kept(query, [(id_, 0.0) for id_ in asked.found], _RANKED)
        for query, asked in zip(judged.queries, row.queries, strict=True)
    }
    return f"{Evaluator([_MEASURE], judged.judgements).evaluate(run).mean[_MEASURE.name]:.3f}"


def _times(asked: Sequence[Asked], of_first: Sequence[Asked]) -> list[str]:
    """Return median, 95th percentile, and the median beside that of the first engine."""
    if not asked:
        return ["", "", ""]
    p50, p95 = np.percentile([one.ms for one in asked], [50, 95])
    return [f"{p50:.1f}", f"{p95:.1f}", f"{p50 / np.median([one.ms for one in of_first]):.3g}"]


if __name__ == "__main__":
    main()
