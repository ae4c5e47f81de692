"""The file `.kb/uses.json`: what the uses in the ledger come to, so that a search need not read every line of it.

It is derived, and counted anew when the ledger or `people.md` has changed. Like all of `.kb` it is not believed: a
value of another form than kb writes is an absent file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from math import isfinite
from pathlib import Path
from typing import Any

from ingest.format import OUTCOMES
from kb import __version__
from kb.index.json_file import read_json
from kb.people.directory import Directory
from kb.reuse.ledger import Ledger
from kb.reuse.tally import Saving, Tally, tallies
from kb.reuse.use import uses_by_lesson
from kb.system.durable import share_one
from search.storage import replace_file

_MOST_BYTES = 64_000_000
_WORTH_KEEPING = 200
"""Uses: fewer are read from the ledger as quickly as from the file."""


class UsesFile:
    """The file of one knowledge base."""

    def __init__(self, path: Callable[[], Path], ledger: Ledger, directory: Callable[[], Directory]) -> None:
        """`directory` returns what `people.md` says now: a saving that names somebody who opted out does not count."""
        self._path = path
        self._ledger = ledger
        self._directory = directory

    def now(self) -> Mapping[str, Tally]:
        """Return what the uses come to, by the id of the used lesson; the file is replaced if it is outdated."""
        state = self._state()
        if not state:
            return {}
        kept = _read(self._path(), state)
        if kept is not None:
            return kept
        recorded = self._ledger.now().uses
        counted = tallies(uses_by_lesson((), recorded, self._directory()))
        if len(recorded) >= _WORTH_KEEPING:
            with suppress(OSError):  # it is counted again the next time
                _write(self._path(), state, counted)
        return counted

    def _state(self) -> str:
        """Return a digest of all that the tallies depend on; empty if there is no ledger."""
        ledger = self._ledger.state()
        made_from = __version__, ledger, self._directory().withheld
        return blake2b(repr(made_from).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest() if ledger else ""


def _read(path: Path, state: str) -> dict[str, Tally] | None:
    """Return the tallies that were kept for a state; None if there are none."""
    try:
        said = read_json(path, _MOST_BYTES)
        return {str(id_): _tally(*row) for id_, row in said["uses"].items()} if said["state"] == state else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write(path: Path, state: str, counted: Mapping[str, Tally]) -> None:
    rows = {id_: [[one.outcomes[name] for name in OUTCOMES], one.saved] for id_, one in counted.items()}
    # Only ASCII, because an id need not be valid Unicode.
    replace_file(path, json.dumps({"state": state, "uses": rows}).encode())
    share_one(path, path.parent)


def _tally(counts: Any, saved: Any) -> Tally:
    if len(counts) != len(OUTCOMES) or not all(type(count) is int and 0 <= count < 2**31 for count in counts):
        raise ValueError("not counts")
    return Tally(sum(counts), dict(zip(OUTCOMES, counts, strict=True)), tuple(_saving(*one) for one in saved))


def _saving(amount: Any, unit: Any) -> Saving:
    if not isinstance(amount, float | int) or not isfinite(amount) or not isinstance(unit, str):
        raise TypeError("not a saving")
    return Saving(amount, unit)
