"""What an impact was worth, in words: a gain reads as a gain, and nothing is said that the file does not say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.format import DESIGNS, IMPACT, Control, Impact, Series
from ingest.lesson import Lesson
from kb.impact.worth import in_a_phrase, worth
from kb.lessons.evidence import EVIDENCE_IN_WORDS
from kb.lessons.phrase import phrase_of
from tests.examples import examples


def test_each_design_has_its_words() -> None:
    assert tuple(EVIDENCE_IN_WORDS) == DESIGNS


@pytest.mark.parametrize(
    ("impact", "phrase"),
    [
        # A change with its sign.
        (Impact(metric="costs", change="-50%"), "costs down 50 %"),
        (Impact(metric="costs", change="\u221250 %"), "costs down 50 %"),
        (Impact(metric="errors", change="-50", unit="percent"), "errors down 50 %"),
        (Impact(metric="sales", change="+12.5%", before="10", after="11.25"), "sales up 12.5 %, from 10 to 11.25"),
        (Impact(area="cycle-time", change="-3", unit="days"), "cycle time down 3 days"),
        (Impact(metric="orders", change="+12000"), "orders up 12,000"),
        (Impact(change="-50%"), "down 50 %"),
        # What is saved, as it is stated; the dash of a range is none of a sign.
        (Impact(metric="savings", change="10-20 %"), "saved 10-20 %"),
        (Impact(metric="money saved", change="-500000", unit="USD"), "saved 500,000 USD"),
        (Impact(metric="costs saved by reprints", change="20 %"), "saved 20 % by reprints"),
        (Impact(metric="savings accounts opened", change="+12 %"), "savings accounts opened up 12 %"),
        # Before and after.
        (
            Impact(
                metric="wrong boxes",
                before="12",
                after="1",
                unit="a day",
            ),
            "wrong boxes down from 12 to 1 a day",
        ),
        (Impact(metric="growth", before="10", after="20", unit="per cent"), "growth up from 10 to 20 per cent"),
        (Impact(metric="delay", before="12 days", after="7 days"), "delay down from 12 days to 7 days"),
        (Impact(metric="price", before="40", after="20", unit="$"), "price down from $40 to $20"),
        (Impact(metric="grade", before="C", after="A"), "grade from C to A"),
        (Impact(metric="stock", before="12", after="12"), "stock from 12 to 12"),
        # Money saved.
        (Impact(area="cost", change="-500000", unit="USD"), "saved 500,000 USD"),
        (Impact(area="cost", change="-$500,000"), "saved $500,000"),
        (Impact(metric="costs", change="-500000", unit="\u20ac"), "saved \u20ac500,000"),
        (Impact(area="cost", change="+500000", unit="USD"), "cost up 500,000 USD"),
        (Impact(area="cost", metric="cost of printing", change="-900", unit="USD"), "cost of printing down 900 USD"),
        (
            Impact(metric="money saved by a new booking procedure", change="-500000", unit="USD"),
            "saved 500,000 USD by a new booking procedure",
        ),
        (Impact(metric="time saved per week", change="+3", unit="hours"), "saved 3 hours per week"),
        (Impact(metric="savings", after="20000", unit="EUR"), "saved 20,000 EUR"),
        (Impact(metric="money saved on brass", change="saved $120,000"), "saved $120,000 on brass"),
        # Words of the author's.
        (Impact(metric="satisfaction", change="up"), "satisfaction up"),
        (Impact(metric="sales", change="doubled"), "sales doubled"),
        (Impact(metric="costs", change="down nearly 50%"), "costs down nearly 50 %"),
        # Whether it rose or fell is not said.
        (Impact(area="cost", change="50%"), "cost changed by 50 %"),
        (Impact(metric="errors", change="-20 to -30 %"), "errors: -20 to -30 %"),
        (Impact(metric="speed", change="3x"), "speed: 3x"),
        (Impact(metric="speed", change="twice as fast"), "speed: twice as fast"),
        (Impact(metric="pay", change="no change"), "pay: no change"),
        # One figure, none, a remark.
        (Impact(metric="managers certified", after="5", unit="managers"), "managers certified: 5 managers"),
        (Impact(metric="errors", after="20", unit="%"), "errors: 20 %"),
        (Impact(metric="growth", before="10", target="20", unit="%"), "growth: 10 % before, 20 % as the target"),
        (Impact(), ""),
        (Impact(design="pre-post"), ""),
        # What is not known is no value.
        (Impact(metric="growth (of what is not stated)", change="+5%"), "growth up 5 %"),
        (Impact(metric="errors", change="not stated", before="n/a", after="6"), "errors: 6"),
        (Impact(metric="errors", change="not measured", note="unknown"), "errors, no figure stated"),
        (Impact(metric="unknown", change="none", note="n/a"), ""),
    ],
)
def test_an_impact_is_said_in_one_phrase(impact: Impact, phrase: str) -> None:
    assert phrase_of(impact) == phrase


@pytest.mark.parametrize(
    ("impact", "phrase"),
    [
        (
            Impact(metric="boxes", before="12", after="1", design="pre-post"),
            "boxes down from 12 to 1 (fair evidence: measured before and after)",
        ),
        (Impact(metric="errors", after="20", unit="%"), "errors: 20 % (unproven: no comparison)"),
        (
            Impact(metric="sales", change="5%", design="pre-post"),
            "sales changed by 5 % (unproven: comparison not given)",
        ),
        # A loss is called one, a stated share is named, and a change that the figures contradict is the computed one.
        (
            Impact(metric="errors", before="6", after="9"),
            "a loss: errors up from 6 to 9 (fair evidence: measured before and after)",
        ),
        (
            Impact(metric="errors", before="9", after="6", attributed="60 %, 80 % sure"),
            "errors down from 9 to 6, 48 % of it credited (fair evidence: measured before and after)",
        ),
        (
            Impact(metric="errors", before="40", after="30", change="-30 %"),
            "errors down 25 %, from 40 to 30 (fair evidence: measured before and after)",
        ),
        (
            Impact(metric="errors", series=Series(("6", "7"), ("9", "10"))),
            "a loss: errors up from 6.5 to 9.5 (fair evidence: measured before and after)",
        ),
        (
            Impact(
                metric="errors",
                before="9",
                after="6",
                design="natural-field-experiment",
                control=Control("9", "3"),
            ),
            "a loss: errors down from 9 to 6 (good evidence: against a matched unit without it)",
        ),
        (
            Impact(metric="widgets", before="6", after="9", attributed="most"),
            "widgets up from 6 to 9 (fair evidence: measured before and after)",
        ),
        # Without a figure there is no grade, only the design.
        (
            Impact(metric="sales", design="natural-field-experiment"),
            "sales, no figure stated (against a matched unit without it)",
        ),
        (Impact(metric="sales", note="went well", design="none"), "sales, no figure stated (no comparison)"),
        (Impact(note="went well", design="objectives-based"), "went well (against the target set beforehand)"),
        (Impact(note="went well", design="hearsay"), "went well (hearsay)"),
        (Impact(design="pre-post"), ""),
    ],
)
def test_behind_the_phrase_is_how_well_it_is_shown(impact: Impact, phrase: str) -> None:
    assert in_a_phrase(impact) == phrase


def figure(metric: str, design: str = "", **fields: str) -> dict[str, str]:
    return {"metric": metric, "design": design, **fields}


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        ([], ""),
        # A figure before none, however well the one without is shown.
        ([figure("a", "natural-field-experiment"), figure("b", "none", change="-5%")], "b down 5 %, unproven"),
        # Among figures, the one that is shown best; the order in the file does not matter.
        (
            [
                figure("a", "none", change="+1%"),
                figure("b", "objectives-based", after="2", target="3"),
                figure("c", "pre-post", change="+3%", compared_with="last year"),
                figure("d", "natural-field-experiment", change="+4%", compared_with="the north"),
            ],
            "d up 4 %, good",
        ),
        # A design without its figures shows nothing.
        (
            [figure("a", "natural-field-experiment", change="+4%"), figure("b", "pre-post", before="10", after="5")],
            "b down from 10 to 5, fair",
        ),
        # Equally well shown: the stronger design, then the author's order.
        ([figure("a", "none", change="+1%"), figure("b", "pre-post", change="+2%")], "b up 2 %, unproven"),
        ([figure("a", "none", change="+1%"), figure("b", "none", change="+2%")], "a up 1 %, unproven"),
        # A figure that is not stated is none.
        ([figure("a", "pre-post", change="not stated"), figure("b", "none", change="+2%")], "b up 2 %, unproven"),
        # A direction without a figure comes after any figure.
        ([figure("a", "pre-post", change="up"), figure("b", "none", change="+2%")], "b up 2 %, unproven"),
        # What was to be measured is no worth, unless somebody measured it or says something else.
        ([figure("a"), figure("b", "none", note="its size is not stated")], ""),
        ([figure("a", "pre-post")], "a, no figure stated, measured before and after"),
        ([figure("a"), {"note": "went well"}], "went well"),
    ],
)
def test_the_worth_is_the_best_shown_impact_that_has_a_figure(impact: list[dict[str, str]], said: str) -> None:
    shown = worth(Lesson("lessons/a.md", "a", "A", {"impact": impact}))
    assert shown.partition(":")[0].replace(" evidence", "").replace(" (", ", ").rstrip(")") == said


VALUES = st.sampled_from(
    ["", "-", "-5", "+$5k", "50%", "12 days", "up", "none", "9" * 5000, "\u0661\u0662", "\u200f-5"]
)


@given(said=st.fixed_dictionaries({key: VALUES | st.text(max_size=12) for key in IMPACT.keys}))
@settings(deadline=None, max_examples=examples(200))
def test_any_impact_has_a_phrase(said: dict[str, Any]) -> None:
    impact = Lesson("lessons/a.md", "a", "A", {"impact": [said]}).impact
    assert all(isinstance(in_a_phrase(entry), str) for entry in impact)
