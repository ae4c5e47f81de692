"""Why a lesson stands where it stands: what its score is the sum of, and what its state adds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Run

TEXT = "Parcels came back because the label showed an old address."
QUERY = "parcels with an old address"


def lesson(front_matter: str, text: str = TEXT) -> str:
    return f"---\n{front_matter}\n---\n{text}\n"


LIBRARY: dict[str, str | bytes] = {
    "labels.md": lesson("status: validated\nimpact: [{area: cost, design: pre-post}]"),
    "drafted.md": lesson("status: draft", f"# Parcels\n\n{TEXT}"),
    "old.md": lesson("status: superseded", f"{TEXT} The address was read aloud."),
    "new.md": lesson("supersedes: [old]", "# Labels again\n\nOne address book for all parcels."),
    "again.md": lesson("reused: [{lesson: labels, outcome: helped}]", "Labels, once more."),
    "plans.md": "# Forty plans\n\nForty teams plan in forty languages.\n",
}
MODES = ("hybrid", "lexical", "semantic")


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LIBRARY)


def hits(kb: Run, root: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return all hits; the verdict on them is for `test_relevant.py`."""
    done = kb(root, "search", "--json", "--all", "-n", "50", *arguments)
    assert done.code in (0, 1), done.err
    found: list[dict[str, Any]] = json.loads(done.out)["hits"]
    return found


# The sum.


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("query", [QUERY, "parcels parcels parcels labels", "zebras", "forty zebras plan"])
def test_the_parts_add_up_to_the_score(base: Path, kb: Run, mode: str, query: str) -> None:
    found = hits(kb, base, "--mode", mode, query)
    assert found or mode == "lexical"
    for hit in found:
        assert sum(hit["why"]["parts"].values()) == pytest.approx(hit["score"], abs=1e-5)
    assert [hit["score"] for hit in found] == sorted((hit["score"] for hit in found), reverse=True)


@pytest.mark.parametrize("mode", MODES)
def test_the_weights_of_the_words_add_up_to_the_part_of_the_words(base: Path, kb: Run, mode: str) -> None:
    for hit in hits(kb, base, "--mode", mode, "parcels, addresses and forty labels; parcels!"):
        why = hit["why"]
        assert sum(why["weights"].values()) == pytest.approx(why["parts"].get("words", 0), abs=1e-5)
        assert list(why["weights"]) == why["terms"]
        assert bool(why["weights"]) == bool(why["lexical"])


def test_the_words_are_those_of_the_query_as_it_was_typed(base: Path, kb: Run) -> None:
    best = next(hit for hit in hits(kb, base, "Parcel, zebras, ADDRESSES") if hit["id"] == "labels")
    assert set(best["why"]["weights"]) == {"Parcel", "ADDRESSES"}


def test_a_rare_word_weighs_more_than_a_common_one(base: Path, kb: Run) -> None:
    weights = next(hit for hit in hits(kb, base, "parcels aloud") if hit["id"] == "old")["why"]["weights"]
    assert weights["aloud"] > weights["parcels"] > 0


def test_a_word_that_the_query_repeats_weighs_more(base: Path, kb: Run) -> None:
    def weights(query: str) -> dict[str, float]:
        found = hits(kb, base, "--mode", "lexical", query)
        return dict(next(hit for hit in found if hit["id"] == "labels")["why"]["weights"])

    once, twice = weights("parcels label"), weights("parcels label parcels")
    assert twice["label"] == pytest.approx(once["label"])
    assert once["parcels"] < twice["parcels"] < 2 * once["parcels"]


def test_only_the_legs_that_were_asked_have_a_part(base: Path, kb: Run) -> None:
    legs = {
        mode: {"words", "meaning"} & hits(kb, base, "--mode", mode, QUERY)[0]["why"]["parts"].keys() for mode in MODES
    }
    assert legs == {"hybrid": {"words", "meaning"}, "lexical": {"words"}, "semantic": {"meaning"}}


# As it is shown.

PART = re.compile(
    r"^   ([+-]\d+\.\d{4}) (\w[\w ]*?)(?: \(rank (\d+), (?:BM25|cosine) -?\d+\.\d+\)| \(not found by them\))?(: .*)?$"
)


def explained(out: str) -> list[tuple[dict[str, float], float]]:
    """Return for each result its parts and its score, as they are printed."""
    found = []
    for block in out.split("\n\n"):
        *lines, last = block.splitlines()
        parts = {match[2]: float(match[1]) for match in map(PART.match, lines) if match}
        score = re.fullmatch(r" +(-?\d+\.\d{4}) score", last)
        assert score, block
        found.append((parts, float(score[1])))
    return found


@pytest.mark.parametrize("mode", MODES)
def test_the_lines_that_are_printed_add_up_too(base: Path, kb: Run, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    arguments = ("--all", "-n", "50", "--mode", mode, QUERY)
    printed = explained(kb(base, "search", "--explain", *arguments).out)
    found = hits(kb, base, "--mode", mode, QUERY)
    assert [parts.keys() for parts, _ in printed] == [hit["why"]["parts"].keys() for hit in found]
    for parts, score in printed:
        assert sum(parts.values()) == pytest.approx(score, abs=0.0005)


def test_each_leg_says_its_rank_and_the_words_what_each_adds(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    best = hits(kb, base, "forty languages")[0]
    out = kb(base, "search", "--explain", "--all", "forty languages").out
    words = ", ".join(f"{word} {weight:.4f}" for word, weight in best["why"]["weights"].items())
    assert re.search(rf"^   \+0\.\d{{4}} words \(rank 1, BM25 \d+\.\d{{3}}\): {words}$", out, re.MULTILINE)
    assert re.search(r"^   \+\d\.\d{4} meaning \(rank 1, cosine \d\.\d{3}\)$", out, re.MULTILINE)
    assert "+0.0000 words (not found by them)" in out


def test_who_does_not_ask_is_not_told(base: Path, kb: Run) -> None:
    arguments = ("search", "--mode", "lexical", QUERY)
    plain, reasons = kb(base, *arguments), kb(base, *arguments, "--explain")
    assert " words (rank" not in plain.out
    assert set(plain.out.splitlines()) < set(reasons.out.splitlines())


def test_filters_alone_have_no_score_to_explain(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--explain", "status:draft")
    assert (done.code, "score" in done.out) == (0, False)
    (hit,) = hits(kb, base, "status:draft")
    assert (hit["id"], hit["score"], hit["why"]["parts"]) == ("drafted", 0, {})


# What a lesson's state adds.


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [hit["id"] for hit in found]


@pytest.mark.parametrize("mode", MODES)
def test_a_draft_is_below_an_equal_lesson_that_was_validated(indexed: Make, kb: Run, mode: str) -> None:
    draft, validated = lesson("title: Labels\nstatus: draft"), lesson("title: Labels\nstatus: validated")
    root = indexed({"a.md": draft, "b.md": validated, "c.md": "Zebras.\n"})
    first, second = hits(kb, root, "--mode", mode, QUERY)[:2]
    assert (first["id"], second["id"]) == ("b", "a")
    assert second["why"]["parts"]["draft"] == pytest.approx(second["score"] - first["score"], abs=1e-4)
    assert "draft" not in first["why"]["parts"]


@pytest.mark.parametrize("mode", MODES)
def test_a_lesson_that_was_replaced_is_below_its_successor_and_says_by_what(base: Path, kb: Run, mode: str) -> None:
    query = "the address was read aloud"
    found = hits(kb, base, "--mode", mode, query)
    by_id = {hit["id"]: hit for hit in found}
    assert ids(found).index("new") < ids(found).index("old")
    assert by_id["old"]["superseded_by"] == ["new"]
    assert by_id["old"]["why"]["parts"]["superseded"] < 0
    assert [hit["id"] for hit in found if hit["superseded_by"]] == ["old"]
    assert by_id["new"]["why"]["parts"]["replaces another"] > 0
    out = kb(base, "search", "--all", "-n", "50", "--mode", mode, query).out
    block = next(block for block in out.split("\n\n") if "[superseded]" in block)
    assert "\n   superseded by: new\n" in block
    assert out.count("superseded by:") == 1


def test_a_lesson_may_be_replaced_by_several_which_are_all_named(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": TEXT, "b.md": lesson("supersedes: [a]"), "c.md": lesson("supersedes: [a]")})
    found = hits(kb, root, "--mode", "lexical", QUERY)
    assert (ids(found)[-1], found[-1]["superseded_by"]) == ("a", ["b", "c"])
    assert "   superseded by: b, c\n" in kb(root, "search", "--mode", "lexical", QUERY).out


def test_of_equal_lessons_that_which_is_better_shown_and_that_which_helped_come_first(indexed: Make, kb: Run) -> None:
    files: dict[str, str | bytes] = {
        "a.md": lesson("title: Labels"),
        "b.md": lesson("title: Labels"),
        "c.md": lesson("title: Labels\nimpact: [{design: pre-post, before: 3, after: 2}]"),
        "d.md": lesson("title: Labels\nimpact: [{design: natural-field-experiment, after: 2, compared_with: c}]"),
        "e.md": lesson("reused: [{lesson: b, outcome: helped}]", "Zebras."),
    }
    root = indexed(files)
    found = hits(kb, root, "--mode", "semantic", QUERY)
    assert ids(found)[:4] == ["d", "c", "b", "a"]
    added = [hit["why"]["parts"].keys() - {"meaning"} for hit in found[:4]]
    assert added == [{"evidence"}, {"evidence"}, {"reuse"}, set()]


def test_no_state_outweighs_what_was_asked(make: Make, kb: Run) -> None:
    """Age is no state at all."""
    shown = "status: validated\ndate: 2026\nimpact: [{design: natural-field-experiment}]"
    root = make(
        {
            "method.md": lesson("status: retired\ndate: 1990"),
            "other.md": lesson(shown, "Labels are printed on the second floor of the annex, by the day."),
        }
    )
    kb(root, "reindex")
    for mode in MODES:
        assert ids(hits(kb, root, "--mode", mode, QUERY))[0] == "method"
