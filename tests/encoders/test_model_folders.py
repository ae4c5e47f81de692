"""A model that is missing, incomplete or not to be trusted is named in one line."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from search.errors import ModelError
from search.models.encoders import Encoders
from tests.encoders.conftest import Opened, cut_weights, open_model


@pytest.mark.parametrize(
    "name", ["./missing", "{tmp}/missing", "models/of/mine", "~/missing-model", "~nobody-here/model"]
)
def test_a_missing_folder_is_named(tmp_path: Path, name: str) -> None:
    name = name.replace("{tmp}", str(tmp_path))
    told: list[str] = []
    with pytest.raises(ModelError, match=rf"^the model '{re.escape(name)}' cannot be loaded: no folder ") as refused:
        Encoders(tmp_path / "encoders", tmp_path, told.append).open(name)
    assert "\n" not in str(refused.value)
    assert told == []


@pytest.mark.parametrize("name", ["no-such-model", "nobody/nothing"])
def test_a_model_that_is_neither_here_nor_to_be_had_is_named_in_one_line(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(
        ModelError, match=f"^the model '{name}' is not on this machine, and Hugging Face cannot be asked for it "
    ) as refused:
        Encoders(tmp_path / "encoders", tmp_path, lambda line: None).open(name)
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.rglob("*.json")) == []


def no_model(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes")


def spoil_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def endless_settings(folder: Path) -> None:
    (folder / "modules.json").unlink()
    (folder / "modules.json").symlink_to("/dev/zero")


def pipe_of_settings(folder: Path) -> None:
    (folder / "modules.json").unlink()
    os.mkfifo(folder / "modules.json")


def settings_of_a_gigabyte(folder: Path) -> None:
    os.truncate(folder / "tokenizer.json", 10**9)


@pytest.mark.parametrize(
    "spoil", [no_model, cut_weights, spoil_config, endless_settings, pipe_of_settings, settings_of_a_gigabyte]
)
def test_a_folder_that_is_no_whole_model_is_named_in_one_line(
    prompted: Opened, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(prompted.folder, folder)
    spoil(folder)
    with pytest.raises(ModelError, match=f"^the model '{re.escape(str(folder))}' cannot be loaded: ") as refused:
        open_model(folder, tmp_path / "encoders")
    assert "\n" not in str(refused.value)


def test_links_and_large_weights_are_for_ones_own_models_and_links_not_for_those_of_a_clone(
    prompted: Opened, tmp_path: Path
) -> None:
    folder = tmp_path / "base" / "model"
    shutil.copytree(prompted.folder, folder)
    (folder / "model.safetensors").rename(tmp_path / "weights")
    os.truncate(tmp_path / "weights", 10**9)
    (folder / "model.safetensors").symlink_to(tmp_path / "weights")
    assert Encoders(tmp_path / "encoders", tmp_path / "elsewhere", lambda line: None).stamp(str(folder))
    with pytest.raises(ModelError, match="is a link, which is not followed in a knowledge base"):
        Encoders(tmp_path / "encoders", tmp_path / "base", lambda line: None).stamp("model")
