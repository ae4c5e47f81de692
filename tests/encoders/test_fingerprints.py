"""What changes the fingerprint of a model, and what does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.models.encoders import Encoders
from tests.encoders.conftest import PREPARING, PROMPTS, Open, Opened, fingerprint, open_model


def test_a_folder_is_found_relative_to_the_knowledge_base(own: Opened) -> None:
    encoder = Encoders(own.cache, own.folder.parent, lambda line: None).open("model")
    assert encoder.card.model == "model"
    assert encoder.card.fingerprint == own.encoder.card.fingerprint


def test_a_model_replaced_under_its_name_is_loaded_anew(own: Opened, opened: Open) -> None:
    shutil.rmtree(own.folder)
    shutil.copytree(opened("mean").folder, own.folder)
    again = own.again()
    assert PREPARING in again.told[0]
    assert again.encoder.card.fingerprint == opened("mean").encoder.card.fingerprint
    assert again.encoder.encode_query("errors") == pytest.approx(
        opened("mean").encoder.encode_query("errors"), abs=1e-5
    )


def test_two_names_of_one_model_share_its_export(own: Opened) -> None:
    shutil.copytree(own.folder, own.folder.with_name("copy"))
    copy = open_model(own.folder.with_name("copy"), own.cache)
    assert copy.encoder.card.fingerprint == own.encoder.card.fingerprint
    assert own.again().told == (), "the copy does not take the export away from the first name"
    assert copy.again().told == ()


def edit_json(key: str, value: Any) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        data = json.loads(path.read_text("utf-8"))
        assert data.get(key) != value
        path.write_text(json.dumps(data | {key: value}), "utf-8")

    return edit


def change_one_weight(path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(path)
    name = "encoder.layer.1.output.dense.weight"
    tensors[name] = tensors[name].copy()
    tensors[name][3, 5] += 1e-3
    save_file(tensors, path, {"format": "pt"})


CONFIG = "config_sentence_transformers.json"


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        (CONFIG, edit_json("prompts", {**PROMPTS, "query": "Another: "})),
        (CONFIG, edit_json("prompts", {**PROMPTS, "document": "text: "})),
        (CONFIG, edit_json("similarity_fn_name", "dot")),
        ("1_Pooling/config.json", edit_json("pooling_mode", "max")),
        ("1_Pooling/config.json", edit_json("include_prompt", False)),
        ("sentence_bert_config.json", edit_json("max_seq_length", 32)),
        ("tokenizer.json", edit_json("normalizer", None)),
        ("model.safetensors", change_one_weight),
    ],
    ids=["query prompt", "passage prompt", "similarity", "pooling", "prompt pooled", "window", "tokenizer", "weight"],
)
def test_whatever_changes_a_vector_changes_the_fingerprint(
    prompted: Opened, tmp_path: Path, file: str, edit: Callable[[Path], None]
) -> None:
    shutil.copytree(prompted.folder, tmp_path / "model")
    assert fingerprint(tmp_path / "model") == prompted.encoder.card.fingerprint, "a copy has the same"
    edit(tmp_path / "model" / file)
    assert fingerprint(tmp_path / "model") != prompted.encoder.card.fingerprint


def test_what_changes_no_vector_leaves_the_fingerprint(prompted: Opened, tmp_path: Path) -> None:
    shutil.copytree(prompted.folder, tmp_path / "model")
    (tmp_path / "model" / "README.md").write_text("Another text.")
    edit_json("prompts", {**PROMPTS, "clustering": "Cluster: "})(tmp_path / "model" / CONFIG)
    assert fingerprint(tmp_path / "model") == prompted.encoder.card.fingerprint
