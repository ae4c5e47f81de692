"""The search of a site: the index by words and the titles in small files, and the scripts that read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.lesson import Lesson
from kb.showing.page import Addresses
from kb.site.folder import Page
from kb.site.lists import row_of
from kb.visible import visible
from search.engine import BrowserIndex

SCRIPT = "search.js"
_SCRIPTS = Path(__file__).parent / "scripts"
_PARTS = ("stemmer", "analyzer", "postings", "ranking", "box")
_TITLES = 32
"""Lessons in one file of titles: of ten hits, each may be in another."""


def search_pages(index: BrowserIndex, lessons: Sequence[Lesson], addresses: Addresses) -> Iterator[Page]:
    """Yield the files of the search. Scripts, not JSON: a page that is opened as a file may load scripts only."""
    yield Page(SCRIPT, "\n".join((_SCRIPTS / f"{part}.js").read_text("utf-8") for part in _PARTS).encode())
    yield _call("search/base.js", "base", {**index.base, "titles": _TITLES})
    for number, shard in enumerate(index.shards):
        yield _call(f"search/{number}.js", "shard", number, shard)
    by_number = sorted(lessons, key=lambda lesson: lesson.path)
    for number in range(0, len(by_number), _TITLES):
        rows = [_title(lesson, addresses) for lesson in by_number[number : number + _TITLES]]
        yield _call(f"search/titles-{number // _TITLES}.js", "titles", number // _TITLES, rows)


def _title(lesson: Lesson, addresses: Addresses) -> list[str]:
    row = row_of(lesson, addresses)
    return [row.address, visible(row.title), visible(" · ".join(filter(None, (row.date, row.said))))]


def _call(path: str, function: str, *values: Any) -> Page:
    arguments = ",".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)
    return Page(path, f"kbSearch.{function}({arguments});\n".encode("utf-8", "replace"))
