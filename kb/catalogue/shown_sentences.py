"""The sentences of a passage as the catalogue stores them: by their places in its text, which it has already.

Only a sentence that reads otherwise than the text, because of markup or of a passage's edge, is stored itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.markdown.readable import Readable


def stored_sentences(shown: Readable, text: str) -> str:
    """Return the sentences of a passage with this text as JSON."""
    return json.dumps([list(_places(sentences, text)) for sentences in shown], ensure_ascii=False)


def read_sentences(stored: str, text: str) -> Readable:
    """Return what `stored_sentences` stored; raises `ValueError` or `TypeError` for anything else."""
    prose, asides = json.loads(stored)
    return Readable(_sentences(prose, text), _sentences(asides, text))


def _places(sentences: Sequence[str], text: str) -> Iterator[str | tuple[int, int]]:
    end = 0
    for sentence in sentences:
        start = text.find(sentence, end)
        if start < 0:
            yield sentence
        else:
            end = start + len(sentence)
            yield start, end


def _sentences(stored: Any, text: str) -> tuple[str, ...]:
    if not isinstance(stored, list):
        raise TypeError("not a list of sentences")
    sentences: list[str] = []
    left = 0
    for sentence in stored:
        if isinstance(sentence, str):
            sentences.append(sentence)
            continue
        start, end = sentence
        # In order, so that a forged index cannot make a large text of a small one.
        if not left <= start <= end <= len(text):
            raise ValueError("a sentence outside the text, or out of order")
        sentences.append(text[start:end])
        left = end
    return tuple(sentences)
