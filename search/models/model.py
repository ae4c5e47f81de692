"""The one module that imports sentence-transformers: loads every model, and encodes where no graph can."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

# Set before transformers is imported, which reads them: users need not see what it and the hub print.
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("HF_HUB_VERBOSITY", "error")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")

from sentence_transformers import SentenceTransformer

from ingest.window import Window
from search.errors import ModelError
from search.models.encoder import batches, finished
from search.models.encoder_card import EncoderCard
from search.models.token_counter import TokenCounter
from search.models.windows import part_starts
from search.storage.memory import is_lack_of_memory

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from search.models.encoder import Vectors

_BATCH = 32
_QUIETLY: dict[str, Any] = {"batch_size": _BATCH, "show_progress_bar": False, "convert_to_numpy": True}
# Increase it when this code, not the model, changes how vectors are made from texts.
_FINGERPRINT_FORMAT = 1
# For models that read whole texts (static embeddings).
_WINDOW_WITHOUT_LIMIT = 100_000
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class Model:
    """A loaded sentence-transformers model: an `Encoder`, and what an export is made from."""

    def __init__(self, name: str, source: str, stamp: str) -> None:
        """Load `source`, a folder or a hub id. Raises `ModelError`; the hub's own settings apply."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # In float32 even if the weights are stored in half precision: CPUs compute so.
                self.transformer = SentenceTransformer(source, model_kwargs={"dtype": "float32"})
        except Exception as error:  # whatever a hub, a file or a network can raise
            if is_lack_of_memory(error):
                raise MemoryError from error
            raise ModelError(f"the model {name!r} cannot be loaded: {_explain(error)}") from error
        self.transformer.eval()
        similarity = str(self.transformer.similarity_fn_name or "cosine")
        if similarity not in ("cosine", "dot"):
            raise ModelError(f"the model {name!r} compares by {similarity}; kb needs cosine or dot")
        query_prompt, passage_prompt = self._prompts()
        self.card = EncoderCard(
            model=name,
            stamp=stamp,
            fingerprint=self._fingerprint(query_prompt, passage_prompt, similarity),
            dimension=int(self.transformer.get_embedding_dimension() or 0),
            max_tokens=self._max_tokens(),
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
            normalizes=similarity == "cosine",
            # Static embeddings are the mean of the text's own tokens, and a model without a tokenizer looks words up.
            special_tokens=self.tokenizer is not None and "offsets" not in self.transformer.preprocess(["a"]),
            inputs=(),
        )

    @property
    def tokenizer(self) -> Tokenizer | None:
        """A copy of the fast tokenizer; None if the model has none."""
        from tokenizers import Tokenizer

        found = self.transformer.tokenizer
        backend = getattr(found, "backend_tokenizer", found)
        return Tokenizer.from_str(backend.to_str()) if isinstance(backend, Tokenizer) else None

    @property
    def on_accelerator(self) -> bool:
        return str(self.transformer.device.type) != "cpu"

    @property
    def window(self) -> Window:
        card, tokenizer = self.card, self.tokenizer
        if tokenizer is None:
            return Window(card.max_tokens, part_starts, f"{card.max_tokens} parts of words")
        return TokenCounter(tokenizer).window(card.max_tokens, card.passage_prompt, special_tokens=card.special_tokens)

    def encode_query(self, text: str) -> Vectors:
        vectors = self.transformer.encode_query([text], prompt=self.card.query_prompt, **_QUIETLY)
        vector: Vectors = self._finished(vectors)[0]
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]), reverse=True)
        for batch in batches(order, _BATCH):
            chosen = [texts[position] for position in batch]
            vectors = self.transformer.encode_document(chosen, prompt=self.card.passage_prompt, **_QUIETLY)
            yield batch, self._finished(vectors)

    def _finished(self, vectors: object) -> Vectors:
        return finished(np.asarray(vectors, np.float32), self.card)

    def _max_tokens(self) -> int:
        declared = self.transformer.max_seq_length
        return int(declared) if declared and declared < _WINDOW_WITHOUT_LIMIT else _WINDOW_WITHOUT_LIMIT

    def _prompts(self) -> tuple[str, str]:
        prompts = {name: text for name, text in (self.transformer.prompts or {}).items() if text}
        default = prompts.get(self.transformer.default_prompt_name or "", "")

        def first(names: Sequence[str]) -> str:
            return next((prompts[name] for name in names if name in prompts), default)

        return first(_QUERY_PROMPTS), first(_PASSAGE_PROMPTS)

    def _fingerprint(self, query_prompt: str, passage_prompt: str, similarity: str) -> str:
        digest = hashlib.sha256()
        for name, tensor in sorted(self.transformer.state_dict().items()):
            values = np.ascontiguousarray(tensor.detach().cpu().float().numpy())
            digest.update(f"{name}{values.shape}".encode())
            digest.update(values.data)
        modules = [
            [
                type(module).__name__,
                describe() if callable(describe := getattr(module, "get_config_dict", None)) else {},
            ]
            for module in self.transformer
        ]
        tokenizer = self.tokenizer
        about = [
            *(_FINGERPRINT_FORMAT, modules, self.transformer.max_seq_length, similarity),
            *(query_prompt, passage_prompt, tokenizer.to_str() if tokenizer else ""),
        ]
        digest.update(json.dumps(about, default=str, sort_keys=True).encode())
        return digest.hexdigest()[:20]


def _explain(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= 300 else reason[:297] + "..."
