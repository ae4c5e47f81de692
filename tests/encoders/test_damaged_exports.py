"""A damaged export is noticed and made again, and no damaged vector is given out."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.errors import ModelError
from search.models.encoders import Encoders
from search.models.exported import DamagedExport, Exported
from search.storage.verified_record import VerifiedRecord
from tests.encoders.conftest import PREPARING, Opened, cut_weights, open_model

FILES = ["model.onnx", "model.weights", "tokenizer.json", "encoder.json", "seal.json"]


Damage = Callable[[Path], object]


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Write a file anew, of its size and time or not: as a file of its own, since the old one may be mapped."""
    data, times = path.read_bytes(), path.stat()
    path.unlink()
    path.write_bytes(change(data))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


DAMAGES: dict[str, Damage] = {
    "cut short": lambda path: rewrite(path, lambda data: data[: len(data) // 2]),
    "empty": lambda path: rewrite(path, lambda data: b""),
    "missing": lambda path: path.unlink(),
    "zeroed": lambda path: rewrite(path, lambda data: bytes(len(data))),
    "a bit at the beginning": lambda path: rewrite(path, lambda data: flipped(data, 0)),
    "a bit in the middle": lambda path: rewrite(path, lambda data: flipped(data, len(data) // 2)),
    "a bit at the end": lambda path: rewrite(path, lambda data: flipped(data, len(data) - 2)),
    "a folder": lambda path: path.rename(path.with_name("file")).with_name(path.name).mkdir(),
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_is_noticed_whoever_opens_it_and_is_made_anew(own: Opened, file: str, damage: str) -> None:
    before = own.encoder.encode_query("errors")
    DAMAGES[damage](own.exported / file)
    fingerprint = own.encoder.card.fingerprint
    with pytest.raises(DamagedExport, match=f"^the prepared model in {re.escape(str(own.exported))} is damaged: "):
        own.encoders.open_exported(fingerprint)
    assert own.encoders.damage_of(fingerprint).startswith(f"{own.exported}: ")
    told: list[str] = []
    encoder = Encoders(own.cache, Path(), told.append).open_for(own.encoder.card)
    assert [line.split(" (")[0] for line in told] == [f"{PREPARING} {own.folder}"]
    assert encoder.encode_query("errors") == pytest.approx(before, abs=1e-5)
    assert own.again().told == ()
    assert own.encoders.damage_of(fingerprint) == ""


SAYING = {
    "a list": b"[]",
    "a text": b'"card"',
    "no text": b"\xff\xfe{}",
    "too deep": b"[" * 100_000,
    "nothing": b"{}",
    "numbers": b'{"files": 1, "digest": 2}',
}


@pytest.mark.parametrize("said", SAYING)
@pytest.mark.parametrize("file", ["encoder.json", "seal.json", "its name"])
def test_whatever_the_small_files_say_it_is_made_anew(own: Opened, file: str, said: str) -> None:
    (named,) = (own.cache / "names").iterdir()
    (named if file == "its name" else own.exported / file).write_bytes(SAYING[said])
    assert own.again().encoder.encode_query("errors") == pytest.approx(own.encoder.encode_query("errors"), abs=1e-5)
    assert own.again().told == ()


def test_an_export_of_a_program_that_made_no_seal_is_made_again_once(own: Opened) -> None:
    (own.exported / "seal.json").unlink()
    assert own.again().told != ()
    assert own.again().told == ()


def test_an_export_that_cannot_be_made_again_says_both(own: Opened) -> None:
    (own.exported / "tokenizer.json").write_text("{}")
    cut_weights(own.folder)
    with pytest.raises(ModelError) as error:
        own.encoders.open_for(replace(own.encoder.card, stamp=own.encoders.stamp(str(own.folder))))
    assert "cannot be loaded" in str(error.value)
    assert "\n" not in str(error.value)


def test_what_was_verified_is_not_read_again_until_something_changes(
    own: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file so new that it could change within a tick of its clock is read each time.
    hour = own.exported.stat().st_mtime_ns + 3600 * 10**9
    monkeypatch.setattr("search.models.exported.VerifiedRecord", lambda path: VerifiedRecord(path, lambda: hour))
    exported, reads = Exported(own.cache, own.encoder.card.fingerprint), Reads(own.exported)
    with reads:
        exported.verify()
        first = reads.count("model.onnx")
        exported.verify()
    assert (first, reads.count("model.onnx")) == (1, 1)
    rewrite(own.exported / "model.onnx", lambda data: flipped(data, len(data) // 2))
    with pytest.raises(DamagedExport, match=r"model\.onnx differs from what was written"):
        exported.verify()


class Reads:
    """Counts which files of a folder are opened, as long as it is entered."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._opened, self._on = folder, [""], False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._on and event == "open" and str(arguments[0]).startswith(str(self._folder)):
            self._opened.append(Path(str(arguments[0])).name)

    def __enter__(self) -> None:
        self._on = True

    def __exit__(self, *_: object) -> None:
        self._on = False

    def count(self, name: str) -> int:
        return self._opened.count(name)


def spoil_a_word(folder: Path, value: float) -> None:
    """Give one word of a static model a vector that is none."""
    from safetensors.numpy import load_file, save_file

    (weights,) = folder.rglob("model.safetensors")
    tensors = {name: tensor.copy() for name, tensor in load_file(weights).items()}
    (rows,) = (tensor for tensor in tensors.values() if tensor.ndim == 2)
    vocabulary = json.loads(next(folder.rglob("tokenizer.json")).read_text())["model"]["vocab"]
    rows[vocabulary["print"]] = value
    save_file(tensors, weights, {"format": "pt"})


def test_what_is_no_vector_is_an_error_and_never_given(static_model: Path, tmp_path: Path) -> None:
    shutil.copytree(static_model, tmp_path / "model")
    spoil_a_word(tmp_path / "model", np.nan)
    encoder = open_model(tmp_path / "model", tmp_path / "encoders").encoder
    assert encoder.encode_query("errors").any()
    for encode in (lambda: encoder.encode_query("print"), lambda: list(encoder.encode_passages(["errors", "print"]))):
        with pytest.raises(ModelError, match=r"makes vectors that are zero or no numbers; name another one"):
            encode()


def test_an_export_that_was_interrupted_is_not_taken_for_a_whole_one(own: Opened) -> None:
    own.exported.rename(own.cache / ".building-x")
    assert own.again().told != ()


def test_a_cache_that_cannot_be_written_makes_it_slow_and_says_so(prompted: Opened, tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("a file where the folder should be")
    ours = open_model(prompted.folder, tmp_path / "encoders")
    assert f"the exported model cannot be kept in {tmp_path / 'encoders'} (" in ours.told[-1]
    assert ours.told[-1].endswith("; searching stays slow")
    assert ours.encoder.encode_query("errors") == pytest.approx(prompted.encoder.encode_query("errors"), abs=1e-5)
