"""The one module that imports torch: exports a loaded model as a graph that runs without, and compares both."""

from __future__ import annotations

import dataclasses
import logging
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

import search.quiet  # noqa: F401 - before onnxruntime

# isort: split
import numpy as np
import onnxruntime
import torch

from search.models.encoder import GraphEncoder
from search.models.encoder_card import EncoderCard
from search.models.exported import seal
from search.models.model import Model
from search.storage.atomic import folder_beside, remove, remove_leftovers
from search.storage.memory import is_lack_of_memory

# Cosine between the graph's vectors and the model's own; measured for the default model: 0.9999999.
_LEAST_COSINE = 0.999
_PROBES = (
    "brochure errors",
    "Some brochures had errors, and dealers were frustrated that customers got options not sold in their area.",
    "Überprüfung der Prospekte: 3 Fehler (2,5 %) vor dem Druck!",
    "宣伝用パンフレットの誤り",
    " ".join(f"word{number} of a passage that is longer than the window" for number in range(80)),
    "?",
)
_OPSET = 17
_WEIGHTS_BESIDE_THE_GRAPH = 1024  # bytes from which on a tensor is stored outside the graph, to be memory-mapped


class Unexportable(Exception):
    """The model cannot run without torch; it can still be used through sentence-transformers."""


def export(model: Model, folder: Path) -> EncoderCard:
    """Write graph, weights, tokenizer and card to `folder`, which appears complete or not at all.

    For a model that cannot be exported only a card is written, with the reason, so that the export is not tried again.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    device = model.transformer.device
    remove_leftovers(folder.parent)
    try:
        with folder_beside(folder) as building:
            card = _fill(model, building)
            seal(building)
            remove(folder)
            os.replace(building, folder)
            return card
    finally:
        model.transformer.to(device)


def _fill(model: Model, folder: Path) -> EncoderCard:
    try:
        card = _write_graph(model, folder)
        _compare(model, folder)
    except Unexportable as reason:
        card = dataclasses.replace(model.card, unexportable=str(reason))
        for leftover in folder.iterdir():
            leftover.unlink()
    card.write(folder)
    return card


class _Graph(torch.nn.Module):
    """The whole model, including pooling, as a function of its token tensors."""

    def __init__(self, model: Model, inputs: tuple[str, ...]) -> None:
        super().__init__()
        self.model = model.transformer
        self.inputs = inputs

    def forward(self, *columns: torch.Tensor) -> torch.Tensor:
        features = dict(zip(self.inputs, columns, strict=True))
        vectors: torch.Tensor = self.model(features)["sentence_embedding"]
        return vectors


class _StaticGraph(torch.nn.Module):
    """A static-embedding model: the mean of its tokens' rows, as `EmbeddingBag` computes it, over a padded batch."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        first, *rest = list(model.transformer)
        embedding = first.embedding
        assert isinstance(embedding, torch.nn.EmbeddingBag)
        self.weight = embedding.weight
        self.rest = torch.nn.ModuleList(rest)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        mask = attention_mask.unsqueeze(-1).to(self.weight.dtype)
        rows = torch.nn.functional.embedding(input_ids, self.weight) * mask
        features = {"sentence_embedding": rows.sum(1) / mask.sum(1).clamp(min=1)}
        for module in self.rest:
            features = module(features)
        return features["sentence_embedding"]


def _write_graph(model: Model, folder: Path) -> EncoderCard:
    tokenizer = model.tokenizer
    if tokenizer is None:
        raise Unexportable("its tokenizer is not one of the `tokenizers` library")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))
    inputs, graph, sample = _graph_of(model)
    raw = folder / "raw.onnx"
    axes: Mapping[str, dict[int, str]] = {name: {0: "texts", 1: "tokens"} for name in inputs}
    try:
        with warnings.catch_warnings(), _Quiet("torch.onnx"):
            warnings.simplefilter("ignore")
            torch.onnx.export(
                graph.eval(),
                sample,
                str(raw),
                input_names=list(inputs),
                output_names=["vectors"],
                dynamic_axes={**axes, "vectors": {0: "texts"}},
                opset_version=_OPSET,
                dynamo=False,  # measured: 1.7 s against 7 s
            )
        _optimize(raw, folder / "model.onnx")
    except Exception as error:  # torch, its exporter and onnxruntime raise any type
        _raise_lack_of_memory(error)
        raise Unexportable(
            f"the export fails: {(str(error).splitlines() or [type(error).__name__])[0][:200]}"
        ) from error
    finally:
        raw.unlink(missing_ok=True)
    card = dataclasses.replace(model.card, inputs=inputs)
    card.write(folder)
    return card


def _graph_of(model: Model) -> tuple[tuple[str, ...], torch.nn.Module, tuple[torch.Tensor, ...]]:
    model.transformer.to("cpu")
    features = model.transformer.preprocess([_PROBES[0], _PROBES[1]])
    if "offsets" in features:
        ids = torch.ones((2, 3), dtype=torch.int64)
        return ("input_ids", "attention_mask"), _StaticGraph(model), (ids, ids)
    known = ("input_ids", "attention_mask", "token_type_ids")
    inputs = tuple(name for name in known if name in features)
    return inputs, _Graph(model, inputs), tuple(features[name] for name in inputs)


def _optimize(raw: Path, path: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.log_severity_level = 3
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", "model.weights")
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_min_size_in_bytes", str(_WEIGHTS_BESIDE_THE_GRAPH)
    )
    onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])


def _compare(model: Model, folder: Path) -> None:
    try:
        graph = GraphEncoder(folder)
        pairs = [(graph.encode_query(text), model.encode_query(text)) for text in _PROBES]
        passages = {
            position: vector
            for positions, vectors in graph.encode_passages(_PROBES)
            for position, vector in zip(positions, vectors, strict=True)
        }
        for positions, vectors in model.encode_passages(_PROBES):
            pairs += [(passages[position], vector) for position, vector in zip(positions, vectors, strict=True)]
    except Exception as error:  # onnxruntime raises types of its own without a common base
        _raise_lack_of_memory(error)
        raise Unexportable(f"the exported graph does not run: {(str(error).splitlines() or [''])[0][:200]}") from error
    worst = min(_agreement(exported, original) for exported, original in pairs)
    if not worst > _LEAST_COSINE:
        raise Unexportable(f"the exported graph differs from the model (cosine {worst:.4f} on a probe)")


def _raise_lack_of_memory(error: Exception) -> None:
    """Raise `MemoryError` for a lack of memory, which says nothing about the model."""
    if is_lack_of_memory(error):
        raise MemoryError from error


def _agreement(exported: np.ndarray, original: np.ndarray) -> float:
    """Return the cosine of two vectors, or 0 if their lengths differ: inner products must agree, too."""
    length, other = float(np.linalg.norm(exported)), float(np.linalg.norm(original))
    if length == other == 0:
        return 1.0
    if abs(length - other) > (1 - _LEAST_COSINE) * max(length, other):
        return 0.0
    return float(exported @ original) / (length * other)


class _Quiet:
    """Suppresses a library's log below errors while the context lasts."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def __enter__(self) -> None:
        self._level = self._logger.level
        self._logger.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        self._logger.setLevel(self._level)
