"""Raw notes become drafts: kept cases, each with what comes of it. `KB_REWRITE=1` writes that anew, to be read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ingest.files.decoding import decode
from ingest.kinds import Kind, KindTable
from ingest.problem import Unreadable
from kb.codify.draft import Draft
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
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
        (
            "**Incident report**\n\n**Worn tyres**\n\n# Table of contents {#toc .TOC-Heading}\n\n# Background\n\nx",
            *("x.md", "Worn tyres", "proposed from line 3"),
        ),
        (
            "# Contents\n\n- [Wear of the tyres](#wear)\n\n# Background\n\nTyres were worn.",
            *("x.md", "Tyres were worn", "proposed from line 7"),
        ),
        ("# Inhaltsverzeichnis\n\n# Problem\n\nReifen platt.", "x.md", "Reifen platt", "proposed from line 5"),
        (
            "| Field | Entry |\n|---|---|\n| Raised by | Milan Novak |\n| Problem | trucks stand |",
            *("", "Trucks stand", "proposed from line 4"),
        ),
        ("| Colour | Size |\n|---|---|\n| red | 4 |", "", "", None),
        ("| Kennzahl | vorher | nachher |\n|---|---|---|\n| Ausschuss | 12,5 % | 4 % |", "n16.md", "", None),
        ("Problem: returns\nResults: none\nGoal: complaints from 30 to 2", "", "Returns", "proposed from line 1"),
        ("Problem: unknown\n\nThe gate stood open.", "", "The gate stood open", "proposed from line 3"),
        ("Problem: returns", "piled-up-returns.md", "piled up returns", "proposed from the name of the file"),
        ("Problem: returns\n\nThey pile up at dock 4.", "", "Returns", "proposed from line 1"),
        ("Goal: none left in May.\n\nThe gate stood open.", "", "The gate stood open", "proposed from line 3"),
        ("Week,Flasks\n18,48\n22,50", "growth.csv", "growth", "proposed from the name of the file"),
        ("Week,Flasks\n18,48\n22,50", "", "", None),
        ("cause,count\ncause,3\nproblem,4", "counts.csv", "counts", "proposed from the name of the file"),
        ("Field,Entry\nProblem,boxes are wrong\nCause,a printer", "", "Boxes are wrong", "proposed from line 2"),
        ("Problem: login fails\n\nCause: the certificate was out of date", "", "Login fails", "proposed from line 1"),
        ("# Problem\n\nLogin fails.\n\n# Solution\n\nWe renew it in May.", "", "Login fails", "proposed from line 3"),
        ("Problem: see below\n\nThe login fails daily.", "", "The login fails daily", "proposed from line 3"),
        (
            "What happened? Three of eight trucks stand.\nWhy did it happen? One fuse.\nWhat did we do? A second fuse.",
            *("", "Three of eight trucks stand", "proposed from line 1"),
        ),
        (
            "---------- Forwarded message ---------\nFrom: Ann <a@b.example>\nSubject: Fwd: Heating fixed\n\nHi",
            *("", "Heating fixed", "proposed from line 3"),
        ),
        ("Subject: K\u00fchlung\n\nProblem: Halle wird warm.", "", "K\u00fchlung", "proposed from line 1"),
        ("Summary: Export hangs at 99%\nType: Bug\n\nFix: cleaned", "", "Export hangs at 99%", "proposed from line 1"),
        (
            "so nobody came to the drop-in sessions\nthree weeks in a row, and it turned out the bus was\nwe moved it",
            *("", "Nobody came to the drop-in sessions", "proposed from line 1"),
        ),
        (
            "the orders that left the depot by night were\nlabelled with the wrong address, all of them\nand more",
            *(
                "",
                "The orders that left the depot by night were labelled with the wrong address",
                "proposed from line 1",
            ),
        ),
        (
            "<h1>Boxes are wrong</h1><h2>Cause</h2><p>Sch&uuml;rze klemmt.</p>",
            *("x.html", "Boxes are wrong", None),
        ),
        ("<p>Boxes were wrong.</p><p>All of them.</p>", "", "Boxes were wrong", "proposed from the page"),
        ('<p align="center">x</p>\n\n# Boxes\n\nWere wrong.', "x.md", "Boxes", None),
    ],
)
def test_a_title_is_found(text: str, name: str, title: str, comment: str | None) -> None:
    draft = drafted(text, name=name)
    assert (draft.values["title"], draft.comments.get(("title",))) == (title, comment)


_ENCRYPTED = "Messages and calls are end-to-end encrypted. No one outside of this chat can read them."


@pytest.mark.parametrize(
    ("text", "title", "people"),
    [
        (
            f"[03/02/2026, 17:45:10] Team: \u200e{_ENCRYPTED}\n[03/02/2026, 17:45:12] Tanya: customers wait 14 min",
            *("Customers wait 14 min", ["Tanya"]),
        ),
        (
            f"\u200e[03/02/2026, 17:45:10] Depot: \u200e{_ENCRYPTED}\n[03/02/2026, 17:46:12] Tanya: the tills freeze",
            *("The tills freeze", ["Tanya"]),
        ),
        (
            f'03/02/2026, 17:45 - {_ENCRYPTED}\n03/02/2026, 17:45 - Tanya created group "Tills"\n'
            "03/02/2026, 17:46 - Tanya: the tills freeze",
            *("The tills freeze", ["Tanya"]),
        ),
        (
            "03.02.26, 17:45 - Nachrichten und Anrufe sind Ende-zu-Ende-verschl\u00fcsselt.\n"
            "03.02.26, 17:46 - Tanja: die Kasse friert ein",
            *("Die Kasse friert ein", ["Tanja"]),
        ),
        (
            "Louise Grant\nYesterday 4:02 PM\nthe tills freeze\n\nThabo Mbeki\nToday 4:11 PM\nyes",
            *("The tills freeze", ["Louise Grant", "Thabo Mbeki"]),
        ),
        ("Louise Grant\nToday 4:02 PM\nthe tills freeze", "The tills freeze", ["Louise Grant"]),
        (
            "Yesterday 4:02 PM\n\nGrant, Louise\nthe tills freeze\n\n4:05 PM\nMbeki, Thabo\nyes",
            *("The tills freeze", ["Louise Grant", "Thabo Mbeki"]),
        ),
        (
            "Mei Chow\n  9:30 AM\nlesson learned: no deploys after 10pm\naction item: test\nRaj Patel\n  9:31 AM\nok",
            *("No deploys after 10pm", ["Mei Chow", "Raj Patel"]),
        ),
    ],
)
def test_a_chats_title_is_what_somebody_says_first(text: str, title: str, people: list[str]) -> None:
    draft = drafted(text, name="")
    assert draft.values["title"] == title
    assert [person["name"] for person in draft.values["people"]] == people


def test_a_label_on_a_further_line_of_a_message_counts() -> None:
    text = "Dana Whitfield\n  3:04 AM\nrollback is done\nimpact: 25 min down\nRaj Patel\n  3:05 AM\nok"
    sections = drafted(text).sections
    assert sections[Kind.IMPACT] == "impact: 25 min down"
    assert sections[Kind.OTHER].endswith("rollback is done\n\nRaj Patel\n  3:05 AM\nok")


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
        ("What happened? It rained.", Kind.PROBLEM, "What happened? It rained."),
        ("- **Why did it happen?** One fuse.", Kind.KNOWLEDGE, "- **Why did it happen?** One fuse."),
        ("What did we do?: A second fuse.", Kind.CASE, "What did we do?: A second fuse."),
        ("| What was the benefit? | less |\n| Cause | a fuse |", Kind.IMPACT, "- What was the benefit?: less"),
        ("Problem\tworn\nCause\ta fuse", Kind.PROBLEM, "- Worn"),
        ('Problem;"worn; all of them"\nCause;a fuse', Kind.PROBLEM, "- Worn; all of them"),
        ("Down.\n\nwhy?\nthe sun.\n\nwhat we did\nmoved it 2 m away.", Kind.CASE, "moved it 2 m away."),
        ("Sensor moved\n\nproblem\npumps short cycle", Kind.PROBLEM, "pumps short cycle"),
        ("<details><summary>Root cause</summary> a fuse </details>", Kind.KNOWLEDGE, "**Root cause:** a fuse"),
        (
            "<details><summary>Root cause</summary>\n\na fuse\n\n</details>\n\n## Fix\n\nx",
            *(Kind.KNOWLEDGE, "### Root cause\n\na fuse"),
        ),
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
    ("name", "kind"),
    [
        *((name, Kind.PROBLEM) for name in ("What was going on",)),
        *((name, Kind.CASE) for name in ("Immediate action", "Remedy")),
        *((name, Kind.METHOD) for name in ("Preventive action", "Action item")),
        *(
            (name, Kind.KNOWLEDGE)
            for name in ("Hypotheses", "Hypothesis", "Data", "Data and analysis", "Gelernt haben wir")
        ),
        *((name, Kind.IMPACT) for name in ("How it went", "Statistics", "Before and after", "Costs")),
        *(
            (name, Kind.IMPACT)
            for name in ("What came out of it so far", "What came out of it", "What was the benefit?")
        ),
        *((name, Kind.TOOL) for name in ("Useful links", "Tools used")),
        ("Difficult\u00e9s rencontr\u00e9es", Kind.FAILURE),
    ],
)
def test_what_people_call_their_parts_is_known(name: str, kind: Kind) -> None:
    assert list(drafted(f"# Worn tyres\n\n## {name}\n\nSome words.").sections) == [kind]


_TABLE_OF_PANDOC = """
  ------------------------
  Week    Flasks
          with fungus
  ------- ----------------
  18      48

  22      50
          of 60
  ------------------------

  : Table 1
"""


def test_a_table_whose_columns_are_drawn_keeps_its_last_row() -> None:
    draft = drafted(f"# Fungus\n\n## Data\n{_TABLE_OF_PANDOC}\nMore.\n")
    rows = "| Week | Flasks with fungus |\n|---|---|\n| 18 | 48 |\n| 22 | 50 of 60 |"
    assert draft.sections[Kind.KNOWLEDGE].replace("\n\n\n", "\n\n").startswith(f"### Data\n\n{rows}\n")
    simple = "What    Before  After\n------- ------- ------\nwait    48 min  5 min\ncalls   50      3\n\nMore."
    assert (
        drafted(simple)
        .sections[Kind.OTHER]
        .startswith("| What | Before | After |\n|---|---|---|\n| wait | 48 min | 5 min |\n| calls | 50 | 3 |\n")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Words above a line\n\n---\n\nand below it.\n\n---\n\nMore words.",
        "--- ---\n\nNo table   here\n\n--- ---",
    ],
)
def test_lines_that_are_drawn_elsewhere_make_no_table(text: str) -> None:
    assert drafted(text, title="Other").sections == {Kind.OTHER: text}


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
    assert str(refused.value) == (f"n.bin: {what}, not text; save it as plain text or Markdown")
    with pytest.raises(Unreadable, match=rf"^{re.escape(what)}, not text"):
        decode(data)


def test_labels_right_below_a_title_part_the_text_and_one_alone_may_be_a_broken_line() -> None:
    labels = "Sponsor: Jane Doe\nProblem: boxes were glued wrong.\nWhat we did: we changed the glue."
    found = notes(f"Packing line 3 down\n{labels}\n", KindTable())
    assert found.sections[Kind.PROBLEM] == "Boxes were glued wrong."
    assert "we changed the glue" in found.sections[Kind.CASE].lower()
    assert found.values["title"] == "Packing line 3 down"
    for text in ("We had one more\nProblem: the glue", "We met.\nProblem: glue\nWhat we did: nothing"):
        assert set(notes(text, KindTable()).sections) == {Kind.OTHER}


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
    monkeypatch.setattr("kb.codify.notes.notes._MOST_ROWS", 3)
    draft = drafted("Impact: a\n\n# B\nImpact: ```c\n## D\nfell by 30 %")
    assert draft.sections == {Kind.IMPACT: "A", Kind.OTHER: "````text\nImpact: ```c\n## D\nfell by 30 %\n````"}
    assert "impact" not in draft.values
