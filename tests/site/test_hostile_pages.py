"""Lessons written to do harm: on their pages nothing of it runs, and no page takes the place of another's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.pages.rendering import NOWHERE, Places, rendered
from tests.conftest import Make, Run
from tests.site.attacks import ATTACKS, hostile
from tests.site.reading import SitePage, check_site, pages_in


def test_no_page_of_hostile_lessons_holds_anything_that_runs(make: Make, kb: Run, tmp_path: Path) -> None:
    names = {f"a{number}'&=.md": hostile(number) for number in range(len(ATTACKS))}
    assert kb(make(names), "site", str(tmp_path / "site"), "--name", ATTACKS[0]).code == 0
    pages = pages_in(tmp_path / "site")
    assert sum(path.startswith("lesson/") for path in pages) == len(ATTACKS)
    check_site(tmp_path / "site")
    for text in pages.values():
        assert "\u202e" not in text
        assert "\x1b" not in text


def test_ids_that_look_alike_have_pages_of_their_own(make: Make, kb: Run, tmp_path: Path) -> None:
    ids = [
        "labels",
        "Labels",
        "LABELS",
        "../../labels",
        "/etc/passwd",
        "con",
        "a/b",
        "a%2fb",
        "a" * 250,
        "index",
        "\u0130",
        ".",
    ]
    lessons = {f"l{number}.md": f"---\nid: '{id_}'\n---\n# Lesson number {number}\n" for number, id_ in enumerate(ids)}
    assert kb(make(lessons), "site", str(tmp_path / "site")).code == 0
    lessons_of = [path for path in pages_in(tmp_path / "site") if path.startswith("lesson/")]
    assert len({path.casefold() for path in lessons_of}) == len(ids)
    check_site(tmp_path / "site")


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_rendered_has_only_what_markdown_means(attack: str) -> None:
    page = SitePage(rendered(attack).html)
    assert not {tag for tag, _ in page.tags} & {
        "script",
        "iframe",
        "style",
        "form",
        "input",
        "base",
        "meta",
        "svg",
        "img",
        "a",
    } - {"a"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("href", "http:").startswith(("http:", "https:", "mailto:", "#fn-"))
    assert (page.open, page.mistakes) == ([], [])


@given(st.text("<>/!-[]()#`*_|\\\n \t=\"'&;:abhrefscripti1^{}", max_size=200))
def test_any_text_becomes_sound_html(text: str) -> None:
    page = SitePage(rendered(text, Places(lambda _: "lesson/a.html", lambda _: None)).html)
    assert (page.open, page.mistakes) == ([], [])
    assert len(page.ids) == len(set(page.ids))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_deep_nesting_and_long_lines_take_no_long_time() -> None:
    for text in (
        "> " * 5_000 + "x",
        "[" * 20_000,
        "*a " * 20_000,
        "| a " * 5_000 + "|\n" + "|---" * 5_000 + "|\n",
        "`" * 30_000,
    ):
        assert rendered(text).html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("H<sub>2</sub>O", '<p dir="auto" id="L1">H<sub>2</sub>O</p>\n'),
        ("a <b>bold", '<p dir="auto" id="L1">a bold</p>\n'),
        ("one<br>two", '<p dir="auto" id="L1">one<br>\ntwo</p>\n'),
        ("<div>text</div>", '<div id="L1"><p dir="auto">text</p></div>\n'),
        ("a <count and b> c", '<p dir="auto" id="L1">a &lt;count and b&gt; c</p>\n'),
        ("~~gone~~ & more", '<p dir="auto" id="L1"><s>gone</s> &amp; more</p>\n'),
        (
            "[mail](mailto:a@b.org)",
            '<p dir="auto" id="L1"><a href="mailto:a@b.org" rel="noopener noreferrer nofollow">mail</a></p>\n',
        ),
        ("[gone](nowhere.md)", '<p dir="auto" id="L1">gone</p>\n'),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert rendered(text, NOWHERE).html == html


def test_headings_have_names_and_lines() -> None:
    found = rendered(
        "# Title\n\n## The problem\n\ntext [up](#the-problem)\n\n## The problem\n\n# Other\n", title="Title"
    )
    assert [(one.level, one.title, one.id, one.line) for one in found.anchors] == [
        (2, "The problem", "s-the-problem", 3),
        (2, "The problem", "s-the-problem-2", 7),
        (2, "Other", "s-other", 9),
    ]
    assert '<h2 id="s-the-problem" dir="auto"><span id="L3"></span>The problem</h2>' in found.html
    assert '<a href="#s-the-problem">up</a>' in found.html


def test_a_note_is_linked_to_from_its_mark() -> None:
    found = rendered("Text.[^a] More.[^b]\n\n[^a]: The note.\n").html
    assert '<sup><a href="#fn-1">1</a></sup>' in found
    assert '<sup id="fn-1">1</sup> The note.' in found
    assert "[^b]" not in found
