"""Known-item search: every lesson says for which problems it should be found; is it?"""

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
from search.mode import Mode

_MOST_BYTES = 64_000_000

FOUND_AMONG = 5
"""A lesson is found when it is among so many first hits: what a search shows."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A sentence of a lesson's `answers`, and where the lesson stands when it is asked."""

    lesson: str
    """Its id."""
    question: str
    rank: int | None
    """None when it is not among the first."""
    ahead: tuple[str, ...]
    """The ids of those before it."""


def questions_of(lessons: Iterable[Lesson]) -> list[tuple[str, str]]:
    """Return the ids of lessons, each with a sentence of its `answers`; every pair once."""
    return list(dict.fromkeys((lesson.id, answer) for lesson in lessons for answer in lesson.answers))


def ask(searcher: Searcher, questions: Sequence[tuple[str, str]], mode: Mode) -> Iterator[KnownItem]:
    """Ask every question and look where its lesson stands; raises `ModelError`."""
    rankings = searcher.rankings([question for _, question in questions], mode=mode, limit=FOUND_AMONG)
    for (lesson, question), ranking in zip(questions, rankings, strict=True):
        ids = [ranked.id for ranked in ranking]
        place = ids.index(lesson) if lesson in ids else None
        yield KnownItem(lesson, question, None if place is None else place + 1, tuple(ids[:place]))


def regressions(before: Iterable[KnownItem], after: Iterable[KnownItem]) -> list[Regression]:
    """Return what was found before and is not now; what is not asked any more is no loss."""
    found = {(item.lesson, item.question): item.rank for item in before if item.rank}
    lost = [(item, found.get((item.lesson, item.question))) for item in after if item.rank is None]
    return [Regression(item.lesson, item.question, rank, item.ahead) for item, rank in lost if rank]


def write_known_items(path: Path, items: Sequence[KnownItem]) -> None:
    """Write down what was found, so that the next index can be held against it."""
    path.write_text(json.dumps([asdict(item) for item in items], ensure_ascii=False), "utf-8")


def read_known_items(path: Path) -> list[KnownItem] | None:
    """Read what `write_known_items` wrote, None when nothing was; raises `DamagedIndex`."""
    try:
        data = read_json(path, _MOST_BYTES)
        return [KnownItem(**{**item, "ahead": tuple(item["ahead"])}) for item in data]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedIndex(f"{path}: {error}") from error
