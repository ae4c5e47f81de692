"""What is read of a lesson, and looked for in it, takes time in proportion to its length, whatever it holds.

In the suite each sign and word is repeated once; in every way, alone and in pairs, by
`KB_LONG=1 pytest tests/test_linear_time.py` (some hours).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.kinds import KindTable
from ingest.markdown.comments import is_for_kb
from ingest.markdown.markup import seen_lines
from ingest.markdown.searched import searched_text
from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from kb.check.allowing import without_allowed
from kb.check.rules import GROUPS, Selection, find
from kb.codify.notes.notes import notes
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.corpus.prompts import prompts, proposals
from kb.errors import UnreadableNotes
from tests.checking import TODAY
from tests.examples import LONG
from tests.growth import SMALL, TIMES, few_units, grows_too_much, repeat, shapes, units

pytestmark = pytest.mark.slow

_KINDS = KindTable()
_IN_MATTER = (
    *(
        "k{n}: a\n",
        "k{n}: # kb: x\n",
        "k{n}: a # kb: allow privacy.email: b\n",
        "# kb: allow privacy.email: b\nk{n}: a\n",
    ),
    *(
        "k{n}: [a, b]\n",
        "k{n}: {a: b}\n",
        "k{n}:\n  - a\n",
        "k{n}: |\n  # kb: allow x: y\n",
        "k{n}: &a{n} b\n",
        "k{n}: a &x{n} b # c\n",
        "k{n} x: a\n",
    ),
)
_LISTS = {
    "people": ("  - {name: A{n} B, contact: a{n}@b.net}\n", "  - name: A{n} # kb: allow privacy.email: b\n"),
    "impact": ("  - {area: cost, metric: a{n}, change: {n} %}\n",),
    "answers": ("  - a b {n}\n",),
    "related": ("  - x{n}\n",),
    "tags": ("  - t{n}\n",),
}
_IN_BODY = (
    *(
        "# h{n}\n\nx\n",
        "# h\n<!-- kb: x -->\n",
        "## Impact\n\nfell from {n} to 5 %.\n",
        "[a{n}]: b\n",
        "| a{n} | b |\n",
    ),
    *(
        "see [x](y{n}.md)\n",
        "mail a{n}@b{n}.net\n",
        "call +49 30 4471 88{n}\n",
        "password{n}: T4pe-l1ght-{n}x\n",
        "<!-- {n}",
    ),
    *(
        "<!-- kb: allow secrets.password: x -->\npassword: T4pe-l1ght-{n}x\n",
        "- x\n  <!-- kb: allow privacy.email: x -->\n",
    ),
    *("``a{n} ", "123-45-6789 ", "<script {n}", "- a{n}: b\n", "From: a{n}@b.net\n"),
)

_OPENINGS = (
    *(
        "<",
        "</",
        "<!",
        "<?",
        "<a ",
        "<a b=",
        "<!-- ",
        "[",
        "![",
        "[[",
        "[^",
        "[a](",
        "[a]: ",
        "(",
        "{#",
        "{: ",
        "{{",
        "{%",
    ),
    *(
        "`",
        "``",
        "```",
        "$",
        "$$",
        "*",
        "**",
        "_",
        "~~",
        "\\",
        "&",
        "&#",
        "# ",
        "## ",
        "> ",
        "> [!",
        "- ",
        "| ",
        "1",
        "1.",
    ),
    *("a: ", "a@", "http://", "data:", "www.", "Re: ", "**a:", "password: ", "from 5 ", "+49 ", "=?utf-8?q?", '"', "'"),
)
"""What begins something, and may be followed by a long line in which it never ends."""
_ENDS = ("", ">", "}", "]", ")", "`", '"', ":", "|")

_TOPS = (
    *("$ANSIBLE_VAULT;", "-----BEGIN PGP MESSAGE-----\n", "-----BEGIN AGE ENCRYPTED FILE-----\n", "U2FsdGVkX1"),
    *('{"data": "ENC[AES256_GCM,', "data: ENC[AES256_GCM,", "<<<<<<< ", "----\n", "\u2014\n", "title: x\n", "<!--\n"),
)
"""What tells at the top of a file that it is locked, in conflict, or has a front matter that does not count."""


class Reader(NamedTuple):
    """Something that is done with a text."""

    name: str
    read: Callable[[str, Reading], object]


def _file(reading: Reading) -> LessonFile:
    return LessonFile("a.md", Path("/base/lessons/a.md"), reading)


def _token_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[token.start() for token in re.finditer(r"\w+|[^\w\s]", text)] for text in texts]


def _checked(group: str) -> Reader:
    def check(_: str, reading: Reading) -> object:
        file, wanted = _file(reading), Selection((group,))
        found = list(find(file, Census((file,), TODAY), wanted))
        return without_allowed(file, found, wanted, index_used=False)

    return Reader(group, check)


def _noted(text: str, _: Reading) -> object:
    try:
        return notes(text, _KINDS)
    except UnreadableNotes:
        return None


READERS = (
    Reader("lesson", lambda text, _: read_lesson(text.encode(), "a.md", "a", _KINDS)),
    Reader("comments", lambda text, _: is_for_kb(text)),
    Reader("markup", lambda text, _: seen_lines(text)),
    Reader("passages", lambda _, reading: readable_passages(split_lesson(reading, Window(60, _token_starts, "words")))),
    Reader("searched", lambda text, _: searched_text(text)),
    Reader("prompts", lambda _, reading: (list(prompts(_file(reading))), list(proposals(_file(reading))))),
    *map(_checked, GROUPS),
    Reader("notes", _noted),
)
_QUICK = tuple(reader for reader in READERS if reader.name not in ("passages", "searched", "notes"))
"""The others turn a Markdown parser over every line: linear, and slow enough for the long proof."""


def too_slow(shape: str, readers: Sequence[Reader], head: str = "", tail: str = "") -> list[str]:
    """Return the readers whose time grows more than a text of a shape does."""
    texts = [head + repeat(shape, size) + tail for size in (SMALL, SMALL * TIMES)]
    try:
        small, large = (read_lesson(text.encode(), "a.md", "a", _KINDS) for text in texts)
    except Unreadable:
        return []
    return [
        reader.name
        for reader in readers
        if grows_too_much(lambda: reader.read(texts[0], small), lambda: reader.read(texts[1], large))  # noqa: B023
    ]


def _numbered() -> Iterator[tuple[str, str, str]]:
    """Yield shapes in which each repetition differs, and what stands around them."""
    for line in _IN_MATTER:
        yield line, "---\n", "---\n# T\n\nx\n"
    for key, items in _LISTS.items():
        for item in items:
            yield item, f"---\n{key}:\n", "---\n# T\n\nx\n"
    for shape in _IN_BODY:
        yield shape, "", ""


@pytest.mark.parametrize("unit", few_units())
def test_what_is_repeated_takes_time_in_proportion(unit: str) -> None:
    assert not too_slow(f"{unit}\n" if unit[-1:].isalnum() else unit, _QUICK)


@pytest.mark.parametrize(("shape", "head", "tail"), [*_numbered()])
def test_what_differs_each_time_takes_time_in_proportion(shape: str, head: str, tail: str) -> None:
    assert not too_slow(shape, _QUICK, head, tail)


@pytest.mark.parametrize("opening", _OPENINGS)
def test_what_never_ends_takes_time_in_proportion(opening: str) -> None:
    for repeated, end in product(("a", " ", "a "), _ENDS if LONG else _ENDS[:3]):
        assert not too_slow(repeated, _QUICK, opening, end), (repeated, end)
        assert not too_slow(repeated, _QUICK, f"# {opening}", end), (repeated, end)


@pytest.mark.parametrize("top", _TOPS)
def test_what_a_file_begins_with_is_told_in_proportion(top: str) -> None:
    for repeated in ("a", " ", "a\n", "a: b\n"):
        assert not too_slow(repeated, READERS[:1], top, "\nz!"), repeated


def test_many_people_and_figures_are_not_held_against_all_that_is_said() -> None:
    for key, said in (("people", "mail a{n}@b{n}.net "), ("impact", "## Impact\n\nfell from {n} to 5 %.\n")):
        head = f"---\n{key}:\n" + repeat(_LISTS[key][0], SMALL * TIMES) + "---\n"
        assert not too_slow(said, _QUICK, head)


@pytest.mark.skipif(not LONG, reason="takes hours; KB_LONG=1 runs it")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_every_shape_takes_time_in_proportion(reader: Reader) -> None:
    pairs = (one + other for one, other in product(few_units(), repeat=2))
    slow = [shape for unit in (*units(), *pairs) for shape in shapes(unit) if too_slow(shape, [reader])]
    assert slow == []
