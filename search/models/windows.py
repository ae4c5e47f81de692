"""The window by which passages are split before any model is opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.window import Window

if TYPE_CHECKING:
    from search.models.encoders import Encoders


def _word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[match.start() for match in re.finditer(r"\w+|[^\w\s]", text)] for text in texts]


def part_starts(texts: Sequence[str]) -> list[list[int]]:
    """Return where tokens may start for a model without a tokenizer: every third character of a word, to be safe."""
    return [
        [offset for match in re.finditer(r"\w+|[^\w\s]", text) for offset in range(match.start(), match.end(), 3)]
        for text in texts
    ]


OF_NO_MODEL = Window(200, _word_starts, "200 words")
"""The window without a model: about as long as a model's, counted in words."""


def window_for_words(encoders: Encoders, model: str) -> Window:
    """Return the model's own window if it is known without loading the model, else one of about its length."""
    return encoders.window(model) or OF_NO_MODEL
