"""What a snapshot and a command know of an encoder without loading it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.storage.aside import replace_file

# A folder has this name.
_FINGERPRINT = re.compile(r"[\w-]{1,64}", re.ASCII)
_MOST = 1 << 24
CARD = "encoder.json"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What has to be known of an encoder beside its weights. Stands as `encoder.json` beside them."""

    model: str
    """The name in the configuration."""
    stamp: str
    """Tells whether the files behind the name are still those that were loaded."""
    fingerprint: str
    """Hash of everything that changes a vector."""
    dimension: int
    max_tokens: int
    """The window, special tokens and prompt included."""
    query_prompt: str
    passage_prompt: str
    normalizes: bool
    """Vectors are brought to unit length: the model compares by cosine, not by inner product."""
    special_tokens: bool
    """Whether the model's input begins and ends with tokens of the tokenizer's own, so that no text is without any."""
    inputs: tuple[str, ...]
    """Of the exported graph, in order; empty when the model could not be exported."""
    unexportable: str = ""
    """Why queries need sentence-transformers, if they do."""

    @classmethod
    def read(cls, folder: Path) -> EncoderCard:
        """Read the card of a folder; raises `OSError` or `ValueError` when there is none that is whole."""
        return cls.read_file(folder / CARD)

    @classmethod
    def read_file(cls, path: Path) -> EncoderCard:
        try:
            return cls.from_json(json.loads(path.read_text("utf-8")))
        except RecursionError as error:
            raise ValueError("not an encoder card: nested too deep") from error

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EncoderCard:
        """Make a card of what `asdict` gave; raises `ValueError`."""
        try:
            card = cls(**{**data, "inputs": tuple(data["inputs"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"not an encoder card: {error}") from error
        texts = (card.model, card.stamp, card.query_prompt, card.passage_prompt, card.unexportable, *card.inputs)
        counts, truths = (card.dimension, card.max_tokens), (card.normalizes, card.special_tokens)
        if (
            not all(isinstance(text, str) for text in (card.fingerprint, *texts))
            or not _FINGERPRINT.fullmatch(card.fingerprint)
            or not all(type(count) is int and 0 < count < _MOST for count in counts)
            or not all(isinstance(truth, bool) for truth in truths)
        ):
            raise ValueError("not an encoder card: some of its values cannot be")
        return card

    def write(self, folder: Path) -> None:
        self.write_file(folder / CARD)

    def write_file(self, path: Path) -> None:
        """Write the card, whole or not at all."""
        replace_file(path, json.dumps(asdict(self), indent=1).encode())
