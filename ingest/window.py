"""The encoder's window: how long a passage may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

TokenStarts = Callable[[Sequence[str]], list[list[int]]]
"""Returns, for each text, the ascending character offsets at which the model's tokens start."""

# A model may have a window of thousands of tokens, but a passage should be short enough to read at a glance.
MAX_PASSAGE_TOKENS = 256
# Tokens are counted over whole sections; a slice of one, tokenized alone, may have a few more.
_SAFETY_TOKENS = 4


class Window(NamedTuple):
    """The length of text that the encoder accepts, in tokens, without its special tokens and prompt."""

    max_tokens: int
    token_starts: TokenStarts
    name: str
    """Windows of the same name split every lesson in the same way."""

    @property
    def capacity(self) -> int:
        return max(min(self.max_tokens, MAX_PASSAGE_TOKENS) - _SAFETY_TOKENS, 8)
