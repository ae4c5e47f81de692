"""Words that are written much like another: what is suggested, and what is taken for a slip."""

from __future__ import annotations

import subprocess
import sys

import pytest

from search.query.suggesting import NEARLY_EQUAL, is_slip, nearest


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("salse", ["plans", "sales"], ["sales"]),
        ("ship", ["shop floor", "shipping"], ["shipping"]),
        ("Staus", ["status", "title"], ["status"]),
        ("zzz", ["status", "title"], []),
        ("plan", [], []),
    ],
)
def test_what_is_written_most_like_a_word_is_near(word: str, known: list[str], near: list[str]) -> None:
    assert nearest(word, known) == near


def test_the_nearest_come_first() -> None:
    assert nearest("wrong-label", ["label-wrong", "wrong-labels", "zzz", "wrong-tables"], 2) == [
        "wrong-labels",
        "wrong-tables",
    ]


def test_a_word_that_may_be_right_is_near_only_to_what_hardly_differs() -> None:
    assert nearest("labels", ["tables"]) == ["tables"]
    assert nearest("labels", ["tables"], alike=NEARLY_EQUAL) == []
    assert nearest("titel", ["title"], alike=NEARLY_EQUAL) == ["title"]


@pytest.mark.parametrize("written", ["titl", "titlee", "titel", "tatle", "itle"])
def test_one_slip_lies_between_two_words(written: str) -> None:
    assert is_slip(written, "title")


@pytest.mark.parametrize(
    ("written", "meant"), [("title", "title"), ("tit", "title"), ("tiltle", "title1"), ("is", "id")]
)
def test_more_than_one_slip_or_none_or_hardly_a_word(written: str, meant: str) -> None:
    assert not is_slip(written, meant)


def test_nothing_is_loaded_before_a_word_is_misspelt() -> None:
    program = "import sys, kb.config, kb.lessons.handles, search.query.query; sys.exit('rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", program], check=False, timeout=60).returncode == 0
