"""People who mean the same in different words: their entries are put together by bits of meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.demand.shared.entry import Entry
from kb.demand.shared.merging import grouped
from kb.demand.shared.sketch import BITS, is_sketch, sketch_of, unit_vector
from kb.demand.shared.token import faint

DIMENSION = 384


def at_angle(degrees: float, seed: int) -> tuple[str, str]:
    """Return the bits of two vectors with an angle between them."""
    chance = np.random.RandomState(seed)
    first, other = chance.standard_normal((2, DIMENSION)).astype(np.float32)
    first /= np.linalg.norm(first)
    other -= (other @ first) * first
    other /= np.linalg.norm(other)
    angle = math.radians(degrees)
    return sketch_of(first), sketch_of(math.cos(angle) * first + math.sin(angle) * other)


def entry(person: str, meaning: str, *words: str, near: str = "a") -> Entry:
    return Entry(person * 8, "2026-11-28T02:20:01Z", 1, "-", (near,), meaning, tuple(map(faint, words)))


@pytest.mark.parametrize("degrees", [0, 30, 60, 90, 180])
def test_the_share_of_equal_bits_tells_the_angle(degrees: float) -> None:
    equal = [
        BITS * (1 + float(unit_vector(one) @ unit_vector(other))) / 2
        for one, other in (at_angle(degrees, seed) for seed in range(20))
    ]
    assert 180 * (1 - np.mean(equal) / BITS) == pytest.approx(degrees, abs=4)


def test_the_bits_are_the_same_on_every_machine() -> None:
    vector = np.linspace(-1, 1, DIMENSION, dtype=np.float32)
    assert sketch_of(vector) == "214002486772fd7ec05330fc9aaffbfb"
    assert sketch_of(vector * 7) == sketch_of(vector)


@given(st.text())
def test_only_bits_are_read_as_bits(text: str) -> None:
    assert not is_sketch(text) or len(unit_vector(text)) == BITS


def test_paraphrases_of_several_people_are_one_gap() -> None:
    (near, other), (far, _) = at_angle(10, 1), at_angle(10, 2)
    same = [entry(person, near, "zebra") for person in "abc"]
    same += [entry(person, other, "kettle", near="b") for person in "def"]
    apart = [entry(person, far, "curtains", near="c") for person in "ghi"]
    assert [sorted(group.people) for group in grouped([*apart, *same])] == [
        [person * 8 for person in "abcdef"],
        [person * 8 for person in "ghi"],
    ]


def test_without_bits_words_decide() -> None:
    entries = [entry("a", "", "zebra"), entry("b", "", "zebra"), entry("c", "", "kettle", near="b")]
    assert [len(group.people) for group in grouped(entries)] == [2, 1]
