"""Text → vector. Queries, and passages on a processor, are encoded without torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from ingest.passage import Window
from search.encoder_card import EncoderCard
from search.errors import ModelError
from search.token_counter import TokenCounter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Measured on 2 cores over passages sorted by length: 76, 68 and 61 passages/s in batches of 4, 8, 16.
_BATCH = 4


class Encoder(Protocol):
    """Both ways to encode: through the exported graph, and through sentence-transformers."""

    @property
    def card(self) -> EncoderCard: ...

    def encode_query(self, text: str) -> Vectors:
        """Return one vector, shape (dimension,)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (positions in `texts`, their vectors) until all are encoded; in whatever order is fast."""
        ...

    @property
    def window(self) -> Window:
        """How many tokens a passage may have, special tokens and prompt already taken off."""
        ...


class GraphEncoder:
    """Runs the exported graph with onnxruntime."""

    def __init__(self, folder: Path, card: EncoderCard | None = None) -> None:
        """Open an export; `card` is the folder's own with the name under which the model was asked for."""
        try:
            own = EncoderCard.read(folder)
            self._card = replace(own, model=card.model, stamp=card.stamp) if card else own
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = _open_session(folder / "model.onnx")
        except Exception as error:  # tokenizers and onnxruntime raise types of their own without a common base
            raise ModelError(
                f"the exported model in {folder} cannot be read ({_first_line(error)}); delete it"
            ) from error
        self._folder = folder
        self._tokenizer.enable_truncation(self._card.max_tokens)
        self._tokenizer.no_padding()

    @property
    def card(self) -> EncoderCard:
        return self._card

    @cached_property
    def window(self) -> Window:
        # By a tokenizer of its own: only splitting needs one that does not truncate.
        return window_of_export(self._folder, self._card)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self._run([self._card.query_prompt + text])[0]
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]), reverse=True)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            yield batch, self._run([self._card.passage_prompt + texts[position] for position in batch])

    def _run(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=self._card.special_tokens)
        ids = [encoding.ids or [0] for encoding in encodings]
        length = max(len(row) for row in ids)
        columns = {name: np.zeros((len(ids), length), np.int64) for name in self._card.inputs}
        for row, (encoding, row_ids) in enumerate(zip(encodings, ids, strict=True)):
            columns["input_ids"][row, : len(row_ids)] = row_ids
            columns["attention_mask"][row, : len(encoding.ids)] = 1
            if "token_type_ids" in columns and encoding.ids:
                columns["token_type_ids"][row, : len(row_ids)] = encoding.type_ids
        vectors = np.asarray(self._session.run(None, columns)[0], np.float32)
        return unit_rows(vectors) if self._card.normalizes else vectors


def window_of_export(folder: Path, card: EncoderCard) -> Window:
    """Return the window of an exported model, of which only the tokenizer is opened; raises `ModelError`."""
    counter = TokenCounter.from_file(folder / "tokenizer.json")
    return counter.window(card.max_tokens, card.passage_prompt, special_tokens=card.special_tokens)


def unit_rows(vectors: Vectors) -> Vectors:
    """Bring each row to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    # The graph was optimized when it was exported, and its weights lie beside it, mapped, not parsed:
    # 0.06 s and 100 MB instead of 0.2 s and 185 MB.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
