"""Numbers as people write them, and changes held against the figures before and after."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.format import Impact
from kb.figures.amounts import Range, numbers_in, read_amount
from kb.figures.changes import contradicts, course_of, read_change
from tests.examples import examples

QUICK = settings(max_examples=examples(150), deadline=None)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("12", 11.5, 12.5, ""),
        ("12.50 days", 12.495, 12.505, "day"),
        ("0", 0, 0.5, ""),
        ("100", 95, 105, ""),
        ("19,945", 19944.5, 19945.5, ""),
        ("$1.5k", 1450, 1550, "usd"),
        ("\u20ac2m", 1.5e6, 2.5e6, "eur"),
        ("1,5 Mio. \u20ac", 1.45e6, 1.55e6, "eur"),
        ("1.234,56", 1234.555, 1234.565, ""),
        ("1'500'000 USD", 1.45e6, 1.55e6, "usd"),
        ("1 500", 1450, 1550, ""),
        ("0,500", 0.4995, 0.5005, ""),
        ("nearly 50 %", 44.45, 55.55, "%"),
        ("more than 3 hrs", 2.5, math.inf, "hour"),
        ("up to 12 per cent", 0, 12.5, "%"),
        ("500+", 495, math.inf, ""),
        ("10\u201312 days", 9.5, 12.5, "day"),
        ("10 to 20 percentage points", 9.5, 20.5, "point"),
        ("\u22125", -5.5, -4.5, ""),
        ("about 12 (the median of 9)", 10.25, 13.75, ""),
    ],
)
def test_amounts_are_read_with_how_exactly_they_are_meant(text: str, low: float, high: float, unit: str) -> None:
    amount = read_amount(text)
    assert amount
    assert (amount.range.low, amount.range.high) == pytest.approx((low, high))
    assert amount.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many",
        "1.500",
        "5m",
        "12 of 40",
        "from 12 to 7",
        "3 May 2026",
        "12:30",
        "20-10",
        "1/3",
        "\u00b15",
        "v1.2.3",
        "1e6",
    ],
)
def test_what_can_be_read_two_ways_is_not_read(text: str) -> None:
    assert read_amount(text) is None


WHOLE = st.integers(0, 10**9)
AROUND = st.sampled_from(["{}", " {} ", "${}", "{} days", "{}%", "about {}", "{} (per depot)"])


@QUICK
@given(WHOLE, AROUND)
def test_every_way_to_group_digits_is_the_same_number(number: int, around: str) -> None:
    ways = [f"{number:,}".replace(",", mark) for mark in (",", "'", "\u202f", "")]
    read = [read_amount(around.format(way)) for way in ways]
    assert read[0]
    assert all(amount == read[0] for amount in read)
    assert read[0].range.low <= number <= read[0].range.high


@QUICK
@given(st.decimals(0, 10**6, places=2), st.sampled_from([".", ","]))
def test_decimals_with_point_or_comma_are_off_by_half_a_unit_of_the_last(number: object, mark: str) -> None:
    amount = read_amount(str(number).replace(".", mark))
    assert amount
    assert amount.range.low <= float(str(number)) <= amount.range.high
    assert amount.range.high - float(str(number)) == pytest.approx(0.005)


@QUICK
@given(st.text(alphabet="0123456789.,'kKm% $-+\u2212\u2013toabu ~>(x)\u00d7", max_size=20) | st.text(max_size=20))
def test_any_text_is_read_or_is_not(text: str) -> None:
    amount = read_amount(text)
    assert amount is None or amount.range.low <= amount.range.high
    assert all(0 <= number.low <= number.high for number in numbers_in(text))
    change = read_change(text)
    assert change is None or change.size.magnitude.high >= 0


@QUICK
@given(st.floats(0.01, 1e9), st.floats(0.01, 1e9), st.floats(0.01, 1e9))
def test_ranges_meet_when_they_have_a_number_in_common(low: float, width: float, other: float) -> None:
    both = Range(low, low + width)
    assert both.meets(Range(low + width, low + width + other))
    assert both.meets(both)
    assert not both.meets(Range(2 * (low + width), 2 * (low + width) + other))


def course_and_change(before: str, after: str, change: str, unit: str = "") -> bool | None:
    """Say whether a change contradicts its figures; None when they cannot be read."""
    read, course = read_change(change), course_of(Impact(before=before, after=after, unit=unit))
    return contradicts(read, course) if read and course else None


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("120", "70", "-42%"),
        ("120", "70", "42 % less"),
        ("120", "70", "down by 42 per cent"),
        ("120", "70", "-50"),
        ("120", "70", "50"),
        ("120", "70", "-0.42"),
        ("120", "70", "down"),
        ("120 days", "70 days", "-50 days"),
        ("120 days", "70 days", "50 working days"),
        ("120 parcels", "70 parcels", "-42 % of all parcels (May)"),
        ("120", "70", "nearly 45 %"),
        ("120", "70", "more than 40 %"),
        ("3", "1.5", "halved"),
        ("10", "31", "tripled"),
        ("10", "31", "x3"),
        ("10", "31", "3-fold"),
        ("31", "10", "3x"),
        ("10", "31", "more than doubled"),
        ("40 %", "60 %", "+20 percentage points"),
        ("40 %", "60 %", "+20 %"),
        ("40 %", "60 %", "+50 %"),
        ("$1.2m", "$700k", "$500,000 saved"),
        ("1.200,50", "600,25", "-50%"),
        ("12", "0", "-100%"),
    ],
)
def test_a_change_that_is_what_the_figures_come_to(before: str, after: str, change: str) -> None:
    assert course_and_change(before, after, change) is False


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("120", "70", "-60%"),
        ("120", "70", "+42%"),
        ("120", "70", "up"),
        ("120", "70", "-70 days"),
        ("120", "70", "doubled"),
        ("120", "70", "less than 20 %"),
        ("10", "31", "halved"),
        ("10", "31", "x9"),
        ("40 %", "60 %", "+30 points"),
        ("$1.2m", "$700k", "$900,000 saved"),
    ],
)
def test_a_change_that_is_not(before: str, after: str, change: str) -> None:
    assert course_and_change(before, after, change) is True


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("12 days", "7 hours", "-90%"),
        ("many", "few", "-90%"),
        ("120", "70", "much better"),
        ("120", "70", "70 % faster"),
        ("120", "70", "70 slower"),
        ("120", "70", "70 % below plan"),
        ("120", "70", "70 % (of the worst), worse than in Turin"),
        ("120", "70", "up -5 %"),
        ("120", "70", "see note"),
        ("120", "70", "improved"),
        ("120", "70", "70 % better"),
        ("1.500", "700", "-99%"),
        ("120", "70", "unchanged"),
    ],
)
def test_what_cannot_be_read_contradicts_nothing(before: str, after: str, change: str) -> None:
    assert course_and_change(before, after, change) is None


@pytest.mark.parametrize("change", ["-90%", "doubled", "-3 EUR"])
def test_nought_has_no_percentage_and_other_units_no_difference(change: str) -> None:
    assert course_and_change("0", "7 days", change) is False


@QUICK
@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_what_is_worked_out_and_rounded_never_contradicts(before: int, after: int) -> None:
    share = (after - before) / before
    for change in (f"{share:+.0%}", f"{share:+.1%}", f"{after - before:+,}", "up" if after > before else "down"):
        assert course_and_change(str(before), f"{after:,}", change, "parcels") is False


@QUICK
@given(st.integers(10, 10**6), st.floats(1.2, 9))
def test_the_wrong_direction_always_contradicts(before: int, factor: float) -> None:
    more = round(before * factor)
    assert course_and_change(str(before), str(more), f"-{factor - 1:.0%}") in (True, None)
    assert course_and_change(str(before), str(more), "down") is True
