"""What is wrong with YAML is said in plain words: the line, what, and what to do."""

from __future__ import annotations

import time
from itertools import product

import pytest

from ingest.front_matter.yaml_block import FrontMatter, parse_front_matter
from ingest.kinds import KindTable
from ingest.reading import read_lesson

NAME = "which YAML reads as a name; put the value in quotes"
OTHER_QUOTES = "which ends before the text does; put all of it in quotes of the other kind"
OWN = "which YAML reserves; put the value in quotes"
NO_KEY = "has no `key: `; write one, or indent it by two spaces if it continues the line above"
IN_LIST = "the line is in a list without a `- `; write one, or indent it like its neighbours"


def parse(block: str) -> FrontMatter:
    """Parse a block that begins on the file's second line."""
    return parse_front_matter(block, "lessons/a.md", 1)


@pytest.mark.parametrize(
    ("block", "line", "reason"),
    [
        ("title: *Urgent* pallets\n", 2, f"title: begins with `*`, {NAME}"),
        ("x: 1\ntitle: &\n", 3, f"title: begins with `&`, {NAME}"),
        (
            "title: [Urgent] pallets\n",
            2,
            "title: begins with `[`, which starts a list in YAML; put the value in quotes",
        ),
        ("title: {{ x }} y\n", 2, "title: begins with `{`, which starts a mapping in YAML; put the value in quotes"),
        ('title: "Urgent" pallets\n', 2, f'title: begins with `"`, {OTHER_QUOTES}'),
        ("title: 'Anna's pallets'\n", 2, f"title: begins with `'`, {OTHER_QUOTES}"),
        (
            "title: > pallets\n",
            2,
            "title: begins with `>`, which in YAML starts a text on the lines below; put the value in quotes",
        ),
        ("a: @home\n", 2, f"a: begins with `@`, {OWN}"),
        ("a: `x`\n", 2, f"a: begins with a backtick, {OWN}"),
        ("a:\n  - %x\n", 3, f"begins with `%`, {OWN}"),
        ("a: - b\n", 2, "a: begins with `-`, which YAML reads as an item of a list; put the value in quotes"),
        ('a: 1\nb: "never closed\n', 3, "a quote is never closed; put another at the end of the value"),
        ("b: [x, y\nc: 2\n", 2, "a comma or the closing `]` is missing; put the value in quotes if it is no list"),
        ('a: "C:\\data"\n', 2, "a backslash in double quotes; write two, or use single quotes"),
        ("summary: long\nand wrapped\nunit: x\n", 3, f"`and wrapped` {NO_KEY}"),
        ("title T\nunit: x\n", 2, f"`title T` {NO_KEY}"),
        ("title: x\n**Bold** y\n", 3, f"`**Bold** y` {NO_KEY}"),
        (
            "summary: |\n    first\n  second\nunit: x\n",
            4,
            "the line is indented less than the first line of its text; indent it as much",
        ),
        (" title: x\nunit: y\n", 2, "the line begins with a space; keys begin at the start of a line"),
        (
            "title: x\n  unit: y\n",
            3,
            "`unit:` is indented more than the line above it; indent both alike",
        ),
        ("people:\n  - name: a\n   role: b\n", 4, IN_LIST),
        ("title:\u00a0x\nunit: y\n", 2, "a no-break space is after the colon; put a plain space there"),
        ("title: x\nunit:\u00a0y\ntags: [z]\n", 3, "a no-break space is after the colon; put a plain space there"),
        ("title\uff1ax\nunit: y\n", 2, "a full-width colon is after `title`; write `title: `"),
        ("tags:\u00ad[a]\n", 2, "the invisible character U+00AD is beside the colon after `tags`; delete it"),
        ("tags :[a]\n", 2, "no space is after `tags:`; put one there"),
        ("title\uff1ax\n", 2, "a full-width colon is after `title`; write `title: `"),
        ("title:x\nunit:y\n", 2, "no space is after `title:`; put one there"),
        (
            "answers:\n\u00a0\u00a0- a\n\u00a0\u00a0- b\n",
            3,
            "the line begins with a no-break space; put plain spaces there",
        ),
        ("title: x\n----\n\nText.\n\n", 3, "it is not closed by `----`; make it a line of `---`"),
        ("title: x\n --- \nText.\n\n", 3, "it is not closed by ` ---`; delete the space before it"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(block: str, line: int, reason: str) -> None:
    problem = parse(block).problem
    assert problem is not None
    assert (problem.line, problem.reason) == (line, f"front matter is not YAML: {reason}")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("unit\u00a0: x", "a no-break space is before the colon; put a plain space there"),
        ("unit\uff1aone: x", "a full-width colon is after `unit`; write `unit: `"),
    ],
)
def test_a_key_with_a_sign_more_is_named_and_all_others_count(key: str, reason: str) -> None:
    found = parse(f"title: T\n{key}\n")
    assert found.metadata["title"] == "T"
    assert found.problem is not None
    assert (found.problem.line, found.problem.reason) == (
        3,
        f"front matter has a different key than it seems: {reason}",
    )


@pytest.mark.parametrize("colon", ["\uff1a", ":\u00a0", ":"])
def test_keys_without_a_colon_of_yaml_are_named_and_are_no_prose(colon: str) -> None:
    content = f"---\ntitle{colon}A zebra\nunit{colon}x\n---\nText\n"
    found = read_lesson(content.encode(), "a.md", "a", KindTable())
    assert [problem.line for problem in found.problems] == [2]


@pytest.mark.parametrize(
    "block",
    [
        "summary: |\n  unit:\u00a0x\n  title\uff1ay\n\u0020\u0020----\ntitle: z\n",
        "title: see http://x\nx\uff1ay: z\n",
        "title: \u00a0x\n",
        '{"title":"x", "own":"y"}\n',
    ],
)
def test_what_yaml_reads_as_it_is_meant_is_not_named(block: str) -> None:
    assert parse(block).problem is None


def test_a_long_block_is_looked_through_once() -> None:
    began = time.perf_counter()
    for row in ("----", " ---", "x", " x", "a:\u00a0b", "\u00a0" * 9, "title" + " " * 99):
        parse("a: |\n" + f"  {row}\n" * 20_000 + "b: *x y\n")
        parse(f"a: {row * 20_000}: x: y\n")
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("first", [":", "=", " ", "\u00a0", "\u00ad", "\u200b", "\ufeff", "\u3000", "\uff1a", "\u2236"])
def test_whatever_stands_beside_a_colon_is_read_or_named(first: str) -> None:
    for second, third in product(["", ":", " ", "\t", "\u00a0", "\u00ad", "\ufeff", "\uff1a"], repeat=2):
        found = parse(f"tags{first}{second}{third}[a]\nstatus: draft\n")
        assert found.metadata or found.problem
