"""Who is proposed from notes, and as what: the role is said in many languages, before a name or beside it."""

from __future__ import annotations

import pytest

from ingest.kinds import KindTable
from kb.codify.notes.notes import notes


def people(text: str) -> list[tuple[str, str]]:
    said = notes(f"Problem: tyres wrong.\n\n{text}", KindTable(), name="notes.md").values.get("people", [])
    return [(person["name"], person.get("role", "")) for person in said]


@pytest.mark.parametrize(
    "role",
    [
        *("sponsor", "Sponsorin", "Sponsor/in", "Auftraggeberin", "commanditaire", "marraine", "patrocinadora"),
        *("patrocinador", "promotora", "committente", "promotrice", "opdrachtgever", "opdrachtgeefster"),
        *("Sponsorin, Vertrieb", "CFO, sponsor"),
    ],
)
def test_a_role_beside_a_name_is_that_persons(role: str) -> None:
    found = people(f"Teilnehmer: Frau Anna Keller ({role}), J\u00f6rg Wei\u00df")
    assert found == [("Frau Anna Keller", "sponsor"), ("J\u00f6rg Wei\u00df", "team")]


@pytest.mark.parametrize("sign", [" \u2013 ", " - ", ", "])
def test_a_role_behind_a_sign_is_no_person(sign: str) -> None:
    assert people(f"Teilnehmer: Anna Keller{sign}Sponsorin, J\u00f6rg Wei\u00df") == [
        ("Anna Keller", "sponsor"),
        ("J\u00f6rg Wei\u00df", "team"),
    ]
    assert people(f"Teilnehmer: Anna Keller{sign}Autorin") in ([("Anna Keller", "team")], [])


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Asistentes", "team"),
        ("Teilnehmerinnen", "team"),
        ("Participantes", "team"),
        ("Partecipanti", "team"),
        ("Deelnemers", "team"),
        ("Pr\u00e9sentes", "team"),
        ("Membres de l'\u00e9quipe", "team"),
        ("Moderatorin", "learning-professional"),
        ("Facilitatrice", "learning-professional"),
        ("Facilitadora", "learning-professional"),
        ("Begeleidster", "learning-professional"),
        ("Patrocinadora", "sponsor"),
        ("Ansprechperson", "contact"),
        ("Interlocutrice", "contact"),
        ("Contactpersoon", "contact"),
        ("Pessoa de contacto", "contact"),
        ("Verfasserin", ""),
        ("R\u00e9dactrice", ""),
    ],
)
def test_a_label_gives_the_role_in_female_and_male_forms(label: str, role: str) -> None:
    assert people(f"{label}: Mar\u00eda P\u00e9rez") == [("Mar\u00eda P\u00e9rez", role)]


def test_contacts_in_brackets_are_no_roles() -> None:
    text = "Contact: Ann Lee (ann@a.example, sponsor); Bob Roe (+49 30 1234567, Berlin)"
    assert people(text)[0][0] == "Ann Lee"
    assert people(text)[1] == ("Bob Roe", "contact")
