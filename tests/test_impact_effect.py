"""What is computed from one impact entry."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.format import AREAS, DESIGNS, IMPACT
from ingest.lesson import impact_of
from kb.impact.cost import cost_of
from kb.impact.effect import Effect, effect_of, effect_of_row
from kb.impact.units import currency_of
from kb.index.manifest import FORMAT

TREND = {"before": [41, 39, 44, 40, 38, 43, 42, 40], "after": [30, 26, 24, 25]}


def effect(**entry: Any) -> Effect:
    return effect_of(impact_of(entry))


def test_a_natural_field_experiment_is_a_difference_in_differences() -> None:
    """Card and Krueger 1994, American Economic Review 84, table 3: employment per restaurant, in two states.

    Their 2.76 is computed from figures that are not rounded; those that they print give 2.75.
    """
    found = effect(
        metric="employment per restaurant",
        better="more",
        before=20.44,
        after=21.03,
        design="natural-field-experiment",
        compared_with="Pennsylvania",
        control={"before": 23.33, "after": 21.17},
    )
    assert (found.change, found.effect, found.method) == (0.59, 2.75, "difference-in-differences")
    assert found.relative_gain == pytest.approx(2.75 / 20.44), "of the effect, not of the change alone"
    assert (found.low, found.high) == (None, None)
    assert "the spread of the figures is not given" in found.notes[-1]


def test_figures_are_compared_with_the_trend_before_them() -> None:
    found = effect(metric="complaints a month", design="pre-post", series=TREND)
    assert (found.before, found.after, found.method) == (40.875, 26.25, "trend")
    assert found.effect == pytest.approx(-14.8393, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((-17.4559, -12.2227), abs=1e-4)
    assert found.gain == -(found.effect or 0), "fewer complaints are a gain"


def test_five_years_of_ten_per_cent_and_then_twenty_are_ten_points_more_without_an_interval() -> None:
    found = effect(
        area="revenue", metric="growth", unit="% a year", design="pre-post", series={"before": [10] * 5, "after": [20]}
    )
    assert (found.effect, found.low, str(found.unit.of_change)) == (10, None, "percentage points")
    assert "do not vary" in found.notes[0]


def test_with_a_control_the_trend_is_that_of_the_difference() -> None:
    level = {"before": [10, 10.5, 10, 11], "after": [10, 11, 10.5]}
    found = effect(
        metric="sales",
        design="natural-field-experiment",
        series={"before": [20, 20.5, 20, 21], "after": [25, 26, 25.5]},
        control={"series": level},
    )
    assert (found.method, found.effect) == ("controlled-trend", 5)


def test_fewer_than_three_figures_before_are_compared_by_their_mean() -> None:
    found = effect(metric="sales", design="pre-post", series={"before": [10, 12], "after": [15]})
    assert (found.method, found.effect, found.low) == ("mean", 4, None)
    assert effect(metric="sales", design="pre-post", series={"before": [10], "after": []}).effect is None


def test_proportions_of_a_known_number_have_an_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10: 56/70 - 48/80."""
    found = effect(metric="share on time", unit="%", before=60, after=80, n="80 before, 70 after", design="pre-post")
    assert found.method == "shares"
    assert (found.low, found.high) == pytest.approx((5.24, 33.39), abs=0.01)


@pytest.mark.parametrize(
    "entry",
    [
        {"metric": "orders with a wrong part", "n": 4200, "unit": "%"},
        {"metric": "people who clicked", "n": 350, "unit": "%"},
        {"metric": "wrong orders", "n": 350, "before": "4 %", "after": "2 %"},
        {"metric": "wrong ones", "n": "350 orders", "unit": "%"},
        {"metric": "wrong ones", "n": 350, "unit": "% of orders"},
    ],
)
def test_a_percentage_of_what_can_be_counted_has_an_interval(entry: dict[str, Any]) -> None:
    found = effect(**{"before": 4, "after": 2, "design": "pre-post", **entry})
    assert (found.method, found.low is not None) == ("shares", True)
    assert not any(note.startswith("no interval") for note in found.notes)


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (
            {"metric": "wrong ones", "n": 350, "unit": "%"},
            "no interval: write `unit: % of orders`, so that it is clear",
        ),
        ({"metric": "wrong ones", "unit": "%"}, "no interval: write in `n` how many were measured"),
        ({"metric": "profit margin", "n": 350, "unit": "%"}, "no interval: the spread of the figures is not given"),
        ({"metric": "lead time", "n": 350, "unit": "days"}, "no interval: the spread of the figures is not given"),
        (
            {
                "metric": "wrong orders",
                "n": 350,
                "unit": "%",
                "design": "natural-field-experiment",
                "control": {"before": 4, "after": 4},
            },
            "no interval: write in `control` too",
        ),
    ],
)
def test_without_an_interval_it_says_what_to_write(entry: dict[str, Any], note: str) -> None:
    found = effect(**{"before": 4, "after": 2, "design": "pre-post", **entry})
    assert found.low is None
    assert any(each.startswith(note) for each in found.notes)


@pytest.mark.parametrize(
    ("figure", "unit"), [("PLN 300,000", "PLN"), ("4 TEUR", "EUR"), ("300,000 kr", "300,000 kr"), ("4 kg", "kg")]
)
def test_a_currency_may_stand_before_its_amount(figure: str, unit: str) -> None:
    assert str(effect(metric="sales", after=figure).unit) == unit.removeprefix("300,000 ")


def test_an_interval_around_no_change_is_named() -> None:
    found = effect(metric="defect rate", unit="%", before=4, after=2, n=200, design="pre-post")
    assert found.notes[-1] == "the interval includes no change: it may be chance"


@pytest.mark.parametrize("metric", ["growth", "profit margin", "market share"])
def test_a_percentage_of_no_cases_has_no_interval(metric: str) -> None:
    assert effect(metric=metric, unit="%", before=10, after=20, n=5, design="pre-post").low is None


def test_a_target_says_how_far_one_came() -> None:
    found = effect(metric="lead time", before=30, after=20, target=15, unit="days", design="objectives-based")
    assert found.effect == -10
    assert found.reached == pytest.approx(2 / 3)
    assert (found.target, found.is_target_met) == (15, False)
    assert effect(metric="sales", after=20, target=15, design="objectives-based").is_target_met is True
    assert effect(metric="widgets", after=20, target=15, design="objectives-based").is_target_met is None


def test_a_result_against_a_target_alone_has_the_interval_of_the_result() -> None:
    """Wilson 1927; Newcombe 1998, Statistics in Medicine 17, 857-872, table I: 81 of 263 is .2553 to .3662."""
    found = effect(metric="share", after=81 / 263 * 100, unit="% of calls", target=25, n=263, design="objectives-based")
    assert found.method == "result"
    assert (found.low, found.high) == pytest.approx((25.53, 36.62), abs=0.01)
    assert found.gain is None


@pytest.mark.parametrize(
    ("entry", "change", "relative"),
    [
        ({"before": "about 12", "after": "half"}, -6, -0.5),
        ({"before": "10-12", "after": "1-2"}, -9.5, pytest.approx(-9.5 / 11)),
        ({"before": 12, "after": "doubled"}, 12, 1),
        ({"before": "over 3,000", "after": 1500}, -1500, -0.5),
        ({"before": 0, "after": 12}, 12, None),
        ({"before": -3, "after": 5}, 8, None),
        ({"before": 5, "after": -3}, -8, -1.6),
        ({"before": 4, "after": 2, "unit": "%"}, -2, -0.5),
        ({"before": "half", "after": 60, "unit": "%"}, 10, 0.2),
        ({"change": "-2 percentage points"}, -2, None),
        ({"change": "doubled", "before": 100}, 100, 1),
        ({"change": "halved"}, None, -0.5),
        ({"change": "half"}, None, -0.5),
        ({"change": "+PLN 300,000"}, 300_000, None),
        ({"before": "DKK 300,000", "after": "SEK 200,000"}, None, None),
        ({"before": "PLN 300,000", "after": "about PLN 200,000"}, -100_000, pytest.approx(-1 / 3)),
        ({"before": "4 TEUR", "after": "2 kEUR"}, -2000, -0.5),
        ({"before": "3m EUR", "after": "EUR 4m"}, 1_000_000, pytest.approx(1 / 3)),
        ({"before": "300,000 kr", "after": "200,000 kr"}, -100_000, pytest.approx(-1 / 3)),
        ({"metric": "savings", "change": "between EUR 20,000 and 30,000"}, 25_000, None),
        ({"before": "between 10 and 12 days", "after": "10 days"}, -1, pytest.approx(-1 / 11)),
        ({"change": "by half", "before": 40}, -20, -0.5),
        ({"change": "down by half"}, None, -0.5),
        ({"change": "up by half", "before": 40}, 20, 0.5),
        ({"change": "-50 %"}, None, -0.5),
        ({"change": "-50 %", "before": 40}, -20, -0.5),
        ({"change": "no change"}, 0, 0),
        ({"change": "$500,000 saved", "area": "cost"}, -500_000, None),
        ({"before": "1.500", "after": 7}, None, None),
        ({"before": "12 days", "after": "7 hours"}, None, None),
        ({"before": "C", "after": "A"}, None, None),
        ({"before": 1, "after": "9" * 400}, None, None),
    ],
)
def test_a_change_is_read_as_people_write_it(entry: dict[str, Any], change: Any, relative: Any) -> None:
    found = effect(**entry)
    assert found.change == change
    assert found.relative == relative


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ({"before": "about 12", "after": 7}, "before is only about right: about 12"),
        ({"before": "10-12", "after": 7}, "before is a range, whose middle counts: 10-12"),
        ({"before": 0, "after": 12}, "no relative change, because the figure before is zero"),
        ({"before": -3, "after": 5}, "no relative change, because the figure before is below zero"),
        ({"before": "1.500 EUR", "after": 7}, "before: '1.500 EUR' has two readings; write 1500 or 1.5"),
        ({"before": "many", "after": 7}, "before: 'many' cannot be read as a figure"),
        ({"before": "12 days", "after": "7 hours"}, "after: '7 hours' has another unit than 'day'"),
        ({"after": "half"}, "after: 'half' of what? the figure is not given"),
        ({"before": 4, "after": 2, "unit": "%", "change": "-50%"}, "the stated -50% is in per cent of the percentage"),
        ({"before": 4, "after": 2, "unit": "%", "change": "-2%"}, "the stated -2% is in percentage points"),
        (
            {"metric": "error rate", "change": "-5 %"},
            "is the change in per cent, or in percentage points? it does not count",
        ),
        ({"change": "5 days"}, "change: '5 days' does not say whether it went up or down"),
        ({"before": 120, "after": 70, "change": "-60%"}, "the change is stated as -60%, but computed from the figures"),
        ({"after": 7, "n": -5}, "n: '-5' is no number of cases"),
        ({"after": 7, "series": {"before": [1, "?", 3], "after": [2]}}, "series: '?' cannot be read as a figure, so"),
        ({"after": 7, "area": "cost", "attributed": "a lot"}, "attributed: 'a lot' cannot be read as a share"),
        (
            {"after": 7, "metric": "widgets"},
            "whether more or less is better is not known: write `better: less` or `better: more`",
        ),
    ],
)
def test_what_is_unclear_is_named(entry: dict[str, Any], note: str) -> None:
    assert any(found.startswith(note) for found in effect(**entry).notes)


@pytest.mark.parametrize(
    ("entry", "gain"),
    [
        ({"area": "cost", "change": "-500000", "unit": "USD"}, 500_000),
        ({"area": "cost", "change": "+500000", "unit": "USD"}, -500_000),
        ({"area": "cost", "metric": "money saved", "change": "-500000", "unit": "USD"}, 500_000),
        ({"metric": "savings", "after": 20_000, "unit": "EUR"}, 20_000),
        ({"area": "revenue", "change": "+5", "unit": "EUR"}, 5),
        ({"area": "revenue", "metric": "complaints a day", "before": 5, "after": 3}, 2),
        ({"area": "customer-satisfaction", "metric": "satisfaction with delivery time", "before": 5, "after": 7}, 2),
        ({"metric": "error rate", "before": 5, "after": 3}, 2),
        ({"metric": "time saved per week", "change": "+3", "unit": "hours"}, 3),
        (
            {
                "area": "employee-productivity",
                "metric": "weeks until the first offer of one's own",
                "before": 5,
                "after": 3,
            },
            2,
        ),
        ({"metric": "widgets", "before": 5, "after": 3}, None),
    ],
)
def test_the_good_direction_is_known_by_metric_and_area(entry: dict[str, Any], gain: float | None) -> None:
    assert effect(**entry).gain == gain


@pytest.mark.parametrize(
    ("attributed", "share"),
    [
        ("60 %, 80 % sure", 0.48),
        ("60 % (confidence 80 %)", 0.48),
        ("about half", 0.5),
        ("0.6", 0.6),
        ("two thirds of it", pytest.approx(2 / 3)),
        ("all", 1),
        ("60", None),
        ("150 %", None),
        ("a lot", None),
    ],
)
def test_only_the_share_that_is_credited_counts(attributed: str, share: Any) -> None:
    found = effect(area="cost", change="-1000", unit="USD", attributed=attributed)
    assert found.share == share
    assert found.credited == (None if found.share is None else 1000 * found.share)
    assert found.is_share_clear is (share is not None)


TEXTS = st.text(max_size=12) | st.sampled_from(["-5 %", "half", "12", "10-12", "\u202e1\x1b[31m", "<b>", "9" * 30])
ENTRIES = st.fixed_dictionaries(
    {"area": st.sampled_from([*AREAS, ""]), "design": st.sampled_from([*DESIGNS, ""])},
    optional={
        **{key: TEXTS for key in IMPACT.keys if key not in ("area", "design", "series", "control")},
        "series": st.fixed_dictionaries({"before": st.lists(TEXTS), "after": st.lists(TEXTS)}),
        "control": st.fixed_dictionaries({"before": TEXTS, "after": TEXTS, "n": TEXTS}),
    },
)


@given(ENTRIES)
def test_any_entry_has_an_effect_that_survives_being_stored(entry: dict[str, Any]) -> None:
    found = effect(**entry)
    assert effect_of_row(json.loads(json.dumps(found))) == found
    json.dumps(found.as_json(), allow_nan=False)


def test_what_the_index_stores_of_an_effect_belongs_to_its_format() -> None:
    """If this fails, raise `FORMAT`: an index stores these fields in this order."""
    assert (FORMAT, len(Effect._fields), Effect._fields[-3:]) == (12, 29, ("evidence", "unit", "notes"))


@pytest.mark.parametrize("key", ["metric", "note", "before", "unit", "attributed"])
def test_of_a_very_long_text_only_the_beginning_is_shown(key: str) -> None:
    assert len(json.dumps(effect(**{"after": 5, key: "1 x" * 50_000}).as_json())) < 3000


@pytest.mark.parametrize(
    ("unit", "currency"),
    [
        ("$", "USD"),
        ("US$ a year", "USD"),
        ("US dollars", "USD"),
        ("british pounds", "GBP"),
        ("AUD $", "AUD"),
        ("million dollars", "USD"),
        *((unit, "") for unit in ("A$", "CA$", "HK$", "Australian dollars", "Egyptian pounds", "kr")),
    ],
)
def test_a_currency_is_only_taken_for_what_it_surely_is(unit: str, currency: str) -> None:
    assert currency_of(unit) == currency
    assert effect(area="cost", before=9, after=5, unit=unit).is_addable == (bool(currency) and "million" not in unit)


@pytest.mark.parametrize("unit", ["k USD per year", "million USD", "USD (thousands)", "USD 1000", "TEUR"])
def test_a_multiple_of_money_is_not_added_to_other_money(unit: str) -> None:
    found = effect(area="cost", before=9, after=5, unit=unit)
    assert not found.is_addable
    assert any("write the whole amounts" in note for note in found.notes)
    assert not effect(metric="parcels", before=9, after=5, unit="thousand parcels").unit.is_money


@pytest.mark.parametrize("n", [f"1{'0' * 200}", f"0.{'0' * 200}1", "0.5"])
def test_a_number_of_cases_is_of_a_size_that_can_be_counted(n: str) -> None:
    share = {"metric": "share of late parcels", "unit": "% of parcels", "design": "pre-post"}
    found = effect(**share, before=12, after=3, n=n)
    assert (found.low, any("is no number of cases" in note for note in found.notes)) == (None, True)


def test_no_ratio_is_infinite() -> None:
    tiny = f"0.{'0' * 319}1"
    found = effect(before=f"{tiny} USD", after="300000000000000 USD", target=tiny)
    assert (found.before, found.relative, found.reached) == (None, None, None)
    json.dumps(found.as_json(), allow_nan=False)


def test_a_cost_in_two_currencies_is_none() -> None:
    assert cost_of({"amount": "100 EUR", "currency": "USD"}) is None
    assert cost_of({"amount": "100 EUR", "currency": "EUR"}) == cost_of({"amount": "100 EUR"})


def test_percentages_of_a_budget_are_no_money() -> None:
    assert not effect(area="cost", before=12, after=3, unit="% of USD budget").unit.is_money
