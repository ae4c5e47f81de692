"""Priors: what is read of the lessons, and that it is bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.changes import KnownFile
from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.markdown.readable import Readable
from ingest.passages.passage import Origin, Passage
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.writer import CatalogueWriter
from kb.impact.lesson_impact import impact_of_lesson
from kb.lessons.evidence import GRADES
from kb.retrieval.priors import priors_of
from kb.reuse.tally import tallies
from kb.reuse.use import REUSED, uses_by_lesson
from search.ranking.priors import REUSE, STATUS, Priors, reuse_of, succession
from tests.examples import examples

BOUND = 0.07
Read = Callable[..., Priors]


MEASURED = {
    "A": {"after": 7, "design": "natural-field-experiment", "compared_with": "Turin", "repeated": "in two more depots"},
    "B": {"after": 7, "design": "natural-field-experiment", "compared_with": "Turin"},
    "C": {"before": 12, "after": 7, "design": "pre-post"},
    "D": {"after": 7, "target": 8, "design": "objectives-based"},
    "E": {"after": 7, "design": "none"},
}
"""An entry of each grade."""


@pytest.fixture
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Read the priors of lessons, given by their ids with their front matter; numbered by id."""

    def read(**lessons: dict[str, Any]) -> Priors:
        path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite"
        with closing(CatalogueWriter(path, None)) as writer:
            for id_, metadata in reversed(lessons.items()):  # rows are not numbers
                lesson = Lesson(f"{id_}.md", id_, id_, metadata)
                writer.add(
                    KnownFile(lesson.path, 1, 1, "digest"),
                    lesson,
                    [Passage(Origin.BODY, Kind.OTHER, (), (0, 1), "")],
                    [Readable((), ())],
                    [1],
                    impact_of_lesson(lesson),
                )
            writer.settle_ids()
        with closing(Catalogue(path)) as catalogue:
            uses = tallies(uses_by_lesson(catalogue.lessons_having(REUSED)))
            return priors_of(catalogue, catalogue.outline(), uses)

    return read


def added(priors: Priors) -> list[dict[str, float]]:
    return [priors.of_lesson(number) for number in range(priors.count)]


def test_lessons_that_say_nothing_have_no_priors(read: Read) -> None:
    for priors in (read(a={}, b={"status": "validated"}, c={"status": "lost", "impact": [{"design": "none"}]}), read()):
        assert added(priors) == [{}] * priors.count
        assert priors.of(np.arange(priors.count)).tolist() == [0] * priors.count
        assert priors.most_added == 0
        assert list(priors.successors) == []


@pytest.mark.parametrize("status", STATUS)
def test_a_state_speaks_against_a_lesson_under_its_own_name(read: Read, status: str) -> None:
    assert added(read(a={}, b={"status": status})) == [{}, {status: STATUS[status]}]
    assert STATUS[status] < 0


def test_a_draft_is_better_than_what_is_superseded_or_retired() -> None:
    assert STATUS["draft"] > max(STATUS["superseded"], STATUS["retired"])


def test_of_several_states_the_worst_counts(read: Read) -> None:
    assert added(read(a={"status": ["draft", "superseded", "retired"]})) == [{"retired": STATUS["retired"]}]


def test_evidence_is_the_grade_of_the_best_measured_impact(read: Read) -> None:
    several = {"impact": [MEASURED["E"], MEASURED["A"], MEASURED["C"]]}
    priors = read(a=several, b={"impact": MEASURED["C"]}, c={"impact": "it went well"}, d={"impact": MEASURED["E"]})
    best, middle, nothing, not_compared = added(priors)
    assert best == {"evidence": GRADES["A"].prior}
    assert middle == {"evidence": GRADES["C"].prior}
    assert nothing == not_compared == {}


def test_a_grade_that_a_lesson_gives_itself_counts_nothing(read: Read) -> None:
    assert added(read(a={"evidence": "A", "impact": [{"metric": "sales", "design": "pre-post"}]})) == [{}]


def test_better_evidence_speaks_more_for_a_lesson() -> None:
    priors = [grade.prior for grade in GRADES.values()]
    assert priors == sorted(priors, reverse=True)
    assert (max(priors), min(priors)) == (0.01, 0.0)


def test_reuse_speaks_for_the_lesson_that_was_reused(read: Read) -> None:
    priors = read(
        a={},
        b={"reused": [{"lesson": "a", "outcome": "helped"}, {"lesson": "c", "outcome": "did-not-help"}]},
        c={"reused": {"lesson": "a", "outcome": "partly"}},
        d={"reused": [{"lesson": "lost", "outcome": "helped"}, {"lesson": "b"}, {"lesson": "d", "outcome": "helped"}]},
    )
    helped, untold, hindered, itself = added(priors)
    assert helped == pytest.approx({"reuse": REUSE["helped"] + REUSE["partly"]})
    assert hindered == {"reuse": REUSE["did-not-help"]}
    assert untold == itself == {}, "neither without an outcome nor for itself"
    assert REUSE["helped"] > REUSE["partly"] > 0 > REUSE["did-not-help"]


@given(st.lists(st.sampled_from([*REUSE, "", "unheard of"]), max_size=100))
def test_reuse_is_bounded_however_often(outcomes: list[str]) -> None:
    assert abs(reuse_of(Counter(outcomes))) <= 0.01
    assert reuse_of({"helped": 50}) == -reuse_of({"did-not-help": 50}) == 0.01


def test_all_that_can_be_said_of_a_lesson_is_bounded(read: Read) -> None:
    speaking = {}
    for number, (status, entry, outcome) in enumerate(product(STATUS, MEASURED.values(), REUSE)):
        speaking[f"l{number:02}"] = {"status": [status, "draft", "retired"], "impact": [entry] * 9}
        speaking[f"m{number:02}"] = {"reused": [{"lesson": f"l{number:02}", "outcome": outcome}] * 50}
    priors = read(**speaking)
    sums = priors.of(np.arange(priors.count))
    assert priors.most_added == max(0, sums.max())
    assert np.abs(sums).max() <= BOUND
    assert sums.min() == pytest.approx(min(STATUS.values()) - 0.01)


def test_age_is_no_prior(read: Read) -> None:
    dated = read(a={"date": "1901", "review_by": "1902"}, b={"date": "2026-05-01", "review_by": "2030"}, c={})
    assert added(dated) == [{}, {}, {}]


def test_who_supersedes_whom_is_read_by_ids(read: Read) -> None:
    priors = read(a={}, b={"supersedes": "a"}, c={"supersedes": ["b", "lost", "c"]}, d={"related": ["a"]})
    assert list(priors.successors) == [(0, 1), (1, 2)]


def test_an_id_may_be_long(read: Read) -> None:
    long = "x" * 200
    priors = read(a={"supersedes": long, "reused": [{"lesson": long, "outcome": "helped"}]}, **{long: {}})
    assert list(priors.successors) == [(1, 0)]
    assert added(priors)[1] == {"reuse": REUSE["helped"]}


def test_a_lesson_that_says_twice_what_it_replaces_replaces_it_once(read: Read) -> None:
    assert list(read(a={}, b={"supersedes": ["a", "a"], "Supersedes": "a"}).successors) == [(0, 1)]


PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=15)


@settings(max_examples=examples(200), deadline=None)
@given(PAIRS)
def test_a_succession_is_ordered_and_loses_only_what_goes_round(pairs: list[tuple[int, int]]) -> None:
    kept = succession(pairs)
    assert len(set(kept)) == len(kept)
    assert set(kept) <= set(pairs)
    for place, (old, _) in enumerate(kept):
        assert all(new != old for _, new in kept[place:]), (
            "whoever replaces a lesson comes before what that one hands on"
        )
    for old, new in set(pairs) - set(kept):
        assert old in reached_from(new, pairs), "it is on a circle"


def reached_from(start: int, pairs: list[tuple[int, int]]) -> set[int]:
    found = {start}
    for _ in pairs:
        found |= {new for old, new in pairs if old in found}
    return found


@pytest.mark.parametrize(
    "circle", [[(0, 1), (1, 0)], [(0, 1), (1, 2), (2, 0)], [(2, 1), (1, 0), (0, 2)], [(0, 1), (1, 0), (1, 2), (2, 1)]]
)
def test_a_circle_replaces_nothing_and_takes_nothing_else_along(circle: list[tuple[int, int]]) -> None:
    assert succession(circle) == []
    assert succession([(7, 0), *circle, (0, 8)]) == [(7, 0), (0, 8)]


@settings(max_examples=examples(200), deadline=None)
@given(PAIRS, st.lists(st.one_of(st.just(-np.inf), st.floats(0, 1)), min_size=9, max_size=9))
def test_each_successor_is_lifted_above_and_nothing_else_moves(
    pairs: list[tuple[int, int]], given_scores: list[float]
) -> None:
    scores = np.array(given_scores, np.float32)
    priors = Priors(9, {}, succession(pairs))
    lifts = priors.lifts(np.arange(9), scores, 1.0)
    after = scores + lifts
    assert np.all(np.isfinite(lifts))
    assert np.all(lifts >= 0)
    for old, new in priors.successors:
        assert after[new] > after[old] or not np.isfinite(after[new]) or not np.isfinite(after[old])
    assert {int(number) for number in np.flatnonzero(lifts)} <= {new for _, new in priors.successors}
    assert after.max() <= scores.max() + 0.001


def test_successors_are_marked_over_any_distance() -> None:
    priors = Priors(6, {}, succession([(3, 1), (1, 0), (4, 5)]))
    assert priors.in_succession.tolist() == [0, 1, 3, 4, 5]
    every = np.arange(6)
    marked = priors.with_successors(every, np.array([False, False, True, True, False, False]))
    assert marked.tolist() == [True, True, True, True, False, False]
    levels = priors.raised(every, np.array([0, 1, 0, 2, 1, 0], np.int8), every != 0)
    assert levels.tolist() == [0, 2, 0, 2, 1, 1], "of those that are found"
    some = np.array([0, 1, 3, 4, 5])
    assert priors.with_successors(some, some == 3).tolist() == [True, True, True, False, False]
