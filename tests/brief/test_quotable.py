"""Which sentences can be quoted away from their neighbours."""

from __future__ import annotations

import pytest

from kb.brief.quotable import LONGEST, is_quotable, points_back


@pytest.mark.parametrize(
    "sentence",
    [
        "The pump had a bad seal.",
        "Copy must be checked (by two people) before it is printed.",
        "我们的宣传册有很多错误。",
        "See to it that two people read each page.",
        "a" * 100 + " b c d" + " e" * ((LONGEST - 106) // 2),
    ],
)
def test_a_whole_sentence_about_the_matter_is_quoted(sentence: str) -> None:
    assert is_quotable(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "No figures.",
        "The following was done on that day:",
        "There were three reasons for it \u2013",
        "The pump (which was new had a bad seal.",
        "The pump] had a bad seal.",
        "This lesson is based on an inspection.",
        "The method is described in the annual review.",
        "See chapter four of the handbook.",
        "Refer to the handbook of the pump.",
        "Paragraph 4 has more about pumps.",
        "Where the tool can be had is not stated.",
        "Costs were not measured in any of the regions.",
        "a" * 100 + " b c d" + " e" * ((LONGEST - 104) // 2),
        "",
    ],
)
def test_what_says_nothing_alone_or_speaks_of_the_page_is_not(sentence: str) -> None:
    assert not is_quotable(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Red valves were not.",
        "This helped.",
        "However, nobody had time.",
        "The other was not.",
        "For example, a seal.",
        "Das half.",
        "Ils ont vu.",
    ],
)
def test_a_sentence_may_point_back(sentence: str) -> None:
    assert points_back(sentence)


@pytest.mark.parametrize("sentence", ["Thisbe sold the pump.", "Nobody had time.", "Iteration was slow."])
def test_a_word_that_only_begins_so_does_not_point_back(sentence: str) -> None:
    assert not points_back(sentence)
