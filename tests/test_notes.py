"""Raw notes become drafts: kept cases, each with what comes of it. `KB_REWRITE=1` writes that anew, to be read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ingest.decoding import decode
from ingest.kinds import Kind, KindTable
from ingest.problem import Unreadable
from kb.codify.draft import Draft
from kb.codify.notes import notes
from kb.codify.notes_text import notes_text
from kb.codify.yaml_lines import yaml_lines
from kb.edit.sections import HEADINGS
from kb.errors import UnreadableNotes

FOLDER = Path(__file__).parent / "notes"
CASES = sorted(path for path in FOLDER.glob("*.md"))


def shown(draft: Draft) -> str:
    """Show a draft as the lesson that comes of it, without what the template asks."""
    sections = [f"## {HEADINGS[kind]}\n\n{said}\n" for kind, said in draft.sections.items()]
    return "\n".join(["---", *yaml_lines(draft.values, draft.comments), "---", "", *sections])


def drafted(text: str, *, name: str = "notes.md", title: str = "") -> Draft:
    return notes(notes_text(text.encode()).text, KindTable(), name=name, title=title)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_every_part_lands_under_its_kind_or_in_the_notes(path: Path) -> None:
    draft = notes(notes_text(path.read_bytes()).text, KindTable(), name=path.name)
    expected = path.with_suffix(".draft")
    if os.environ.get("KB_REWRITE"):
        expected.write_text(shown(draft), "utf-8")
    assert shown(draft) == expected.read_text("utf-8")


def test_a_title_that_is_given_wins_and_the_notes_own_is_kept() -> None:
    draft = drafted("# Radios\n\nThey failed.\n", title="Silence on the ridge")
    assert draft.values["title"] == "Silence on the ridge"
    assert draft.sections == {Kind.OTHER: "### Radios\n\nThey failed."}


@pytest.mark.parametrize(
    ("text", "name", "title", "comment"),
    [
        ("---\ntitle: own\n---\n# Head", "a.md", "own", None),
        ("Subject: Re: FW: late again\nFrom: a@b.example\n\n# Head", "a.md", "late again", None),
        ("# A *marked* [head](http://a.example)", "a.md", "A marked head", None),
        ("## Impact\n\nnone", "radio_notes-2.txt", "radio notes 2", "proposed from the name of the file"),
        ("\n**It** broke.\nBadly.", "", "It broke", "proposed from line 2"),
        ("Wrong tyres\n\nText.", "notes.txt", "Wrong tyres", "proposed from line 1"),
        ("\nIncident 7: *all* down!\n\n## Problem\n\nx", "n.md", "Incident 7: all down!", "proposed from line 2"),
        ("It broke, then\n\nText.", "notes.txt", "It broke, then", "proposed from line 1"),
        ("---\nid: a\n---\nIt broke.", "", "It broke", "proposed from line 4"),
        ("It broke.\n\nText.", "radio.txt", "radio", "proposed from the name of the file"),
        ("Wrong tyres\nText.", "radio.txt", "Wrong tyres", "proposed from line 1"),
        ("Sponsor: Jane\n\nText.", "radio.txt", "radio", "proposed from the name of the file"),
        ("1) tyres\n\nText.", "radio.txt", "radio", "proposed from the name of the file"),
        ("Aside\n\n# Head\n\nText.", "radio.txt", "Head", None),
        ("It broke.", "0f1e2d3c-4b5a.md", "It broke", "proposed from line 1"),
        ("It broke.", "Minutes 2026-05-01.md", "It broke", "proposed from line 1"),
        ("It broke when the rain came. Text.", "radio.txt", "It broke when the rain came", "proposed from line 1"),
        (
            "# Notes\n\n## Impact\n\nNone.\n\n## Problem\n\nTyres were worn.",
            "x.md",
            "Tyres were worn",
            "proposed from line 9",
        ),
        ("| | |\n|---|---|\n| Title | Worn tyres |\n", "x.md", "Worn tyres", "proposed from line 3"),
        ("word " * 40, "", ("word " * 16).strip(), "proposed from line 1"),
    ],
)
def test_a_title_is_found(text: str, name: str, title: str, comment: str | None) -> None:
    draft = drafted(text, name=name)
    assert (draft.values["title"], draft.comments.get(("title",))) == (title, comment)


def test_a_line_that_is_the_title_is_not_said_again() -> None:
    assert drafted("Wrong *tyres*\n\nText.").sections == {Kind.OTHER: "Text."}
    assert drafted("Wrong tyres\n\nText.", title="Other").sections == {Kind.OTHER: "Wrong tyres\n\nText."}


def test_headers_of_a_mail_that_title_and_date_say_word_for_word_are_not_said_again() -> None:
    headers = "From: Ann <ann@a.example>\nSubject: wrong\n tyres\nDate: Fri, 1 May 2026"
    assert drafted(f"{headers}\nTo: Bob\n\nHi").sections == {Kind.OTHER: "From: Ann <ann@a.example>\nTo: Bob\n\nHi"}
    for given in (f"{headers} by the clock of the big machine in the cellar below", f"---\ndate: 2026\n---\n{headers}"):
        assert "Date: Fri, 1 May" in drafted(given).sections[Kind.OTHER]
    assert "Subject: wrong\n tyres" in drafted(headers, title="Other").sections[Kind.OTHER]


def test_headers_of_a_mail_that_say_more_than_title_and_date_stay() -> None:
    headers = "From: Ann <ann@a.example>\nSubject: Re: wrong\n tyres\nDate: Fri, 1 May 2026 10:00:12 +0200"
    draft = drafted(f"{headers}\n\nHi")
    assert (draft.values["title"], draft.values["date"]) == ("wrong tyres", "2026-05-01")
    assert draft.sections == {Kind.OTHER: f"{headers}\n\nHi"}


def test_the_marks_of_a_heading_that_is_the_title_are_not_lost() -> None:
    draft = drafted("# See [this](http://a.example)\n\nText.")
    assert draft.sections[Kind.OTHER] == "### See [this](http://a.example)\n\nText."


def test_what_the_lesson_says_above_a_section_is_not_said_again() -> None:
    text = "## Problem\n\n### Where\n\nHere.\n\n## Summary\n\nShort."
    assert drafted(text).sections == {Kind.PROBLEM: "### Where\n\nHere.\n\n### Summary\n\nShort."}
    other = notes(notes_text(text.encode()).text, KindTable(), headings={**HEADINGS, Kind.PROBLEM: "Summary"})
    assert other.sections == {Kind.PROBLEM: "### Problem\n\n#### Where\n\nHere.\n\n### Summary\n\nShort."}


def test_a_name_that_the_lesson_says_stays_where_the_text_would_fall_under_another_heading() -> None:
    draft = drafted("## Root cause\n\nA fuse.\n\n## Lessons learned\n\nLook twice.\n\nWhat we learned: look up.")
    assert draft.sections == {
        Kind.KNOWLEDGE: "### Root cause\n\nA fuse.\n\n### Lessons learned\n\nLook twice.\n\nWhat we learned: look up."
    }


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("Problem: every tenth box", Kind.PROBLEM, "Every tenth box"),
        ("**The problem:** every tenth box", Kind.PROBLEM, "Every tenth box"),
        ("__Problem__: *every* tenth box", Kind.PROBLEM, "*every* tenth box"),
        ("WHAT WE DID: we printed", Kind.CASE, "We printed"),
        ("What we learned:\nread it", Kind.KNOWLEDGE, "read it"),
        ("Tools: [a list](http://a.example)", Kind.TOOL, "[a list](http://a.example)"),
        ("Tools: kb-search.sh", Kind.TOOL, "kb-search.sh"),
        ("Results: none\nImpact: some", Kind.IMPACT, "None\n\nSome"),
        ("- Impact: one item\n- and another", Kind.IMPACT, "- One item"),
        ("- root cause = worn", Kind.KNOWLEDGE, "- root cause = worn"),
        ("* What we did \u2013 walked", Kind.CASE, "* Walked"),
        ("- [x] Problem -> worn", Kind.PROBLEM, "- Worn"),
        ("\U0001f4a1 **Problem:** worn", Kind.PROBLEM, "Worn"),
        ("- Problem: one\n  - more\n- Problem: two", Kind.PROBLEM, "- One\n  - more\n- Two"),
        ("Root cause: every label", Kind.KNOWLEDGE, "Root cause: every label"),
        ("Problem 2: every label", Kind.PROBLEM, "Problem 2: every label"),
        ("**Problem: every label**", Kind.PROBLEM, "**Problem: every label**"),
        ("Impact: 1. none", Kind.IMPACT, "Impact: 1. none"),
        ("Impact: # none", Kind.IMPACT, "Impact: # none"),
        ("Tools: [x]: http://a.example", Kind.TOOL, "Tools: [x]: http://a.example"),
    ],
)
def test_a_label_goes_where_the_heading_says_it(text: str, kind: Kind, said: str) -> None:
    assert drafted(text).sections[kind] == said


@pytest.mark.parametrize(
    ("text", "impact", "left"),
    [
        ("Impact: a\n\nText.", "A", "Text."),
        ("Impact: a\n\nText.\n\nRoot cause: b\n\nMore.", "A\n\nText.", "More."),
        ("Impact: a\n\nOpen questions: c?\n\nText.\n\nRoot cause: b", "A", "Open questions: c?\n\nText."),
        ("Impact: a\n\nWe did two things: c.\n\nRoot cause: b", "A\n\nWe did two things: c.", None),
        ("**Impact**\n\na\n\nOpen: c?\n\nb", "a\n\nOpen: c?\n\nb", None),
        ("Impact:\na\n\nb", "a", "b"),
    ],
)
def test_how_far_a_label_reaches(text: str, impact: str, left: str | None) -> None:
    sections = drafted(text).sections
    assert (sections[Kind.IMPACT], sections.get(Kind.OTHER)) == (impact, left)


def test_a_numbered_question_reaches_as_far_as_a_heading() -> None:
    draft = drafted("1. What happened?\nIt broke.\n\nIt rained.\n\n2. Where?\nThere.")
    assert draft.sections == {Kind.PROBLEM: "### 1. What happened?\n\nIt broke.\n\nIt rained.\n\n2. Where?\nThere."}


def test_a_heading_whose_parts_go_elsewhere_keeps_what_stands_below_it() -> None:
    draft = drafted("# Night\n\n## Search\n\nSlow.\n\n### Impact\n\nnone\n\n## Mail\n\n### Impact\n\nsome")
    assert draft.sections == {
        Kind.IMPACT: "### Search\n\nnone\n\n### Mail\n\nsome",
        Kind.OTHER: "### Search\n\nSlow.",
    }


def test_of_two_headings_of_one_name_only_that_is_left_out_which_a_heading_below_repeats() -> None:
    draft = drafted("text\n\n# More\n\n# More\n\n## Discussion", title="T")
    assert draft.sections == {Kind.CASE: "### More: Discussion", Kind.OTHER: "text\n\n### More"}


def test_the_knowledge_bases_own_headings_count() -> None:
    kinds = KindTable({"method": ["Playbook"], "other": ["Summary"]})
    draft = notes("## Playbook\n\nRun.\n\nPlaybook: walk.\n\n## Summary\n\nShort.", kinds)
    assert draft.sections == {
        Kind.METHOD: "### Playbook\n\nRun.\n\nPlaybook: walk.",
        Kind.OTHER: "### Summary\n\nShort.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "It had an effect: none.",
        "We met. The result: nothing.",
        "see http://impact.example and cause:trouble",
        "| Impact: x | y |\n|---|---|\n| a | b |",
        "> Impact: quoted",
        "```\nImpact: code\n```",
        "Some words before\nImpact: a line that is amid a paragraph",
        "A rather long line that happens to have a colon in it: impact",
    ],
)
def test_what_is_no_label_stays_where_it_is(text: str) -> None:
    assert drafted(text).sections == {Kind.OTHER: text}


def test_line_ends_and_encodings_do_not_matter() -> None:
    text = "# Caf\u00e9\n\n## Impact\n\nnone \u2013 so far\n"
    plain = drafted(text)
    for data in (
        text.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.rstrip().encode(),
    ):
        assert notes(notes_text(data).text, KindTable(), name="notes.md") == plain


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.md: says nothing; for a lesson from the beginning leave out --from"),
        (b" \r\n\t\n", "x.md: says nothing; for a lesson from the beginning leave out --from"),
        (b"\0\1\2\0\0\0\r", "x.md: not a text file (binary, or UTF-16 without a byte order mark); save it as UTF-8"),
        (b"one\ncaf\xe9\x81", "x.md:2: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
        (b"one\ncaf\xe9\x01", "x.md:2: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableNotes) as refused:
        notes_text(data, "x.md")
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml word/document.xml", "a Word file"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml", "an Excel file"),
        (b"PK\x03\x04\x14mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument text"),
        (b"PK\x03\x04\x14\0\0\0notes.txt", "an archive (ZIP)"),
        (b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "WordDocument".encode("utf-16-le"), "a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "__substg1.0_0037".encode("utf-16-le"), "a mail of Outlook (.msg)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of Microsoft Office"),
        (b"{\\rtf1\\ansi Problem: worn}", "a Rich Text file (RTF)"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0 JFIF", "a picture (JPEG)"),
        (b"GIF89a", "a picture (GIF)"),
        (b"RIFF\0\0\0\0WEBP", "a picture (WebP)"),
        (b"\0\0\0\x18ftypheic", "a picture or a film"),
        (b"\x1f\x8b\x08\0", "an archive (gzip)"),
    ],
)
def test_a_file_of_another_format_is_named(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableNotes) as refused:
        notes_text(data, "n.bin")
    assert str(refused.value) == (f"n.bin is {what}, not text; save it as plain text or Markdown; nothing is written")
    with pytest.raises(Unreadable, match=rf"^is {re.escape(what)}, not text"):
        decode(data)


def test_what_word_and_outlook_write_is_read_and_that_is_said() -> None:
    read = notes_text("Caf\u00e9 \u2013 \u201c12 \u20ac\u201d".encode("cp1252"), "x.txt")
    assert read.text == "Caf\u00e9 \u2013 \u201c12 \u20ac\u201d"
    assert (
        read.remark == "x.txt:1: not valid UTF-8 (byte 0xe9); read as Windows-1252; look whether all letters are right"
    )
    assert notes_text("Caf\u00e9".encode(), "x.txt").remark == ""


def test_what_is_typed_in_is_named_so() -> None:
    with pytest.raises(UnreadableNotes, match=r"^standard input: says nothing"):
        notes_text(b"")


def test_notes_of_five_megabytes_keep_their_last_word() -> None:
    paragraph = "words and more words, " * 200
    draft = drafted(f"# Long\n\n## Impact\n\n{(paragraph + chr(10) * 2) * 1_200}last")
    assert len(draft.sections[Kind.IMPACT]) > 5_000_000
    assert draft.sections[Kind.IMPACT].endswith("last")


def test_of_very_many_lines_the_last_are_kept_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.codify.notes._MOST_ROWS", 3)
    draft = drafted("Impact: a\n\n# B\nImpact: ```c\n## D\nfell by 30 %")
    assert draft.sections == {Kind.IMPACT: "A", Kind.OTHER: "````text\nImpact: ```c\n## D\nfell by 30 %\n````"}
    assert "impact" not in draft.values
