"""The order of the keys in a front matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.format import FORMAT
from ingest.front_matter.yaml_block import parse_front_matter
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit

ORDER = Rule(
    "structure.order",
    Severity.NOTE,
    "The keys are not in the order of the format.",
    "have their keys in another order than the format",
    "Readers find a key faster if it is always at the same place. Keys that are not of the format come last.",
    "---\nstatus: draft\ntitle: Wrong labels\n---\n",
    "---\ntitle: Wrong labels\nstatus: draft\n---\n",
    fixable=True,
)
RULES = (ORDER,)
_RANKS = {name: rank for rank, name in enumerate(FORMAT.keys)}


def check(file: LessonFile) -> Iterator[Finding]:
    """Yield the first key that should stand before the one above it."""
    if not file.reading.front_matter:
        return
    ranks = [(_RANKS[name], name) for name in file.metadata if name in _RANKS]
    for (before, above), (rank, name) in pairwise(ranks):
        if rank < before:
            message = f"the key {name} comes before {above}; move it up"
            yield ORDER.at(file, file.places.of_key(name), message, _reordered(file))
            return


def _reordered(file: LessonFile) -> tuple[Edit, ...]:
    """Return the edit that sorts the keys, each with its rows and the comments directly above it.

    Empty if keys share a line, or if that would change the meaning: an alias must stand below its anchor.
    """
    assert file.reading.front_matter
    first, end = file.reading.front_matter
    blocks = _blocks(file, end)
    ordered = sorted(blocks, key=lambda block: (_RANKS.get(block[0], len(_RANKS)), block[1]))
    rows = [row for _, start, stop in ordered for row in file.rows[start:stop]]
    start = blocks[0][1]
    if rows == file.rows[start:end] or not _mean_the_same(file.rows[first:end], [*file.rows[first:start], *rows]):
        return ()
    return (Edit(file.offset(start), file.offset(end) - 1, "\n".join(rows)),)


def _mean_the_same(one: Sequence[str], other: Sequence[str]) -> bool:
    # With a line end after the last row, because the value of a block scalar there depends on it.
    before, after = (parse_front_matter("\n".join([*rows, ""]), "", 0) for rows in (one, other))
    return before.metadata == after.metadata and not after.problem


def _blocks(file: LessonFile, end: int) -> Sequence[tuple[str, int, int]]:
    """Return each key with start and end of its rows."""
    assert file.reading.front_matter
    keys = sorted((span.line, str(steps[0])) for steps, span in file.places.keys.items() if len(steps) == 1)
    starts = [_with_comments(file.rows, line, file.reading.front_matter[0]) for line, _ in keys]
    return [(name, start, stop) for (_, name), start, stop in zip(keys, starts, [*starts[1:], end], strict=True)]


def _with_comments(rows: Sequence[str], line: int, first: int) -> int:
    """Return the first row of the comments directly above a key; an editor's modeline at the top belongs to no key."""
    while line > first and rows[line - 1].startswith("#") and not rows[line - 1].startswith("# yaml-language-server:"):
        line -= 1
    return line
