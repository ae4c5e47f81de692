"""From which commit to which a digest reaches."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from kb.past.moment import commit_or_days
from kb.system.git import is_ancestor
from kb.system.git_objects import (
    Commit,
    commit_named,
    dated,
    first_known,
    is_shallow,
    last_before,
    require_history,
)

_SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)
"""What a digest covers if nobody has read one before."""


class Span(NamedTuple):
    """Two commits."""

    since: Commit | None
    """None: from the beginning."""
    until: Commit
    note: str = ""
    """Why it is not what was asked for; empty if it is."""


def span_of(folder: Path, when: str | None, last: Commit | None, now: datetime) -> Span:
    """Return the span since a date or commit, else since the last digest, else of a week; until `HEAD`.

    A date means the beginning of its first day in UTC. Raises `NoRepository`.
    """
    until = dated(folder, require_history(folder))
    if when is None:
        return _since_last(folder, until, last, now) if last else _since(folder, until, now - WEEK)
    asked = commit_or_days(folder, when)
    return Span(asked, until) if isinstance(asked, Commit) else _since(folder, until, asked.begin)


def _since_last(folder: Path, until: Commit, last: Commit, now: datetime) -> Span:
    if commit_named(folder, last.id) is None:
        span = _since(folder, until, min(last.at + _SECOND, now))  # it may be there with another id, of the same second
        return span._replace(note=f"commit {last.id[:12]} of the last digest is gone; compared by its date")
    if is_ancestor(folder, last.id):
        return Span(last, until)
    note = f"commit {last.id[:12]} of the last digest is not in the history of this branch; compared with its lessons"
    return Span(last, until, note)


def _since(folder: Path, until: Commit, instant: datetime) -> Span:
    if since := last_before(folder, instant):
        return Span(since, until)
    if not is_shallow(folder):
        return Span(None, until)
    first = first_known(folder)
    return Span(first, until, f"this clone is shallow: compared with its first commit, of {first.at:%Y-%m-%d}")
