"""A corpus with no lesson, or with one that moves."""

from __future__ import annotations

import json

import pytest

from tests.bad_input.answers import GOOD, found
from tests.conftest import Make, Outcome, Run, write


def test_an_empty_corpus_says_so(make: Make, kb: Run) -> None:
    root = make()
    done = kb(root, "reindex")
    assert (done.code, done.out.split(",")[0]) == (0, "0 added")
    for mode in ("hybrid", "lexical", "semantic"):
        done = kb(root, "search", "--mode", mode, "parcels")
        assert (done.code, done.out) == (1, "")
        assert done.err.splitlines()[-1] == "kb: there are no lessons in lessons yet; write the first one"
        assert json.loads(kb(root, "search", "--mode", mode, "--json", "parcels").out)["hits"] == []
    assert kb(root, "list") == Outcome(0, "", "")
    assert json.loads(kb(root, "list", "--json").out) == []
    assert json.loads(kb(root, "status", "--json").out)["lessons"] == 0
    done = kb(root, "show", "anything")
    assert (done.code, done.err) == (2, "kb: no lesson with the id 'anything'; `kb list` shows all\n")


def test_the_first_search_in_an_empty_corpus_builds_an_index_and_finds_nothing(make: Make, kb: Run) -> None:
    root = make()
    done = kb(root, "search", "parcels")
    assert (done.code, done.out) == (1, "")
    assert (root / ".kb" / "CURRENT").exists()
    write(root, "good.md", GOOD)
    assert kb(root, "search", "--mode", "lexical", "--refresh", "parcels").code == 0


def test_a_corpus_that_was_emptied_gives_up_its_lessons_when_that_is_meant(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD})
    (root / "lessons" / "good.md").unlink()
    assert kb(root, "reindex").code == 3
    assert found(kb, root, "parcels") == ["good"]
    done = kb(root, "reindex", "--allow-removals")
    assert (done.code, done.out.split(";")[0]) == (0, "0 added, 0 changed, 1 removed, 0 unchanged")
    assert found(kb, root, "parcels") == []


@pytest.mark.parametrize("text", [GOOD, "# Others\n\nA zebra.\n"], ids=["moved", "replaced"])
def test_the_only_lesson_may_be_moved_and_replaced(indexed: Make, kb: Run, text: str) -> None:
    root = indexed({"example.md": GOOD})
    (root / "lessons" / "example.md").unlink()
    write(root, "own.md", text)
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0]) == (0, "1 added, 0 changed, 1 removed, 0 unchanged")
