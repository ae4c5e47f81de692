"""Measures, differences, strata and the grep, on cases that are worked out by hand."""

from __future__ import annotations

from math import log2
from shutil import which

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.evaluation.bound import parse_gate
from search.errors import EvaluationError
from search.evaluation.evaluation import DEFAULT_MEASURES, Evaluator, Values, parse_measure
from search.evaluation.grep import Grep
from search.evaluation.runs import Run
from search.evaluation.significance import Difference, paired_difference
from search.evaluation.strata import overlap, split

JUDGEMENTS = {"one": {"a": 1, "b": 1, "x": 0}, "two": {"c": 2, "d": 1}}
RUN: Run = {"one": [("x", 9.0), ("a", 8.0), ("y", 7.0), ("b", 6.0)], "two": [("d", 2.0), ("c", 1.0)]}


def values(run: Run, *measures: str) -> Values:
    return Evaluator([parse_measure(name) for name in measures or DEFAULT_MEASURES], JUDGEMENTS).evaluate(run)


@pytest.mark.parametrize(
    ("measure", "one", "two"),
    [
        ("nDCG@10", (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3)), (1 + 2 / log2(3)) / (2 + 1 / log2(3))),
        ("nDCG@2", (1 / log2(3)) / (1 + 1 / log2(3)), (1 + 2 / log2(3)) / (2 + 1 / log2(3))),
        ("R@100", 1, 1),
        ("R@2", 1 / 2, 1),
        ("RR@10", 1 / 2, 1),
        ("P@5", 2 / 5, 2 / 5),
        ("Success@5", 1, 1),
        ("Success@1", 0, 1),
        ("AP", (1 / 2 + 2 / 4) / 2, 1),
    ],
)
def test_measures_have_the_values_that_are_worked_out_by_hand(measure: str, one: float, two: float) -> None:
    found = values(RUN, measure)
    assert found.per_query["one"][measure] == pytest.approx(one)
    assert found.per_query["two"][measure] == pytest.approx(two)
    assert found.mean[measure] == pytest.approx((one + two) / 2)


@pytest.mark.parametrize("run", [{"one": RUN["one"]}, RUN | {"two": []}, RUN | {"two": [("x", 1.0)]}])
def test_a_judged_query_without_a_result_counts_nothing(run: Run) -> None:
    found = values(run)
    assert set(found.per_query["two"].values()) == {0.0}
    assert found.mean["AP"] == pytest.approx(1 / 4)


def test_a_run_without_any_result_is_worth_nothing() -> None:
    assert set(values({}).mean.values()) == {0.0}


@pytest.mark.parametrize("measure", ["nDCG@10", "RR@10", "AP", "Success@1"])
def test_of_equal_scores_the_order_given_counts_whatever_the_names(measure: str) -> None:
    for names in (("a", "b"), ("b", "a")):
        evaluator = Evaluator([parse_measure(measure)], {"q": {names[0]: 1}})
        first = evaluator.evaluate({"q": [(names[0], 1.0), (names[1], 1.0)]})
        second = evaluator.evaluate({"q": [(names[1], 1.0), (names[0], 1.0)]})
        assert first.mean[measure] == 1
        assert second.mean[measure] < 1


def test_rankings_of_queries_that_nobody_judged_change_nothing() -> None:
    assert values(RUN | {"three": [("a", 1.0)]}) == values(RUN)


@pytest.mark.skipif(not which("perl"), reason="this measure is a Perl script")
def test_ids_may_be_any_text_even_where_a_measure_takes_only_numbers() -> None:
    evaluator = Evaluator([parse_measure("ERR@10")], {"a query": {"docs/é ü.md": 1, "b": 0}})
    found = evaluator.evaluate({"a query": [("b", 2.0), ("docs/é ü.md", 1.0)]})
    assert found.per_query == {"a query": {"ERR@10": pytest.approx((1 / 16) / 2, abs=1e-5)}}


def test_a_measure_goes_by_its_own_name() -> None:
    assert [parse_measure(name).name for name in ("NDCG@10", "Recall@5", "MAP")] == ["nDCG@10", "R@5", "AP"]
    assert (parse_measure("P@5").cutoff, parse_measure("AP").cutoff) == (5, None)


@pytest.mark.parametrize(
    "name", ["", "quality", "R", "nDCG@0", "AP(cutoff=0)", "nDCG@-1", "nDCG@ten", "RR@2.5", "nDCG(x=1)@10", "import os"]
)
def test_what_is_no_measure_is_named(name: str) -> None:
    with pytest.raises(EvaluationError, match=r"^no measure .* known are for instance nDCG@10") as refused:
        parse_measure(name)
    assert repr(name) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_gate_is_a_measure_and_the_least_value() -> None:
    gate = parse_gate(" NDCG@10 >= 0.70")
    assert (gate.measure, gate.bound, str(gate)) == (parse_measure("nDCG@10"), 0.7, "nDCG@10>=0.7")
    assert (gate.passes(0.7), gate.passes(0.69), gate.passes(float("nan"))) == (True, False, False)


def test_a_gate_bounds_how_many_right_lessons_are_hidden() -> None:
    gate = parse_gate("hidden<=0.02")
    assert (gate.measure, gate.name, str(gate)) == (None, "hidden", "hidden<=0.02")
    assert (gate.passes(0.02), gate.passes(0.03)) == (True, False)
    with pytest.raises(EvaluationError, match=r"the fewer are hidden the better; write hidden<=0\.9"):
        parse_gate("hidden>=0.9")
    with pytest.raises(EvaluationError, match="expected a measure"):
        parse_gate("nDCG@10<=0.9")


@pytest.mark.parametrize("text", ["", "nDCG@10", "nDCG@10>0.7", "nDCG@10>=", "nDCG@10>=high", "nDCG@10>=nan", ">=0.7"])
def test_a_gate_that_is_none_says_what_one_is(text: str) -> None:
    with pytest.raises(EvaluationError, match=r"^(--gate .* expected a measure|no measure)"):
        parse_gate(text)


def difference(*pairs: tuple[float, float]) -> Difference | None:
    ours, theirs = np.array(pairs, np.float64).reshape(-1, 2).T
    return paired_difference(ours, theirs)


@pytest.mark.parametrize(("queries", "p"), [(2, 1 / 2), (4, 1 / 8), (10, 1 / 512)])
def test_always_better_by_the_same_has_an_exact_p_and_an_interval_of_one_point(queries: int, p: float) -> None:
    # Of all 2^n ways to change signs, one has as large a sum, and one as small.
    found = difference(*[(0.75, 0.25)] * queries)
    assert found
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)
    assert found.p == pytest.approx(p)


def test_no_difference_has_a_p_of_1() -> None:
    assert difference((0.5, 0.5), (1, 1), (0, 0)) == Difference(0, 0, 0, 1)
    assert difference((1, 0), (0, 1)) == Difference(0, -1, 1, 1)


def test_fewer_than_two_queries_say_nothing() -> None:
    assert difference() is None
    assert difference((1, 0)) is None


def test_many_queries_agree_with_the_normal_distribution() -> None:
    differences = np.random.default_rng(3).normal(0.02, 0.2, 400)
    found = paired_difference(differences, np.zeros(400))
    assert found
    error = differences.std() / 20
    assert (found.low, found.high) == pytest.approx(
        (differences.mean() - 1.96 * error, differences.mean() + 1.96 * error), abs=error / 10
    )
    assert found.p > 0.001
    assert (found.p < 0.05) == (not found.low < 0 < found.high)
    assert paired_difference(differences, np.zeros(400)) == found, "always the same random numbers"


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_who_is_compared_with_whom_changes_only_the_signs(pairs: list[tuple[float, float]]) -> None:
    there, back = difference(*pairs), difference(*[(theirs, ours) for ours, theirs in pairs])
    assert there
    assert back
    assert (back.mean, back.low, back.high) == pytest.approx((-there.mean, -there.high, -there.low), abs=1e-9)
    assert back.p == pytest.approx(there.p)
    assert there.low - 1e-9 <= there.mean <= there.high + 1e-9


def test_overlap_is_the_share_of_different_words_that_the_nearest_relevant_document_has() -> None:
    documents = [frozenset({"brochur"}), frozenset({"brochur", "error", "print"})]
    assert overlap("the errors in brochures, errors at lunch and at dinner", documents) == 2 / 4
    assert overlap("brochures", []) == 0
    assert overlap("the of and", documents) == 0


@pytest.mark.parametrize(
    ("overlaps", "few", "boundary"),
    [
        ([0.0, 0.2, 0.6, 1.0], "ab", 0.4),
        ([0.0, 0.5, 1.0], "a", 0.5),
        ([0.2, 1.0, 1.0, 1.0], "a", 1.0),
        ([0.0, 0.0, 0.0, 1.0], "abc", 0.0),
        ([0.5, 0.5], "ab", 0.5),
        ([0.5], "a", 0.5),
    ],
)
def test_queries_are_split_at_the_median_of_their_overlaps(overlaps: list[float], few: str, boundary: float) -> None:
    strata = split(dict(zip("abcd", overlaps, strict=False)))
    assert ("".join(strata.few), strata.boundary) == (few, boundary)
    assert set(strata.few) | set(strata.many) == set("abcd"[: len(overlaps)])
    assert not set(strata.few) & set(strata.many)


def test_grep_ranks_by_different_words_and_then_by_how_often() -> None:
    grep = Grep(["brochure", "Brochures, brochures!", "errors\nin brochures", "", "Error error error"])
    assert grep.rank("brochure error?", 9) == [(2, 2.0), (4, 1.0), (1, 1.0), (0, 1.0)]
    assert grep.rank("brochure error?", 2) == [(2, 2.0), (4, 1.0)]
    assert grep.rank("zebra ?", 9) == grep.rank("", 9) == Grep([]).rank("brochure", 9) == Grep([""]).rank("a", 9) == []


TEXTS = st.text("aAbß \n.", max_size=12)


@given(st.lists(TEXTS, max_size=5), TEXTS)
def test_grep_finds_what_a_plain_search_through_each_file_finds(texts: list[str], query: str) -> None:
    words = {word for part in query.casefold().split() if (word := part.strip("."))}
    counts = {number: [text.casefold().count(word) for word in words] for number, text in enumerate(texts)}
    expected = sorted(
        (-sum(count > 0 for count in found), -sum(found), number) for number, found in counts.items() if any(found)
    )
    assert Grep(texts).rank(query, 9) == [(number, -matched) for matched, _, number in expected]
