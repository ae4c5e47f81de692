"""Which addresses were there or gone when they were last asked: one small file in the user's state folder.

It has no addresses, only their digests. It is only a convenience, so a damaged file counts as none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from kb.system.state_file import read_state, replace_state
from kb.system.user_cache import state_folder
from kb.system.web.address import Address
from kb.system.web.answer import NO_SUCH_NAME, Answer, State, answer_of

DAYS: Mapping[State, int] = {State.THERE: 7, State.GONE: 1}
"""For how many days an answer is believed; what could not be asked is tried again the next time."""
MOST = 10_000
"""The newest are kept; so many fit into what is read of a state file."""
_DAY = 86_400


class _Row(NamedTuple):
    seconds: int
    """When it was asked, since 1970."""
    status: int
    """Of HTTP; 0 if the name did not exist."""

    @property
    def answer(self) -> Answer:
        return answer_of(self.status) if self.status else NO_SUCH_NAME

    def is_fresh(self, now: int) -> bool:
        return 0 <= now - self.seconds < DAYS.get(self.answer.state, 0) * _DAY


class RememberedAnswers:
    """The answers that are not too old at the time `now`, in seconds since 1970."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._rows = {key: row for key, row in _read() if row.is_fresh(now)}

    def of(self, addresses: Iterable[Address]) -> dict[Address, Answer]:
        """Return the answers that are remembered."""
        keys = {address: _key(address) for address in addresses}
        return {address: self._rows[key].answer for address, key in keys.items() if key in self._rows}

    def remember(self, answers: Mapping[Address, Answer]) -> None:
        """Store the answers that say whether something is there."""
        new = {_key(address): _Row(self._now, one.status) for address, one in answers.items() if one.state in DAYS}
        if new:
            newest = sorted({**self._rows, **new}.items(), key=lambda row: (-row[1].seconds, row[0]))
            replace_state(_file(), json.dumps({"format": 1, "answers": dict(newest[:MOST])}, separators=(",", ":")))


def _read() -> Iterable[tuple[str, _Row]]:
    try:
        rows = json.loads(read_state(_file()))["answers"].items()
        return [(key, row) for key, value in rows if (row := _row_of(value))]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _row_of(value: object) -> _Row | None:
    match value:
        case [int(seconds), int(status)] if 0 <= status <= 599:
            return _Row(seconds, status)
    return None


def _key(address: Address) -> str:
    return hashlib.sha256(str(address).encode("ascii")).hexdigest()[:32]


def _file() -> Path:
    return state_folder() / "addresses.json"
