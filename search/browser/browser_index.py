"""The index by words as a browser reads it: tables once, and the postings in files of neighbouring terms.

A query loads only the files that its terms are in. Nothing is left out that the ranking needs: fields, frequencies and,
for pairs of neighbouring words, positions.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from search.analysis.lesson_terms import Field
from search.browser.tables import tables
from search.browser.varints import Packed, packed
from search.lexical.bm25f import FIELDS_WITH_PAIRS
from search.lexical.postings import Postings
from search.ranking.priors import ABOVE, Priors

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARD_BYTES = 4_000
"""Of one file: some more, and 12 kB in base64. A query of ten words reads about as many files."""


class BrowserIndex(NamedTuple):
    """An index by words, for JSON."""

    base: dict[str, Any]
    """What every query needs; `shards` has the first term of each file."""
    shards: Sequence[str]
    """The files, in base64."""


def browser_index(folder: Path, priors: Priors) -> BrowserIndex:
    """Return the index by words of a folder; raises `DamagedIndex`."""
    postings = Postings.read(folder)
    firsts, shards = [], []
    for first, data in _shards(postings):
        firsts.append(first)
        shards.append(_text(data))
    added = {str(lesson): float(priors.of(np.array([lesson]))[0]) for lesson in range(priors.count)}
    base = {
        **tables(),
        "lessons": len(postings.passages_of),
        "passages": _text(Packed(postings.passages_of).whole),
        "lengths": _text(Packed(postings.field_lengths.astype(np.int64).ravel()).whole),
        "added": {lesson: round(value, 6) for lesson, value in added.items() if value},
        "successors": [[*pair] for pair in priors.successors],
        "above": ABOVE,
        "shards": firsts,
    }
    return BrowserIndex(base, shards)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _shards(postings: Postings) -> Iterator[tuple[str, bytes]]:
    """Yield the first term of each file and its bytes."""
    first, parts, size = "", list[bytes](), 0
    for term, row in zip(postings.terms, _rows(postings), strict=True):
        name = term.encode()
        if not parts:
            first = term
        parts.append(packed(len(name)) + name + packed(len(row)) + row)
        size += len(parts[-1])
        if size >= _SHARD_BYTES:
            yield first, b"".join(parts)
            parts, size = [], 0
    if parts:
        yield first, b"".join(parts)


def _rows(postings: Postings) -> Iterator[bytes]:
    """Yield for each term: how many postings each field has, then documents, frequencies and positions.

    A document is given by the distance from the one before in the field, a position by that in the document.
    """
    fields, docs = np.asarray(postings.fields, np.int64), np.asarray(postings.docs, np.int64)
    first = postings.first.tolist()
    begins = np.ones(len(docs), bool)
    begins[1:] = np.diff(fields) != 0
    begins[first[:-1]] = True
    gaps = Packed(np.where(begins, docs, np.diff(docs, prepend=0)))
    counts = Packed(postings.frequencies)
    steps, bounds = _positions(postings, np.isin(fields, [int(field) for field in FIELDS_WITH_PAIRS]))
    for number in range(len(postings.terms)):
        start, end = first[number], first[number + 1]
        by_field = np.bincount(fields[start:end], minlength=len(Field)).tolist()
        yield b"".join(
            (
                packed(*by_field),
                gaps.of(start, end),
                counts.of(start, end),
                steps.of(int(bounds[start]), int(bounds[end])),
            )
        )


def _positions(postings: Postings, paired: NDArray[np.bool_]) -> tuple[Packed, NDArray[np.int64]]:
    """Return the positions of the `paired` postings, and where those of each posting begin; shape (postings + 1,)."""
    frequencies = postings.frequencies.astype(np.int64)
    kept = np.repeat(paired, frequencies)
    positions = postings.positions.astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(frequencies)])
    steps = np.diff(positions, prepend=0)
    steps[starts[:-1]] = positions[starts[:-1]]
    return Packed(steps[kept]), np.concatenate([[0], np.cumsum(np.where(paired, frequencies, 0))])
