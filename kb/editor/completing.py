"""Completes keys, values, ids, links and headings of a lesson."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import quote

from ingest.format import FORMAT, Choice, Items, Key, Record, Shape, Word
from ingest.kinds import HEADINGS, Kind
from ingest.lesson import folded_key
from ingest.problem import Unreadable
from kb.check.groups import completeness
from kb.corpus.lesson_file import LessonFile
from kb.edit.yaml_text import scalar_text
from kb.editor.cursor import Cursor, Part, cursor_at
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Position
from kb.editor.proposal import Proposal, Proposals, Sort
from kb.people.withholding import permitted
from kb.visible import visible

_MOST = 100
"""Number of proposals that are sent: nobody reads more, and two thousand would delay each key."""
_LESSONS = frozenset({("supersedes",), ("related",), ("reused", "lesson")})
_REQUIRED = frozenset(rule.code.partition(".")[2] for rule in completeness.RULES) | {"title", "people", "answers"}
"""Keys that a validated lesson has: rules ask for them, `completeness.contact` for one of `people`."""


_PLAIN = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")
_NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def completions(lesson: OpenLesson, position: Position) -> Proposals:
    """Return what can be written at a position."""
    line, column = lesson.text.place(position)
    cursor = cursor_at(lesson.text.rows, line, column)
    if cursor is None:
        return Proposals()
    found = [one for one in _proposed(lesson, cursor) if _fits(one, cursor.typed)]
    begun = cursor.typed.casefold()
    found.sort(key=lambda one: not one.text.casefold().startswith(begun))  # stable: else the order stays
    return Proposals(tuple(map(_visible, found[:_MOST])), len(cursor.typed), len(found) > _MOST)


def _fits(proposal: Proposal, typed: str) -> bool:
    text = f"{proposal.text} {proposal.found_by}".casefold()
    return all(word in text for word in typed.casefold().strip("\"'").split())


def _visible(proposal: Proposal) -> Proposal:
    shown = proposal.label or proposal.text
    text = _quoted(proposal.text) if proposal.sort is Sort.VALUE else proposal.text
    return proposal._replace(
        text=text, label=visible(shown), detail=visible(proposal.detail), about=visible(proposal.about)
    )


def _quoted(value: str) -> str:
    """Return a value as YAML; most need no quotes, and parsing each to be sure takes a millisecond."""
    return value if _PLAIN.fullmatch(value) and value.casefold() not in _NO_TEXT else scalar_text(value)


def _proposed(lesson: OpenLesson, cursor: Cursor) -> Iterable[Proposal]:
    match cursor.part:
        case Part.HEADING:
            return _headings(lesson)
        case Part.WIKILINK:
            return _ids(lesson)
        case Part.TARGET:
            return _targets(lesson)
        case Part.KEY:
            return _keys(_record_at(cursor.keys), cursor)
    return chain(_values(lesson, cursor), _keys(_item_at(cursor.keys), cursor))


def shape_at(keys: Iterable[str]) -> Key | None:
    """Return what the format says of a key, named with those above it; None for a key that it does not have."""
    key: Key | None = Key(FORMAT, "")
    for name in map(folded_key, keys):
        shape = key and _below_items(key.shape)
        key = shape.keys.get(name) if isinstance(shape, Record) else None
    return key


def _below_items(shape: Shape) -> Shape:
    return shape.of if isinstance(shape, Items) else shape


def _record_at(keys: tuple[str, ...]) -> Record | None:
    key = shape_at(keys)
    shape = key and _below_items(key.shape)
    return shape if isinstance(shape, Record) else None


def _item_at(keys: tuple[str, ...]) -> Record | None:
    """Return the record that an item of a list begins with its first key."""
    key = shape_at(keys)
    return _record_at(keys) if key and isinstance(key.shape, Items) else None


def _keys(record: Record | None, cursor: Cursor) -> Iterator[Proposal]:
    """Yield the keys that are not there yet; those that a lesson must have first, else in the format's order."""
    if record is None:
        return
    required = _REQUIRED if record is FORMAT else frozenset(record.required)
    beside = set(map(folded_key, cursor.beside))
    left = [name for name in record.keys if name not in beside]
    for name in sorted(left, key=lambda name: name not in required):
        key = record.keys[name]
        detail = "required" if name in required else ""
        yield Proposal(_begun(name, key.shape), Sort.KEY, detail, about_key(key), label=name)


def _begun(name: str, shape: Shape) -> str:
    """Return a key with the beginning of its value, on one line: editors insert more lines in different ways."""
    return f"{name}:" if isinstance(_below_items(shape), Record) else f"{name}: "


def about_key(key: Key) -> str:
    """Return the documentation of a key: its purpose, and the words that its value may be."""
    shape = _below_items(key.shape)
    words = f"\nOne of: {', '.join(shape.words)}." if isinstance(shape, Choice) else ""
    kind = "\nA list." if isinstance(key.shape, Items) else ""
    return f"{key.description[:1].upper()}{key.description[1:]}.{kind}{words}"


def _values(lesson: OpenLesson, cursor: Cursor) -> Iterator[Proposal]:
    key = shape_at(cursor.keys)
    shape = _below_items(key.shape) if key else None
    names = tuple(map(folded_key, cursor.keys))
    if isinstance(shape, Choice):
        yield from (Proposal(word, Sort.CHOICE) for word in shape.words)
    elif names in _LESSONS and isinstance(shape, Word):
        yield from _ids(lesson)
    else:
        counted = _in_use(lesson).get(names, Counter())
        for text, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
            yield Proposal(text, Sort.VALUE, f"in {count:,} lessons" if count > 1 else "in 1 lesson")


def _in_use(lesson: OpenLesson) -> Mapping[tuple[str, ...], Counter[str]]:
    """Return the values of other lessons by key; people who opted out are left out."""
    census = lesson.lessons.others(lesson.location)
    people = [
        person
        for file in census.files
        for person in permitted(file.lesson, census.people).people
        if not census.people.has_opted_out(person.name, person.contact)
    ]
    return {
        ("tags",): census.tags,
        ("unit",): census.units,
        ("people", "name"): Counter(person.name for person in people),
        ("people", "contact"): Counter(person.contact for person in people if person.contact),
    }


def _ids(lesson: OpenLesson) -> Iterator[Proposal]:
    for file in _others(lesson):
        yield Proposal(file.lesson.id, Sort.LESSON, file.lesson.title, file.lesson.summary, found_by=file.lesson.title)


def _targets(lesson: OpenLesson) -> Iterator[Proposal]:
    for file in _others(lesson):
        path = quote(os.path.relpath(file.location, lesson.location.parent))
        yield Proposal(path, Sort.FILE, file.lesson.title, file.lesson.summary, found_by=file.lesson.title)


def _others(lesson: OpenLesson) -> Iterable[LessonFile]:
    """Return the other lessons, those that are still in use first."""
    files = lesson.lessons.others(lesson.location).files
    return sorted(files, key=lambda file: not file.lesson.is_current)


def _headings(lesson: OpenLesson) -> Iterator[Proposal]:
    """Yield the usual headings of the kinds of section that the lesson does not have yet."""
    try:
        there = {section.kind for section in lesson.file.reading.sections if section.headings}
    except Unreadable:
        there = set()
    for kind, heading in HEADINGS.items():
        if kind not in there and kind is not Kind.OTHER:
            yield Proposal(heading, Sort.HEADING, kind.value)
