"""Whether an index is up to date, as a verdict in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.reindex.ledger import JobRun, Outcome
from kb.wording import age_of, counted, in_words, lasted

if TYPE_CHECKING:
    from kb.forms.keep import status as forms

_CLOCKS_DIFFER = timedelta(minutes=5)


class State(StrEnum):
    """The state of an index; if several apply, the first one counts."""

    DAMAGED = "damaged"
    RUNNING = "running now"
    FAILED = "last run failed"
    NEVER = "never run"
    OLD = "old"
    """Older than allowed, or dated in the future."""
    STALE = "stale"
    """Lessons have changed since it was built."""
    WORDS_ONLY = "by words only"
    """Its passages are not encoded yet."""
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The verdict on an index."""

    state: State
    last_good: str | None
    """When the last successful run began; UTC, ISO 8601."""
    age: float | None
    """Seconds since `last_good`."""
    verdict: str
    """The verdict for a person, in one line."""
    alarm: str
    """Why a monitor should raise an alarm; empty if it should not."""

    def as_json(self) -> forms.Freshness:
        return {
            "state": self.state.value,
            "last_good": self.last_good,
            "age": self.age,
            "verdict": self.verdict,
            "alarm": self.alarm,
        }


@dataclass(frozen=True, slots=True)
class FreshnessInput:
    """The facts from which the verdict is derived.

    A run's time is that of its beginning, because its index lacks what changed later. A rollback does not count as a
    run, nor does an update of single lessons.
    """

    runs: Sequence[JobRun]
    """Oldest first."""
    changed_since: int
    """Number of lessons added, changed or removed since the index was built."""
    damage: str = ""
    """Why the live snapshot cannot answer, and which one answers instead; empty if it can."""
    max_age: timedelta | None = None
    """The maximal allowed age of the index; None if no limit was given."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    words_only: bool = False

    def judge(self) -> Freshness:
        """Return the verdict."""
        age = None if self._age is None else round(self._age.total_seconds(), 1)
        return Freshness(self._state, self._good.began if self._good else None, age, self._verdict, self._alarm)

    @property
    def _good(self) -> JobRun | None:
        return next((run for run in reversed(self.runs) if run.outcome.is_good), None)

    @property
    def _last(self) -> JobRun | None:
        return next((run for run in reversed(self.runs) if run.outcome.is_of_the_job), None)

    @property
    def _age(self) -> timedelta | None:
        return self.now - datetime.fromisoformat(self._good.began) if self._good else None

    @property
    def _state(self) -> State:
        if self.damage:
            return State.DAMAGED
        if self._last and self._last.outcome is Outcome.RUNNING:
            return State.RUNNING
        if self._last and not self._last.outcome.is_good:
            return State.FAILED
        if self._age is None:
            return State.NEVER
        if self._is_old(self._age):
            return State.OLD
        if self.changed_since:
            return State.STALE
        return State.WORDS_ONLY if self.words_only else State.FRESH

    def _is_old(self, age: timedelta) -> bool:
        # A time in the future, from a wrong clock, must not make an index count as fresh for ever.
        return age < -_CLOCKS_DIFFER or (self.max_age is not None and age > self.max_age)

    @property
    def _verdict(self) -> str:
        match self._state:
            case State.DAMAGED:
                return self.damage
            case State.RUNNING | State.FAILED:
                details = f"{self._last_run}; {self._up_to_date}"
            case State.NEVER:
                details = self._last_run
            case State.OLD:
                details = self._up_to_date
            case State.STALE:
                details = f"{self._up_to_date}, {counted(self.changed_since, 'lesson')} changed since"
            case State.WORDS_ONLY:
                details = f"{self._up_to_date}, but for the meaning of its passages"
            case State.FRESH:
                details = f"{self._up_to_date}, nothing changed since"
        return f"{self._state}: {details}"

    @property
    def _last_run(self) -> str:
        if self._last is None:
            return "no run is on record"
        age = age_of(self._last.began, self.now)
        return f"for {age} so far" if self._last.outcome is Outcome.RUNNING else f"{self._last.outcome} {age} ago"

    @property
    def _up_to_date(self) -> str:
        if self._age is None:
            return "never brought up to date"
        seconds = self._age.total_seconds()
        if self._age < -_CLOCKS_DIFFER:
            return f"brought up to date {in_words(-seconds)} in the future: a clock is or was wrong"
        return f"brought up to date {in_words(seconds)} ago"

    @property
    def _alarm(self) -> str:
        if self.damage:
            return self.damage
        if self.max_age is None or (self._age is not None and not self._is_old(self._age)):
            return ""
        too_old = self._age is not None and self._age > self.max_age
        allowed = f", --max-age allows {lasted(self.max_age.total_seconds())}" if too_old else ""
        return f"the index was {self._up_to_date}{allowed}; run `kb reindex`{last_failure(self.runs)}"


def last_failure(runs: Sequence[JobRun]) -> str:
    """Return how the last run failed, to be appended to a line; empty if it did not fail."""
    if not runs or runs[-1].outcome.is_good or runs[-1].outcome is Outcome.RUNNING:
        return ""
    if not runs[-1].outcome.is_of_the_job:
        return ""
    return f"; the last run: {runs[-1].outcome}, {runs[-1].reason}".removesuffix(", ")
