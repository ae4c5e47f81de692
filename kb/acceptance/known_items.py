"""Known-item search: is each lesson found for the problems in its `answers`?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.lesson import Lesson
from kb.acceptance.regression import Regression
from kb.index.json_file import read_json
from kb.retrieval.searcher import Searcher
from search.errors import DamagedIndex
from search.query import Mode

_MOST_BYTES = 64_000_000

FOUND_AMONG = 5
"""A lesson counts as found at this rank or better: the number of hits that a search shows."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A sentence of a lesson's `answers`, and the rank of the lesson for it as a query."""

    lesson: str
    """Id of the lesson."""
    question: str
    rank: int | None
    """From 1; None if it is not among the first `FOUND_AMONG`."""
    ahead: tuple[str, ...]
    """Ids of the lessons ranked before it, best first."""


def questions_of(lessons: Iterable[Lesson]) -> list[tuple[str, str]]:
    """Return distinct pairs of a lesson's id and a sentence of its `answers`."""
    return list(dict.fromkeys((lesson.id, answer) for lesson in lessons for answer in lesson.answers))


def ask(searcher: Searcher, questions: Sequence[tuple[str, str]], mode: Mode) -> Iterator[KnownItem]:
    """Search for every question, and yield the rank of its lesson; raises `ModelError`."""
    rankings = searcher.rankings([question for _, question in questions], mode=mode, limit=FOUND_AMONG)
    for (lesson, question), ranking in zip(questions, rankings, strict=True):
        ids = [ranked.id for ranked in ranking]
        place = ids.index(lesson) if lesson in ids else None
        yield KnownItem(lesson, question, None if place is None else place + 1, tuple(ids[:place]))


def regressions(before: Iterable[KnownItem], after: Iterable[KnownItem]) -> list[Regression]:
    """Return the items that were found before and are not found now; questions that no longer exist do not count."""
    found = {(item.lesson, item.question): item.rank for item in before if item.rank}
    lost = [(item, found.get((item.lesson, item.question))) for item in after if item.rank is None]
    return [Regression(item.lesson, item.question, rank, item.ahead) for item, rank in lost if rank]


def write_known_items(path: Path, items: Sequence[KnownItem]) -> None:
    """Save the items, so that the next index can be compared with them."""
    path.write_text(json.dumps([asdict(item) for item in items], ensure_ascii=False), "utf-8")


def read_known_items(path: Path) -> list[KnownItem] | None:
    """Return the items that `write_known_items` saved, None if there is no file; raises `DamagedIndex`."""
    try:
        data = read_json(path, _MOST_BYTES)
        return [KnownItem(**{**item, "ahead": tuple(item["ahead"])}) for item in data]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedIndex(f"{path}: {error}") from error
