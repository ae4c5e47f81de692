"""What `kb impact` adds up, what it keeps apart, and its page."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64decode
from itertools import pairwise
from typing import Any

import pytest

from ingest.lesson import Lesson
from kb.gains.csv_table import csv_of
from kb.gains.page import page_of
from kb.gains.plots import Bar, bars
from kb.gains.report import NOT_STATED, By, ImpactReport
from kb.gains.wording import group_lines, overview
from kb.impact.lesson_impact import LessonHead, impact_of_lesson, impact_of_row
from kb.lessons.evidence import GRADES
from tests.html_page import HOSTILE, check_harmless

SAVED = {"area": "cost", "metric": "costs of printing", "change": -500_000, "unit": "USD", "period": "first year"}
FEWER = {"area": "cycle-time", "metric": "lead time", "before": 12, "after": 7, "unit": "days", "design": "pre-post"}
TREND = {
    "area": "customer-satisfaction",
    "metric": "complaints a month",
    "design": "pre-post",
    "series": {"before": [41, 39, 44, 40, 38, 43, 42, 40], "after": [30, 26, 24, 25]},
}
CODES = ["USD", "EUR", "GBP", "JPY", "CHF", "INR", "BRL", "SEK", "CAD", "AUD"]


def report(*fronts: dict[str, Any], by: By = By.AREA) -> ImpactReport:
    impacts = []
    for number, front in enumerate(fronts):
        lesson = Lesson(f"lessons/{number}.md", str(number), str(front.get("title", "Labels")), front)
        head = LessonHead(lesson.path, lesson.id, lesson.title, lesson.date or "")
        stored = json.loads(json.dumps(impact_of_lesson(lesson, [7]).as_row()))
        impacts.append((head, impact_of_row(stored)))
    return ImpactReport(by, tuple(impacts))


def test_measured_stated_and_silent_lessons_are_told_apart() -> None:
    found = report({"impact": [FEWER]}, {"impact": [{"note": "not measured"}]}, {"impact": [{"change": "up"}]}, {})
    assert overview(found) == (
        "4 lessons: 1 with a measured impact, 2 with an impact but no figure, 1 without an impact"
    )
    assert [entry.effect.note for entry in found.unmeasured] == ["not measured", ""]


def test_money_is_added_by_currency_and_period_only() -> None:
    fronts = [{"impact": [{**SAVED, "unit": code, "period": period}]} for code in CODES for period in ("once", "")]
    (group,) = report(*fronts, *fronts[:2]).groups
    sums = {(total.unit.name, total.unit.per): (total.gain, total.entries) for total in group.totals}
    assert sums.pop(("USD", "once")) == sums.pop(("USD", "")) == (1_000_000, 2)
    assert sums == {(code, per): (500_000, 1) for code in CODES[1:] for per in ("once", "")}
    lines = [*group_lines(group)]
    assert lines[0] == "sum of gains: +1,000,000 USD (period not stated) in 2 entries, none of it shown by a comparison"
    assert "and 16 sums in other currencies and periods" in lines


def test_a_loss_is_taken_from_the_sum_and_only_the_credited_share_counts() -> None:
    loss = {**SAVED, "change": "+100,000"}
    (group,) = report({"impact": [{**SAVED, "attributed": "60 %, 80 % sure"}, loss]}).groups
    (total,) = group.totals
    assert (total.gain, total.credited, total.entries) == (400_000, 140_000, 2)


def test_of_a_sum_that_part_is_named_which_a_comparison_shows() -> None:
    shown = {**SAVED, "design": "pre-post", "compared_with": "last year"}
    (group,) = report({"impact": [{**SAVED, "design": "none"}, {**shown, "change": "-200,000"}]}).groups
    assert "sum of gains: +700,000 USD per year in 2 entries, +200,000 of it shown by a comparison" in [
        *group_lines(group)
    ]
    (group,) = report({"impact": [{**SAVED, "design": "none"}]}).groups
    assert next(group_lines(group)).endswith("in 1 entry, none of it shown by a comparison")


def test_of_other_figures_there_is_a_median_by_unit() -> None:
    others = [{**FEWER, "before": 30, "after": 10}, {**FEWER, "unit": "hours"}, {**FEWER, "unit": ""}]
    (group,) = report({"impact": [FEWER, *others]}).groups
    assert [(middle.unit, middle.median, middle.entries) for middle in group.medians] == [
        ("days", 12.5, 2),
        ("hours", 5, 1),
    ]
    assert group.totals == ()
    assert group.relative is not None
    assert group.relative.entries == 4


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (By.AREA, ["cost", "cycle-time"]),
        (By.KIND, [NOT_STATED]),
        (By.DESIGN, ["measured before and after", NOT_STATED]),
        (By.UNIT, ["North", NOT_STATED]),
        (By.YEAR, ["2020", "2019", NOT_STATED]),
    ],
)
def test_effects_are_gathered(by: By, names: list[str]) -> None:
    found = report(
        {"impact": [SAVED], "date": "2019-05", "unit": "North"}, {"impact": [FEWER], "date": "2020"}, {}, by=by
    )
    assert [group.name for group in found.groups] == names


def test_return_on_cost_needs_benefits_in_the_currency_of_the_cost() -> None:
    cost = {"amount": 100_000, "currency": "USD"}
    found = report(
        {"impact": [SAVED], "cost": cost},
        {"impact": [{**SAVED, "unit": "EUR"}], "cost": cost},
        {"impact": [{**SAVED, "period": "per month"}], "cost": cost},
        {"impact": [FEWER], "cost": cost},
        {"impact": [SAVED]},
    )
    assert [(each.head.id, each.returned.roi) for each in found.returns] == [("0", 400)]
    assert [each.benefits for each in found.return_totals] == [500_000]


def test_json_has_only_finite_numbers_and_says_where_each_entry_is() -> None:
    found = report({"impact": [TREND, {**FEWER, "before": 0}, {"change": "9e999"}]})
    data = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert (data["entries"][0]["path"], data["entries"][0]["line"]) == ("lessons/0.md", 7)
    assert data["entries"][0]["interval"]["level"] == 0.95
    assert data["entries"][0]["evidence"] == {"grade": "C", "words": "fair: measured before and after"}


def test_a_table_with_commas_runs_no_formula() -> None:
    found = report({"title": '=HYPERLINK("http://x")', "unit": "+1\x1b", "impact": [{**FEWER, "metric": "@lead time"}]})
    (row,) = csv.DictReader(io.StringIO(csv_of(found)))
    assert (row["title"], row["organisation"], row["metric"]) == (
        '\'=HYPERLINK("http://x")',
        "'+1\u241b",
        "'@lead time",
    )
    assert (row["change"], row["measured"], row["grade"]) == ("-5.0", "yes", "C")


def test_a_page_runs_nothing_and_asks_for_nothing() -> None:
    hostile = dict.fromkeys(("metric", "unit", "note", "area", "kind", "compared_with"), HOSTILE)
    fronts: list[dict[str, Any]] = [
        {
            "title": HOSTILE,
            "unit": HOSTILE,
            "date": "2019",
            "impact": [{**FEWER, **hostile}, TREND, SAVED, {"note": HOSTILE}],
        },
        {"title": "\u0642\u0637\u0627\u0631 \u706b\u8eca", "impact": [TREND]},
    ]
    text = page_of(report(*fronts))
    check_harmless(text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_picture_has_its_texts_as_texts_and_a_table_behind_it() -> None:
    text = page_of(report({"date": "2019", "impact": [TREND, {**SAVED, "metric": HOSTILE}]}))
    pictures = [b64decode(found).decode() for found in re.findall(r"base64,([^\"]+)\"", text)]
    assert len(pictures) == 3
    for picture in pictures:
        assert "<script" not in picture
        assert not re.search(r"href=\"(?!#)", picture), "links only within the picture"
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", picture)
    assert text.count("<img") == len(re.findall(r"<img[^>]* alt=\"[^\"]{20,}\">", text))
    assert text.count("<table>") >= len(pictures)


@pytest.mark.parametrize("fronts", [[], [{}], [{"impact": [{"note": "not measured"}]}], [{"impact": [FEWER]}]])
def test_a_library_with_little_or_nothing_has_a_page(fronts: list[dict[str, Any]]) -> None:
    found = report(*fronts)
    assert overview(found) in page_of(found)
    assert json.dumps(found.as_json())
    assert csv_of(found).count("\n") >= 1


def test_the_same_report_is_the_same_page() -> None:
    assert page_of(report({"impact": [TREND]})) == page_of(report({"impact": [TREND]}))


def test_grades_are_told_apart_without_colour() -> None:
    rows = [Bar(letter, {letter: 1}) for letter in GRADES]
    svg = bars(rows).decode()
    fills = list(dict.fromkeys(re.findall(r"fill: (#[0-9a-f]{6}); (?=opacity|stroke: #333333)", svg)))
    lightness = [sum(map(int, bytes.fromhex(fill[1:]))) / 765 for fill in fills if fill != "#333333"]
    assert len(lightness) >= len(GRADES) - 2, "two grades are hatched"
    assert all(after - before > 0.1 for before, after in pairwise(sorted(lightness)))
    assert svg.count("<pattern") >= 2
    assert [letter for letter in GRADES if f">{letter} {GRADES[letter].strength}<" in svg] == [*GRADES]
