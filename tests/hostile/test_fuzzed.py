"""Any text and any bytes, to every parser: an answer, or the error that says what is wrong; never a traceback.

Two thousand inputs in the suite; a million by `KB_LONG=1 pytest tests/hostile/test_fuzzed.py`, `-n auto` on many cores.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.files.decoding import decode
from ingest.files.globs import Glob, Globs
from ingest.kinds import KindTable
from ingest.lesson import facts, iso_date
from ingest.other_texts import other_texts
from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from kb.check.rules import Selection, find
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from kb.config import read_config
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.edit.front_matter import set_keys
from kb.errors import KbError
from kb.figures.claims import figures
from search.analysis.analyzer import indexed
from search.analysis.terms import terms_of
from search.errors import SearchError
from search.query.filters import dates_of, number_of
from search.query.query import page_query, parse_query
from tests.examples import LONG

BATCHES = range(1000) if LONG else range(20)
INPUTS_EACH = 1000 if LONG else 100
KINDS = KindTable()
SAMPLES = [
    path.read_bytes()
    for folder in ("markdown", "notes", "notes/real")
    for path in sorted((Path(__file__).parent.parent / folder).glob("*.md"))
]
BITS = [
    *("---\n", "...\n", "+++\n", "{\n", "}\n", '{"a": ', "title: ", "tags: [", "answers:\n- ", "- ", "  - "),
    *(": ", " #x", "# ", "## ", "&a ", "*a", "<<: *a\n", "!!str ", "!x ", "| \n  ", "> \n  ", '"', "'", "[["),
    *("]]", "[", "]", "(", ")", "{#a}", "![", "](", "]: ", "<!--", "-->", "<!-- kb: allow ", "<script>"),
    *("</script>", "<div>", "</div>", "<a b>", "<x", ">", "`", "```\n", "~~~\n", "    ", "|", "|-|\n", "===\n"),
    *("<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "[^1]", "[^1]: ", "> [!NOTE] ", "$$", "{{< a >}}", "\\"),
    *("\\u12", "data:image/png;base64," + "A" * 300, "http://a.b/c", "a@b.cc", "555-0100", "password: "),
    *("AKIA", "12 %", "from 3 to 9 days", "1.", "3.10", "0x1F", "2024-1-5", "12:30", "no", "null", "~", "é"),
    *("é", "漢字", "عربي", "\u202e", "\u200b", "\x00", "\x1b[31m", "\r\n", "\r", "\n", "\n\n", "\t", "\x0b"),
    *("\u2028", "\ufeff", "\ud7ff", "😀", "OR ", "-tag:", "date:>", "kind:", "**/", "[!a-", "\\[", "Problem"),
    *("word ", "Impact: ", "Dear all,\n", "Subject: ", "From: ", "On 3 May Ann wrote:\n", "> ", "10:31 Ann: "),
    "a" * 500,
]


class Parser(NamedTuple):
    name: str
    read: Callable[[bytes, Path], object]
    errors: tuple[type[Exception], ...] = ()
    """What it may raise."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[at for at, sign in enumerate(text) if sign == " "] for text in texts]


def _lesson(data: bytes) -> Reading:
    reading = read_lesson(data, "lessons/a.md", "a", KINDS)
    rows = reading.text.count("\n") + 1
    assert reading.seen_text.count("\n") + 1 == rows
    for problem in reading.problems:
        assert problem.line is None or 1 <= problem.line <= rows, problem
    json.dumps(reading.lesson.metadata).encode()
    return reading


def _indexed(data: bytes, _: Path) -> None:
    reading = _lesson(data)
    passages = split_lesson(reading, Window(40, _word_starts, "words"))
    for passage in passages:
        assert 0 <= passage.lines[0] < passage.lines[1] <= reading.text.count("\n") + 1
    readable_passages(passages)
    terms_of(reading.lesson, passages)
    list(facts(reading.lesson))
    list(other_texts(reading.lesson.metadata))


def _checked(data: bytes, root: Path) -> None:
    file = LessonFile("a.md", root / "a.md", _lesson(data))
    for finding in find(file, Census((file,), date(2026, 11, 26)), Selection()):
        assert 1 <= finding.line <= len(file.rows) + 1
        for edit in finding.edits:
            assert 0 <= edit.start <= edit.end <= len(file.text)


def _edited(data: bytes, _: Path) -> None:
    set_keys(decode(data).text, {"status": "draft", "tags": ["a"], "title": "T #1"})


def _ignored(data: bytes, _: Path) -> None:
    globs = Globs.at_the_top(filter(None, map(Glob.of_ignore_line, _text(data).split("\n"))))
    for name in ("a", "word ", "é"):
        globs.rules().verdict(name)
        globs = globs.below(name)


def _configured(data: bytes, root: Path) -> None:
    (root / "kb.toml").write_bytes(data)
    read_config(root)


def _queried(data: bytes, _: Path) -> None:
    text = _text(data)
    page_query(text)
    parse_query(text, ("tag", "date"))


def _noted(data: bytes, _: Path) -> None:
    notes(notes_text(data).text, KINDS)


def _measured(data: bytes, _: Path) -> None:
    text = _text(data)
    figures(text)
    indexed(text)
    dates_of(text)
    number_of(text)
    iso_date(text)


PARSERS = (
    Parser("lesson", _indexed, (Unreadable,)),
    Parser("checks", _checked, (Unreadable,)),
    Parser("front matter to change", _edited, (Unreadable, KbError)),
    Parser("patterns of files", _ignored),
    Parser("configuration", _configured, (KbError,)),
    Parser("query", _queried, (KbError, SearchError)),
    Parser("notes", _noted, (KbError,)),
    Parser("figures, words, dates", _measured),
)


def _inputs(chance: random.Random) -> Iterator[bytes]:
    for number in range(INPUTS_EACH):
        if number % 3:
            yield "".join(chance.choices(BITS, k=chance.randint(1, 14))).encode("utf-8", "surrogatepass")
        else:
            yield _damaged(chance.choice(SAMPLES)[:3000], chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Change a file in a few places: a byte, a cut, a bit of another kind."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        what = chance.randrange(3)
        bit = chance.choice(BITS).encode("utf-8", "surrogatepass")
        new = (bytes([chance.randrange(256)]), b"", bit)[what]
        data = data[:at] + new + data[at + (chance.randrange(40) if what == 1 else 1) :]
    return data


@pytest.mark.slow
@pytest.mark.parametrize("batch", BATCHES)
def test_no_parser_fails_on_any_input(batch: int, tmp_path: Path) -> None:
    chance = random.Random(batch)
    for number, data in enumerate(_inputs(chance)):
        parser = PARSERS[(batch + number) % len(PARSERS)]
        try:
            with suppress(*parser.errors):
                parser.read(data, tmp_path)
        except Exception as error:
            error.add_note(f"{parser.name}: {data!r}")
            raise
