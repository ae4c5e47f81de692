"""What is read out of notes for the front matter: marked, with its line, and nothing that is not surely said."""

from __future__ import annotations

import pytest

from ingest.format import FORMAT
from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.check.groups.structure.shape import flaws
from kb.codify.draft import Draft
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from kb.edit.yaml_rows import yaml_rows


def drafted(text: str) -> Draft:
    return notes(notes_text(text.encode()).text, KindTable(), name="the notes.md")


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("It ended on 1 May 2026.", "2026-05-01", 'line 1: "1 May 2026"'),
        ("\nOn May 1st, 2026, and on 3 May 2026", "2026-05-01", 'line 2: "May 1st, 2026"'),
        ("at 2026-05-01T10:00Z", "2026-05-01", 'line 1: "2026-05-01"'),
        ("25/04/2026 was the day", "2026-04-25", 'line 1: "25/04/2026"'),
        ("On 3 May 2026.\nDate: 1 May 2026", "2026-05-01", 'line 2: "1 May 2026"'),
        ("On 3 May 2026.\n- **Date:** 1 May 2026", "2026-05-01", 'line 2: "1 May 2026"'),
        ("Due by 1 July 2027; met on 3 May 2026", "2026-05-03", 'line 1: "3 May 2026"'),
        (
            "Subject: x\nFrom: a\nDate: Fri, 1 May 2026 10:00\n\nOn 3 May.",
            "2026-05-01",
            'line 3: "Fri, 1 May 2026 10:00"',
        ),
        ("Date: 28-May-2026", "2026-05-28", 'line 1: "28-May-2026"'),
        ("Date: May 2026", "2026-05", 'line 1: "May 2026"'),
        ("Fecha: mayo de 2026", "2026-05", 'line 1: "mayo de 2026"'),
        ("Datum: Di, 12.5.26", "2026-05-12", 'line 1: "12.5.26"'),
        ("Date: 1-5 June 2026", "2026-06-05", 'line 1: "5 June 2026"'),
        ("| Date raised | 06.02.2026 |\n| Printed | 07.02.2026 |", "2026-02-06", 'line 1: "06.02.2026"'),
        ("---\nstart_time: 2026-05-01T09:00:00Z\n---\nHi", "2026-05-01", "the key start_time of the notes"),
        ("---\nend_time: 2026-05-01T09:00:00Z\n---\nOn 3 May 2026", "2026-05-01", "the key end_time of the notes"),
    ],
)
def test_a_date_is_proposed(text: str, day: str, said: str) -> None:
    draft = drafted(text)
    assert draft.values["date"] == day
    assert draft.comments["date",] == f"proposed from {said}"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "in 2026, by May",
        "done by 1 May 2026",
        "version 1.2.2026.3, see http://a.example/2026-05-01/x",
        "31 February 2026",
        "```\n1 May 2026\n```",
        "part 2026-05-01-7",
        "Next meeting: 30 June 2026",
        "- **Due date:** 30 June 2026",
        "Date printed: 30 June 2026",
        "Printed: 30 June 2026",
        "Founded: 1 May 1998",
        "The firm was founded on 1 May 1998",
        "N\u00e4chstes Treffen: 30. Juni 2026",
        "version 12.5.26",
    ],
)
def test_no_date_is_guessed(text: str) -> None:
    assert "date" not in drafted(text).values


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("sponsor: Jane", [{"name": "Jane", "role": "sponsor"}]),
        ("**Sponsor:** Jane Doe, head of sales", [{"name": "Jane Doe", "role": "sponsor"}]),
        (
            "- Facilitated by: Dr. Bob de Roe (bob@example.org)",
            [{"name": "Dr. Bob de Roe", "role": "learning-professional", "contact": "bob@example.org"}],
        ),
        (
            "Team members: Ann Lee; Carl Moe <c.moe@example.org>",
            [
                {"name": "Ann Lee", "role": "team"},
                {"name": "Carl Moe", "role": "team", "contact": "c.moe@example.org"},
            ],
        ),
        ("Sponsor: Jane Doe, jane@x.org", [{"name": "Jane Doe", "role": "sponsor", "contact": "jane@x.org"}]),
        (
            "Sponsor: Jane Doe, head of logistics, jane@x.org",
            [{"name": "Jane Doe", "role": "sponsor", "contact": "jane@x.org"}],
        ),
        ("Owner: Jane Doe, Sales Manager (tel. +49 30 12345)", [{"name": "Jane Doe", "contact": "+49 30 12345"}]),
        ("Owner: Jane Doe (+49 (30) 1234567)", [{"name": "Jane Doe", "contact": "+49 (30) 1234567"}]),
        ("Authors: A Lee, a@x.org, B Roe", [{"name": "A Lee", "contact": "a@x.org"}, {"name": "B Roe"}]),
        ("Authors: A Lee, B Roe, cook, b@x.org", [{"name": "A Lee"}]),
        ("Owner: Jane Doe (jane@x.org, 030 1234567)", [{"name": "Jane Doe", "contact": "jane@x.org"}]),
        ("Owner: Jane Doe, since 2026-05-01", [{"name": "Jane Doe"}]),
        ("Authors: Ann Lee and Bob Roe", [{"name": "Ann Lee"}, {"name": "Bob Roe"}]),
        ("Sponsor: Ann Lee\n\nContact: Ann Lee", [{"name": "Ann Lee", "role": "sponsor"}]),
        ('Subject: x\nFrom: "Ann Lee" <ann@example.org>\n\nHi', [{"name": "Ann Lee", "contact": "ann@example.org"}]),
        (
            "Attendees: [Ann Lee](mailto:ann@x.example) [Bob Roe](mailto:bob@x.example)",
            [
                {"name": "Ann Lee", "role": "team", "contact": "ann@x.example"},
                {"name": "Bob Roe", "role": "team", "contact": "bob@x.example"},
            ],
        ),
        *(
            (text, [{"name": "Maria Lopez", "role": "team"}, {"name": "Tom Reiter", "role": "team"}])
            for text in (
                "Participants: Lopez, Maria; Reiter, Tom",
                "Attendees: @Maria Lopez @Tom Reiter",
                "Team: Maria Lopez + Tom Reiter",
                "Asistentes: Maria Lopez y Tom Reiter",
                "Anwesend: Maria Lopez und Tom Reiter",
                "Anwesend: Maria Lopez, Tom Reiter, Kunde",
                "Pr\u00e9sents : Maria Lopez et Tom Reiter",
            )
        ),
        ("Asistentes: Ana y Luis", [{"name": "Ana", "role": "team"}, {"name": "Luis", "role": "team"}]),
        ("Sponsor: Jos\u00e9 Ortega y Gasset", [{"name": "Jos\u00e9 Ortega y Gasset", "role": "sponsor"}]),
        ("Sponsor: Simon Ward", [{"name": "Simon Ward", "role": "sponsor"}]),
        ("Author: Dr. Yuki Tanaka\\\nVersion: 1.2\\", [{"name": "Dr. Yuki Tanaka"}]),
        *(
            (f"{label}: Ann Lee", [{"name": "Ann Lee"}])
            for label in ("Raised by", "Created by", "R\u00e9dig\u00e9 par ", "Elaborado por", "Erstellt von")
        ),
        ("*12 March 2026 \u00b7 notes by Beth Okafor \u00b7 please comment*", [{"name": "Beth Okafor"}]),
        (
            "## 7 Contacts\n\nYuki Tanaka, yuki@x.example",
            [{"name": "Yuki Tanaka", "role": "contact", "contact": "yuki@x.example"}],
        ),
        (
            "Author: Dr. Yuki Tanaka\n\n## Contacts\n\nYuki Tanaka, yuki@x.example",
            [{"name": "Dr. Yuki Tanaka", "contact": "yuki@x.example"}],
        ),
        (
            "WHO TO ASK\nPharmacy, Jo Bell, jo@x.example",
            [{"name": "Jo Bell", "role": "contact", "contact": "jo@x.example"}],
        ),
        ("## Contact: 李雷", [{"name": "李雷", "role": "contact"}]),
    ],
)
def test_people_are_proposed_where_a_label_names_them(text: str, people: list[dict[str, str]]) -> None:
    draft = drafted(text)
    assert draft.values["people"] == people
    assert all(draft.comments["people", number].startswith("proposed from line ") for number in range(len(people)))


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe was the sponsor: she paid.",
        "Sponsor: to be found",
        "Owner: Unassigned",
        "Contact: Reception",
        "Team: Office, Year 3 teachers",
        "Ticket raised by Bob Roe was closed",
        "Sponsor: the one who paid last year",
        "Contact: see the wiki",
        "Sponsor:\n\nSomething else.",
        "ann@example.org wrote",
        "> Sponsor: Jane Doe",
    ],
)
def test_nobody_is_guessed(text: str) -> None:
    assert "people" not in drafted(text).values


def test_a_figure_becomes_an_entry_whose_design_a_person_has_to_say() -> None:
    draft = drafted("Booking time went from 12 days to 7.\n\nWe saw that calls fell by 30 %.")
    assert draft.values["impact"] == [
        {"area": None, "metric": "Booking time", "before": 12, "after": 7, "unit": "days", "design": None},
        {"area": None, "change": "-30%", "design": None},
    ]
    assert draft.comments["impact", 0] == 'proposed from line 1: "from 12 days to 7"'
    assert draft.comments["impact", 1] == 'proposed from line 3: "fell by 30 %"'
    assert ("impact",) not in draft.comments


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Costs fell by 30 %", "Costs"),
        ("It was hard. The printing costs were down 30 %", "printing costs"),
        ("- Demand for brochures has doubled", "Demand for brochures"),
        ("Errors: fell by 30 %", None),
        ("As hoped it fell by 30 %", None),
        ("Increasing the limit from 2 to 20 helped", None),
        ("The number has doubled", None),
        ("Die T\u00fcralarme sanken von 18 auf 3 pro Woche", "T\u00fcralarme"),
        ("Les r\u00e9clamations sont pass\u00e9es de 25 \u00e0 4 par mois", "r\u00e9clamations"),
        ("La espera baj\u00f3 de 70 a 18 minutos", "espera"),
        ("Office rents changed from 30 to 20 euros", "Office rents"),
        ("We were slow. Lowered the limit from 30 to 20 km/h", None),
    ],
)
def test_what_was_measured_is_named_only_where_the_text_says_it_plainly(text: str, metric: str | None) -> None:
    assert drafted(text).values["impact"][0].get("metric") == metric


@pytest.mark.parametrize(
    "text",
    [
        "# Bins\n\n## AOB\n\nParking goes from 3 to 2 hours.",
        "# Bins\n\n## 7. Any other business\n\n### Cars\n\nParking goes from 3 to 2 hours.",
        "# Bins\n\nGoals\nParking goes from 3 to 2 hours.",
        "We expect 31 -> 4 by May",
    ],
)
def test_what_is_hoped_for_or_stands_among_small_matters_is_no_impact(text: str) -> None:
    assert "impact" not in drafted(text).values


def test_what_stands_below_the_next_heading_counts_again() -> None:
    below = "Parking goes from 3 to 2 hours.\n\n## Results\n\nBins fell from 9 to 2 a day."
    assert [one["before"] for one in drafted(f"# Bins\n\n## AOB\n\n{below}").values["impact"]] == [9]


def test_five_figures_are_proposed_and_the_rest_is_counted() -> None:
    text = "".join(f"Figure {number} fell by {number}0 %.\n" for number in range(1, 9)) + "As said, it fell by 10 %.\n"
    draft = drafted(text)
    assert [entry["change"] for entry in draft.values["impact"]] == ["-10%", "-20%", "-30%", "-40%", "-50%"]
    assert draft.comments["impact",] == "3 more in the notes, from line 6 on"


def test_nothing_is_proposed_against_what_is_written() -> None:
    written = (
        "date: 2024-05\ntags: [gate]\nunit: North\npeople:\n- {name: Ann}\nimpact:\n- {metric: waiting, change: up}\n"
    )
    text = (
        f"---\ntitle: t\n{written}---\nDate: 1 May 2026\nSponsor: Jane Doe\ntags: x\nunit: South\n\nCosts fell by 30 %."
    )
    draft = drafted(text)
    assert draft.comments == {}
    assert draft.values == {
        **{"title": "t", "date": "2024-05", "tags": ["gate"], "unit": "North"},
        **{"people": [{"name": "Ann"}], "impact": [{"metric": "waiting", "change": "up"}]},
    }


def test_tags_and_unit_are_proposed_from_their_labels() -> None:
    draft = drafted("Unit: Depot North\nTags: shipping, [labels](http://a.example)\n")
    assert (draft.values["unit"], draft.values["tags"]) == ("Depot North", ["shipping", "labels"])
    assert draft.comments["tags",] == 'proposed from line 2: "shipping, labels"'


def test_proposals_can_be_read_back_and_keep_to_the_format() -> None:
    labels = "Sponsor: Ann O'Lee\nDate: 1 May 2026\nUnit: a: b # c\nTags: {x}, \"y"
    draft = drafted(f"{labels}\n\nIt went from $5,000 to $20. {'Q' * 200}")
    assert {"people", "date", "unit", "tags", "impact"} <= draft.values.keys()
    block = "\n".join(["---", *yaml_rows(draft.values, draft.comments), "---", ""])
    metadata = read_lesson(block.encode(), "a.md", "a", KindTable()).lesson.metadata
    assert metadata == draft.values
    assert not [flaw for key, value in metadata.items() for flaw in flaws(FORMAT.keys[key], value, (key,))]
