"""The id of a lesson, and the ids by which it refers to others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.format import FORMAT, Items, Record, Shape, Word
from ingest.front_matter.places import Steps
from ingest.lesson import id_of, ids_of
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.lessons.lookalikes import look_alike, same_id_message

_LONGEST_WAY = 6
_OTHER = "\n==> {0}.md <==\n---\ntitle: Late parcels\n---\n"

DUPLICATE_ID = Rule(
    "structure.duplicate-id",
    Severity.ERROR,
    "Another lesson has the same id.",
    "have an id that another lesson has too",
    "Only the first by path keeps it; a reference to the id may mean either. Give one of them another id.",
    "---\nid: labels\ntitle: Wrong labels\n---\n" + _OTHER.format("labels"),
    "---\nid: wrong-labels\ntitle: Wrong labels\n---\n" + _OTHER.format("labels"),
)
DEAD_ID = Rule(
    "structure.dead-id",
    Severity.ERROR,
    "A lesson is named that does not exist.",
    "name a lesson that does not exist",
    "Readers find nothing there. Correct the id, or remove it.",
    "---\nrelated: [late-parcel]\n---\n" + _OTHER.format("late-parcels"),
    "---\nrelated: [late-parcels]\n---\n" + _OTHER.format("late-parcels"),
)
OWN_ID = Rule(
    "structure.own-id",
    Severity.ERROR,
    "A lesson names itself.",
    "name themselves",
    "A lesson cannot replace itself or be related to itself. Remove the id.",
    "---\nid: labels\nrelated: [labels]\n---\n",
    "---\nid: labels\n---\n",
)
CIRCLE = Rule(
    "structure.circle",
    Severity.ERROR,
    "Lessons replace each other in a circle.",
    "replace each other in a circle",
    "Nobody can tell which of them is valid, so none counts as replaced. Remove one `supersedes`.",
    "---\nid: new\nsupersedes: [old]\n---\n\n==> old.md <==\n---\nid: old\nsupersedes: [new]\n---\n",
    "---\nid: new\nsupersedes: [old]\n---\n\n==> old.md <==\n---\nid: old\n---\n",
)
RULES = (DUPLICATE_ID, DEAD_ID, OWN_ID, CIRCLE)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what is wrong with a lesson's id and with the ids to which it refers."""
    own = file.lesson.id
    if others := [other.path for other in census.by_id.get(own, ()) if other is not file]:
        yield DUPLICATE_ID.at(file, _own(file), _wanted_twice(file.path, others[0], own))
    for steps, id in _named(_NAMING, file.metadata):
        if id == own:
            yield OWN_ID.at(file, file.places.of_value(*steps), f"{steps[0]}: the lesson names itself; remove it")
        elif id not in census.by_id:
            near = census.ids.near(id)
            hint = f"did you mean {near[0]}?" if near else "correct it, or remove it"
            text = f"{steps[0]}: no lesson has the id {id!r}; {hint}"
            yield DEAD_ID.at(file, file.places.of_value(*steps), text, about=id)
    if circle := _circle(own, census):
        message = f"lessons replace each other in a circle: {_way(circle)}; remove one supersedes"
        yield CIRCLE.at(file, file.places.of_key("supersedes"), message)


def _wanted_twice(path: str, other: str, id: str) -> str:
    if not look_alike(path, other):
        return f"{other} has the id {id!r} too; give one of them another"
    return same_id_message(path, other, id)


def _own(file: LessonFile) -> Any:
    return file.places.values.get(("id",))


def _named(shape: Shape, value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Yield every id in a value, with its path."""
    if isinstance(shape, Record) and isinstance(value, dict):
        for name in value.keys() & shape.keys.keys():
            yield from _named(shape.keys[name].shape, value[name], (*steps, name))
    elif isinstance(shape, Items) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _named(shape.of, item, (*steps, number))
    elif isinstance(shape, Items) and isinstance(shape.of, Word):
        yield from ((steps, id) for id in ids_of(value))
    elif isinstance(shape, Items):
        yield from _named(shape.of, value, steps)
    elif isinstance(shape, Word) and (id := id_of(value)):
        yield steps, id


def _has_ids(shape: Shape) -> bool:
    if isinstance(shape, Record):
        return any(_has_ids(key.shape) for key in shape.keys.values())
    return _has_ids(shape.of) if isinstance(shape, Items) else isinstance(shape, Word)


_NAMING = Record({name: key for name, key in FORMAT.keys.items() if name != "id" and _has_ids(key.shape)})
"""The keys that refer to other lessons."""


def _way(circle: Sequence[str]) -> str:
    """Return the ids of a cycle as text; of a long one, only the first ids and the last."""
    shown = circle if len(circle) <= _LONGEST_WAY else [*circle[: _LONGEST_WAY - 2], "…", circle[-1]]
    return " -> ".join(shown) + (f" ({len(circle) - 1:,} lessons)" if shown is not circle else "")


def _circle(start: str, census: Census) -> list[str]:
    """Return the shortest cycle of `supersedes` through a lesson; empty if there is none."""
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        id = front.pop(0)
        for old in census.superseded_by_id(id):
            if old == start and id != start:
                way = [start, id]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if old != start and old not in came_from:
                came_from[old] = id
                front.append(old)
    return []
