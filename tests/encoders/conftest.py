"""Small models of different make, and what is compared of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search.models.encoder import Encoder
from search.models.encoders import Encoders
from tests.models import BERT_WINDOW, PASSAGE_PROMPT, QUERY_PROMPT, word_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer


Vectors = NDArray[np.float32]
PROMPTS = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}
LONG = "The proof-reading system catches errors before copy goes to print. " * 40
TEXTS = [
    "brochure errors",
    LONG,
    "?",
    "",
    "Überprüfung der Prospekte: 3 Fehler (2,5 %)!",
    "宣伝用🙂 x\x00y",
    " print\n\tprint ",
]
SLOWER = "runs only through sentence-transformers, which is slower"
PREPARING = "preparing the model"


@dataclass(frozen=True)
class Opened:
    """A model's folder, the encoder made of it, and what was told meanwhile."""

    folder: Path
    encoder: Encoder
    told: tuple[str, ...]
    encoders: Encoders
    cache: Path

    def again(self) -> Opened:
        return open_model(self.folder, self.cache)

    @property
    def exported(self) -> Path:
        return self.cache / self.encoder.card.fingerprint


def open_model(folder: Path, cache: Path) -> Opened:
    told: list[str] = []
    encoders = Encoders(cache, Path(), told.append)
    return Opened(folder, encoders.open(str(folder)), tuple(told), encoders, cache)


def transformer(folder: Path) -> Transformer:
    """Make a BERT whose random weights are large enough to tell texts well apart."""
    import torch
    from sentence_transformers.sentence_transformer.modules import Transformer
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(13)
    tokenizer = Tokenizer.from_str(word_tokenizer())
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=BERT_WINDOW,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # transformers declares no types for it
        tokenizer_object=tokenizer, **special
    )
    fast.save_pretrained(folder)
    words: Transformer = Transformer(str(folder), max_seq_length=BERT_WINDOW)
    return words


def save_model(folder: Path, make: str) -> Path:
    """Save a model of one of these makes, built from nothing."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as parts
    from tokenizers import Tokenizer

    def words() -> Any:
        return transformer(folder.with_name(f"{folder.name}-words"))

    def static() -> Any:
        return parts.StaticEmbedding(Tokenizer.from_str(word_tokenizer()), embedding_dim=32)

    makes: dict[str, tuple[Callable[[], list[Any]], dict[str, Any]]] = {
        "mean": (lambda: [words(), parts.Pooling(32)], {}),
        "prompted": (lambda: [words(), parts.Pooling(32)], {"prompts": PROMPTS}),
        "passage-prompt": (
            lambda: [words(), parts.Pooling(32)],
            {"prompts": {"query": "query: ", "passage": "passage: "}},
        ),
        "dense": (
            lambda: [words(), parts.Pooling(32, pooling_mode="max"), parts.Dense(32, 16), parts.Normalize()],
            {},
        ),
        "dot": (lambda: [words(), parts.Pooling(32)], {"similarity_fn_name": "dot"}),
        "euclidean": (lambda: [words(), parts.Pooling(32)], {"similarity_fn_name": "euclidean"}),
        "static-dense": (lambda: [static(), parts.Dense(32, 16), parts.Normalize()], {}),
        "half": (lambda: [words().half(), parts.Pooling(32)], {}),
        "prompt-apart": (lambda: [words(), parts.Pooling(32, include_prompt=False)], {"prompts": PROMPTS}),
        "bag-of-words": (lambda: [parts.BoW(["brochure", "errors", "print", "system", "copy", "?"])], {}),
        "routed": (lambda: [parts.Router.for_query_document([static()], [words(), parts.Pooling(32)])], {}),
    }
    torch.manual_seed(17)
    modules, options = makes[make]
    SentenceTransformer(modules=modules(), device="cpu", **options).save(str(folder))
    return folder


FAST = ["static", "cls", "mean", "prompted", "dense", "dot", "static-dense"]
SLOW = ["prompt-apart", "bag-of-words", "routed"]

Open = Callable[[str], Opened]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory, static_model: Path, cls_model: Path) -> Open:
    """Open a model of some make; each is built, loaded and exported once."""
    given_models = {"static": static_model, "cls": cls_model}

    @cache
    def open_once(make: str) -> Opened:
        folder = given_models.get(make) or save_model(tmp_path_factory.mktemp("made") / make, make)
        return open_model(folder, tmp_path_factory.mktemp("encoders"))

    return open_once


@pytest.fixture
def prompted(opened: Open) -> Opened:
    return opened("prompted")


@pytest.fixture
def own(opened: Open, tmp_path: Path) -> Opened:
    """The model that is soonest made again, in a folder and with a cache of the test's own; the export is a copy."""
    given = opened("static")
    shutil.copytree(given.folder, tmp_path / "model")
    shutil.copytree(given.exported, tmp_path / "encoders" / given.exported.name)
    return open_model(tmp_path / "model", tmp_path / "encoders")


def reference(folder: Path, **options: Any) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", **options)


def passages(encoder: Encoder, texts: list[str]) -> Vectors:
    """Return the vectors in the order of the texts; each must come exactly once."""
    found = {
        position: vector
        for positions, vectors in encoder.encode_passages(texts)
        for position, vector in zip(positions, vectors, strict=True)
    }
    assert sorted(found) == list(range(len(texts)))
    return np.array([found[position] for position in range(len(texts))])


def unlike(one: Vectors, other: Vectors) -> bool:
    return not np.allclose(one, other, atol=1e-3)


def fingerprint(folder: Path) -> str:
    from search.models.model import Model

    return Model("any", str(folder), "").card.fingerprint


def cut_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
