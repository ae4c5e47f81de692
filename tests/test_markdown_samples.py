"""Samples of Markdown: `tests/markdown/*.md` with what is read of each beside it as JSON."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.kinds import KindTable
from ingest.passages.splitting import split_lesson
from ingest.reading import read_lesson
from ingest.window import Window

SAMPLES = Path(__file__).parent / "markdown"
NAMES = sorted({path.stem for path in SAMPLES.iterdir()})


# --- samples


def word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[match.start() for match in re.finditer(r"\w+|[^\w\s]", text)] for text in texts]


def what_is_read(data: bytes, name: str, window: int) -> dict[str, Any]:
    reading = read_lesson(data, f"lessons/{name}.md", name, KindTable())
    return {
        "window": window,
        "title": reading.lesson.title,
        "problems": [str(problem) for problem in reading.problems],
        "sections": [
            {"kind": section.kind.value, "headings": list(section.headings), "lines": list(section.lines)}
            for section in reading.sections
        ],
        "passages": [
            {
                "origin": passage.origin.value,
                "kind": passage.kind.value,
                "headings": list(passage.headings),
                "lines": list(passage.lines),
                "text": passage.text,
            }
            for passage in split_lesson(reading, Window(window, word_starts, "words"))
        ],
    }


def expected(name: str, data: bytes) -> dict[str, Any]:
    file = SAMPLES / f"{name}.json"
    if not file.is_file():
        now = json.dumps(what_is_read(data, name, 100), indent=2, ensure_ascii=False)
        pytest.fail(f"write {file.name}; if what is read now is right, it holds\n{now}")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def bytes_of(name: str) -> bytes:
    return (SAMPLES / f"{name}.md").read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_the_file_beside_it_says(name: str) -> None:
    data = bytes_of(name)
    what = expected(name, data)
    assert what_is_read(data, name, what["window"]) == what


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("line_end", "encoding", "mark"),
    [
        ("\r\n", "utf-8", b""),
        ("\r", "utf-8", b""),
        ("\r\n", "utf-8", codecs.BOM_UTF8),
        ("\n", "utf-16-le", codecs.BOM_UTF16_LE),
        ("\r\n", "utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_a_sample_says_the_same_with_other_line_ends_and_encodings(
    name: str, line_end: str, encoding: str, mark: bytes
) -> None:
    data = bytes_of(name)
    what = expected(name, data)
    other = mark + data.decode().replace("\n", line_end).encode(encoding)
    assert what_is_read(other, name, what["window"]) == what


def test_there_are_samples() -> None:
    assert len(NAMES) >= 10
