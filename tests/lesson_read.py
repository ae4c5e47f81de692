"""One file, read, and what of it stands in its passages."""

from __future__ import annotations

import textwrap

from ingest.kinds import KindTable
from ingest.passages.passage import Origin
from ingest.passages.splitting import split_lesson
from ingest.reading import Reading, read_lesson
from ingest.window import Window

PATH = "lessons/on-demand_brochures.md"


def read(content: str | bytes, path: str = PATH) -> Reading:
    data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
    return read_lesson(data, path, "default-id", KindTable())


def words(texts: list[str] | tuple[str, ...]) -> list[list[int]]:
    return [[i for i, character in enumerate(text) if i == 0 or text[i - 1].isspace()] for text in texts]


def passages_text(reading: Reading) -> str:
    found = split_lesson(reading, Window(200, lambda texts: words(list(texts)), "words"))
    return "\n".join(passage.text for passage in found if passage.origin is Origin.BODY)
