"""What is known of an encoder without loading it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.storage.atomic import replace_file

# It is also the name of a folder.
_FINGERPRINT = re.compile(r"[\w-]{1,64}", re.ASCII)
_MOST = 1 << 24
CARD = "encoder.json"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """The properties of an encoder, stored as `encoder.json` beside its weights."""

    model: str
    """The model's name in the configuration."""
    stamp: str
    """Changes when the files behind the model's name change (`Encoders.stamp`)."""
    fingerprint: str
    """Hash of everything that changes a vector."""
    dimension: int
    max_tokens: int
    """The window in tokens, special tokens and prompt included."""
    query_prompt: str
    passage_prompt: str
    normalizes: bool
    """Whether vectors have unit length: the model compares by cosine, not by inner product."""
    special_tokens: bool
    """Whether the tokenizer adds tokens of its own to each input, so that no input is without tokens."""
    inputs: tuple[str, ...]
    """The names of the exported graph's inputs, in order; empty if the model could not be exported."""
    unexportable: str = ""
    """Why the model runs only through sentence-transformers; empty if it could be exported."""

    @classmethod
    def read(cls, folder: Path) -> EncoderCard:
        """Read the card of a folder; raises `OSError` or `ValueError` if it is missing or damaged."""
        return cls.read_file(folder / CARD)

    @classmethod
    def read_file(cls, path: Path) -> EncoderCard:
        try:
            return cls.from_json(json.loads(path.read_text("utf-8")))
        except RecursionError as error:
            raise ValueError("not an encoder card: nested too deep") from error

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EncoderCard:
        """Make a card from what `asdict` returned; raises `ValueError`."""
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
        """Write the card atomically."""
        replace_file(path, json.dumps(asdict(self), indent=1).encode())
