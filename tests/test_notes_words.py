"""Not a word of any notes is lost, whatever they are; only what a heading of the lesson says need not be repeated."""

from __future__ import annotations

import re
from collections import Counter
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.kinds import HEADINGS, Kind, KindTable
from ingest.reading import outline_of
from kb.codify.draft import Draft
from kb.codify.labels.labels import adds_nothing
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from kb.codify.template import Template, template_named
from tests.examples import examples

FOLDER = Path(__file__).parent / "notes"
REAL = sorted(
    path for path in [*FOLDER.iterdir(), *(FOLDER / "real").iterdir()] if path.suffix in (".md", ".txt", ".eml")
)
WORD = re.compile(r"\w+")
PIECES = [
    *("# ", "## ", "### ", "###### ", "Issue 1: ", "ISSUE: ", "Discussion", "**Root cause**", "Impact: ", "Problem"),
    *("Summary\n", "Notes", "What went wrong", "Sponsor: Jane Doe", "date: 3 May 2026", "fell by 30 %", "words ", "\n"),
    *("more\n", "\n\n", "- ", "1. ", "> ", "    ", "```", "~~~", "<!--", "-->", "<pre>", "---\n", "===\n", "-- \n"),
    *("| a | b |\n", "|---|---|\n", "[x]: http://a.example/b\n", "<!-- kb: ask -->\n", "Subject: about\n"),
    *("From: Ann <a@b.example>\n", "title: t\n", "[go](http://b.example)"),
    *(
        "Problem: ",
        "**Tools:** a list\n",
        "Open: who?\n",
        "Results\n\n",
        "- Impact: x\n",
        "Date: Fri, 1 May 2026 10:00\n",
    ),
    "Subject: Re: all\n words\n",
]
FRONT_MATTER_LINES = [
    *("title: a b\n", "date: 2026-05-01\n", "status: final\n", "mine: [x, 1.10, yes]\n", "# said\n", "tags: t\n"),
    *("date: soon\n", "'\n", "  - deep: {a: ~}\n", "people: Jane\n", "note: |\n  two\n  rows\n", "id: a b\n"),
]
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
ANY_NOTES = st.lists(st.sampled_from(PIECES) | ANY_TEXT, max_size=30).map("".join)


@cache
def template() -> Template:
    return template_named("lesson", Path("/nowhere"), KindTable())


def unnamed(text: str) -> str:
    """Return a text without the names and labels that a lesson's own headings say, nor those of a mail's headers."""
    rows = []
    for row in text.split("\n"):
        name = re.match(r"(?P<before>(?:[\W\d]*\W)?)(?P<name>.*?)[*_#\s]*(?::|\s[=\u2013-]\s|$)", row)
        assert name
        is_named = any(adds_nothing(name["name"], kind, HEADINGS[kind]) for kind in Kind)
        is_header = name["name"].lower() in ("subject", "date", "sent", "betreff", "gesendet", "asunto")
        rest = row[name.end("name") :]
        before = name["before"] if WORD.search(rest) else ""  # the number of a heading
        rows.append(before + rest if is_named or is_header else row)
    return "\n".join(rows)


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def lost(text: str, lesson: str) -> set[str]:
    """Return what is not in the lesson as often; two sections of one name come under one heading, said once."""
    without_repetition = words(" ".join(HEADINGS.values()))
    missing = words(unnamed(text)) - words(lesson)
    return {word for word in missing if word not in without_repetition or word not in words(lesson)}


def said(draft: Draft) -> str:
    """Return the lesson without what the template asks."""
    prompts = [row for row in template().reading.text.split("\n") if row.startswith("<!-- kb: ")]
    rows = template().filled(draft, KindTable()).split("\n")
    return "\n".join(row for row in rows if row not in prompts)


MARKS_OF_EXPORTS = (
    (r"</?(?:aside|details|summary)>|\[\]\{#[^{}]*\}|\{#[^{}]*\}|^h\d\. ", ""),
    (r"\{(?:panel|status):(?:[^{}|]*\|)*?title=([^{}|]*)[^{}]*\}|\{(?:panel|info)\}", r"\1"),
)
"""What other programs write where Markdown has marks, and what it says to a reader."""


def as_read(path: Path) -> str:
    """Return the words of a file that a reader sees; those of a saved mail are decoded by the standard library."""
    text = path.read_text("utf-8")
    if re.search(r"^Subject: =\?", text, re.MULTILINE):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body()
        assert body
        content = body.get_content() if "MIME-Version" in mail else text.partition("\n\n")[2]
        text = "\n".join([*(f"{name}: {value}" for name, value in mail.items()), "", content])
    text = re.sub(r"^\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|$", r"\1: \2", text, flags=re.MULTILINE)
    for mark, said in MARKS_OF_EXPORTS:
        text = re.sub(mark, said, text, flags=re.MULTILINE)
    return re.sub(r"^((?:Subject|Betreff): )(?:(?:Re|AW|Fwd): )+", r"\1", text, count=1, flags=re.M | re.I)


@pytest.mark.slow
@pytest.mark.parametrize("path", REAL, ids=[path.stem for path in REAL])
def test_every_word_of_what_people_have_stands_in_the_draft(path: Path) -> None:
    draft = notes(notes_text(path.read_bytes()).text, KindTable(), name=path.name)
    assert not lost(as_read(path), said(draft))


@settings(max_examples=examples(150), deadline=None)
@given(ANY_NOTES, st.sampled_from(["", "given title"]))
def test_every_word_stands_in_the_draft(text: str, title: str) -> None:
    text = f"word {text}"
    draft = notes(notes_text(text.encode()).text, KindTable(), name="field notes.md", title=title)
    assert not lost(text, said(draft)), draft


@settings(max_examples=examples(150), deadline=None)
@given(ANY_NOTES)
def test_words_stand_in_their_order_within_a_section(text: str) -> None:
    draft = notes(notes_text(f"word {text}".encode()).text, KindTable(), name="x")
    originals = [WORD.findall(whole.casefold()) for whole in (f"word {text}", unnamed(f"word {text}"))]
    rows = [row for section in draft.sections.values() for row in section.split("\n")]
    for row in (row for row in rows if not re.match(r"#+ .*: ", row)):  # one that tells whose part it is
        found = WORD.findall(row.casefold())
        assert any(said[at : at + len(found)] == found for said in originals for at in range(len(said) + 1))


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.sampled_from(FRONT_MATTER_LINES), max_size=6))
def test_every_word_of_their_front_matter_stands_in_the_draft(lines: list[str]) -> None:
    text = f"---\n{''.join(lines)}---\nbody\n"
    assert not words(text) - words(said(notes(notes_text(text.encode()).text, KindTable(), name="n.md")))


def test_no_section_swallows_the_headings_below_it() -> None:
    for left_open in (
        "```\ncode",
        "~~~\ncode",
        "<!-- aside",
        "<pre>\nraw",
        "> ```\n> quoted",
        "- ```\n  item",
        "<?php",
    ):
        draft = notes(f"## Impact\n\nAll down.\n\n## Symptoms\n\n{left_open}", KindTable(), name="n.md")
        text = said(draft)
        titles = [heading.title for heading in outline_of(text).headings]
        assert set(HEADINGS.values()) - {"Notes"} <= set(titles), left_open
