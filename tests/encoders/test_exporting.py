"""A model is exported once, opened by its fingerprint, and says why it cannot be exported."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import ModelError
from search.models.encoder_card import EncoderCard
from search.models.encoders import Encoders
from tests.encoders.conftest import FAST, PREPARING, SLOW, SLOWER, TEXTS, Open, Opened, passages, reference


@pytest.mark.parametrize("make", FAST)
def test_a_model_is_exported_when_it_is_first_used_and_never_again(opened: Open, make: str) -> None:
    first = opened(make)
    assert first.encoder.card.unexportable == ""
    assert [line.split(" (")[0] for line in first.told] == [f"{PREPARING} {first.folder}"]
    assert [path for path in first.cache.iterdir() if path.name.startswith(".")] == [], "nothing half built is left"
    assert {path.name for path in first.exported.iterdir()} <= {
        "encoder.json",
        "model.onnx",
        "model.weights",
        "tokenizer.json",
        "seal.json",
    }
    again = first.again()
    assert again.told == ()
    assert again.encoder.card == first.encoder.card
    assert again.encoder.encode_query("errors").tolist() == first.encoder.encode_query("errors").tolist()


def test_a_model_stored_in_half_precision_is_exported_too(opened: Open) -> None:
    ours = opened("half")
    assert [line for line in ours.told if SLOWER in line] == []
    model = reference(ours.folder, model_kwargs={"dtype": "float32"})
    expected = model.encode_document(TEXTS, normalize_embeddings=True)
    assert (passages(ours.encoder, TEXTS) * expected).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_an_exported_model_is_opened_by_its_fingerprint_alone(prompted: Opened, tmp_path: Path) -> None:
    shutil.copytree(prompted.cache, tmp_path / "encoders")
    encoders = Encoders(tmp_path / "encoders", tmp_path / "nowhere", lambda line: None)
    found = encoders.open_exported(prompted.encoder.card.fingerprint)
    assert found is not None
    assert found.encode_query("errors").tolist() == prompted.encoder.encode_query("errors").tolist()
    assert encoders.open_exported("0123456789abcdef0123") is None


def test_a_model_is_opened_once_for_all_that_a_run_does_with_it(prompted: Opened, tmp_path: Path) -> None:
    shutil.copytree(prompted.cache, tmp_path / "encoders")
    encoders = Encoders(tmp_path / "encoders", tmp_path / "nowhere", lambda line: None)
    fingerprint = prompted.encoder.card.fingerprint
    assert encoders.open_for(prompted.encoder.card) is encoders.open_exported(fingerprint)
    encoders.remove(fingerprint)
    assert encoders.open_exported(fingerprint) is None


def test_the_model_of_an_index_is_opened_and_no_other(prompted: Opened) -> None:
    card = prompted.encoder.card
    assert prompted.encoders.open_for(card).card.fingerprint == card.fingerprint
    with pytest.raises(ModelError, match=r"is not the one the index was made with; run `kb reindex`$"):
        prompted.encoders.open_for(replace(card, fingerprint="0123456789abcdef0123"))


@pytest.mark.parametrize("make", SLOW)
def test_a_model_that_cannot_be_exported_says_so_and_nobody_tries_again(opened: Open, make: str) -> None:
    first = opened(make)
    assert [line.split(" (")[0] for line in first.told] == [
        f"{PREPARING} {first.folder}",
        f"the model {first.folder} {SLOWER}",
    ]
    reason = EncoderCard.read(first.exported).unexportable
    assert reason
    assert first.told[1].endswith(f" ({reason})")
    card = first.exported / "encoder.json"
    before = (card.stat().st_ino, card.stat().st_mtime_ns)
    assert sorted(path.name for path in first.exported.iterdir()) == ["encoder.json", "seal.json"]
    again = first.again()
    assert again.told == (first.told[1],)
    assert (card.stat().st_ino, card.stat().st_mtime_ns) == before
    assert again.encoder.encode_query("print errors").tolist() == first.encoder.encode_query("print errors").tolist()
    assert first.encoders.open_exported(first.encoder.card.fingerprint) is None


def test_the_reason_is_named_for_a_tokenizer_that_needs_python(opened: Open) -> None:
    assert "(its tokenizer is not one of the `tokenizers` library)" in opened("bag-of-words").told[1]
