"""Models of different make: each is loaded, exported, proven equal, and answers without torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.encoders import Encoders
from tests.models import BERT_WINDOW, PASSAGE_PROMPT, QUERY_PROMPT

TEXTS = ["brochure errors", "The proof-reading system catches errors before copy goes to print. " * 12, "?"]


def open_encoder(cache: Path, name: str, told: list[str] | None = None) -> object:
    return Encoders(cache, Path(), (told if told is not None else []).append).open(name)


@pytest.mark.parametrize("make_of_model", ["static_model", "cls_model"])
def test_the_exported_graph_gives_the_models_own_vectors(
    make_of_model: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    folder = request.getfixturevalue(make_of_model)
    encoder = Encoders(tmp_path, Path(), lambda line: None).open(str(folder))
    model = SentenceTransformer(str(folder), device="cpu")
    ours = encoder.encode_query(TEXTS[0])
    theirs = model.encode_query(TEXTS[0], normalize_embeddings=True)
    assert ours @ theirs == pytest.approx(1, abs=1e-5)
    for positions, vectors in encoder.encode_passages(TEXTS):
        expected = model.encode_document([TEXTS[position] for position in positions], normalize_embeddings=True)
        assert (vectors * expected).sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
