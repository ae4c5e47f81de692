"""Whether effects can be computed, and are gains."""

from __future__ import annotations

import pytest

from tests.checking import codes, found


def lesson(entry: str) -> str:
    rows = entry.replace("; ", "\n    ")
    return f"---\nstatus: validated\nimpact:\n  - {rows}\n---\n# Wrong labels\n"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("area: cost; before: 70; after: 120; unit: USD", "direction"),
        ("area: cost; change: +5 %", "direction"),
        ("area: cost; before: 70; after: 120; note: the price of paper rose", None),
        ("area: cost; before: 120; after: 70", None),
        ("area: revenue; metric: complaints; before: 70; after: 120", "direction"),
        ("metric: widgets; before: 70; after: 120", None),
        ("area: cost; metric: money saved; change: -500000; unit: USD", None),
        ("metric: complaints; series: {before: [1, 2], after: [1]}", "series"),
        ("metric: complaints; series: {before: [1, 2, 3]}", "series"),
        ("metric: complaints; series: {before: [3, 2, 3], after: [1]}", None),
        (
            "metric: sales; series: {before: [1, 2, 3], after: [4]}; control: {series: {before: [1], after: [1]}}",
            "series",
        ),
        ("metric: lead time; before: 12 days; after: 7 hours", "figure"),
        ("metric: lead time; before: 1.500; after: '1.5'", "figure"),
        ("metric: lead time; after: half", "figure"),
        ("metric: lead time; before: about 12; after: 10-12", None),
        ("metric: lead time; before: not stated; after: 7", None),
        ("metric: lead time; before: 12; after: 7; n: none at all", "figure"),
        ("metric: lead time; series: {before: [3, many, 3], after: [1]}", "figure"),
        ("note: not measured", None),
    ],
)
def test_what_cannot_be_computed_or_is_a_loss_is_named(entry: str, code: str | None) -> None:
    assert codes(lesson(entry), "effects") == ([code] if code else [])


TWO = "area: cost; metric: {}; change: {}; unit: {}; period: {}\n  - metric: {}; change: {}; unit: {}; period: {}"


@pytest.mark.parametrize(
    ("one", "other", "is_repeated"),
    [
        (("reprints", "-500", "USD", "per month"), ("cost of print", "-6,000", "USD", "per year"), True),
        (("cost a year", "-6000", "USD", "per year"), ("cost", "-1,498", "USD", "per quarter"), True),
        (("reprints", "-500", "USD", "per month"), ("cost of print", "-6,000", "EUR", "per year"), False),
        (("reprints", "-500", "USD", "per month"), ("cost of print", "-7,000", "USD", "per year"), False),
        (("reprints", "-500", "USD", "per month"), ("cost of paper", "-500", "USD", "per month"), False),
        (("reprints", "-500", "USD", "per month"), ("complaints", "-6,000", "", "per year"), False),
    ],
)
def test_money_that_stands_there_over_two_periods_is_named(
    one: tuple[str, ...], other: tuple[str, ...], is_repeated: bool
) -> None:
    findings = found(lesson(TWO.format(*one, *other)), "effects")
    assert [finding.code for finding in findings] == ["effects.twice"] * is_repeated
    if is_repeated:
        assert findings[0].line == 9
        assert "line 4" in findings[0].message


def test_a_finding_stands_at_the_value() -> None:
    text = lesson("metric: lead time; before: 12 days; after: 7 hours")
    (finding,) = found(text, "effects")
    assert text.split("\n")[finding.line - 1].strip() == "after: 7 hours"
    assert finding.message == "'7 hours' has another unit than 'day'; write a number with its unit"
