"""Lessons so close to another that one of them should be updated instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from textwrap import shorten
from typing import TYPE_CHECKING

from kb.alike.closeness import LEAST_CLOSE, know_each_other
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.lessons.likeness import likeness

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher

_NAMED = 3
_WORDS = 6

CLOSE = Rule(
    "duplicates.close",
    Severity.WARNING,
    "Most of what a lesson says is in another lesson too, perhaps in other words.",
    "say what another lesson says",
    "The same problem, solved with the same tool, is one lesson with two cases: the second case makes the first more "
    "credible, while two lessons compete. Update the other one, or replace it by `supersedes`; name it under `related` "
    "if both are to stay.",
    "# Wrong labels\n\nParcels came back: the labels had the address of the order before.\n"
    "==> other.md <==\n# Labels that are wrong\n\nParcels came back: the labels had the address of the order before.\n",
    "---\nrelated: [other]\n---\n# Wrong labels\n\nParcels came back: the labels had the address of the order before.\n"
    "==> other.md <==\n# Labels that are wrong\n\nParcels came back: the labels had the address of the order before.\n",
    asks=True,
)


def close(searcher: Searcher, files: Sequence[LessonFile], census: Census) -> Iterator[Finding]:
    """Yield a finding for each lesson that is close to others; raises `ModelError`.

    Superseded and retired lessons do not count, nor those of which one refers to the other.
    """
    by_path = {other.lesson.path: other for other in census.files}
    for file in files:
        closest = _closest(searcher, file, by_path)
        others = [other for other in closest if not know_each_other(file.lesson, other.lesson)]
        if others:
            yield CLOSE.at(file, None, _message(searcher, file, others))


def _closest(searcher: Searcher, file: LessonFile, by_path: Mapping[str, LessonFile]) -> Iterator[LessonFile]:
    for path, _ in takewhile(lambda found: found[1] >= LEAST_CLOSE, searcher.closest(file.lesson.path)):
        if (other := by_path.get(path)) and other.lesson.is_current:
            yield other


def _message(searcher: Searcher, file: LessonFile, others: Sequence[LessonFile]) -> str:
    nearest, *more = others[:_NAMED]
    also = f" (and {', '.join(other.lesson.id for other in more)})" if more else ""
    shared = _shared(searcher, file, nearest)
    title = shorten(nearest.lesson.title, 60, placeholder="...")
    return f"{nearest.lesson.id}, {title!r},{also} says much the same; both have {shared}; update that one instead"


def _shared(searcher: Searcher, file: LessonFile, other: LessonFile) -> str:
    """Return what two lessons have in common: metadata, and the most informative shared words."""
    shared = likeness(file.lesson, other.lesson).shared
    shared_values = [
        f"the {name} {', '.join(map(repr, shared[name]))}" for name in ("tags", "unit", "area") if name in shared
    ]
    words = searcher.engine.shared_words(_body(file), _body(other), _WORDS)
    return ", ".join([*shared_values, f"the words {', '.join(map(repr, words))}" if words else "the same meaning"])


def _body(file: LessonFile) -> str:
    return "\n".join([file.lesson.title, *(file.body(section) for section in file.reading.sections)])
