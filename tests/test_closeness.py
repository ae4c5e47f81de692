"""How much of what one lesson says stands in others."""

from __future__ import annotations

import pytest

from search.ranking.closeness import closeness, telling_words
from tests.small_index import EAST, NORTH, UP, Part, at, ranker


def close(lessons: list[list[Part]], number: int) -> list[float]:
    index = ranker(*lessons)
    assert index.vectors
    first = int(index.postings.first_passage[number])
    said = index.vectors.vectors_at(first, int(index.postings.passages_of[number]))
    return [round(float(value), 3) for value in closeness(said, index.vectors, index.postings)]


def test_each_passage_counts_by_the_nearest_of_the_other_lesson() -> None:
    ours = [Part(vector=NORTH), Part(vector=UP)]
    other = [Part(vector=EAST), Part(vector=at(0.6)), Part(vector=at(0.8))]
    assert close([ours, other], 0) == [1.0, 0.4]


def test_a_short_lesson_is_close_to_a_long_one_that_says_the_same_and_more() -> None:
    short, long = [Part(vector=NORTH)], [Part(vector=NORTH), Part(vector=UP), Part(vector=EAST)]
    assert close([short, long], 0)[1] == pytest.approx(1)
    assert close([short, long], 1)[0] == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_lesson_without_passages_is_close_to_none(number: int) -> None:
    assert close([[], [Part(vector=NORTH)], []], number) == [0.0, float(number == 1), 0.0]


def test_the_rarest_words_of_both_tell_most() -> None:
    index = ranker([Part("valv leak")], [Part("valv leak")], [Part("valv")], [Part("mast")])
    told = telling_words("The Valves are leaking; masts, unheard.", "valve leaks unheard", index.postings, 5)
    assert told == ["leaking", "Valves"]
    assert telling_words("The valves", "", index.postings, 5) == []
