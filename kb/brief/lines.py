"""Finds the line of each sentence of a passage in its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ingest.passages.passage import Passage

# Sentences are found by their letters and digits, because markup and line ends are not shown. So many are compared,
# then fewer, because a link's address may follow.
_COMPARED = (30, 12)
# Characters of a sentence in which that many letters surely are.
_READ = 200


def lines_of(sentences: Sequence[str], passage: Passage) -> list[int]:
    """Return the line, 1-based, on which each sentence begins.

    A sentence that is not in the text as it is shown (it began in the passage before, or is a row of a table) has the
    line of the one before it.
    """
    letters, places = _letters(passage.text)
    starts = _line_starts(passage.text)
    lines = []
    reached = 0
    for sentence in sentences:
        without_header = sentence.partition(": ")[2]  # of a row of a table, or a heading that was put before it
        for written in (sentence, without_header):
            place = _found("".join(filter(str.isalnum, written[:_READ])), letters, reached)
            if place >= 0:
                reached = place
                break
        offset = places[reached] if reached < len(places) else 0
        lines.append(passage.lines[0] + bisect_right(starts, offset))
    return lines


def _found(sentence: str, letters: str, reached: int) -> int:
    for length in _COMPARED:
        place = letters.find(sentence[:length], reached) if sentence else -1
        if place >= 0:
            return place
    return -1


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text, and the offset of each."""
    return "".join(filter(str.isalnum, text)), [place for place, sign in enumerate(text) if sign.isalnum()]


def _line_starts(text: str) -> list[int]:
    return [0, *(place + 1 for place, sign in enumerate(text) if sign == "\n")]
