"""What became of asking an address."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

_GONE = (404, 410)
_NOT_ELSEWHERE = (300, 304)
"""Redirects in number only: several versions are there, or the same as before."""


class State(StrEnum):
    """What is known of an address."""

    THERE = "there"
    GONE = "gone"
    FAILED = "failed"
    """It was tried, and nothing is known: no answer in time, forbidden, an error of the server."""
    NOT_ASKED = "not-asked"


class Answer(NamedTuple):
    """What is known of an address, and why in a few words."""

    state: State
    why: str
    status: int = 0
    """The last status of HTTP; 0 if no server answered."""


NO_SUCH_NAME = Answer(State.GONE, "no such name")
NO_ANSWER = Answer(State.FAILED, "no answer in time")


def failed(why: str) -> Answer:
    return Answer(State.FAILED, why)


def not_asked(why: str) -> Answer:
    return Answer(State.NOT_ASKED, why)


def answer_of(status: int) -> Answer:
    """Return what a status says: 404 and 410 that nothing is there, any other error nothing (RFC 9110, 15.5)."""
    if status in _GONE:
        return Answer(State.GONE, str(status), status)
    is_there = 200 <= status < 300 or status in _NOT_ELSEWHERE
    state = State.THERE if is_there else State.FAILED
    return Answer(state, f"status {status}", status)
