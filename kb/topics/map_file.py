"""The file `.kb/map.json`: the last map, so that the next one has everything where it was.

It is derived and may be deleted. Like all of `.kb` it is not believed: a value of another form than kb writes is an
absent file, and a name in it is used only if the lessons have its words (`labels.distinct`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kb.index.json_file import read_json
from kb.system.durable import share_one
from search.storage import replace_file

_FORMAT = 2
_MOST_BYTES = 64_000_000
_MOST_TOPICS = 10_000
_MOST_SUBJECTS = 26
_MOST_SLOTS = 10_000_000
_FARTHEST = 1e6
_ERRORS = (OSError, ValueError, TypeError, KeyError, AttributeError)


class KnownTopic(NamedTuple):
    """A topic of the last map."""

    subject: int
    """The number of its subject, from 1; 0 if there are none."""
    terms: tuple[str, ...]
    x: float
    y: float
    example: str
    """The id of the lesson that stands for it."""


class Slot(NamedTuple):
    """The place of a lesson on the last map."""

    topic: int
    place: int
    """Its place in the topic, from 0 in the middle outwards."""
    id: str
    """Of the lesson, by which it is recognised when it has been edited."""


class KnownMap(NamedTuple):
    """The last map."""

    lessons: Mapping[str, Slot]
    """By the hash of a lesson's file: whoever renames it does not change it."""
    topics: Mapping[int, KnownTopic]
    """By number, from 1."""
    subjects: Mapping[int, tuple[str, ...]]
    """By number, from 1: the terms that name it."""


NO_MAP = KnownMap({}, {}, {})


def read_map(path: Path) -> KnownMap:
    """Return the last map; `NO_MAP` if there is none, or if the file is damaged."""
    try:
        found = read_json(path, _MOST_BYTES)
        if found["format"] != _FORMAT:
            return NO_MAP
        topics = {_number(key): _topic(value) for key, value in found["topics"].items()}
        subjects = {_number(key, _MOST_SUBJECTS): _texts(value) for key, value in found["subjects"].items()}
        lessons = {key: _slot(value) for key, value in found["lessons"].items()}
    except _ERRORS:
        return NO_MAP
    known = KnownMap(lessons, topics, subjects)
    return known if _fits_together(known) else NO_MAP


def write_map(path: Path, known: KnownMap) -> None:
    """Replace the file; raises `OSError`."""
    data = {"format": _FORMAT, **known._asdict()}
    replace_file(path, json.dumps(data).encode())
    share_one(path, path.parent)


def _fits_together(known: KnownMap) -> bool:
    return {slot.topic for slot in known.lessons.values()} <= known.topics.keys()


def _topic(value: Any) -> KnownTopic:
    subject, terms, x, y, example = value
    return KnownTopic(_whole(subject, 0, _MOST_SUBJECTS), _texts(terms), _place(x), _place(y), *_texts([example]))


def _slot(value: Any) -> Slot:
    topic, place, id_ = value
    return Slot(_whole(topic, 1, _MOST_TOPICS), _whole(place, 0, _MOST_SLOTS), *_texts([id_]))


def _number(key: str, most: int = _MOST_TOPICS) -> int:
    return _whole(int(key), 1, most)


def _whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("not a number that kb writes")
    return value


def _place(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > _FARTHEST:
        raise ValueError("not a place")
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("not a list of texts")
    return tuple(value)
