"""Lessons split into passages, counted with a real tokenizer."""

from __future__ import annotations

from functools import cache

from tokenizers import Tokenizer

from ingest.kinds import KindTable
from ingest.passages.passage import Origin, Passage
from ingest.passages.splitting import split_lesson
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from search.models.token_counter import TokenCounter
from tests.models import word_tokenizer

SENTENCE = "The brochure was printed on demand and the errors were gone. "
UNTITLED = "---\ntitle: T\n---\n"


@cache
def counter() -> TokenCounter:
    return TokenCounter(Tokenizer.from_str(word_tokenizer()))


def count(text: str) -> int:
    return len(counter().token_starts([text])[0])


def read(content: str | bytes) -> Reading:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    return read_lesson(data, "lessons/a.md", "a", KindTable())


def split(reading: Reading, max_tokens: int = 60) -> list[Passage]:
    return split_lesson(reading, Window(max_tokens, counter().token_starts, "own"))


def body_of(content: str, max_tokens: int = 60) -> list[Passage]:
    return [passage for passage in split(read(content), max_tokens) if passage.origin is Origin.BODY]


def texts_of(content: str, max_tokens: int = 60) -> list[str]:
    return [passage.text for passage in body_of(content, max_tokens)]
