"""Three lessons, their index, and what is read of it."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reporting.report import Report
from kb.retrieval.request import Request
from search.query.mode import Mode

THREE: dict[str, str | bytes] = {
    "labels.md": "# Labels\n\nParcels come back with the wrong address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages.\n",
    "brochures.md": "# Brochures\n\nSome brochures had errors before print.\n",
}

SENTENCE = "parcels come back with the wrong address"
"""So near to the lesson on labels that any model sees it."""


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged, report.failed


def age(root: Path) -> None:
    """Let an hour pass: a file that was changed in the last seconds is looked at again."""
    for path in (root / "lessons").rglob("*"):
        seconds = path.stat().st_mtime - 3600
        os.utime(path, (seconds, seconds))


def indexed(root: Path) -> Report:
    """Index a knowledge base whose files are old."""
    age(root)
    return KnowledgeBase(root).reindex()


def live_folder(root: Path) -> Path:
    live = SnapshotStore(root).live()
    assert live is not None
    return live.folder


def found(root: Path, query: str, mode: Mode = Mode.LEXICAL) -> list[str]:
    """Return the ids that the index finds, the best first, however far they are."""
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None
    with closing(searcher):
        answer = searcher.ask(Request(query, mode=mode, limit=50, every=True))
        return [result.lesson.id for result in answer.results]


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]
