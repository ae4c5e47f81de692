"""`kb similar`: analogous cases of a lesson, or of a file that is none yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome, Run

LABELS = """\
---
id: wrong-labels
title: Orders left with the wrong label
tags: [shipping, printing]
unit: Warehouse North
impact: [{area: cost, change: "-85%"}]
applies_when: [something is printed before it was checked]
not_when: [nothing is printed]
---
Parcels came back because the label showed an old address.
"""
BROCHURES = """\
---
tags: [printing, sales]
unit: Sales South
impact: [{area: customer-satisfaction}]
applies_when: [something is printed before it was checked, the copy changes often]
not_when: [every place sells the same]
---
# Brochures with an old address

The address on every printed brochure was old, and the label too.
"""
LESSONS: dict[str, str | bytes] = {
    "2006/labels.md": LABELS,
    "brochures.md": BROCHURES,
    "plans.md": "# Forty plans\n\nForty teams plan in forty languages.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def test_filters_restrict_what_is_similar_and_not_the_subject(base: Path, kb: Run) -> None:
    both = answer(kb(base, "similar", "plans", "--json"))["hits"]
    assert {hit["id"] for hit in both} == {
        "wrong-labels",
        "brochures",
    }
    done = kb(base, "similar", "plans", "--where", "evidence>=E", "--json")
    assert [hit["id"] for hit in json.loads(done.out)["hits"]] == ["wrong-labels"]
    done = kb(base, "similar", "plans", "--where", "evidence>=Q")
    assert (done.code, "is none of E, D, C, B, A" in done.err) == (2, True)
    done = kb(base, "similar", "plans", "--tag", "nowhere")
    assert (done.code, "no lesson has tag:nowhere" in done.err) == (1, True)


def answer(done: Outcome) -> dict[str, Any]:
    assert (done.code, done.out.count("\n")) == (0, 1), done.err
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def ids(done: Outcome) -> list[str]:
    return [hit["id"] for hit in answer(done)["hits"]]


# What is compared.


@pytest.mark.parametrize("name", ["wrong-labels", "lessons/2006/labels.md"])
def test_a_lesson_is_named_by_its_id_or_its_path_and_is_no_case_of_itself(base: Path, kb: Run, name: str) -> None:
    assert ids(kb(base, "similar", "--json", name)) == ["brochures", "plans"]


def test_every_lesson_but_itself_is_ranked(base: Path, kb: Run) -> None:
    everything = {"wrong-labels", "brochures", "plans"}
    for name in everything:
        assert set(ids(kb(base, "similar", "--json", name))) == everything - {name}


def test_a_twin_is_the_nearest_case(base: Path, kb: Run) -> None:
    (base / "lessons" / "twin.md").write_text(LABELS.replace("wrong-labels", "twin"))
    kb(base, "reindex")
    assert ids(kb(base, "similar", "--json", "wrong-labels"))[0] == "twin"
    assert ids(kb(base, "similar", "--json", "twin"))[0] == "wrong-labels"


def test_a_file_outside_the_corpus_is_compared_with_all_lessons(base: Path, kb: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(LABELS)
    assert ids(kb(base, "similar", "--json", str(draft)))[0] == "wrong-labels"
    assert len(ids(kb(base, "similar", "--json", str(draft)))) == 3


def test_a_lesson_that_is_in_no_index_yet_is_a_file_like_any_other(base: Path, kb: Run) -> None:
    draft = base / "lessons" / "draft.md"
    draft.write_text("# Wrong address\n\nThe label showed an old address.\n")
    assert set(ids(kb(base, "similar", "--json", str(draft)))) == {"wrong-labels", "brochures", "plans"}


def test_the_whole_text_counts_to_its_end(base: Path, kb: Run, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(
        "# Minutes\n\n" + "The weather was discussed at length. " * 2500 + "\n\nForty teams, forty languages.\n"
    )
    plans = by_id(kb, base, str(long))["plans"]["why"]
    assert plans["lexical"]["rank"] == 1
    assert set(plans["terms"]) >= {"Forty", "teams", "languages"}


# What they share.


def by_id(kb: Run, base: Path, *arguments: str) -> dict[str, Any]:
    return {hit["id"]: hit for hit in answer(kb(base, "similar", "--json", *arguments))["hits"]}


def test_a_hit_says_what_is_shared_and_what_differs(base: Path, kb: Run) -> None:
    hit = by_id(kb, base, "wrong-labels")["brochures"]
    assert hit["shared"] == {
        "tags": ["printing"],
        "applies when": ["something is printed before it was checked"],
    }
    assert hit["differs"] == {
        "tags": [["shipping"], ["sales"]],
        "unit": [["Warehouse North"], ["Sales South"]],
        "area": [["cost"], ["customer-satisfaction"]],
        "applies when": [[], ["the copy changes often"]],
        "not when": [["nothing is printed"], ["every place sells the same"]],
    }


def test_what_a_file_says_in_its_front_matter_is_compared_too(base: Path, kb: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("---\ntags: [Printing]\nunit: sales south\n---\nAn old address.\n")
    hits = by_id(kb, base, str(draft))
    assert hits["brochures"]["shared"] == {"tags": ["Printing"], "unit": ["sales south"]}
    assert hits["plans"]["shared"] == hits["plans"]["differs"].get("area", {}) == {}


def test_a_hit_is_that_of_a_search_and_more(base: Path, kb: Run) -> None:
    found = answer(kb(base, "similar", "--json", "wrong-labels"))
    searched = json.loads(kb(base, "search", "--json", "--all", "address").out)
    assert found.keys() == searched.keys()
    assert found["query"] == "Orders left with the wrong label"
    for hit in found["hits"]:
        assert hit.keys() == searched["hits"][0].keys() | {"shared", "differs"}
        assert sum(hit["why"]["parts"].values()) == pytest.approx(hit["score"], abs=1e-5)
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]


def test_a_person_reads_what_is_shared_and_in_which_conditions_the_case_was(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = kb(base, "similar", "-n", "1", "wrong-labels")
    *_, shares, unit, area, applies, not_when = done.out.splitlines()
    assert done.out.startswith("1. Brochures with an old address\n")
    assert shares.startswith(
        "   shares tags: printing; applies when: something is printed before it was checked; words: "
    )
    assert {"label", "address"} <= set(shares.split("words: ")[1].split(", "))
    assert (unit, area) == (
        "   differs unit: Sales South (here: Warehouse North)",
        "   differs area: customer-satisfaction (here: cost)",
    )
    assert (applies, not_when) == ("   applies when the copy changes often", "   not when every place sells the same")


def test_the_limit_says_how_many(base: Path, kb: Run) -> None:
    assert ids(kb(base, "similar", "--json", "-n", "1", "wrong-labels")) == ["brochures"]
    assert kb(base, "similar", "-n", "0", "wrong-labels").code == 2


# What cannot be compared.


def test_an_unknown_id_is_an_error_that_names_the_nearest(base: Path, kb: Run) -> None:
    done = kb(base, "similar", "wrong-lables")
    assert done == Outcome(2, "", "kb: no lesson with the id 'wrong-lables'; nearest: wrong-labels\n")


def test_a_file_that_is_no_text_or_a_folder_is_an_error_that_names_it(base: Path, kb: Run, tmp_path: Path) -> None:
    odd = tmp_path / "odd.md"
    odd.write_bytes(b"\0" * 99)
    for path in (odd, tmp_path):
        done = kb(base, "similar", str(path))
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert str(path)[:50] in done.err


@pytest.mark.parametrize("content", ["", "\n\n", "---\n---\n", "the of and", "?!", "\u202e\U0001f525"])
def test_a_file_without_words_is_no_crash(base: Path, kb: Run, tmp_path: Path, content: str) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(content, "utf-8")
    done = kb(base, "similar", str(draft))
    assert done.code in (0, 1, 2)
    assert done.err.count("\n") <= 3


def test_a_file_whose_front_matter_is_broken_is_compared_by_its_text(base: Path, kb: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("---\ntitle: a: b\n---\nForty teams plan in forty languages.\n")
    assert ids(kb(base, "similar", "--json", str(draft)))[0] == "plans"


def test_the_only_lesson_is_like_no_other(indexed: Make, kb: Run) -> None:
    root = indexed({"labels.md": LABELS})
    assert kb(root, "similar", "wrong-labels") == Outcome(1, "", "kb: there is no other lesson\n")


def test_without_an_index_it_says_how_to_make_one(make: Make, kb: Run) -> None:
    done = kb(make(LESSONS), "similar", "wrong-labels")
    assert done == Outcome(5, "", "kb: there is no index yet; run `kb reindex`\n")


def test_an_index_without_a_model_compares_words_and_says_so(make: Make, kb: Run) -> None:
    root = make(LESSONS, '[model]\nname = "./no-model"')
    kb(root, "search", "--mode", "lexical", "labels")
    done = kb(root, "similar", "--json", "wrong-labels")
    assert (answer(done)["mode"], ids(done)) == ("lexical", ["brochures"])
    assert "kb: answered by words only: " in done.err
