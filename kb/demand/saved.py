"""The gaps as `kb gaps` has numbered them, so that one can be named by its number or its label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.gap import Gap
from kb.demand.noting.place import demand_folder, key_of, private_folder
from kb.errors import UnknownGap
from kb.system.state_file import read_state, replace_state
from kb.wording import meant_by

if TYPE_CHECKING:
    from kb.forms.keep import run as forms

MOST_SAVED = 50
_MOST_QUESTIONS = 20


class SavedGap(NamedTuple):
    """A gap of the last list."""

    label: str
    questions: tuple[str, ...]
    """The most central first; empty if only others asked."""
    closed_by: str = ""
    """Id of the lesson that answers it since; empty while it is open."""


@dataclass(frozen=True, slots=True)
class ClosedGap:
    """A gap that a lesson answers now."""

    number: int
    """In the last list, from 1."""
    lesson: str
    """Its id."""

    def as_json(self) -> forms.ClosedGap:
        return {"number": self.number, "lesson": self.lesson}


def save_gaps(root: Path, gaps: Iterable[Gap]) -> None:
    """Store a list of gaps in its order."""
    _write(root, [SavedGap(gap.label, gap.questions[:_MOST_QUESTIONS]) for gap in gaps])


def saved_gaps(root: Path) -> list[SavedGap]:
    """Return the last list; empty if there is none, or it cannot be read."""
    try:
        rows = json.loads(read_state(_file(root)))
        found = [SavedGap(label, tuple(questions), closed_by) for label, questions, closed_by in rows]
    except (ValueError, TypeError, RecursionError):
        return []
    return found if all(map(_is_well_formed, found)) else []


def open_gaps(root: Path) -> dict[int, str]:
    """Return the number and the most central question of each open gap of the last list that this user asked."""
    numbered = enumerate(saved_gaps(root), 1)
    return {number: gap.questions[0] for number, gap in numbered if gap.questions and not gap.closed_by}


def close_gaps(root: Path, lessons: Mapping[int, str]) -> tuple[ClosedGap, ...]:
    """Mark gaps as closed, by number, with the id of the lesson, and return them; the numbers of the others stay."""
    if lessons:
        numbered = enumerate(saved_gaps(root), 1)
        _write(root, [gap._replace(closed_by=lessons.get(number, gap.closed_by)) for number, gap in numbered])
    return tuple(ClosedGap(number, lesson) for number, lesson in lessons.items())


def forget_gaps(root: Path) -> None:
    """Remove the last list."""
    _file(root).unlink(missing_ok=True)


def gap_named(root: Path, name: str) -> SavedGap:
    """Return the gap of the last list with a number or a label; raises `UnknownGap`."""
    gaps, name = saved_gaps(root), " ".join(name.split())
    if not gaps:
        raise UnknownGap("there is no list of gaps yet; run `kb gaps`")
    if name.isascii() and name.isdigit():
        if 1 <= (number := int(name[:9])) <= len(gaps):
            return gaps[number - 1]
        raise UnknownGap(f"the last `kb gaps` has no number {name[:20]}, only 1 to {len(gaps)}")
    folded = name.casefold()
    same = [gap for gap in gaps if folded in (gap.label.casefold(), *(text.casefold() for text in gap.questions))]
    if not same:
        raise UnknownGap(f"no gap is called {name[:80]!r}; {meant_by(name, [gap.label for gap in gaps])}")
    return same[0]


def _write(root: Path, gaps: Sequence[SavedGap]) -> None:
    if private_folder():
        replace_state(_file(root), json.dumps([list(gap) for gap in gaps[:MOST_SAVED]]))


def _file(root: Path) -> Path:
    return demand_folder() / f"gaps-{key_of(root)}.json"


def _is_well_formed(gap: SavedGap) -> bool:
    return (
        isinstance(gap.label, str)
        and all(isinstance(text, str) for text in gap.questions)
        and isinstance(gap.closed_by, str)
    )
