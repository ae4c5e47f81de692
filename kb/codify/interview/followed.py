"""Tracks the entries of a list while others are removed, added or changed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from kb.edit.same import spelled


class Followed:
    """Gives each entry a stable number, even if another program changes the file at the same time."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self._known = [spelled(entry) for entry in entries]
        self._numbers = [*range(len(entries))]
        self._next = len(entries)
        self._expected: tuple[list[str], list[int]] = (self._known, self._numbers)

    def numbers(self, entries: Sequence[Any]) -> list[int]:
        """Return the number of each entry in the present list."""
        now = [spelled(entry) for entry in entries]
        if now == self._expected[0]:
            self._known, self._numbers = self._expected
        elif now != self._known:
            self._numbers = self._aligned(now)
            self._known = now
        return self._numbers

    def at(self, number: int, entries: Sequence[Any]) -> int | None:
        """Return the present index of the entry with a number; None if it is gone."""
        numbers = self.numbers(entries)
        return numbers.index(number) if number in numbers else None

    def expect(self, entries: Sequence[Any], numbers: Sequence[int]) -> None:
        """Announce the list after a change that is about to be written, because equal entries could be confused."""
        self._expected = ([spelled(entry) for entry in entries], [*numbers])

    def _aligned(self, now: list[str]) -> list[int]:
        """Return the numbers of a changed list: unchanged and replaced entries keep theirs, added ones get new ones."""
        numbers: list[int] = []
        for kind, start, end, new_start, new_end in SequenceMatcher(None, self._known, now, False).get_opcodes():
            kept = [] if kind == "insert" else self._numbers[start:end][: new_end - new_start]
            added = new_end - new_start - len(kept)
            numbers += [*kept, *range(self._next, self._next + added)]
            self._next += added
        return numbers
