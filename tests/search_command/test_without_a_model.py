"""Without a model the words answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run
from tests.search_command.conftest import LESSONS, SENTENCE, answer, ids, lines


def test_a_model_that_cannot_be_loaded_leaves_the_words_and_says_so(make: Make, kb: Run) -> None:
    root = make(LESSONS, '[model]\nname = "./no-model"')
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    reason = f"the model './no-model' cannot be loaded: no folder {root / 'no-model'}"
    assert f"kb: {reason}; indexing words only" in lines(done)
    note = "answered by words only: the meaning of 4 passages is not indexed yet; run `kb reindex`"
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)


def test_an_index_without_a_model_answers_by_words_until_there_is_one(make: Make, kb: Run, static_model: Path) -> None:
    root = make(LESSONS, '[model]\nname = "./model"')
    kb(root, "search", SENTENCE)
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    done = kb(root, "search", "--mode", "semantic", SENTENCE)
    assert done == Outcome(5, "", "kb: the meaning of 4 passages is not indexed yet; run `kb reindex`\n")
    assert json.loads(kb(root, "status", "--json").out)["model"] is None
    assert "none: words only" in kb(root, "status").out
    (root / "model").symlink_to(static_model)
    assert kb(root, "reindex").code == 0
    found = answer(kb(root, "search", "--json", SENTENCE))
    assert (found["mode"], found["notes"], found["hits"][0]["id"]) == ("hybrid", [], "wrong-labels")


def test_a_model_that_is_gone_since_leaves_the_words_and_says_so(
    make: Make, kb: Run, static_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(LESSONS, '[model]\nname = "./model"')
    (root / "model").symlink_to(static_model)
    assert kb(root, "reindex").code == 0
    (root / "model").unlink()
    # The exported encoder still answers; on another machine there is none.
    assert answer(kb(root, "search", "--json", SENTENCE))["mode"] == "hybrid"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    note = f"answered by words only: the model './model' cannot be loaded: no folder {root / 'model'}"
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)
    done = kb(root, "search", "--mode", "semantic", SENTENCE)
    assert (done.code, done.out) == (5, "")
    assert done.err == f"kb: the model './model' cannot be loaded: no folder {root / 'model'}\n"


def test_refresh_without_a_loadable_model_still_answers_by_words(make: Make, kb: Run) -> None:
    root = make(LESSONS, '[model]\nname = "./no-model"')
    done = kb(root, "search", "--refresh", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    assert any("the model './no-model' cannot be loaded" in line for line in lines(done))
