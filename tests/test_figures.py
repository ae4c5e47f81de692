"""Claims of a change in a text: what is read, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.figures.claims import figures
from kb.figures.figure import Figure
from tests.examples import examples

CLAIMS = [
    # text, claim, before, after, change, unit
    ("Booking went from 12 days to 7.", "from 12 days to 7", "12", "7", "", "days"),
    ("from 12 days to 7", "from 12 days to 7", "12", "7", "", "days"),
    ("Growth from 10 to 20 per cent", "from 10 to 20 per cent", "10", "20", "", "%"),
    ("From forty returns a week to six, against", "From forty returns a week to six", "40", "6", "", "returns a week"),
    ("dropped from 15 VDC to about 11 VDC", "from 15 VDC to about 11 VDC", "15", "11", "", "VDC"),
    ("Staff grew from 3 to 12 teams", "from 3 to 12 teams", "3", "12", "", "teams"),
    ("cost fell from $1.2 million to $900,000", "from $1.2 million to $900,000", "1.2 million", "900,000", "", "$"),
    ("Increasing it from 2 to 20 provided relief", "from 2 to 20", "2", "20", "", ""),
    ("Costs down 48 %", "down 48 %", "", "", "-48%", ""),
    ("costs down nearly 50 %", "down nearly 50 %", "", "", "-50%", ""),
    ("Errors fell by 30%.", "fell by 30%", "", "", "-30%", ""),
    ("costs rose 12 percent", "rose 12 percent", "", "", "+12%", ""),
    ("It reduced load on the primary by 20%", "reduced load on the primary by 20%", "", "", "-20%", ""),
    ("a drop in returns of 12.5 %", "drop in returns of 12.5 %", "", "", "-12.5%", ""),
    ("nearly 50 % lower cost", "50 % lower", "", "", "-50%", ""),
    ("a 42% increase in calls", "42% increase", "", "", "+42%", ""),
    ("It is 30% faster than before", "30% faster", "", "", "30% faster", ""),
    ("$500,000 saved", "$500,000 saved", "", "", "-500,000", "$"),
    ("about 30 hours were saved", "30 hours were saved", "", "", "-30", "hours"),
    ("It saved about half a million dollars", "saved about half a million dollars", "", "", "-500,000", "dollars"),
    ("Sales doubled.", "doubled", "", "", "+100%", ""),
    ("Returns were cut in half", "cut in half", "", "", "-50%", ""),
    ("Waiting fell by a third", "fell by a third", "", "", "-1/3", ""),
    ("It is now twice as fast", "twice as fast", "", "", "twice as fast", ""),
    ("Pages load 10x faster", "10x faster", "", "", "10x faster", ""),
    ("Booking is ten times faster", "ten times faster", "", "", "ten times faster", ""),
    ("İstanbul: costs\nfell by\n30 %", "fell by 30 %", "", "", "-30%", ""),
]


@pytest.mark.parametrize(("text", "claim", "before", "after", "change", "unit"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_a_claim_is_read_as_an_entry_would_have_it(
    text: str, claim: str, before: str, after: str, change: str, unit: str
) -> None:
    (figure,) = figures(text)
    assert " ".join(text[figure.start : figure.end].split()) == figure.text == claim
    assert (figure.before, figure.after, figure.change, figure.unit) == (before, after, change, unit)


@pytest.mark.parametrize(
    "text",
    [
        "down from 9:16 PM to 11:16 PM",
        "The outage went from 15:40 to 16:12 GMT.",
        "It grew from 2004 to 2006.",
        "The briefing was brought forward, from 0730 to 0630",
        "The office moved from 1824 Mill Road to 602 Main Street",
        "from page 3 to 5",
        "An upgrade from 3.8.9 to 3.8.16 failed",
        "delays ranging from 12 to 7 minutes",
        "It takes from 5 to 10 minutes.",
        "compression was varied from 15 to 90 percent",
        "It reduced performance from 10 to 50 percent.",
        "time left unattended was from 1 to 5 minutes",
        "from 30 minutes before launch to 5",
        "The resistance fell by 10-20%.",
        "decreased by 0% to 20% of its value",
        "at or below 50% humidity",
        "a force 80 percent higher than was calculated",
        "Costs must be reduced by 30 %.",
        "Our goal: cut costs by 30 %",
        "Errors did not fall by 30%; nothing did.",
        "It would have saved $500,000",
        "Savings are estimated at $90K.",
        "Save 30 hours with this offer",
        "weight savings of 30 lb",
        "He doubled up the cord, a doubled sheet",
        "Resistance is doubled when cells are in series.",
        "twice as many as the conventional design has",
        "Meet twice a week, at all times as agreed",
        "half past nine, by a third party",
        "Part 48-percent, AB-12% and http://a.org/from%2012",
        "",
    ],
)
def test_what_only_looks_like_a_change_is_none(text: str) -> None:
    assert figures(text) == []


def test_several_claims_stand_in_their_order() -> None:
    text = "Demand doubled.\n\nCosts fell by 48 %, waiting went from 12 days to 7, and $2 million was saved."
    assert [figure.text for figure in figures(text)] == [
        *("doubled", "fell by 48 %", "from 12 days to 7", "$2 million was saved")
    ]


PIECES = [
    *(
        "from ",
        "to ",
        "12",
        "7",
        " days",
        "48",
        " %",
        "percent",
        "fell by ",
        "down ",
        "$",
        "500,000",
        " saved",
        "half a ",
    ),
    *(
        "million",
        "twice as fast",
        "cut in ",
        "half",
        "doubled",
        ". ",
        "\n",
        "\n\n",
        "about ",
        "by ",
        "\u0130",
        "x ",
        ",",
    ),
]


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join))
def test_whatever_the_text_is_claims_lie_apart_and_say_what_stands_there(text: str) -> None:
    found = figures(text)
    places = [(figure.start, figure.end) for figure in found]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert all(figure.text == " ".join(text[figure.start : figure.end].split()) for figure in found)
    assert all(figure.change or (figure.before and figure.after) for figure in found)


def test_a_long_text_of_half_claims_takes_no_time() -> None:
    assert figures("from 12 days " * 20_000) == []
    assert figures("9" * 50_000 + "%") == []
    assert figures("1,111," * 10_000) == []
    assert len(figures("Costs fell by 30 %. " * 5_000)) == 5_000


def test_a_figure_is_a_plain_value() -> None:
    assert figures("down 48 %") == [Figure(0, 9, "down 48 %", change="-48%")]
