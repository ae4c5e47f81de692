"""The commit that a date or a name of a commit means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from kb.errors import NoRepository
from kb.figures.period import period_of
from kb.system.git_objects import Commit, commit_named, dated, first_known, is_shallow, last_before, require_history
from search.errors import QueryError
from search.query import dates_of


class Days(NamedTuple):
    """The days that a date means, such as all of a month."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first instant of the first day, in UTC."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first instant after the last day, in UTC."""
        return self.begin + (self.last - self.first + timedelta(days=1))


def commit_as_of(folder: Path, when: str) -> Commit:
    """Return the commit at the end of a date, or with a name: the last of `HEAD` and its first parents until then.

    A day ends at midnight UTC, wherever the user is: two people get the same answer. Raises `NoRepository`.
    """
    require_history(folder)
    days = commit_or_days(folder, when)
    if isinstance(days, Commit):
        return days
    return last_before(folder, days.end) or _none_yet(folder, f"by the end of {days.last}")


def commit_or_days(folder: Path, when: str) -> Commit | Days:
    """Return the commit or the days that a text means; raises `NoRepository` if it means neither."""
    when = when.strip()
    if not dates_of(when) and (commit := commit_named(folder, when)):
        return dated(folder, commit)  # before other words for dates: a branch may be called `may`
    try:
        first, last = period_of(when)
        return Days(date.fromisoformat(first), date.fromisoformat(last))
    except (QueryError, ValueError, OverflowError) as error:
        raise NoRepository(
            f"{when[:80]!r} is neither a date nor a commit that git knows here; write 2026-01-31, 2026-01, "
            "'last monday', a tag, a branch or the id of a commit"
        ) from error


def _none_yet(folder: Path, when: str) -> Commit:
    first = first_known(folder)
    if is_shallow(folder):
        raise NoRepository(
            f"this clone is shallow: its history begins on {first.at:%Y-%m-%d}; fetch all of it with "
            "`git fetch --unshallow`"
        )
    raise NoRepository(f"nothing was committed {when}; the first commit is of {first.at:%Y-%m-%d}")
