"""Front matter that its author sees and that does not count is named, and ordinary Markdown is not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.front_matter.unread import unread_front
from ingest.kinds import KindTable
from ingest.problem import Defect
from ingest.reading import Reading, read_lesson
from kb.edit.edit import edited
from kb.edit.front_matter import set_keys
from kb.edit.source import Source
from kb.errors import CannotEdit

KEYS = "title: A zebra\nstatus: retired\n"
BEGINNING = "looks like front matter, but "


def read(content: str) -> Reading:
    return read_lesson(content.encode(), "lessons/a.md", "a", KindTable())


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (f"\n\n---\n{KEYS}---\nT\n", 3, "it is below an empty line; move it to line 1"),
        (f"\n---\n{KEYS}\nT\n", 2, "it is below an empty line; move it to line 1"),
        (f"\n---\n{KEYS}x: a: b\n---\n", 2, "it is below an empty line; move it to line 1"),
        (f"<!-- SPDX -->\n---\n{KEYS}---\nT\n", 2, "it is below a comment; move it to line 1"),
        (f"<!--\nA\nB -->\n\n---\n{KEYS}---\nT\n", 5, "it is below a comment; move it to line 1"),
        (f"# SPDX\n---\n{KEYS}---\nT\n", 2, "it is below a heading; move it to line 1"),
        ('\n+++\ntitle = "A zebra"\nunit = "x"\n+++\n', 2, "it is below an empty line; move it to line 1"),
        ('\n{\n "title": "A zebra",\n "unit": "x"\n}\n', 2, "it is below an empty line; move it to line 1"),
        ('\n{"title": "A zebra", "unit": "x"}\n', 2, "it is below an empty line; move it to line 1"),
        (f"{KEYS}---\nT\n", 1, "no line of `---` is above it; put one there"),
        (f"\n{KEYS}\n---\nT\n", 2, "no line of `---` is above it; put one there"),
        (f"----\n{KEYS}----\nT\n", 1, "`----` does not open one; make it a line of `---`"),
        ("----\ntitle: A zebra\n---\n", 1, "`----` does not open one; make it a line of `---`"),
        (f"--- # lesson\n{KEYS}---\nT\n", 1, "`--- # lesson` does not open one; make it a line of `---`"),
        (f" ---\n{KEYS} ---\nT\n", 1, "a space is before `---`; delete it"),
        (f"\u00a0---\n{KEYS}---\nT\n", 1, "the invisible character U+00A0 is beside `---`; delete it"),
        (f"\u2014\n{KEYS}\u2014\nT\n", 1, "`\u2014` does not open one; make it a line of `---`"),
        (
            f"\u2014 \u2014 \u2014\n{KEYS}---\nT\n",
            1,
            "`\u2014 \u2014 \u2014` does not open one; make it a line of `---`",
        ),
        (f"- --\n{KEYS}---\nT\n", 1, "`- --` does not open one; make it a line of `---`"),
        (f"***\n{KEYS}***\nT\n", 1, "`***` does not open one; make it a line of `---`"),
        (';;;\n{"title": "A zebra"}\n;;;\nT\n', 1, "`;;;` does not open one; make it a line of `---`"),
        (f"```yaml\n{KEYS}```\nT\n", 1, "it is in a code block; put it between two lines of `---`"),
        ("----\ntitle\uff1aA zebra\nunit\uff1ax\n----\n", 1, "`----` does not open one; make it a line of `---`"),
        (f"---\n\n{KEYS}\nT\n", 1, "it is never closed; end it with a line of `---`"),
    ],
)
def test_keys_that_do_not_count_are_named_and_searched_as_text(content: str, line: int, reason: str) -> None:
    found = read(content)
    assert [(one.line, one.reason, one.defect) for one in found.problems] == [
        (line, BEGINNING + reason, Defect.UNREAD_FRONT_MATTER)
    ]
    assert found.lesson.metadata == {}
    assert found.lesson.title != "title: A zebra status: retired"
    assert any("zebra" in "\n".join(found.seen_text.split("\n")[slice(*lines)]) for lines in found.blocks)


@pytest.mark.parametrize("content", [f"\n---\n{KEYS}---\nT\n", f"{KEYS}---\nT\n", f"----\n{KEYS}----\nT\n"])
def test_no_second_front_matter_is_written_above_it(content: str) -> None:
    with pytest.raises(
        CannotEdit, match=r"^a\.md:[12]: looks like front matter, .*; correct it first; nothing was changed$"
    ):
        set_keys(content, {"status": "retired"}, "a.md")


@pytest.mark.parametrize(
    "content",
    [
        "\n---\n\nTitle: this is prose, and a rule stands above it\n\n---\n",
        "***\ntitle: T\n***\n",
        "\n---\ntitle: T\n---\n",
        "# Heading\n\n---\ntitle: T\n---\n",
        "# Heading\ntitle: T\nstatus: retired\n---\nText\n",
        "title: a setext heading\n---\n",
        "title: T\nstatus: retired\n\nA table of keys without a fence.\n",
        "Status: retired\nTitle: T\n---\n",
        "```yaml\nname: a chart\nversion: 1\n```\n",
        "| title | status |\n|---|---|\n| a | b |\n",
        "text\n\n---\ntitle: T\nstatus: retired\n---\n",
        "<!-- title: T\nstatus: retired\n-->\ntext\n",
        "----\nWe found two things.\n\ntitle: T\nstatus: retired\n----\n",
    ],
)
def test_ordinary_markdown_is_not_named(content: str) -> None:
    assert read(content).problems == ()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("---\ntitle: A\n---\nstatus: retired\nunit: A zebra\n---\nT\n", 4),
        ("---\ntitle: A\n---\n\n----\nstatus: retired\nunit: A zebra\n----\nT\n", 5),
        ("---\ntitle: A\n---\n<!-- x -->\n---\nstatus: retired\nunit: A zebra\n---\n", 5),
    ],
)
def test_a_second_one_without_a_fence_of_its_own_is_named(content: str, line: int) -> None:
    found = read(content)
    assert [(one.line, one.defect) for one in found.problems] == [(line, Defect.SECOND_FRONT_MATTER)]
    assert found.lesson.metadata == {"title": "A"}
    assert [section.headings for section in found.sections] == [()]


@pytest.mark.parametrize(
    ("content", "editable"),
    [
        ("---yaml\ntitle: A\n---\nT\n", (1, 2)),
        ("--- yml\ntitle: A\n---\nT\n", (1, 2)),
        ('---json\n{"title": "A"}\n---\nT\n', None),
        ('---TOML\ntitle = "A"\n---\nT\n', None),
        ("\ufeff\ufeff---\ntitle: A\n---\nT\n", (1, 2)),
    ],
)
def test_a_language_behind_the_fence_and_a_second_mark_before_it_are_read(
    content: str, editable: tuple[int, int] | None
) -> None:
    found = read(content)
    assert (found.lesson.title, found.problems, found.front_matter) == ("A", (), editable)
    if editable:
        assert "status: retired" in edited(found.text, set_keys(found.text, {"status": "retired"}))


def test_a_file_with_two_marks_keeps_both_when_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("\ufeff\ufeff---\r\ntitle: A\r\n---\r\n".encode())
    source = Source.read(file)
    source.replace(set_keys(source.text, {"status": "retired"}))
    assert file.read_bytes() == "\ufeff\ufeff---\r\ntitle: A\r\nstatus: retired\r\n---\r\n".encode()


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("---\ntitle: A\n --- \nT\n", 3, "front matter is not closed by ` ---`; delete the space before it"),
        ("---\ntitle: A\n----\nT\n", 3, "front matter is not closed by `----`; make it a line of `---`"),
        ("---json\n{}\n", 1, "front matter is never closed; end it with a line of `---`"),
    ],
)
def test_what_was_meant_to_close_it_is_named(content: str, line: int, reason: str) -> None:
    assert [(one.line, one.reason) for one in read(content).problems] == [(line, reason)]


@pytest.mark.parametrize("said", ["What we all did wrong here: nobody looked\ntitle: T\nstatus: draft\n", f"\n{KEYS}"])
def test_known_keys_between_rules_are_no_prose(said: str) -> None:
    assert read(f"---\n{said}---\nT\n").lesson.metadata["status"]


@pytest.mark.slow
def test_a_megabyte_is_looked_through_once() -> None:
    began = time.perf_counter()
    for row in ("<!-- ", "title: x", "---", "- a", " ", "#", "title" + " " * 9, "\u2014"):
        unread_front(["", "---", *[row] * 100_000])
        unread_front(["", row * 100_000, row * 100_000])
    assert time.perf_counter() - began < 20
