"""Intervals and trends, against worked figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.figures.currencies import CURRENCIES
from kb.impact.cost import Cost, Return, cost_of
from kb.impact.proportions import Proportion, difference_interval
from kb.impact.trend import against_trend
from kb.impact.units import Unit, is_addable, unit_of


@pytest.mark.parametrize(
    ("cases", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_proportion_has_wilsons_interval(cases: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    assert Proportion(cases / n, n).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_two_proportions_have_newcombes_interval(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10."""
    found = difference_interval(Proportion(one[0] / one[1], one[1]), Proportion(other[0] / other[1], other[1]))
    assert found == pytest.approx((low, high), abs=5e-5)


def test_a_trend_has_the_figures_of_statsmodels() -> None:
    """statsmodels 0.15.0: `OLS(y, X).fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True}, use_t=True)`.

    `X` has a constant, time, and after the change level and slope; `t_test([0, 0, 1, 1.5]).conf_int()`.
    """
    found = against_trend([41, 39, 44, 40, 38, 43, 42, 40], [30, 26, 24, 25])
    assert found.value == pytest.approx(-14.83928571)
    assert found.interval == pytest.approx((-17.45585321, -12.22271822))


def test_figures_that_go_on_as_before_show_no_effect_at_all() -> None:
    assert against_trend([1, 2, 3], [4]).value == 0


@given(st.floats(-100, 100), st.floats(-5, 5), st.floats(-50, 50), st.integers(3, 12), st.integers(1, 8))
def test_a_step_on_a_straight_line_is_found_exactly(
    start: float, slope: float, step: float, before: int, after: int
) -> None:
    line = [start + slope * time for time in range(before + after)]
    found = against_trend(line[:before], [value + step for value in line[before:]])
    assert found.value == pytest.approx(step, abs=1e-6)


@pytest.mark.parametrize(
    ("unit", "period", "metric", "expected"),
    [
        ("USD", "first year", "savings", Unit("USD", "year", True)),
        ("$ a month", "", "savings", Unit("USD", "month", True)),
        ("EUR", "2019 to 2021", "sales", Unit("EUR", "", True)),
        ("BRL", "one-off", "sales", Unit("BRL", "once", True)),
        ("EUR", "", "annual sales", Unit("EUR", "year", True)),
        ("EUR", "", "cost per booking", Unit("EUR", "booking", True)),
        ("weeks", "", "weeks until the first offer alone", Unit("week")),
        ("", "", "hours until an offer is sent", Unit()),
        ("", "", "calls a day", Unit("", "day")),
        ("days", "", "", Unit("day")),
        ("a day", "", "wrong boxes", Unit("", "day")),
        ("% of teams", "", "", Unit("%")),
        ("percentage points", "", "", Unit("percentage points")),
        ("tries", "", "", Unit("trie")),
        ("all", "", "", Unit("all")),
    ],
)
def test_a_unit_has_its_currency_and_period(unit: str, period: str, metric: str, expected: Unit) -> None:
    assert unit_of(unit, period, metric) == expected


def test_only_money_is_added_up_that_is_neither_a_price_nor_an_average() -> None:
    added = {
        text: is_addable(unit_of(unit, "", text), text)
        for unit, text in (
            ("USD", "sales"),
            ("USD", "sales a year"),
            ("USD", "cost per booking"),
            ("USD", "average sale"),
            ("days", "lead time"),
            ("%", "share"),
        )
    }
    assert [text for text, is_added in added.items() if is_added] == ["sales", "sales a year"]


def test_the_currencies_are_those_of_iso_4217() -> None:
    assert len(CURRENCIES) == 155
    assert {"USD", "EUR", "GBP", "JPY", "CHF", "INR", "BRL", "SEK", "ZWG"} <= CURRENCIES


def test_return_on_cost_is_that_of_phillips() -> None:
    """Phillips 2003, the literacy programme of Magnavox: benefits 321,600, costs 38,233; ratio 8.4, return 741 %."""
    found = Return(321_600, Cost(38_233, "USD"))
    assert found.ratio == pytest.approx(8.4, abs=0.05)
    assert found.roi == pytest.approx(741, abs=0.5)
    assert Return(24_000, Cost(12_000, "USD")).payback == 6, "months"
    assert Return(-5, Cost(10, "USD")).payback is None


@pytest.mark.parametrize(
    ("value", "cost"),
    [
        ({"amount": "12,000", "currency": "usd"}, Cost(12_000, "USD")),
        ({"amount": "about $12k"}, Cost(12_000, "USD")),
        ({"amount": 12_000}, None),
        ({"amount": 0, "currency": "USD"}, None),
        ({"amount": "not stated", "currency": "USD"}, None),
        ({"amount": "three days", "currency": "USD"}, None),
        ("12,000 USD", None),
        (None, None),
    ],
)
def test_a_cost_needs_an_amount_and_a_currency(value: object, cost: Cost | None) -> None:
    assert cost_of(value) == cost
