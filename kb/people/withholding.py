"""Takes people who have opted out out of a lesson's front matter.

Lessons pass here when they leave the catalogue, so that no command can name them, and when they are indexed, so that
nobody is found by their names. The author's texts stay: the body, `title`, `summary`, `answers` and other texts of the
format.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.format import FORMAT, Items, Person, Record, Shape
from ingest.lesson import Lesson, folded_key, items_of, text_of
from kb.people.directory import Directory
from kb.people.naming import persons_in

_NAMING = frozenset({"people", "history"})
"""The keys of the format that name people; any key that is not of the format may name some too."""
_DROPPED = object()


def names_people(key: str) -> bool:
    """Return whether values of a key, given with its path as in `people.name`, may name people."""
    shape: Shape | None = FORMAT
    for part in key.split("."):
        shape = _shape_below(shape, part)
    return shape is None or key.partition(".")[0] in _NAMING


def _shape_below(shape: Shape | None, key: str) -> Shape | None:
    """Return what the format says of a key of a record, also in a list of records; None if it does not have it."""
    record = shape.of if isinstance(shape, Items) else shape
    found = record.keys.get(key) if isinstance(record, Record) else None
    return found.shape if found else None


def permitted(lesson: Lesson, directory: Directory) -> Lesson:
    """Return a lesson without the people who must not be named."""
    if not directory.withholds:
        return lesson
    kept = {key: _permitted(key, value, directory) for key, value in lesson.metadata.items()}
    return lesson._replace(metadata={key: value for key, value in kept.items() if value is not _DROPPED})


class Discretion:
    """Decides what of a catalogue may be shown now."""

    def __init__(self, directory: Callable[[], Directory]) -> None:
        self._directory = directory

    def lesson(self, lesson: Lesson) -> Lesson:
        """Return a lesson without the people who must not be named."""
        return permitted(lesson, self._directory())

    @property
    def withholds(self) -> bool:
        """Whether anybody must not be named."""
        return self._directory().withholds

    def hides(self, key: str, value: str) -> bool:
        """Return whether a fact of the index names somebody who must not be named; once it is updated, none does."""
        return names_people(key) and self._directory().has_opted_out(value)


def _permitted(key: str, value: Any, directory: Directory) -> Any:
    folded = folded_key(key)
    if names_people(folded) and (directory.hides_all or directory.has_opted_out(key)):
        return _DROPPED
    if folded != "people":
        return _without(value, directory, folded)
    left = [one for item in items_of(value) if (one := _person(item, directory)) is not None]
    return left if isinstance(value, list) else next(iter(left), _DROPPED)


def _person(item: Any, directory: Directory) -> Any:
    """Return an entry of `people` without those who must not be named; None if nobody is left."""
    if isinstance(item, list):
        return None if _has_any(item, directory) else item
    fields = item if isinstance(item, dict) else {"name": item}
    left = remaining(Person(text_of(fields.get("name")), contact=text_of(fields.get("contact"))), directory)
    others = {key: value for key, value in fields.items() if key != "name" or isinstance(value, (dict, list))}
    if left is None or _has_any(others, directory):
        return None
    if not isinstance(item, dict):
        return left.name
    return {**item, "name": left.name} if left.name else item


def _has_any(value: Any, directory: Directory) -> bool:
    """Return whether somebody who must not be named is anywhere in a value, also in the keys of mappings."""
    if isinstance(value, dict):
        return any(map(directory.has_opted_out, value)) or any(_has_any(one, directory) for one in value.values())
    if isinstance(value, list):
        return any(_has_any(one, directory) for one in value)
    return directory.has_opted_out(text_of(value))


def remaining(person: Person, directory: Directory) -> Person | None:
    """Return a person without those who must not be named, if it is an entry for several; None if nobody is left."""
    everyone = persons_in(person.name)
    left = [name for name in everyone if not directory.has_opted_out(name, person.contact)]
    if len(left) == len(everyone):
        return person
    return person._replace(name=" and ".join(left)) if left else None


def _without(value: Any, directory: Directory, path: str) -> Any:
    """Return a value without the texts and keys that name somebody who is hidden, where the format has no such key."""
    if isinstance(value, dict):
        below = {key: f"{path}.{folded_key(key)}" for key in value}
        shown = {
            key: one for key, one in value.items() if not (names_people(below[key]) and directory.has_opted_out(key))
        }
        kept = {key: _without(one, directory, below[key]) for key, one in shown.items()}
        return {key: one for key, one in kept.items() if one is not _DROPPED}
    if isinstance(value, list):
        return [kept for one in value if (kept := _without(one, directory, path)) is not _DROPPED]
    is_hidden = isinstance(value, str) and names_people(path) and directory.has_opted_out(value)
    return _DROPPED if is_hidden else value
