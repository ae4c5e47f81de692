"""What a server says of itself and of requests that it does not answer."""

from typing import TypedDict


class Readiness(TypedDict):
    """Whether a server answers, and from what; `/readyz`."""

    snapshot: str
    trouble: str | None
    """Why what is live now cannot be opened, so that an earlier snapshot answers."""


class Problem(TypedDict):
    """Why a request was not answered (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong, and what to do."""
