"""Makes records of what a catalogue stores; each function raises `ValueError`, `KeyError` or `TypeError` for else."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ingest.kinds import Kind
from ingest.lesson import Metadata
from ingest.passages.passage import Origin, Passage
from ingest.problem import Defect, Problem

if TYPE_CHECKING:
    from kb.impact.lesson_impact import LessonImpact

# Lookups, and below a cache, because a long lesson has thousands of passages with the same few values.
_ORIGINS = {origin.value: origin for origin in Origin}
_KINDS = {kind.value: kind for kind in Kind}


@lru_cache(maxsize=1000)
def _headings(text: str) -> tuple[str, ...]:
    return _texts(json.loads(text))


def _texts(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError("not a list of texts")
    return tuple(found)


def passage_of(row: tuple[Any, ...]) -> Passage:
    origin, kind, headings, line, end_line, text, context = row
    return Passage(_ORIGINS[origin], _KINDS[kind], _headings(headings), (line, end_line), text, context)


def problems_of(path: str, text: str) -> tuple[Problem, ...]:
    return tuple(_problem(path, *row) for row in json.loads(text))


def _problem(path: str, reason: Any, line: Any, flaw: Any) -> Problem:
    if not isinstance(reason, str) or not (line is None or isinstance(line, int)):
        raise ValueError("not a problem")
    return Problem(path, reason, line, None if flaw is None else Defect(flaw))


def metadata_of(text: str) -> Metadata:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a mapping")
    return found


def impact_of(text: str) -> LessonImpact:
    from kb.impact.lesson_impact import impact_of_row

    return impact_of_row(json.loads(text))
