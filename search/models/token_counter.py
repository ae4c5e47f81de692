"""The window of a model, counted with its own tokenizer; the model itself is not needed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from ingest.window import Window
from search.errors import ModelError

if TYPE_CHECKING:
    from search.models.encoder_card import EncoderCard


class TokenCounter:
    """Counts tokens with a model's own tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()

    @classmethod
    def from_file(cls, path: Path) -> TokenCounter:
        """Read a tokenizer's file; raises `ModelError`."""
        try:
            return cls(Tokenizer.from_file(str(path)))
        except Exception as error:  # tokenizers has no more specific type
            raise ModelError(f"the tokenizer {path} cannot be read: {error}") from error

    def token_starts(self, texts: Sequence[str]) -> list[list[int]]:
        """Return for each text the character offsets at which its tokens start."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [[start for start, _ in encoding.offsets] for encoding in encodings]

    def window(self, max_tokens: int, prompt: str, *, special_tokens: bool) -> Window:
        """Return the window of a passage: `max_tokens` less those of the prompt and the special tokens."""
        before = len(self._tokenizer.encode(prompt, add_special_tokens=False).ids)
        around = self._tokenizer.num_special_tokens_to_add(False) if special_tokens else 0
        left = max_tokens - around - before
        digest = hashlib.sha256(self._tokenizer.to_str().encode()).hexdigest()[:16]
        return Window(left, self.token_starts, f"{left} tokens of {digest}")


def window_of_export(folder: Path, card: EncoderCard) -> Window:
    """Return the window of an exported model, opening only its tokenizer; raises `ModelError`."""
    counter = TokenCounter.from_file(folder / "tokenizer.json")
    return counter.window(card.max_tokens, card.passage_prompt, special_tokens=card.special_tokens)
