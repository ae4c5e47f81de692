"""Ranking and modes, as far as the command promises them. (How good it is: `test_lessons.py` and the benchmarks.)"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Make, Run
from tests.search_command.conftest import SENTENCE, answer, ids, lines


def test_each_lesson_comes_once_with_its_best_passage_first(make: Make, kb: Run) -> None:
    sections = [f"## Part {number}\n\n{'Parcels and labels. ' * 30}Number {number}." for number in range(8)]
    root = make({"long.md": "# Long\n\n" + "\n\n".join(sections), "short.md": "# Short\n\nParcels.\n"})
    for mode in ("hybrid", "lexical"):
        hits = answer(kb(root, "search", "--json", "--mode", mode, "parcels and labels number 5"))["hits"]
        found = [(hit["rank"], hit["id"]) for hit in hits]
        # By meaning a lesson of one word may be too far away.
        assert found in ([(1, "long"), (2, "short")], [(1, "long")])
        assert hits[0]["headings"][-1] == "Part 5"
        places = [hits[0]["line"], *(passage["line"] for passage in hits[0]["more"])]
        assert len(set(places)) == 3


def test_scores_fall_and_equal_ones_are_ordered_by_path(make: Make, kb: Run) -> None:
    same = "Parcels come back.\n"
    root = make({"c.md": same, "a.md": same, "b/b.md": same, "best.md": "# Parcels\n\nParcels, parcels.\n"})
    hits = answer(kb(root, "search", "--json", "--mode", "lexical", "parcels"))["hits"]
    scores = [hit["score"] for hit in hits]
    assert [hit["id"] for hit in hits] == ["best", "a", "b/b", "c"]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] == scores[2] == scores[3]


def test_a_word_that_no_lesson_has_does_not_empty_the_ranking(base: Path, kb: Run) -> None:
    assert ids(kb(base, "search", "--json", "--mode", "lexical", "parcels xylophone")) == ["wrong-labels"]


def test_a_phrase_in_quotes_leaves_only_the_lessons_that_have_it(make: Make, kb: Run) -> None:
    root = make({"a.md": "Wrong address here.\n", "b.md": "The address is wrong, the wrong way round.\n"})
    assert ids(kb(root, "search", "--json", "--mode", "lexical", "wrong address")) == ["a", "b"]
    assert ids(kb(root, "search", "--json", '"wrong address"')) == ["a"]
    done = kb(root, "search", "--json", "--mode", "lexical", '"wrong round"')
    assert ids(done) == ["b", "a"]
    note = 'no lesson has the phrase "wrong round"; searched for its words'
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)


# Modes.


def test_by_words_only_a_lesson_without_any_of_them_is_not_found(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", "--mode", "lexical", "languages"))
    assert (found["mode"], [hit["id"] for hit in found["hits"]]) == ("lexical", ["plans"])
    assert found["hits"][0]["why"]["semantic"] is None


def test_by_meaning_only_the_words_play_no_part(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", "--mode", "semantic", SENTENCE))
    assert (found["mode"], found["hits"][0]["id"]) == ("semantic", "wrong-labels")
    for hit in found["hits"]:
        assert (hit["why"]["lexical"], hit["why"]["terms"]) == (None, [])
        assert hit["why"]["parts"]["meaning"] == pytest.approx(hit["why"]["semantic"]["score"])
        assert -1 <= hit["why"]["semantic"]["score"] <= 1


def test_by_default_both_legs_answer(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", SENTENCE))
    best = found["hits"][0]
    assert (found["mode"], best["id"]) == ("hybrid", "wrong-labels")
    parts = best["why"]["parts"]
    assert parts["words"] + parts["meaning"] == pytest.approx(1)
    assert min(parts["words"], parts["meaning"]) > 0
    assert best["why"]["lexical"]["rank"] == best["why"]["semantic"]["rank"] == 1


def test_a_statement_in_the_front_matter_leads_to_the_lesson_and_is_not_what_is_shown(base: Path, kb: Run) -> None:
    for mode in ("lexical", "semantic", "hybrid"):
        hit = answer(kb(base, "search", "--json", "--mode", mode, "goods come home again"))["hits"][0]
        assert hit["id"] == "wrong-labels"
        assert all(passage["line"] > 15 for passage in (hit, *hit["more"]))


@pytest.mark.parametrize(("asked", "shown"), [(["--limit", "1"], 1), (["-n", "3"], 3), ([], 5), (["-n", "99"], 7)])
def test_the_limit_says_how_many_lessons(make: Make, kb: Run, asked: list[str], shown: int) -> None:
    root = make({f"{number}.md": f"# Parcels {number}\n" for number in range(7)})
    done = kb(root, "search", "--json", "--mode", "lexical", *asked, "parcels")
    assert ids(done) == [str(number) for number in range(shown)]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many"])
def test_a_limit_that_makes_no_sense_is_wrong_usage(base: Path, kb: Run, limit: str) -> None:
    done = kb(base, "search", "--limit", limit, "parcels")
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(rf"kb: invalid value for '-n' / '--limit': .*{limit}.*; see `kb search --help`\n", done.err)
