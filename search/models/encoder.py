"""Encodes texts as vectors. Queries, and passages on a CPU, are encoded without torch."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import search.quiet  # noqa: F401 - before onnxruntime

# isort: split
import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from ingest.window import Window
from search.errors import ModelError
from search.models.encoder_card import EncoderCard
from search.models.token_counter import window_of_export
from search.storage.memory import is_lack_of_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Passages of similar length that are encoded together. Measured with one session of two threads: 76, 68 and 61
# passages/s in batches of 4, 8, 16.
_BATCH = 4
# From this number of texts on it is faster to let onnxruntime copy the weights into the order in which its kernels read
# them, and to encode with one thread for each core.
_BULK = 64
# Measured with two such threads: 400 passages take 15.7, 17.1 and 18.2 s of processor time in batches of 2, 4, 8.
_BATCH_OF_A_THREAD = 2


class Encoder(Protocol):
    """The interface of both encoders: the exported graph, and sentence-transformers."""

    @property
    def card(self) -> EncoderCard: ...

    def encode_query(self, text: str) -> Vectors:
        """Return one vector, shape (dimension,)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        """Yield (positions in `texts`, vectors of shape (positions, dimension)) until all are encoded, in any order.

        A caller that may stop early closes it, so that nothing more is encoded.
        """
        ...

    @property
    def window(self) -> Window:
        """How many tokens a passage may have, special tokens and prompt already subtracted."""
        ...


class GraphEncoder:
    """Runs the exported graph with onnxruntime."""

    def __init__(self, folder: Path, card: EncoderCard | None = None) -> None:
        """Open an export; `card` is the folder's own card with the name by which the model was asked for.

        Raises `ModelError`, and `MemoryError` if there is too little for the weights.
        """
        try:
            own = EncoderCard.read(folder)
            self._card = replace(own, model=card.model, stamp=card.stamp) if card else own
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = _open_session(folder / "model.onnx", bulk=False)
        except Exception as error:  # tokenizers and onnxruntime raise types of their own without a common base
            if is_lack_of_memory(error):
                raise MemoryError from error
            raise ModelError(f"it cannot be opened ({_first_line(error)})") from error
        self._folder = folder
        self._tokenizer.enable_truncation(self._card.max_tokens)
        self._tokenizer.no_padding()

    @cached_property
    def _bulk_session(self) -> onnxruntime.InferenceSession:
        return _open_session(self._folder / "model.onnx", bulk=True)

    @property
    def card(self) -> EncoderCard:
        return self._card

    @cached_property
    def window(self) -> Window:
        # With a tokenizer of its own: splitting into passages needs one that does not truncate.
        return window_of_export(self._folder, self._card)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self._run(self._session, [self._card.query_prompt + text])[0]
        return vector

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of queries, encoded together, shape (queries, dimension).

        Each differs by about 1e-7 from what `encode_query` returns, but one takes half the time, four a quarter each.
        """
        return self._run(self._bulk_session, [self._card.query_prompt + text for text in texts])

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of a few short passages, shape (texts, dimension), in less time than `encode_passages`."""
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        found = np.zeros((len(texts), self._card.dimension), np.float32)
        for batch in batches(order, _BATCH):
            found[batch] = self._run_batch(self._bulk_session, texts, batch)[1]
        return found

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]), reverse=True)
        if len(texts) < _BULK:
            yield from (self._run_batch(self._session, texts, batch) for batch in batches(order, _BATCH))
            return
        from search.storage.parallel import in_threads, usable_cores  # no search needs `concurrent.futures`

        run = partial(self._run_batch, self._bulk_session, texts)
        yield from in_threads(run, batches(order, _BATCH_OF_A_THREAD), usable_cores())

    def _run_batch(
        self, session: onnxruntime.InferenceSession, texts: Sequence[str], batch: list[int]
    ) -> tuple[list[int], Vectors]:
        return batch, self._run(session, [self._card.passage_prompt + texts[position] for position in batch])

    def _run(self, session: onnxruntime.InferenceSession, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=self._card.special_tokens)
        ids = [encoding.ids or [0] for encoding in encodings]
        length = max(len(row) for row in ids)
        columns = {name: np.zeros((len(ids), length), np.int64) for name in self._card.inputs}
        for row, (encoding, row_ids) in enumerate(zip(encodings, ids, strict=True)):
            columns["input_ids"][row, : len(row_ids)] = row_ids
            columns["attention_mask"][row, : len(encoding.ids)] = 1
            if "token_type_ids" in columns and encoding.ids:
                columns["token_type_ids"][row, : len(row_ids)] = encoding.type_ids
        try:
            vectors = np.asarray(session.run(None, columns)[0], np.float32)
        except Exception as error:  # of onnxruntime's own types
            if is_lack_of_memory(error):
                raise MemoryError from error
            raise
        if self._card.special_tokens and not vectors.any(axis=1).all():
            raise no_vectors(self._card)
        return finished(vectors, self._card)


def batches(order: list[int], size: int) -> list[list[int]]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def finished(vectors: Vectors, card: EncoderCard) -> Vectors:
    """Return rows scaled to length 1 if the model compares by cosine; a zero row, of a text without tokens, stays.

    Raises `ModelError` for numbers that are not finite.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise no_vectors(card)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32) if card.normalizes else vectors


def no_vectors(card: EncoderCard) -> ModelError:
    return ModelError(
        f"the model {card.model} makes vectors that are zero or no numbers; name another one under [model] in kb.toml"
    )


def _open_session(path: Path, *, bulk: bool) -> onnxruntime.InferenceSession:
    """Open a graph for `bulk`, to be run by many threads at once, or for single texts.

    For bulk the weights are copied into the order in which the kernels read them, once for all threads, and each text
    is computed by the thread that runs it. If a session's own threads share each text, they wait for each other: on 16
    cores one session of 16 threads encoded 126 passages/s, 16 sessions of one thread 280. For single texts nothing is
    copied: a query of ten words takes 12 ms instead of 8, but opening 20 ms instead of 80. The vectors differ by 2e-7;
    they do not depend on the number of threads.
    """
    # The graph was optimized when it was exported; its weights are in a file beside it, memory-mapped, not parsed.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # its errors are raised
    if bulk:
        options.intra_op_num_threads = 1
    else:
        options.add_session_config_entry("session.disable_prepacking", "1")
        # No busy waiting: a thread that waits for its part of a short text leaves its core to the rest of the search.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
