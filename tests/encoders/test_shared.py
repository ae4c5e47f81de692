"""One encoder for many threads: queries that wait are encoded together, sentences only once."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import numpy as np
import pytest

from search.errors import ModelError
from search.models.encoders import BulkEncoder
from search.models.shared import SharedEncoder, encoded_alone
from tests.encoders.conftest import TEXTS, Opened, passages

if TYPE_CHECKING:
    from ingest.window import Window
    from search.models.encoder import Vectors
    from search.models.encoder_card import EncoderCard

MANY = [f"{text} {number}" for number in range(12) for text in TEXTS[:4]]


class Watched:
    """The real encoder, which counts what it is given."""

    def __init__(self, encoder: BulkEncoder) -> None:
        self.encoder = encoder
        self.together: list[int] = []
        self.passages: list[str] = []

    @property
    def card(self) -> EncoderCard:
        return self.encoder.card

    @property
    def window(self) -> Window:
        return self.encoder.window

    def encode_query(self, text: str) -> Vectors:
        return self.encoder.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.together.append(len(texts))
        return self.encoder.encode_queries(texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        self.passages += texts
        return self.encoder.encode_sentences(texts)

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        return self.encoder.encode_passages(texts)


@pytest.fixture
def watched(prompted: Opened) -> Watched:
    assert isinstance(prompted.encoder, BulkEncoder)
    return Watched(prompted.encoder)


def test_each_of_many_threads_gets_the_vector_of_its_own_query(watched: Watched) -> None:
    shared, all_at_once = SharedEncoder(watched), Barrier(len(MANY))

    def asked(text: str) -> Vectors:
        all_at_once.wait()
        return shared.encode_query(text)

    with ThreadPoolExecutor(len(MANY)) as pool:
        found = list(pool.map(asked, MANY))
    expected = [watched.encode_query(text) for text in MANY]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert max(watched.together) > 1, "some waited, and were encoded together"
    assert max(watched.together) <= 8


def test_a_query_encoded_alone_has_the_same_bits_as_without_sharing(watched: Watched) -> None:
    shared, all_at_once = SharedEncoder(watched), Barrier(8)

    def asked(text: str) -> Vectors:
        all_at_once.wait()
        with encoded_alone():
            return shared.encode_query(text)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, MANY[:8]))
    assert [vector.tobytes() for vector in found] == [watched.encode_query(text).tobytes() for text in MANY[:8]]
    assert watched.together == []


def test_sentences_are_encoded_once(watched: Watched) -> None:
    shared = SharedEncoder(watched)
    before = passages(shared, TEXTS[:3])
    np.testing.assert_array_equal(passages(shared, [TEXTS[2], TEXTS[0]]), before[[2, 0]])
    np.testing.assert_allclose(passages(shared, TEXTS[2:5]), passages(watched, TEXTS[2:5]), atol=1e-6)
    assert watched.passages == TEXTS[:5]
    assert list(shared.encode_passages([])) == []


def test_an_error_is_told_to_everybody_who_waits(watched: Watched) -> None:
    class Broken(Watched):
        def encode_query(self, text: str) -> Vectors:
            raise ModelError("no vectors")

        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            raise ModelError("no vectors")

    shared, all_at_once = SharedEncoder(Broken(watched.encoder)), Barrier(8)

    def asked(text: str) -> str:
        all_at_once.wait()
        with pytest.raises(ModelError) as raised:
            shared.encode_query(text)
        return str(raised.value)

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(asked, MANY[:8])} == {"no vectors"}
