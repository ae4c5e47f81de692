"""A good lesson, and what is read of the answers of the program."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Outcome, Run

GOOD = "# Labels\n\nParcels come back with the wrong address.\n"


def said(done: Outcome) -> list[str]:
    """Return what was said about lessons, without progress."""
    return [line for line in done.err.splitlines() if "lessons/" in line]


def found(kb: Run, root: Path, query: str) -> list[str]:
    """Return the ids of the lessons that have the words of a query, in the order of their names."""
    done = kb(root, "search", "--json", "--mode", "lexical", "--limit", "100", query)
    assert done.code in (0, 1), done.err
    return sorted(hit["id"] for hit in json.loads(done.out)["hits"])


def titles(kb: Run, root: Path) -> dict[str, str]:
    return {lesson["id"]: lesson["title"] for lesson in json.loads(kb(root, "list", "--json").out)}
