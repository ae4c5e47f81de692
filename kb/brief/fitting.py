"""Fits a brief on its page: the most useful lines first, until the page is full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from kb.brief.brief import Brief, Case, Line, Role
from kb.brief.pages.markdown import LINES, contact_line, fixed_lines, lines_needed, quoted, said_of_case
from kb.brief.statement import Statement

_CASES, _TOOLS, _STEPS, _FAILURES, _PEOPLE, _UNKNOWN = range(6)
# The order in which lines get their place: the rank of a section's first line, and how much later each next one comes.
_RANKS: Mapping[int, tuple[float, float]] = {
    _TOOLS: (1, 5),
    _STEPS: (2, 1.5),
    _PEOPLE: (4, 5),
    _FAILURES: (5, 5),
    _UNKNOWN: (5.5, 3),
}
_RANKS_IN_CASE: Mapping[Role, float] = {
    Role.HAPPENED: 0,
    Role.DID: 0,
    Role.RESULT: 3,
    Role.USED: 3.2,
    Role.LEARNED: 3.5,
    Role.ALIKE: 6,
    Role.UNLIKE: 7,
    Role.APPLIES: 8,
    Role.NOT_WHEN: 9,
}
_NEXT_CASE, _REPEATED = 6, 7
# How much later a line gets its place for each line of the page that it takes beyond two.
_LATER = 0.5
_HEADING = 2
"""Lines: the heading of a section, and the empty one above it."""

_Kept = TypeVar("_Kept")
_Key = tuple[int, int, int]
"""Of a line: its section, its case or its position in any other section, its position in its case or 0."""


class _Piece(NamedTuple):
    """A line of the brief."""

    key: _Key
    rank: float
    lines: int
    """How many lines of the page it takes."""
    before: _Key | None
    """The line of the same kind before it, without which it is not read: a step, or a sentence that points back."""


def fitted(brief: Brief, room: int = LINES) -> Brief:
    """Return the brief with the most useful lines that fit on a page of `room` lines."""
    left = room - fixed_lines(brief)
    titles = [lines_needed(said_of_case(number, case)[0]) for number, case in enumerate(brief.cases, 1)]
    kept: set[_Key] = set()
    for piece in sorted(_pieces(brief), key=lambda piece: piece.rank + _LATER * max(0, piece.lines - 2)):
        section, number, _ = piece.key
        cost = piece.lines
        if not any(key[0] == section for key in kept):
            cost += _HEADING
        if section == _CASES and not any(key[:2] == piece.key[:2] for key in kept):
            cost += titles[number]
        if cost <= left and (piece.before is None or piece.before in kept):
            left -= cost
            kept.add(piece.key)
    return _with_only(brief, kept)


def _pieces(brief: Brief) -> Iterator[_Piece]:
    for number, case in enumerate(brief.cases):
        yield from _of_case(number, case)
    for section, texts in (
        (_TOOLS, map(quoted, brief.tools)),
        (_STEPS, map(quoted, brief.steps)),
        (_FAILURES, map(quoted, brief.failures)),
        (_PEOPLE, map(contact_line, brief.people)),
        (_UNKNOWN, brief.unknown),
    ):
        first, next_ = _RANKS[section]
        for number, text in enumerate(texts):
            before = (section, number - 1, 0) if number else None
            yield _Piece((section, number, 0), first + number * next_, lines_needed(("1. ", text)), before)


def _of_case(number: int, case: Case) -> Iterator[_Piece]:
    shown = said_of_case(number + 1, case)[1:]
    roles = [line.role for line in case.lines]
    for part, role in enumerate(roles):
        earlier = [at for at in range(part) if roles[at] is role]
        rank = _RANKS_IN_CASE[role] + number * _NEXT_CASE + len(earlier) * _REPEATED
        before = (_CASES, number, earlier[-1]) if earlier else None
        yield _Piece((_CASES, number, part), rank, lines_needed(shown[part]), before)


def _with_only(brief: Brief, kept: set[_Key]) -> Brief:
    def of(section: int, values: Sequence[_Kept]) -> tuple[_Kept, ...]:
        return tuple(value for number, value in enumerate(values) if (section, number, 0) in kept)

    cases = [
        _case_with(case, [part for part in range(len(case.lines)) if (_CASES, number, part) in kept])
        for number, case in enumerate(brief.cases)
    ]
    return replace(
        brief,
        cases=tuple(case for case in cases if case.lines),
        tools=of(_TOOLS, brief.tools),
        steps=of(_STEPS, brief.steps),
        failures=of(_FAILURES, brief.failures),
        people=of(_PEOPLE, brief.people),
        unknown=of(_UNKNOWN, brief.unknown),
    )


def _case_with(case: Case, parts: Sequence[int]) -> Case:
    """Return a case with only some of its lines, in the order in which they are read."""
    return case._replace(lines=tuple(sorted((case.lines[part] for part in parts), key=_place)))


def _place(line: Line) -> tuple[int, int, int]:
    place = (line.said.line, line.said.number) if isinstance(line.said, Statement) else (0, 0)
    return list(Role).index(line.role), *place
