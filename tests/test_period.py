"""When something was, as people say it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kb.figures.period import period_of
from search.errors import QueryError

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-02-03", "2020-02-03", "2020-02-03"),
        ("2020-02-03T10:00:00Z", "2020-02-03", "2020-02-03"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2 years ago", "2024-01-01", "2024-12-31"),
        ("3 months ago", "2026-02-01", "2026-02-28"),
        ("last week", "2026-05-11", "2026-05-17"),
        ("yesterday", "2026-05-19", "2026-05-19"),
        ("today", "2026-05-20", "2026-05-20"),
        ("May 2006", "2006-05-01", "2006-05-31"),
        ("3 May 2006", "2006-05-03", "2006-05-03"),
    ],
)
def test_a_time_is_the_first_and_the_last_day_that_are_meant(when: str, first: str, last: str) -> None:
    assert period_of(when, NOW) == (first, last)


@pytest.mark.parametrize("when", ["", " ", "soon", "5", "2020-13", "20201", "banana split", "\x00", "🚀"])
def test_what_is_no_time_is_refused_with_examples(when: str) -> None:
    with pytest.raises(QueryError) as refused:
        period_of(when, NOW)
    assert str(refused.value) == (
        f"{when!r} is not a date; write 2020, 2020-05, 2020-05-01, yesterday, 'last year' or '3 months ago'"
    )
