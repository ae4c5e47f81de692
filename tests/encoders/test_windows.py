"""How much of a text a model reads, and where its tokens start."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.encoders.conftest import LONG, Open, Opened, passages, reference, unlike
from tests.models import BERT_WINDOW, PASSAGE_PROMPT, word_tokenizer


def test_the_window_is_what_special_tokens_and_prompt_leave(prompted: Opened) -> None:
    from tokenizers import Tokenizer

    prompt = Tokenizer.from_str(word_tokenizer()).encode(PASSAGE_PROMPT, add_special_tokens=False).ids
    assert len(prompt) > 1
    assert prompted.encoder.window.max_tokens == BERT_WINDOW - 2 - len(prompt)


def test_a_model_without_special_tokens_has_its_whole_window(opened: Open) -> None:
    encoder = opened("static").encoder
    assert encoder.window.max_tokens == encoder.card.max_tokens


def test_a_passage_that_fills_the_window_is_read_to_its_end_and_no_further(prompted: Opened) -> None:
    encoder = prompted.encoder
    filled = ["print"] * encoder.window.max_tokens
    assert [len(starts) for starts in encoder.window.token_starts([" ".join(filled)])] == [encoder.window.max_tokens]
    whole, longer, other_end = passages(
        encoder, [" ".join(words) for words in (filled, [*filled, "errors"], [*filled[:-1], "errors"])]
    )
    assert longer == pytest.approx(whole, abs=1e-5)
    assert unlike(other_end, whole)


def test_a_query_longer_than_the_window_is_read_as_far_as_the_model_reads(prompted: Opened) -> None:
    model = reference(prompted.folder)
    for query in ("brochure errors " * 5000, LONG * 50, "宣伝" * 5000, "?" * 50_000):
        assert prompted.encoder.encode_query(query) == pytest.approx(
            model.encode_query(query, normalize_embeddings=True), abs=1e-5
        )


def test_a_query_with_much_white_space_is_read_as_far_as_the_model_reads(prompted: Opened) -> None:
    query = "\n".join(" " * 200 + word for word in LONG.split()[:30])
    expected = reference(prompted.folder).encode_query(query, normalize_embeddings=True)
    assert prompted.encoder.encode_query(query) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("make", ["static", "prompted", "bag-of-words"])
def test_tokens_start_where_the_words_do(opened: Open, make: str) -> None:
    texts = ["  Überprüfung der\tProspekte, copy-editing\nundsoweiter 宣伝", "", " \n", "print"]
    found = opened(make).encoder.window.token_starts(texts)
    words = [[match.start() for match in re.finditer(r"\w+", text)] for text in texts]
    assert [len(starts) for starts in found][1:3] == [0, 0]
    for text, starts, expected in zip(texts, found, words, strict=True):
        assert set(expected) <= set(starts)
        assert all(not text[start].isspace() for start in starts)


def test_a_long_text_has_all_its_tokens_counted(prompted: Opened) -> None:
    (starts,) = prompted.encoder.window.token_starts(["print " * 5000])
    assert starts == list(range(0, 30_000, 6))


@pytest.mark.parametrize("make", ["prompted", "bag-of-words"])
@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=80))
def test_token_starts_ascend_within_the_text(opened: Open, make: str, text: str) -> None:
    (starts,) = opened(make).encoder.window.token_starts([text])
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)
