"""The date of a lesson made from notes: when the intervention ended, and no other day that they name."""

from __future__ import annotations

import pytest

from ingest.kinds import KindTable
from kb.codify.notes.notes import notes


def date_in(text: str) -> object:
    return notes(text, KindTable(), name="notes.md").values.get("date")


START = "Problem: tyres wrong.\n"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Start: 2 March 2026\nEnd: 28 April 2026\nWritten on 5 May 2026", "2026-04-28"),
        ("Written: 5 May 2026\nStarted: 2 March 2026\nEnded: 28 April 2026", "2026-04-28"),
        ("- Start date: 2026-03-02\n- End date: 2026-04-28", "2026-04-28"),
        ("| Incident start | 2026-03-02 09:12 |\n|---|---|\n| Incident end | 2026-03-03 11:26 |", "2026-03-03"),
        ("Started on 2 March 2026\nEnded on 28 April 2026", "2026-04-28"),
        ("Beginn: 02.03.2026\nEnde: 28.04.2026\nErstellt am 05.05.2026", "2026-04-28"),
        ("Beginn: 2. M\u00e4rz 2026\nAbgeschlossen am: 28. April 2026", "2026-04-28"),
        ("D\u00e9but : 2 mars 2026\nFin : 28 avril 2026", "2026-04-28"),
        ("Date de d\u00e9but : 2 mars 2026\nDate de fin : 28 avril 2026", "2026-04-28"),
        ("Inicio: 2 de marzo de 2026\nFin del incidente: 28 de abril de 2026", "2026-04-28"),
        ("Fecha de cierre: 28 de abril de 2026\nFecha: 2 de mayo de 2026", "2026-04-28"),
        ("Period: 2 March 2026 to 28 April 2026", "2026-04-28"),
        ("Zeitraum: 02.03.2026-28.04.2026", "2026-04-28"),
        ("Zeitraum: 02.03.-28.04.2026", "2026-04-28"),
        ("Date: 2 March 2026 \u2013 28 April 2026", "2026-04-28"),
        ("Start/End: 2026-03-02 / 2026-04-28", "2026-04-28"),
        ("Start: 2026-03-02 09:12\nEnd: 11:26", "2026-03-02"),
        ("Date: 12 May 2026\nStart: 09:00\nEnd: 10:30", "2026-05-12"),
        ("Written on 5 May 2026", "2026-05-05"),
        ("Written on 5 May 2026\nThe last rack was moved on 28 April 2026.", "2026-04-28"),
        ("Closed: all tickets of 2026-01-05\nDate: 2026-02-01", "2026-02-01"),
    ],
)
def test_the_day_on_which_it_ended_is_its_date(text: str, date: str) -> None:
    assert date_in(START + text) == date


@pytest.mark.parametrize(
    "text",
    [
        "Start: 2 March 2026",
        "Started on 2 March 2026",
        "We started on 2 March 2026.",
        "Beginn: 2. M\u00e4rz 2026",
        "Seit 2. M\u00e4rz 2026 stehen die Wagen.",
        "Planned end: 2 March 2027",
        "Start: 2026-03-02\nEnd: 03/04/2026",
        "End: 03/04/2026\nA call on 2026-03-20.",
        "Step|Start|End\n\n| Step | Start | End |\n|---|---|---|\n| one | 2026-03-02 | 2026-03-05 |",
    ],
)
def test_a_day_on_which_it_did_not_end_is_none(text: str) -> None:
    assert date_in(START + text) is None


def test_what_a_mail_says_of_its_end_is_surer_than_when_it_was_sent() -> None:
    text = "From: Ann <ann@a.example>\nSubject: wrong tyres\nDate: Tue, 5 May 2026\n\nEnded: 28 April 2026"
    assert date_in(text) == "2026-04-28"
