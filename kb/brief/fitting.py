"""Fits a brief on its page: the most useful lines first, until the page is full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from kb.brief.brief import Brief, Case, Line, Role
from kb.brief.page import LINES, contact_line, fixed_lines, lines_needed, quoted, said_of_case

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


class _Piece(NamedTuple):
    """A line of the brief, with its place in the record and the lines that it takes on the page."""

    rank: float
    section: int
    number: int
    """Of the case, or of the line in any other section."""
    part: int
    """Of the line in its case; else 0."""
    lines: int


def fitted(brief: Brief, room: int = LINES) -> Brief:
    """Return the brief with the most useful lines that fit on a page of `room` lines."""
    left = room - fixed_lines(brief)
    titles = {number: lines_needed(said_of_case(number + 1, case)[0]) for number, case in enumerate(brief.cases)}
    kept: set[tuple[int, int, int]] = set()
    for piece in sorted(_pieces(brief), key=lambda piece: piece.rank + _LATER * max(0, piece.lines - 2)):
        cost = piece.lines
        if not any(section == piece.section for section, _, _ in kept):
            cost += _HEADING
        if piece.section == _CASES and not any(key[:2] == (_CASES, piece.number) for key in kept):
            cost += titles[piece.number]
        breaks_off = piece.section == _STEPS and piece.number and (_STEPS, piece.number - 1, 0) not in kept
        if cost <= left and not breaks_off:
            left -= cost
            kept.add((piece.section, piece.number, piece.part))
    return _with_only(brief, kept)


def _pieces(brief: Brief) -> Iterator[_Piece]:
    for number, case in enumerate(brief.cases):
        roles: list[Role] = []
        for part, line in enumerate(case.lines):
            rank = _RANKS_IN_CASE[line.role] + number * _NEXT_CASE + roles.count(line.role) * _REPEATED
            roles.append(line.role)
            yield _Piece(rank, _CASES, number, part, lines_needed(said_of_case(number + 1, case)[1 + part]))
    for section, texts in (
        (_TOOLS, list(map(quoted, brief.tools))),
        (_STEPS, list(map(quoted, brief.steps))),
        (_FAILURES, list(map(quoted, brief.failures))),
        (_PEOPLE, list(map(contact_line, brief.people))),
        (_UNKNOWN, list(brief.unknown)),
    ):
        first, next_ = _RANKS[section]
        for number, text in enumerate(texts):
            yield _Piece(first + number * next_, section, number, 0, lines_needed(("1. ", text)))


def _with_only(brief: Brief, kept: set[tuple[int, int, int]]) -> Brief:
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


def _place(line: Line) -> tuple[int, int]:
    return list(Role).index(line.role), line.statement.line if line.statement else 0
