"""How much may go wrong: a share, which is generous to small numbers, or a whole number, which is exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.limit import Limit, read_limit

COUNTS = st.integers(0, 10_000)


@given(COUNTS, COUNTS, COUNTS)
def test_a_whole_number_is_exact_whatever_it_is_of(most: int, count: int, total: int) -> None:
    assert Limit(most).allows(count, total) == (count <= most)


@given(st.integers(0, 64), COUNTS, COUNTS)
def test_a_share_allows_just_as_much_and_ten_always(parts: int, count: int, total: int) -> None:
    allowed = count <= 10 or Fraction(count) <= Fraction(parts, 64) * total
    assert Limit(parts / 64).allows(count, total) == allowed


@pytest.mark.parametrize(
    ("most", "count", "total", "allowed"),
    [
        (0.25, 10, 12, True),
        (0.25, 11, 12, False),
        (0.25, 11, 44, True),
        (0.25, 12, 44, False),
        (0.25, 500, 2000, True),
        (0.25, 501, 2000, False),
        (0.0, 10, 2000, True),
        (0.0, 11, 2000, False),
        (1.0, 2000, 2000, True),
        (0, 0, 2000, True),
        (0, 1, 2000, False),
        (1, 1, 1, True),
        (1, 2, 2000, False),
    ],
)
def test_at_the_limit_and_beyond(most: float, count: int, total: int, allowed: bool) -> None:
    assert Limit(most).allows(count, total) is allowed


@pytest.mark.parametrize(("value", "said"), [(0.25, "25%"), (0.0, "0%"), (1.0, "100%"), (0, "0"), (2000, "2,000")])
def test_a_setting_is_read_and_said(value: float, said: str) -> None:
    limit = read_limit(value)
    assert limit == Limit(value)
    assert str(limit) == said


@pytest.mark.parametrize(
    "value", [True, False, -1, -0.1, 1.01, 25.0, float("nan"), float("inf"), float("-inf"), "0.25", "25 %", None, [1]]
)
def test_what_is_no_limit_is_not_read(value: object) -> None:
    assert read_limit(value) is None
