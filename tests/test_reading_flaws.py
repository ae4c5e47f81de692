"""Whatever its author got wrong is named, and nothing of a lesson is lost."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.markdown.blocks import Lines
from ingest.problem import Problem, Unreadable
from tests.examples import examples
from tests.lesson_read import PATH, passages_text, read


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (
            b"---\ntitle: a: b\n---\ntext\n",
            2,
            "front matter is not YAML: a second `: ` on the line; put the value in quotes",
        ),
        (b"---\n- title: a\n- b\n---\ntext\n", 2, "front matter is a list, not `key: value` lines"),
        (b"---\ntitle: T\ntext\n", 1, "front matter is never closed; end it with a line of `---`"),
        (b'+++\ntitle = "x"\n\nT\n', 1, "front matter is never closed; end it with a line of `+++`"),
        (b"---   \ntitle: T\n", 1, "front matter is never closed; end it with a line of `---`"),
        (b"---\na: 1\na: 2\n---\ntext\n", 3, "front matter has the key 'a' twice; the last one counts"),
        (b"# A\n\ncaf\xe9\n", 3, "not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
        (b"# A\n\na NUL \0 in the text\n", 3, "a NUL byte in the text; remove it"),
        (
            b"\xef\xbb\xbf---\r\nunit: x\r\ntitle: a: b\r\n---\r\n",
            3,
            "front matter is not YAML: a second `: ` on the line; put the value in quotes",
        ),
        # What is wrong with the bytes comes first: the rest may follow from it.
        (b"---\ntitle: a: b\n---\ncaf\xe9\n", 4, "not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(content: bytes, line: int, reason: str) -> None:
    assert read(content).problems[0] == Problem(PATH, reason, line)
    assert str(read(content).problems[0]) == f"{PATH}:{line}: {reason}"


@pytest.mark.parametrize(
    "content",
    [
        "text",
        "---\n# a comment\n---\n",
        "---\n\nprose\n\n---\n\nmore\n",
        "---\n\nprose, never closed\n",
        "---\nprose, never closed\n",
        "---\nprose\n---\ntext\n",
        "---\n- a\n- b\n---\ntext\n",
        "---\nWe found out two things here: the seal was worn, and nobody looked.\n---\ntext\n",
        "---\n\nNote: this is a draft.\n\n---\n\ntext\n",
        "---\nWhat we all did wrong: nobody looked\n---\ntext\n",
        "---\n\nbroken: a: b\n\n---\n\ntext\n",
        "***\ntitle: T\n***\n",
        "text\n\n---\n\ntitle: T\n\n---\n",
    ],
)
def test_ordinary_markdown_is_no_problem(content: str) -> None:
    found = read(content)
    assert not found.problems
    assert found.lesson.metadata == {}


@pytest.mark.parametrize(
    ("content", "title", "editable"),
    [
        ("---\ntitle: x\n---\nT\n", "x", (1, 2)),
        ("---\ntitle: x\n...\nT\n", "x", (1, 2)),
        ("---\n\ntitle: x\n---\nT\n", "x", (1, 3)),
        ('+++\n\n"what we all did wrong" = "y"\ntitle = "x"\n+++\nT\n', "x", None),
        ('+++\ntitle = "x"\n+++\nT\n', "x", None),
        ('{\n"title": "x"\n}\nT\n', "x", None),
        ('{"title": "x"}\nT\n', "x", None),
        ('{"title": "x"\nT\n', "on demand brochures", None),
        ("{{ title }}\nT\n", "on demand brochures", None),
    ],
)
def test_front_matter_in_any_language_is_read_and_only_yaml_can_be_edited(
    content: str, title: str, editable: Lines | None
) -> None:
    found = read(content)
    assert (found.lesson.title, found.front_matter, found.problems) == (title, editable, ())


SECOND = "a second front matter, whose keys are ignored; move them into the first"


@pytest.mark.parametrize(
    ("second", "is_one"),
    [
        ("---\nauthor: A zebra\n---\n", True),
        ('+++\nauthor = "A zebra"\n+++\n', True),
        ('{"author": "A zebra"}\n', False),
        ("---\nA zebra: came by\n---\n", False),
        ("---\nauthor: A: zebra\n---\n", False),
        ("---\nauthor: A zebra\n", False),
    ],
)
def test_a_second_front_matter_is_text_and_no_heading(second: str, is_one: bool) -> None:
    found = read(f"---\ntags: [a]\n---\n\n{second}")
    assert [problem.reason for problem in found.problems] == [SECOND] * is_one
    assert found.lesson.metadata == {"tags": ["a"]}
    assert "zebra" in passages_text(found)
    if is_one:
        assert [section.headings for section in found.sections] == [()]


def test_bytes_that_are_no_text_are_unreadable() -> None:
    with pytest.raises(Unreadable, match="not a text file"):
        read(b"\x7fXYZ\r\n\x1a\n" + b"\0" * 40)
    with pytest.raises(Unreadable, match=r"a picture \(PNG\), not text"):
        read(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


# --- nothing is lost


@pytest.mark.parametrize(
    "content",
    [
        "---\ntitle: Broken: yaml\ntags: [print, cost]\n---\n# Heading\n\nThe body.\n",
        "---\n- a list\n- of words\n---\n# Heading\n\nThe body.\n",
        "---\nonly prose\n---\n# Heading\n\nThe body.\n",
        "---\ntitle: never closed\n\n# Heading\n\nThe body.\n",
        "---\n\nprose between rules\n\n---\n\n# Heading\n\nThe body.\n",
        "---\nsummary: |\n  one: [two\nmore: ]\n---\n# Heading\n\nThe body.\n",
        "---\ntitle: T: x\n```\n---\n# Heading\n\nThe body.\n",
        "---\ntitle: T: x\n<!-- a remark\n---\n# Heading\n\nThe body.\n",
        "---\ntitle: T: x\n- > quoted\n---\n# Heading\n\nThe body.\n",
    ],
)
def test_front_matter_that_cannot_be_read_stays_findable_as_text(content: str) -> None:
    found = read(content)
    assert found.lesson.metadata == {}
    assert found.lesson.title == "Heading"
    body = passages_text(found)
    assert [line for line in content.split("\n") if line.strip() and line not in body] == []


def test_front_matter_that_cannot_be_read_is_one_block_above_the_body() -> None:
    found = read("---\ntitle: T: x\n\ntags:\n  - a\n---\n# Heading\n\nOne.\n\nTwo.\n")
    assert [lines[0] for lines in found.blocks] == [0, 8, 10]
    assert found.blocks[0] == (0, 6)
    assert [(section.headings, section.lines) for section in found.sections] == [((), (0, 6)), (("Heading",), (6, 12))]


def test_front_matter_with_a_key_given_twice_is_used() -> None:
    found = read("---\ntitle: one\ntitle: two\nanswers: [q]\n---\n# Heading\n\nThe body.\n")
    assert found.lesson.title == "two"
    assert [statement.text for statement in found.answers] == ["q"]
    assert passages_text(found) == "title: one\n# Heading\n\nThe body."


@pytest.mark.parametrize(
    ("matter", "line", "text"),
    [
        ("extra: {a: zork, a: b}\n", 2, "extra: {a: zork, a: b}"),
        ("extra: {a: zork, a: b, a: c}\n", 2, "extra: {a: zork, a: b, a: c}"),
        ("extra: {a: [x,\n  zork], a: b}\nunit: u\n", 3, "extra: {a: [x,\n  zork], a: b}"),
        ("extra:\n  a: zork\n  a: b\n", 4, "  a: zork"),
        ("extra:\n  a:\n    - zork\n    - x\n  b: y\n  a: b\n", 7, "  a:\n    - zork\n    - x"),
        ("people:\n  - name: zork\n    name: b\n", 4, "  - name: zork"),
        ("unit: zork\nextra: &e {a: x}\nother: [*e, *e]\nunit: y\n", 5, "unit: zork"),
        ("extra:\n  a: zork\n  a: x\nextra: {}\n", 5, "extra:\n  a: zork\n  a: x"),
    ],
)
def test_what_another_key_of_its_name_overrules_is_text_at_any_depth(matter: str, line: int, text: str) -> None:
    found = read(f"---\n{matter}---\nThe body.\n")
    assert [(problem.line, "twice" in problem.reason) for problem in found.problems] == [(line, True)]
    assert passages_text(found) == f"{text}\nThe body."


def test_aliases_by_the_million_are_looked_through_once() -> None:
    rows = ["a0: &a0 {x: 1, x: 2}", *(f"a{level}: &a{level} [*a{level - 1}]" for level in range(1, 40))]
    assert [problem.line for problem in read("\n".join(["---", *rows, "---", ""])).problems] == [2]


def test_a_rule_on_the_first_line_with_words_behind_it_is_text() -> None:
    found = read("--- Draft of the second edition ---\ntitle: T\n---\n\nThe body.\n")
    assert "Draft of the second edition" in passages_text(found)


def test_text_in_the_wrong_encoding_stays_findable() -> None:
    found = read(b"---\ntitle: Caf\xe9 au lait\n---\n# Heading\n\nThe body with \x80 in it.\n")
    assert found.lesson.title == "Café au lait"
    assert passages_text(found) == "# Heading\n\nThe body with € in it."


BITS = st.sampled_from(
    [
        *(
            "---\n",
            "---",
            "...\n",
            "title: T\n",
            "answers:\n",
            "  - one\n",
            "summary: |\n  x\n",
            "a: b: c\n",
            "date: 1:2\n",
        ),
        *("# ", "## Problem\n", "Impact\n===\n", "```\n", "> ", "- ", "|a|\n|-|\n", "<div>\n", "<!--\n", "    ", "\t"),
        *(
            "text ",
            "many words in a row ",
            "é",
            "結論。",
            "\u2028",
            "\x85",
            "\n",
            "\r\n",
            "\r",
            "\n\n",
            "\0",
            "[",
            "*",
            "&a ",
            "*a",
        ),
    ]
)


@given(content=st.lists(BITS, max_size=30).map("".join) | st.text(max_size=80).map(lambda text: f"---\n{text}\n---\nx"))
@settings(deadline=None, max_examples=examples(200))
def test_any_text_is_a_lesson_with_sections_that_cover_its_body(content: str) -> None:
    data = content.encode("utf-8", "replace")
    try:
        found = read(data)
    except Unreadable:
        assume(data.count(0) <= len(data) / 20)  # only what is full of NUL bytes is no text
        raise
    rows = found.text.split("\n")
    assert found.lesson.title == " ".join(found.lesson.title.split()) != ""
    edge = found.body_line
    if edge:
        assert rows[0].startswith("---")
    for section in found.sections:
        if section.lines[1] <= found.body_line:  # a key that another of its name overrules
            continue
        assert section.lines[0] == edge < section.lines[1]
        assert section.lines[0] <= section.body_line <= section.lines[1]
        edge = section.lines[1]
    assert edge == len(rows)
    for statement in [*found.answers, *([found.summary] if found.summary else [])]:
        assert 0 <= statement.lines[0] < statement.lines[1] <= len(rows)
        assert statement.text
    for problem in found.problems:
        assert problem.line is None or 1 <= problem.line <= len(rows)
