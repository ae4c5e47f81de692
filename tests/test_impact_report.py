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

from ingest.lesson import Lesson, impact_of
from kb.gains.csv_table import csv_of
from kb.gains.gains import report_of
from kb.gains.page import page_of
from kb.gains.plots import Bar, bars
from kb.gains.report import NOT_STATED, By, ImpactReport
from kb.gains.wording import (
    cost_line,
    group_lines,
    outcomes_line,
    overview,
    return_line,
    return_total_line,
    told,
)
from kb.impact.effect import effect_of
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
    return report_of(by, impacts)


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
    assert lines[0] == (
        "gains and losses together: +1,000,000 USD, period not stated (2 entries: 2 gains, 0 losses), "
        "none of it shown by a comparison"
    )
    assert "and 16 sums in other currencies and periods" in lines


def test_a_loss_is_taken_from_the_sum_and_only_the_credited_share_counts() -> None:
    loss = {**SAVED, "change": "+100,000"}
    (group,) = report({"impact": [{**SAVED, "attributed": "60 %, 80 % sure"}, loss]}).groups
    (total,) = group.totals
    assert (total.gain, total.credited, total.entries) == (400_000, 140_000, 2)


def test_a_share_that_cannot_be_read_counts_in_no_credited_sum() -> None:
    (group,) = report({"impact": [{**SAVED, "attributed": "most of it"}, SAVED]}).groups
    (total,) = group.totals
    assert (total.gain, total.credited, total.uncredited) == (1_000_000, 500_000, 1)
    assert "+500,000 of it credited, not counting 1 entry whose share cannot be read" in next(group_lines(group))


def test_gains_losses_and_what_is_not_known_are_counted() -> None:
    worse, same = {**FEWER, "after": 13}, {**FEWER, "after": 12}
    found = report({"impact": [FEWER, worse, same, {"metric": "widgets", "before": 1, "after": 2}]})
    assert outcomes_line(found.whole) == "4 measured entries: 1 gain, 1 loss, 1 unchanged, 1 not known"
    data = json.loads(json.dumps(found.as_json()))
    assert data["all"]["outcomes"] == {"gain": 1, "loss": 1, "unchanged": 1, "unclear": 1}
    assert sorted(entry["outcome"] for entry in data["entries"]) == ["gain", "loss", "unchanged", "unclear"]
    assert [entry.effect.after for entry in found.losses] == [13]
    text = page_of(found)
    assert "What got worse: 1 entry" in text
    assert outcomes_line(found.whole) in text


def test_a_picture_of_many_effects_has_losses_and_says_what_it_lacks() -> None:
    gains = [{**FEWER, "metric": f"time {number}"} for number in range(25)]
    losses = [{**FEWER, "metric": f"worse time {number}", "after": 20} for number in range(5)]
    text = page_of(report({"impact": [*gains, *losses]}))
    assert "The picture shows 12 of 30, gains and losses." in text
    (said,) = re.findall(r"alt=\"(Changes for the better[^\"]*)\"", text)
    assert said.count("worse time") == 4
    money = [{**SAVED, "unit": code} for code in CODES[:5]]
    text = page_of(report({"date": "2019", "impact": money}))
    assert "Not drawn, but in the table: JPY per year; USD per year." in text


def test_lessons_that_are_not_current_are_left_out_unless_a_condition_names_the_status() -> None:
    fronts = [{"impact": [SAVED], "status": status} for status in ("superseded", "validated", "draft", "retired")]
    found = report(*fronts)
    assert [entry.head.id for entry in found.entries] == ["1", "2"]
    assert found.notes == (
        "left out: 1 superseded, 1 retired; to see them add status:superseded|retired",
        "1 entry from drafts, which nobody has validated",
    )
    assert all(note in page_of(found) for note in found.notes)
    assert [entry["status"] for entry in found.as_json()["entries"]] == ["validated", "draft"]
    (row, _) = csv.DictReader(io.StringIO(csv_of(found)))
    assert row["status"] == "validated"


def test_an_effect_is_said_as_better_or_worse_with_its_figures() -> None:
    def line(**entry: Any) -> str:
        return told(effect_of(impact_of(entry)))

    assert line(metric="error rate", unit="%", before=24, after=11, design="pre-post").startswith(
        "better by 13 percentage points (24 % to 11 %, -54.2 %); after minus before"
    )
    assert line(metric="sales", unit="EUR", before=4, after=3).startswith("worse by 1 EUR (4 to 3, -25 %)")
    assert line(metric="widgets", before=4, after=5).startswith("+1 (4 to 5, +25 %)")
    assert line(metric="sales", change="+5 %") == "better by 5 %; as stated"
    on_time = line(metric="deliveries on time", unit="%", before=80, after=92, target=95, design="objectives-based")
    assert on_time.endswith("the target of 95 % was not met; 80 % of the way")
    assert "credited 60 %: 0.6 EUR" in line(metric="sales", unit="EUR", before=4, after=5, attributed="60 %")
    controlled = line(
        metric="errors", before=50, after=40, design="natural-field-experiment", control={"before": 50, "after": 30}
    )
    assert controlled.startswith("worse by 10 (50 to 40, +20 % of the figure before)")
    assert controlled.endswith("after minus before is -10, and -20 in the matched unit")
    assert "after minus before is -14.6, the rest is the trend before" in told(
        report({"impact": [TREND]}).entries[0].effect
    )


def test_of_a_sum_that_part_is_named_which_a_comparison_shows() -> None:
    shown = {**SAVED, "design": "pre-post", "compared_with": "last year"}
    (group,) = report({"impact": [{**SAVED, "design": "none"}, {**shown, "change": "-200,000"}]}).groups
    assert next(group_lines(group)) == (
        "gains and losses together: +700,000 USD per year (2 entries: 2 gains, 0 losses), "
        "+200,000 of it shown by a comparison"
    )
    (group,) = report({"impact": [{**SAVED, "design": "none"}]}).groups
    assert next(group_lines(group)) == ("in money: +500,000 USD per year (1 entry), none of it shown by a comparison")


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
    assert [(each.head.id, each.returned.roi) for each in found.costs.returns] == [("2", 5900), ("0", 400)]
    assert [(each.returned.benefits, each.lessons) for each in found.costs.return_totals] == [(6_500_000, 2)]
    assert cost_line(found.costs) == (
        "4 lessons give a cost (400,000 USD in all); for 2 the return can be computed; "
        "left out: 1 (its benefit is in EUR, its cost in USD), 3 (it has no benefit in money)"
    )
    assert "6,000,000 for 100,000 USD, first year, if it lasts" in return_line(found.costs.returns[0].returned)
    assert return_total_line(found.costs.return_totals[0]).startswith("2 lessons in USD: ROI 3,150 %")
    data = json.loads(json.dumps(found.as_json()))
    assert (data["costs"]["lessons"], data["costs"]["with_return"], data["return_totals"][0]["lessons"]) == (4, 2, 2)
    assert [each["because"] for each in data["costs"]["left_out"]] == [
        "its benefit is in EUR, its cost in USD",
        "it has no benefit in money",
    ]
    assert "left out: 1 (its benefit is in EUR" in page_of(found)


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
