"""A replacement in a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces the characters from `start` to `end`, exclusive, of a text with `\\n` line ends."""

    start: int
    end: int
    text: str


def non_overlapping(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits in order, without those that overlap an earlier one; insertions at one place keep their order."""
    chosen: list[Edit] = []
    for edit in dict.fromkeys(sorted(edits, key=lambda edit: (edit.start, edit.end))):
        if not chosen or edit.start >= chosen[-1].end:
            chosen.append(edit)
    return chosen


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits applied, except those that overlap an earlier one."""
    pieces, end = [], 0
    for edit in non_overlapping(edits):
        pieces += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*pieces, text[end:]])


def between(old: str, new: str) -> Edit:
    """Return the single edit from `old` to `new`, without their common prefix and suffix."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    end = next((at for at in range(most - start) if old[-1 - at] != new[-1 - at]), most - start)
    return Edit(start, len(old) - end, new[start : len(new) - end])
