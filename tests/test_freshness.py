"""The verdict over an index in one line, when a monitor wakes somebody, and words for times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kb.index.writer import Writer
from kb.reindex.ledger import JobRun, Outcome
from kb.upkeep.freshness import Freshness, FreshnessInput
from kb.wording import age_of, lasted

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HERE = Writer.this_process()


def run(outcome: Outcome, hours_ago: float = 1.0) -> JobRun:
    began = (NOW - timedelta(hours=hours_ago)).isoformat()
    return JobRun(f"{outcome}-{hours_ago}", began, HERE, outcome, began)


def judged(runs: Sequence[JobRun], changed: int = 0, damage: str = "", hours: float | None = None) -> Freshness:
    max_age = None if hours is None else timedelta(hours=hours)
    return FreshnessInput(runs, changed, damage, max_age, NOW).judge()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (judged([]), "never run: no run is on record"),
        (judged([run(Outcome.PUBLISHED, 3)]), "fresh: brought up to date 3 hours ago, nothing changed since"),
        (judged([run(Outcome.UNCHANGED, 3)]), "fresh: brought up to date 3 hours ago, nothing changed since"),
        (judged([run(Outcome.PUBLISHED, 3)], 1), "stale: brought up to date 3 hours ago, 1 lesson changed since"),
        (judged([run(Outcome.PUBLISHED, 3)], 1234, hours=2), "old: brought up to date 3 hours ago"),
        (
            FreshnessInput([run(Outcome.PUBLISHED, 3)], 0, now=NOW, words_only=True).judge(),
            "by words only: brought up to date 3 hours ago, but for the meaning of its passages",
        ),
        (
            judged([run(Outcome.PUBLISHED, 30), run(Outcome.INTERRUPTED, 6)], 1),
            "last run failed: interrupted 6 hours ago; brought up to date 1 day ago",
        ),
        (judged([run(Outcome.FAILED, 6)]), "last run failed: failed 6 hours ago; never brought up to date"),
        (
            judged([run(Outcome.PUBLISHED, 30), run(Outcome.FAILED, 6), run(Outcome.ROLLED_BACK, 5)]),
            "last run failed: failed 6 hours ago; brought up to date 1 day ago",
        ),
        (
            judged([run(Outcome.PUBLISHED, 30), run(Outcome.ROLLED_BACK, 5)]),
            "fresh: brought up to date 1 day ago, nothing changed since",
        ),
        (judged([run(Outcome.ROLLED_BACK, 5)]), "never run: no run is on record"),
        (
            judged([run(Outcome.PUBLISHED, 30), run(Outcome.RUNNING, 0.2)], 3),
            "running now: for 12 minutes so far; brought up to date 1 day ago",
        ),
        (judged([run(Outcome.PUBLISHED, 1)], damage="it is damaged"), "it is damaged"),
        (
            judged([run(Outcome.PUBLISHED, -50)]),
            "old: brought up to date 2 days in the future: a clock is or was wrong",
        ),
    ],
)
def test_the_verdict_is_one_line(found: Freshness, said: str) -> None:
    assert found.verdict == said


@pytest.mark.parametrize(
    ("runs", "hours", "wakes"),
    [
        ([], 1, True),
        ([run(Outcome.ROLLED_BACK, 0.5)], 1, True),
        ([run(Outcome.PUBLISHED, 0.9)], 1, False),
        ([run(Outcome.PUBLISHED, 1.1)], 1, True),
        ([run(Outcome.PUBLISHED, 2), run(Outcome.UNCHANGED, 0.5)], 1, False),
        ([run(Outcome.PUBLISHED, 0.5), run(Outcome.FAILED, 0.2)], 1, False),
        ([run(Outcome.PUBLISHED, 2), run(Outcome.RUNNING, 0.1)], 1, True),
        ([run(Outcome.PUBLISHED, -0.05)], 1, False),
        ([run(Outcome.PUBLISHED, -0.1)], 1, True),
        ([run(Outcome.PUBLISHED, -0.1)], None, False),
        ([run(Outcome.PUBLISHED, 9000)], None, False),
    ],
)
def test_a_monitor_wakes_somebody_only_for_the_age_of_the_last_good_run(
    runs: list[JobRun], hours: float | None, wakes: bool
) -> None:
    assert bool(judged(runs, hours=hours).alarm) is wakes


@pytest.mark.parametrize(
    ("ago", "age"),
    [
        (90, "1 minute"),
        (150, "2 minutes"),
        (3500, "58 minutes"),
        (3660, "1 hour"),
        (86_000, "23 hours"),
        (86_500, "1 day"),
        (90 * 86_400 + 100, "90 days"),
        (-3600, "0 s"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_fits(ago: float, age: str) -> None:
    assert age_of((NOW - timedelta(seconds=ago)).isoformat(), NOW) == age


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (-3, "0.0 s"),
        (9.94, "9.9 s"),
        (12.3, "12 s"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (3599.7, "1 h"),
        (7380, "2 h 3 min"),
        (93_600, "26 h"),
    ],
)
def test_a_duration_is_told_in_two_units_at_most(seconds: float, said: str) -> None:
    assert lasted(seconds) == said
