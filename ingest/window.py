"""The encoder's window: how long a passage may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

TokenStarts = Callable[[Sequence[str]], list[list[int]]]
"""Texts → for each the ascending character offsets at which the model's tokens start."""

# A model may declare a window of thousands of tokens; a passage is meant to be read at a glance.
MAX_PASSAGE_TOKENS = 256
# Tokens are counted over whole sections; at a cut the slice alone may need a few more.
_SAFETY_TOKENS = 4


class Window(NamedTuple):
    """How much text the encoder takes at once, beside its own special tokens and prompt."""

    max_tokens: int
    token_starts: TokenStarts
    name: str
    """Windows of one name split every lesson alike."""

    @property
    def capacity(self) -> int:
        return max(min(self.max_tokens, MAX_PASSAGE_TOKENS) - _SAFETY_TOKENS, 8)
