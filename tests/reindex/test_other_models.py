"""Another model encodes everything; the old index answers meanwhile."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make, Run
from tests.reindex.three_lessons import SENTENCE, THREE, counts, found, indexed, live_folder


def test_another_model_encodes_everything_anew_and_the_old_one_answers_meanwhile(
    make: Make, kb: Run, static_model: Path, cls_model: Path
) -> None:
    root = make(THREE)
    first = indexed(root)
    (root / "kb.toml").write_text(f'[model]\nname = "{cls_model}"\n')
    done = kb(root, "search", "--json", "--all", "--mode", "semantic", SENTENCE)
    assert json.loads(done.out)["hits"][0]["id"] == "labels"
    note = f"the index was made with the model {static_model}, kb.toml says {cls_model}; run `kb reindex`"
    assert f"kb: {note}" in done.err.splitlines()
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded, report.published) == ((0, 0, 0, 3, 0), report.passages, True)
    assert report.snapshot != first.snapshot
    done = kb(root, "search", "--json", "--mode", "semantic", SENTENCE)
    assert note not in done.err
    assert json.loads(kb(root, "status", "--json").out)["model"] == str(cls_model)
    # And back again: the vectors of the first model are still known.
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    assert KnowledgeBase(root).reindex().encoded == 0


def test_other_weights_under_the_same_name_are_another_model(make: Make, static_model: Path, cls_model: Path) -> None:
    root = make(THREE, '[model]\nname = "model"')
    shutil.copytree(static_model, root / "model")
    indexed(root)
    shutil.rmtree(root / "model")
    shutil.copytree(cls_model, root / "model")
    report = KnowledgeBase(root).reindex()
    assert (report.encoded, report.published) == (report.passages, True)


def test_a_model_folder_that_was_only_copied_anew_encodes_nothing(make: Make, static_model: Path) -> None:
    root = make(THREE, '[model]\nname = "model"')
    shutil.copytree(static_model, root / "model")
    indexed(root)
    for path in (root / "model").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded) == ((0, 0, 0, 3, 0), 0)


def test_a_model_that_cannot_be_loaded_leaves_the_index_as_it_was(make: Make, kb: Run) -> None:
    root = make(THREE)
    before = indexed(root).snapshot
    (root / "kb.toml").write_text('[model]\nname = "./no-model"\n')
    done = kb(root, "reindex")
    assert (done.code, done.out) == (5, "")
    assert done.err == f"kb: the model './no-model' cannot be loaded: no folder {root / 'no-model'}\n"
    assert live_folder(root).name == before
    assert found(root, "parcels") == ["labels"]
