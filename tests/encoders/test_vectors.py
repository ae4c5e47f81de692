"""Vectors are the model's own: of queries and passages, of any length, in any order."""

from __future__ import annotations

import random

import numpy as np
import pytest

from search.errors import ModelError
from tests.cores import one_core
from tests.encoders.conftest import FAST, SLOW, TEXTS, Open, Opened, passages, reference, unlike
from tests.models import PASSAGE_PROMPT, QUERY_PROMPT


@pytest.mark.parametrize("make", [*FAST, *SLOW])
def test_vectors_are_the_models_own_for_queries_and_for_passages(opened: Open, make: str) -> None:
    ours = opened(make)
    unit_length = make != "dot"
    model = reference(ours.folder)
    for text in TEXTS:
        expected = model.encode_query(text, normalize_embeddings=unit_length)
        assert ours.encoder.encode_query(text) == pytest.approx(expected, abs=1e-5), text
    expected = model.encode_document(TEXTS, normalize_embeddings=unit_length)
    assert passages(ours.encoder, TEXTS) == pytest.approx(expected, abs=1e-5)
    assert expected.shape == (len(TEXTS), ours.encoder.card.dimension)


@pytest.mark.parametrize("make", ["static", "cls", "prompted"])
def test_different_texts_have_different_vectors(opened: Open, make: str) -> None:
    encoder = opened(make).encoder
    vectors = passages(encoder, ["brochure errors", "proof reading", "print"])
    assert len({tuple(row) for row in vectors.round(5).tolist()}) == 3


def test_queries_have_the_query_prompt_and_passages_the_passage_prompt(prompted: Opened) -> None:
    encoder, model = prompted.encoder, reference(prompted.folder)
    query, passage = encoder.encode_query("errors"), passages(encoder, ["errors"])[0]
    assert query == pytest.approx(model.encode(QUERY_PROMPT + "errors", normalize_embeddings=True), abs=1e-5)
    assert passage == pytest.approx(model.encode(PASSAGE_PROMPT + "errors", normalize_embeddings=True), abs=1e-5)
    assert unlike(query, passage)
    assert (encoder.card.query_prompt, encoder.card.passage_prompt) == (QUERY_PROMPT, PASSAGE_PROMPT)


def test_a_prompt_that_is_called_passage_is_the_one_for_passages(opened: Open) -> None:
    ours = opened("passage-prompt")
    expected = reference(ours.folder).encode("passage: brochure errors", normalize_embeddings=True)
    assert passages(ours.encoder, ["brochure errors"])[0] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("make", [make for make in [*FAST, *SLOW] if make != "dot"])
def test_vectors_have_unit_length_where_the_model_compares_by_cosine(opened: Open, make: str) -> None:
    encoder = opened(make).encoder
    assert encoder.card.normalizes
    vectors = [encoder.encode_query("brochure errors"), *passages(encoder, ["print errors", "brochure " * 90])]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_vectors_keep_their_length_where_the_model_compares_by_inner_product(opened: Open) -> None:
    ours = opened("dot")
    assert not ours.encoder.card.normalizes
    raw = reference(ours.folder).encode_query("brochure errors")
    assert np.linalg.norm(ours.encoder.encode_query("brochure errors")) == pytest.approx(np.linalg.norm(raw), rel=1e-4)
    assert abs(np.linalg.norm(raw) - 1) > 0.1, "the model's own vectors are not of unit length anyway"


def test_a_model_that_compares_otherwise_is_refused(opened: Open) -> None:
    with pytest.raises(ModelError, match=r"compares by euclidean; kb needs cosine or dot$"):
        opened("euclidean")


def test_a_text_without_tokens_has_a_vector_of_numbers(opened: Open) -> None:
    vectors = [opened("static").encoder.encode_query(""), *passages(opened("static").encoder, ["", " "])]
    assert np.array(vectors).tolist() == np.zeros((3, 48)).tolist()


def test_passages_come_under_their_own_positions_in_whatever_order_they_were_given(prompted: Opened) -> None:
    dice = random.Random(3)
    texts = [" ".join(dice.choices(["brochure", "errors", "print", "copy"], k=dice.randint(1, 60))) for _ in range(23)]
    together = passages(prompted.encoder, texts)
    alone = np.concatenate([passages(prompted.encoder, [text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-5)
    order = dice.sample(range(len(texts)), len(texts))
    assert passages(prompted.encoder, [texts[number] for number in order]) == pytest.approx(together[order], abs=1e-5)


def test_vectors_are_the_same_to_the_bit_however_many_threads_encode(prompted: Opened) -> None:
    dice = random.Random(5)
    texts = [" ".join(dice.choices(["brochure", "errors", "print", "copy"], k=dice.randint(1, 60))) for _ in range(99)]
    by_all = passages(prompted.encoder, texts)
    with one_core():
        assert passages(prompted.encoder, texts).tobytes() == by_all.tobytes()


def test_no_passages_give_nothing(prompted: Opened) -> None:
    assert list(prompted.encoder.encode_passages([])) == []
    assert prompted.encoder.window.token_starts([]) == []


def test_a_large_amount_of_passages_has_the_models_own_vectors(opened: Open) -> None:
    ours = opened("static")  # from 500 on a GPU may do it, where there is one
    texts = [f"brochure errors {'print ' * (number % 7)}{number}" for number in range(600)]
    expected = reference(ours.folder).encode_document(texts, normalize_embeddings=True)
    assert passages(ours.encoder, texts) == pytest.approx(expected, abs=1e-4)
