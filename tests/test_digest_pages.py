"""A digest as Markdown, as a page and as a feed: nothing in it can run, and a feed is valid."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kb.digest.pages.feed import MOST_ENTRIES
from tests.conftest import Make, Run
from tests.git import git
from tests.html_page import Page, check_harmless
from tests.library import FORMS, LABELS, committed, repository

pytestmark = pytest.mark.usefixtures("own_git")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = """\
---
title: "<script>alert(1)</script> & <b>Title</b> ]]> \\x1b[31m \\u202e \\x85 \\uffff"
summary: "<img src=http://example.com/x.png> [link](javascript:alert(1))"
unit: "<style>*{}</style>"
---
# x
"""


@pytest.fixture
def root(make: Make) -> Path:
    root = repository(make())
    committed(root, "2025-01-10", {"labels.md": LABELS, "forms.md": FORMS})
    return root


def feed(kb: Run, root: Path, since: str = "2025-02-01") -> ElementTree.Element:
    done = kb(root, "digest", "--since", since, "--atom")
    assert done.code == 0, done.err
    return ElementTree.fromstring(done.out)


def require_atom(feed: ElementTree.Element) -> None:
    """Check what RFC 4287 asks of a feed and its entries, in section 4.1 and the elements used."""
    assert feed.tag == f"{ATOM}feed"
    assert {child.tag.removeprefix(ATOM) for child in feed} <= {
        "id",
        "title",
        "subtitle",
        "updated",
        "author",
        "generator",
        "entry",
    }
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(ATOM + name)) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [feed.findtext(f"{ATOM}id")]
    for entry in feed.findall(f"{ATOM}entry"):
        names = [child.tag.removeprefix(ATOM) for child in entry]
        assert set(names) <= {"id", "title", "updated", "category", "summary", "content"}
        assert len(names) == len(set(names))
        assert {"id", "title", "updated", "content"} <= set(names)
        ids.append(entry.findtext(f"{ATOM}id"))
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert (content.get("type"), list(content)) == ("html", [])
        category = entry.find(f"{ATOM}category")
        assert category is not None
        assert category.get("term")
    assert len(ids) == len(set(ids))
    for id_ in ids:
        assert id_
        assert uuid.UUID(id_).urn == id_
    for element in feed.iter(f"{ATOM}updated"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.text or "")
        datetime.fromisoformat(element.text or "")


def test_a_feed_is_valid(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"new.md": "# New\n", "labels.md": None})
    committed(root, "2025-03-10", {"forms.md": FORMS + "More.\n"})
    found = feed(kb, root)
    require_atom(found)
    entries = {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}updated") for entry in found.findall(f"{ATOM}entry")
    }
    assert entries == {
        "New": "2025-02-10T12:00:00Z",
        "Changed: Forms nobody reads": "2025-03-10T12:00:00Z",
        "Removed: Labels that fall off": "2025-02-10T12:00:00Z",
    }
    assert found.findtext(f"{ATOM}updated") == "2025-03-10T12:00:00Z"


def test_a_feed_without_news_is_valid(root: Path, kb: Run) -> None:
    require_atom(feed(kb, root))


def entry_ids(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]


def test_the_id_of_an_entry_stays_when_the_lesson_moves_and_in_each_clone(root: Path, kb: Run, tmp_path: Path) -> None:
    committed(root, "2025-02-10", {"labels.md": LABELS + "More.\n"})
    before = entry_ids(feed(kb, root))
    committed(root, "2025-03-10", {"labels.md": None, "sub/moved.md": LABELS + "More.\n"})
    assert entry_ids(feed(kb, root, "2025-03-01")) == before
    committed(root, "2025-04-10", {"sub/moved.md": LABELS + "Still more.\n"})
    assert entry_ids(feed(kb, root, "2025-04-01")) == before
    git(tmp_path, "clone", "-q", str(root), str(tmp_path / "clone"))
    assert entry_ids(feed(kb, tmp_path / "clone", "2025-04-01")) == before


def test_a_lesson_without_an_id_keeps_its_entry_while_its_move_is_news(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"forms.md": FORMS + "More.\n"})
    before = entry_ids(feed(kb, root))
    committed(root, "2025-03-10", {"forms.md": None, "sub/forms.md": FORMS + "More.\n"})
    assert entry_ids(feed(kb, root)) == before


def test_two_lessons_of_one_id_are_two_entries(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"labels.md": LABELS + "More.\n", "twin.md": LABELS})
    found = feed(kb, root)
    require_atom(found)
    assert len(entry_ids(found)) == 2


def test_lessons_of_another_library_have_other_ids(root: Path, kb: Run, make: Make) -> None:
    other = repository(make(name="other"))
    committed(other, "2025-01-11")
    for library in (root, other):
        committed(library, "2025-02-10", {"new.md": "# New\n"})
    assert set(entry_ids(feed(kb, root))).isdisjoint(entry_ids(feed(kb, other)))


def test_nothing_of_a_title_is_markup(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"evil.md": HOSTILE})
    found = feed(kb, root)
    require_atom(found)
    title = found.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert title.startswith("<script>alert(1)</script> & <b>Title</b> ]]> ")
    content = found.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert re.findall(r"<(?!/?(?:p|code)\b)[^>]*", content) == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\uffff]", title + content)


def test_a_page_runs_nothing_and_asks_for_nothing(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"evil.md": HOSTILE})
    done = kb(root, "digest", "--since", "2025-02-01", "--html")
    assert done.code == 0
    check_harmless(done.out)
    assert {"img", "a"}.isdisjoint(Page(done.out).tags)


def test_markdown_has_no_markup_of_a_lesson(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"evil.md": HOSTILE})
    out = kb(root, "digest", "--since", "2025-02-01").out
    assert "\\<script>" in out
    assert "\\[link\\](javascript" in out
    assert "\x1b" not in out


def test_long_lists_end_with_their_number(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {f"n{number}.md": f"# N{number}\n" for number in range(60)})
    out = kb(root, "digest", "--since", "2025-02-01").out
    assert out.count("- **N") == 50
    assert "- and 10 more; `kb digest --json` lists all\n" in out


def test_a_page_is_written_to_a_file(root: Path, kb: Run, tmp_path: Path) -> None:
    done = kb(root, "digest", "--html", "--out", str(tmp_path / "news.html"))
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "news.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_feed_has_the_lessons_that_were_changed_last_and_says_of_how_many(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {f"{number}.md": f"# Lesson {number}\n" for number in range(MOST_ENTRIES)})
    committed(root, "2025-02-12", {"7.md": "# Lesson 7, better\n"})
    assert feed(kb, root).find(f"{ATOM}subtitle") is None
    committed(root, "2025-02-14", {"last.md": "# The last\n"})
    found = feed(kb, root)
    require_atom(found)
    titles = [entry.findtext(f"{ATOM}title") for entry in found.iter(f"{ATOM}entry")]
    assert (titles[:2], len(titles)) == (["The last", "Lesson 7, better"], MOST_ENTRIES)
    assert found.findtext(f"{ATOM}subtitle") == "the 100 lessons changed last, of 101"
    newest = found.find(f"{ATOM}entry")
    assert newest is not None
    alone = feed(kb, root, "2025-02-13").find(f"{ATOM}entry")
    assert alone is not None
    assert newest.findtext(f"{ATOM}id") == alone.findtext(f"{ATOM}id")
