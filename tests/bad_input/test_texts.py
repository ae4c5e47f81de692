"""Unusual, empty, very large and binary files, and two files with one id."""

from __future__ import annotations

import json
import random

import pytest

from tests.bad_input.answers import GOOD, found, said, titles
from tests.conftest import Make, Run, write

EMPTY = "the file is empty; write the lesson, restore it from git, or delete it"
PACKED = random.Random(1).randbytes(3000)


FINE: dict[str, tuple[str | bytes, str]] = {
    # name: (file, title)
    "a byte order mark": (b"\xef\xbb\xbf---\ntitle: Marked\n---\nA zebra.\n", "Marked"),
    "CRLF": (b"---\r\ntitle: Dos\r\n---\r\n\r\n# Other\r\n\r\nA zebra.\r\n", "Dos"),
    "lone CR": (b"# Mac\r\rA zebra.\r", "Mac"),
    "UTF-16": ("# Wide ünïcode\n\nA zebra.\n".encode("utf-16"), "Wide ünïcode"),
    "UTF-16, the other way round": (b"\xfe\xff" + "# Wide\n\nA zebra.\n".encode("utf-16-be"), "Wide"),
    "TOML": ('+++\ntitle = "Zebra"\nwhere = ["the plain"]\n+++\nText.\n', "Zebra"),
    "JSON": ('{\n  "title": "Zebra",\n  "n": {"deep": [1.50]}\n}\n\nText.\n', "Zebra"),
    "one word between rules": ("---\nzebra\n---\n# Heading\n\nText.\n", "Heading"),
    "prose between rules": ("---\nA zebra came by: nobody had seen one before.\n---\n\nText.\n", "odd"),
    "a title with a number sign": ("---\ntitle: Zebra #4711\n---\n\nText.\n", "Zebra #4711"),
    "a title that is an answer": ("---\ntitle: no\n---\n\nA zebra.\n", "no"),
    "an answer with a colon": ("---\ntitle: T\nanswers:\n- Which animal: a zebra?\n---\n\nText.\n", "T"),
    "a key of several words": ("---\ntitle: T\nname of the zebra: Bob\n---\n\nText.\n", "T"),
    "a heading with an anchor": ("# Heading {#top}\n\nA zebra.\n", "Heading"),
    "a footnote": ("# Heading\n\nText[^1].\n\n[^1]: Zebra\n", "Heading"),
    "no heading": ("A zebra.\n\nAnd more.\n", "odd"),
    "only front matter": ("---\ntitle: A zebra\n---\n", "A zebra"),
    "only front matter, no line end": ("---\ntitle: A zebra\n---", "A zebra"),
    "empty front matter": ("---\n---\n# Heading\n\nA zebra.\n", "Heading"),
    "a rule, not front matter": ("---\n\nA zebra.\n\n---\n\nMore.\n", "odd"),
    "no line end": ("# Heading\n\nA zebra.", "Heading"),
    "unknown keys": ("---\ntitle: Known\nhabitat: {where: [zebra, plain]}\n---\n", "Known"),
    "a title that is a number": ("---\ntitle: 2006\n---\nA zebra.\n", "2006"),
    "a title that is a list": ("---\ntitle: [a, b]\n---\n# Heading\n\nA zebra.\n", "Heading"),
    "HTML": ("<h1>Html</h1>\n\n<p>A zebra &amp; <b>more</b></p>\n", "odd"),
    "a table": ("# Heading\n\n| animal | where |\n|---|---|\n| zebra | plain |\n", "Heading"),
    "rules inside a fence": ("# Heading\n\n```yaml\n---\ntitle: Not me\n---\n# Nor me\n```\n\nA zebra.\n", "Heading"),
    "rules inside a fence at the top": ("```\n---\ntitle: Not me\n---\n```\n\nA zebra.\n", "odd"),
    "a fence that is never closed": ("# Heading\n\n```\nA zebra.\n", "Heading"),
    "a heading of marks": ("# **Bold** [link](http://example.org) `code`\n\nA zebra.\n", "Bold link code"),
    "an empty heading": ("#\n\n## Second\n\nA zebra.\n", "Second"),
    "quotes 5,000 deep": ("# Heading\n\n" + "> " * 5000 + "A zebra.\n", "Heading"),
    "lists 300 deep": ("# Heading\n\n" + "".join("  " * n + "- item\n" for n in range(300)) + "A zebra.\n", "Heading"),
    "brackets 20,000 deep": ("# Heading\n\nA zebra. " + "[" * 20000 + "\n", "Heading"),
    "stars without end": ("# Heading\n\nA zebra. " + "*a_" * 5000 + "\n", "Heading"),
    "one long line": ("# Heading\n\n" + "elephant " * 20000 + "zebra\n", "Heading"),
    "one long word": ("# Heading\n\n" + "x" * 100_000 + "\n\nA zebra.\n", "Heading"),
    "5,000 headings": ("# Heading\n\n" + "## Same\n" * 5000 + "\nA zebra.\n", "Heading"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_unusual_is_a_lesson_like_any_other(make: Make, kb: Run, name: str) -> None:
    content, title = FINE[name]
    root = make({"good.md": GOOD, "odd.md": content})
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0], said(done)) == (0, "2 added, 0 changed, 0 removed, 0 unchanged", [])
    assert titles(kb, root) == {"good": "Labels", "odd": title}
    assert (found(kb, root, "parcels"), found(kb, root, "zebra")) == (["good"], ["odd"])
    shown = kb(root, "search", "--mode", "lexical", "zebra")
    assert (shown.code, shown.out.splitlines()[0]) == (0, f"1. {title}")


def test_an_empty_file_is_a_lesson_that_is_found_by_its_name(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD, "striped-animals.md": ""})
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (3, [f"kb: lessons/striped-animals.md: {EMPTY}"])
    assert titles(kb, root) == {"good": "Labels", "striped-animals": "striped animals"}
    assert (found(kb, root, "striped"), found(kb, root, "parcels")) == (["striped-animals"], ["good"])
    shown = kb(root, "show", "striped-animals")
    assert (shown.code, shown.out) == (0, "\n")


def test_a_file_that_became_empty_loses_its_text_keeps_its_place_and_is_named(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    write(root, "odd.md", b"")
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0]) == (3, "0 added, 0 changed, 0 removed, 1 unchanged, 1 failed")
    assert said(done) == [f"kb: lessons/odd.md: {EMPTY}"]
    assert titles(kb, root) == {"good": "Labels", "odd": "odd"}
    assert (found(kb, root, "elephant"), found(kb, root, "parcels")) == ([], ["good"])


def test_a_file_of_5_megabytes_is_indexed_to_its_end(make: Make, kb: Run) -> None:
    picture = "![plan](data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAA" * (5_000_000 // 24) + ")"
    root = make({"good.md": GOOD, "odd.md": f"# Huge\n\nAn elephant.\n\n{picture}\n\n## Tools\n\nA zebra.\n"})
    assert (root / "lessons" / "odd.md").stat().st_size > 5_000_000
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (0, [])
    assert [found(kb, root, word) for word in ("elephant", "zebra", "parcels")] == [["odd"], ["odd"], ["good"]]
    hit = json.loads(kb(root, "search", "--json", "--mode", "lexical", "zebra").out)["hits"][0]
    assert (hit["line"], hit["kind"], hit["snippet"]) == (7, "tool", "A zebra.")


@pytest.mark.parametrize("text", ["", "\n \n", "---\n---\n", "+++\n+++\n", "\ufeff"])
def test_of_an_empty_file_one_thing_is_said(make: Make, kb: Run, text: str) -> None:
    root = make({"odd.md": text})
    done = kb(root, "check")
    named, summary = done.out.splitlines()
    assert (done.code, summary) == (1, "1 lesson: 1 error")
    assert named.endswith(f"lessons/odd.md:1:1: structure.empty error: {EMPTY}")


def test_a_lesson_of_a_few_words_is_not_empty(make: Make, kb: Run) -> None:
    root = make({"a.md": "x", "b.md": "---\ntitle: Labels\n---\n"})
    assert "structure.empty" not in kb(root, "check").out


BINARY = "not a text file (binary, or UTF-16 without a byte order mark); save it as UTF-8"


@pytest.mark.parametrize(
    "content",
    ["# Wide\n\nA zebra.\n".encode("utf-32-le"), b"\x7fXYZ\r\n\x1a\n" + b"\0\0\0\x0d" * 99, b"\0" * 999, PACKED],
)
def test_what_is_no_text_is_named_and_everything_else_is_indexed(make: Make, kb: Run, content: bytes) -> None:
    root = make({"good.md": GOOD, "odd.md": content})
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0]) == (3, "1 added, 0 changed, 0 removed, 0 unchanged, 1 failed")
    assert said(done) == [f"kb: lessons/odd.md: {BINARY}"]
    assert titles(kb, root) == {"good": "Labels"}
    assert found(kb, root, "parcels") == ["good"]


def test_what_is_no_text_any_more_keeps_what_was_indexed(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    write(root, "odd.md", "# Wide\n\nA zebra.\n".encode("utf-32-le"))
    done = kb(root, "reindex", "--full")
    assert (done.code, said(done)) == (3, [f"kb: lessons/odd.md: {BINARY}"])
    assert (found(kb, root, "elephant"), found(kb, root, "parcels")) == (["odd"], ["good"])


def test_two_files_with_one_id_are_both_found_and_the_second_is_named(make: Make, kb: Run) -> None:
    root = make(
        {
            "one.md": "---\nid: same\ntitle: One\n---\nA zebra.\n",
            "two.md": "---\nid: same\ntitle: Two\n---\nA zebra.\n",
        }
    )
    done = kb(root, "reindex")
    reason = "the id 'same' is taken by lessons/one.md; change one of them (found as 'lessons/two.md' until then)"
    assert (done.code, said(done)) == (3, [f"kb: lessons/two.md: {reason}"])
    assert titles(kb, root) == {"same": "One", "lessons/two.md": "Two"}
    assert found(kb, root, "zebra") == ["lessons/two.md", "same"]
    assert json.loads(kb(root, "show", "--json", "lessons/two.md").out)["title"] == "Two"
