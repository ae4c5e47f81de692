"""Two lessons side by side: what both say, and what only one of them says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.reading import read_lesson
from kb.lessons.likeness import Likeness, likeness


def lesson(**said: Any) -> Lesson:
    text = f"---\n{yaml.safe_dump(said)}---\n# One\n\nText.\n"
    return read_lesson(text.encode(), "lessons/one.md", "one", KindTable()).lesson


def test_what_both_say_is_shared_and_the_rest_stands_on_its_side() -> None:
    ours = lesson(tags=["sales", "planning"], unit="North", applies_when=["in a hurry"], not_when=["alone"])
    theirs = lesson(tags=["planning", "print"], unit="South", applies_when=["in a hurry", "abroad"])
    assert likeness(ours, theirs) == Likeness(
        {"tags": ("planning",), "applies when": ("in a hurry",)},
        {
            "tags": (("sales",), ("print",)),
            "unit": (("North",), ("South",)),
            "applies when": ((), ("abroad",)),
            "not when": (("alone",), ()),
        },
    )


def test_two_that_say_nothing_have_nothing_in_common_and_differ_in_nothing() -> None:
    assert likeness(lesson(), lesson()) == Likeness({}, {})


def test_a_lesson_shares_everything_with_itself() -> None:
    one = lesson(tags=["a", "b"], unit="North", impact=[{"area": "cost"}, {"area": "cost"}, {"area": "revenue"}])
    assert likeness(one, one) == Likeness({"tags": ("a", "b"), "unit": ("North",), "area": ("cost", "revenue")}, {})


@pytest.mark.parametrize(("one", "other"), [("Sales", "sales"), ("STRASSE", "straße")])
def test_case_makes_no_difference_and_our_spelling_is_kept(one: str, other: str) -> None:
    assert likeness(lesson(tags=[one], unit=one), lesson(tags=[other], unit=other)) == Likeness(
        {"tags": (one,), "unit": (one,)}, {}
    )


def test_the_other_way_round_the_sides_change_places() -> None:
    ours, theirs = lesson(tags=["a", "b"], unit="North"), lesson(tags=["b", "c"])
    there, back = likeness(ours, theirs), likeness(theirs, ours)
    assert there.shared == back.shared == {"tags": ("b",)}
    assert {name: (right, left) for name, (left, right) in there.differs.items()} == back.differs
    assert there.differs["unit"] == (("North",), ())


def test_the_area_is_that_of_every_impact() -> None:
    ours = lesson(impact=[{"area": "cost", "change": "-5%"}, {"metric": "without an area"}])
    theirs = lesson(impact=[{"area": "revenue"}, {"area": "Cost"}])
    assert likeness(ours, theirs) == Likeness({"area": ("cost",)}, {"area": ((), ("revenue",))})


def test_in_json_the_sides_are_lists() -> None:
    assert likeness(lesson(tags=["a", "b"]), lesson(tags=["b"])).as_json() == {
        "shared": {"tags": ["b"]},
        "differs": {"tags": [["a"], []]},
    }
