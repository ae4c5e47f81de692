"""The token counter remembers words, and finds the tokens that the tokenizer finds in the whole text."""

from __future__ import annotations

import pickle
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers

from search.models import bundled
from search.models.token_counter import TokenCounter
from tests.models import word_tokenizer

TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["the", "Prospekte", "proofreading", "é", "\u0301", "\u200b", "宣伝", "校", "[SEP]", "[MASK]", "[", "]", "_"]
    )
    | st.sampled_from(
        [" ", "\t", "\n", "\r", "\x0b", "\x0c", "\x00", "\u00a0", "\u2028", ".", "-", "@", "“", "x" * 70, "y" * 120]
    )
    | st.sampled_from(["Kb", "kb", "KB", "İ", "ß", "ﬁ", "\U0001d4b3", "🙂", "\ufffd"]),
    max_size=25,
).map("".join)


def bundled_one() -> Tokenizer:
    return Tokenizer.from_file(str(bundled.folder() / "tokenizer.json"))


def with_special_tokens() -> Tokenizer:
    tokenizer = Tokenizer.from_str(word_tokenizer())
    tokenizer.add_special_tokens(
        [AddedToken("[SEP]", lstrip=True, rstrip=True), AddedToken("[MASK]", single_word=True)]
    )
    return tokenizer


def with_a_normalized_token() -> Tokenizer:
    tokenizer = Tokenizer.from_str(word_tokenizer())
    tokenizer.add_tokens([AddedToken(". the", normalized=True)])
    return tokenizer


def across_white_space() -> Tokenizer:
    tokenizer = Tokenizer.from_str(word_tokenizer())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def changing_white_space() -> Tokenizer:
    tokenizer = Tokenizer.from_str(word_tokenizer())
    tokenizer.normalizer = normalizers.Replace(" ", "x")
    return tokenizer


MAKERS = {
    make.__name__: cache(make)
    for make in (bundled_one, with_special_tokens, with_a_normalized_token, across_white_space, changing_white_space)
}


@pytest.mark.parametrize("make", MAKERS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example("[SEP] the [SEP]the[MASK] kb. The KB")
@example("e\u0301 =\u0338 a\u200bb\x0bc 宣伝the")
def test_the_tokens_start_where_they_do_in_the_whole_text(make: str, text: str) -> None:
    tokenizer = MAKERS[make]()
    counter = TokenCounter(tokenizer)
    expected = [start for start, _ in tokenizer.encode(text, add_special_tokens=False).offsets]
    assert counter.token_starts([text, text]) == [expected, expected]


def test_it_is_passed_on_to_another_process_after_use() -> None:
    counter = TokenCounter(bundled_one())
    texts = ["proof-reading of brochures"]
    expected = counter.token_starts(texts)
    assert pickle.loads(pickle.dumps(counter.token_starts))(texts) == expected
