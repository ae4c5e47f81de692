"""The title of notes, and what is then not said again."""

from __future__ import annotations

import pytest

from ingest.kinds import HEADINGS, Kind, KindTable
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from tests.drafting import drafted


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
        ("Subject: K\u00fchlung\n\nProblem: Halle wird warm.", "", "K\u00fchlung", None),
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
