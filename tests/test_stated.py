"""What only stands in the place of a value is never shown as one."""

from __future__ import annotations

import pytest

from kb.lessons.stated import says_something, stated, withholds


@pytest.mark.parametrize(
    "text",
    [
        *("", "not stated", "Not stated.", "none", "None", "n/a", "N.A.", "unknown", "not measured", "tbd", "?", "-"),
        *(
            "not stated (a manufacturer)",
            "not stated; Toyota for cutting back",
            "unknown: nobody was asked",
            "(not known)",
        ),
    ],
)
def test_what_is_not_known_is_nothing(text: str) -> None:
    assert stated(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("authors of the source; address not stated", "authors of the source"),
        ("Jane Doe, telephone unknown", "Jane Doe"),
        ("Sponsor (not stated; the executive is reticent)", "Sponsor"),
        ("growth per year (of what is not stated)", "growth per year"),
        ("nearly 50 %; which costs is not stated", "nearly 50 %"),
        ("Warehouse North (Berlin)", "Warehouse North (Berlin)"),
        ("Unknown Pleasures Ltd", "Unknown Pleasures Ltd"),
        ("None of the Above, Inc.", "None of the Above, Inc."),
        ("jane@example.org", "jane@example.org"),
        ("0", "0"),
    ],
)
def test_a_remark_on_what_is_not_known_is_left_out(text: str, said: str) -> None:
    assert stated(text) == said


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("A checklist of four lines.", True),
        ("Where it can be had is not stated.", False),
        ("Works even when the cause is unknown.", True),
        ("None.", False),
        ("", False),
    ],
)
def test_a_sentence_that_something_is_not_known_says_nothing(sentence: str, says: bool) -> None:
    assert says_something(sentence) is says


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("No figures are stated.", True),
        ("No case, company or date is stated.", True),
        ("The share reached is not stated, nor is any effect on money.", True),
        ("How many came back was not recorded.", True),
        ("Nobody is named.", True),
        ("Costs fell by half.", False),
        ("No order is printed before its address is checked.", False),
        ("Nothing was printed.", False),
    ],
)
def test_a_sentence_that_withholds_is_told_from_one_that_says_something(sentence: str, does: bool) -> None:
    assert withholds(sentence) is does
