"""Takes people who have opted out out of a lesson's front matter.

Lessons pass here when they leave the catalogue, so that no command can name them, and when they are indexed, so that
nobody is found by their names. The author's texts stay: the body, `title`, `summary`, `answers` and other texts of the
format.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.format import FORMAT, Person
from ingest.lesson import Lesson, folded_key, items_of, text_of
from kb.people.directory import Directory
from kb.people.naming import persons_in

_NAMING = frozenset({"people", "history"})
"""The keys of the format that name people; any key that is not of the format may name some too."""
_DROPPED = object()


def names_people(key: str) -> bool:
    """Return whether values of a key, given with its path as in `people.name`, may name people."""
    top = key.partition(".")[0]
    return top in _NAMING or top not in FORMAT.keys


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
    if not names_people(folded_key(key)):
        return value
    if directory.hides_all:
        return _DROPPED
    if key == "people":
        return [left for item in items_of(value) if (left := _person(item, directory)) is not None]
    return _without(value, directory.has_opted_out)


def _person(item: Any, directory: Directory) -> Any:
    """Return an entry of `people` without those who must not be named; None if nobody is left."""
    fields = item if isinstance(item, dict) else {"name": item}
    left = remaining(Person(text_of(fields.get("name")), contact=text_of(fields.get("contact"))), directory)
    if left is None or any(directory.has_opted_out(text_of(value)) for key, value in fields.items() if key != "name"):
        return None
    return {**item, "name": left.name} if isinstance(item, dict) else left.name


def remaining(person: Person, directory: Directory) -> Person | None:
    """Return a person without those who must not be named, if it is an entry for several; None if nobody is left."""
    everyone = persons_in(person.name)
    left = [name for name in everyone if not directory.has_opted_out(name, person.contact)]
    if len(left) == len(everyone):
        return person
    return person._replace(name=" and ".join(left)) if left else None


def _without(value: Any, is_hidden: Callable[[str], bool]) -> Any:
    """Return a value without the texts that name somebody who is hidden."""
    if isinstance(value, dict):
        kept = {key: _without(item, is_hidden) for key, item in value.items() if not is_hidden(key)}
        return {key: item for key, item in kept.items() if item is not _DROPPED}
    if isinstance(value, list):
        return [kept for item in value if (kept := _without(item, is_hidden)) is not _DROPPED]
    return _DROPPED if isinstance(value, str) and is_hidden(value) else value
