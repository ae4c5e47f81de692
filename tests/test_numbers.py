"""Numbers are read as they are written, in Europe, in India and by people in a hurry."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from search.query.numbers import leading_number, two_readings
from tests.conftest import Make, Run


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.200,50", 1200.5),
        ("1,200.50", 1200.5),
        ("1'200", 1200),
        ("1\u2019200 boxes", 1200),
        ("1 200", 1200),
        ("1\u202f200 EUR", 1200),
        ("1.2 million", 1_200_000),
        ("$1.5M", 1_500_000),
        ("$2B a year", 2_000_000_000),
        ("500k", 500_000),
        ("1,5 Mio. \u20ac", 1_500_000),
        ("3 Mrd EUR", 3_000_000_000),
        ("1,00,000", 100_000),
        ("\u20b912,34,567.50", 1_234_567.5),
        ("2 lakh", 200_000),
        ("EUR 1.200,50", 1200.5),
        ("9,5", 9.5),
        ("0.125", 0.125),
        ("$-500", -500),
        ("-$500", -500),
        ("\u2212 5 \u00b0C", -5),
        ("about 40 days", 40),
        ("~40", 40),
        ("12\u201314", 12),
        ("12 of 40", 12),
        ("5 m", 5),
        ("3.", 3),
        ("1.500", 1.5),
        ("$2.375", 2.375),
    ],
)
def test_the_number_that_a_text_begins_with(text: str, value: float) -> None:
    found = leading_number(text)
    assert found
    assert found.value == value


@pytest.mark.parametrize("text", ["5M", "5m", "1e3", "3:30", "1/3", "1.2.3", "01.05.2019", "many", ""])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert leading_number(text) is None


@pytest.mark.parametrize("sign", [" ", "1", "1 ", ",", "about ", "1,00,", "-"])
def test_of_a_long_text_only_the_beginning_is_read(sign: str) -> None:
    assert leading_number(sign * 200_000) == leading_number(sign * 300)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [(">1000", range(6)), ("<2", ()), ("<=9.5", (7,)), (">=$1.5M", (4,)), ("100000", (5,)), ("1200..1201", range(3))],
)
def test_a_filter_compares_what_was_meant(indexed: Make, kb: Run, asked: str, numbers: Sequence[int]) -> None:
    values = ["1.200,50", "1'200", "1 200", "1.2 million", "$1.5M", "1,00,000", "12.000", "9,5"]
    lesson = '---\nimpact: [{{metric: boxes, before: "{}", after: 1}}]\n---\n\nText.\n'
    root = indexed({f"{number}.md": lesson.format(value) for number, value in enumerate(values)})
    found = json.loads(kb(root, "list", "--json", f"impact.before:{asked}").out)
    assert sorted(lesson["id"] for lesson in found) == [str(number) for number in numbers]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.500", ("1500", "1.5")),
        ("$2.375 a box", ("2375", "2.3750")),
        ("-1.000", ("1000", "1")),
        ("1.5", None),
        ("0.125", None),
    ],
)
def test_a_number_that_can_be_read_two_ways_comes_with_both(text: str, readings: tuple[str, str] | None) -> None:
    assert two_readings(text) == readings
    assert readings is None or all(two_readings(reading) is None for reading in readings)
