"""However a lesson writes the name of somebody who opted out, the lesson is shown without it."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.lesson import Lesson
from kb.people.directory import Directory
from kb.people.entry import Entry
from kb.people.withholding import Discretion, permitted

JANE = Entry("Jane Doe", "jane.doe@example.org", opted_out=True)
BOB = Entry("Bob Roe", "bob.roe@example.org", also=("team@example.org",))
ZORRO = Entry("Zorro", opted_out=True)
DIRECTORY = Directory((JANE, BOB, ZORRO))


def shown(front: dict[str, Any], directory: Directory = DIRECTORY) -> str:
    return str(permitted(Lesson("a.md", "a", "A", front), directory).metadata)


@pytest.mark.parametrize(
    "front",
    [
        {"people": [{"name": "Jane Doe", "contact": "team@example.org"}]},
        {"author": "Jane Doe <jane@old.org>, Bob Roe <bob.roe@example.org>"},
        {"history": [{"date": "2024", "what": "validated", "by": "Jane Doe, for bob.roe@example.org"}]},
        {"people": [{"name": "Project office (Jane Doe)", "contact": "office@example.org"}]},
        {"people": [{"name": "Project office [Jane Doe]"}, "the office <Jane Doe>", "Bob Roe (with Jane Doe)"]},
        {"authors": "Doe, Jane; Roe, Bob"},
        {"authors": ["Doe, Jane, Logistics", "Doe Jane"]},
        {"people": [{"name": "Doe Jane"}]},
        {"people": [{"name": "Dr. Jane Doe"}, {"name": "JANE DOE"}, {"name": "J\u00e1ne D\u00f6e"}]},
        {"remark": f"{'long ' * 500}Jane Doe"},
        {"people": [{"name": "Zorro and Bob"}, {"name": "Zorro, Bob Roe"}], "checked": "by Zorro"},
        {"Jane Doe": "sponsor"},
        {"people": [{"Jane Doe": "sponsor"}]},
        {"people": {"Jane Doe": "sponsor"}},
        {"people": {"name": "Jane Doe", "contact": "5 55"}},
        {"people": [["Jane Doe", "Ann"]]},
        {"people": [{"name": "Kim Po", "deputies": ["Jane Doe"]}, {"name": "Kim", "deputy": {"name": "Jane Doe"}}]},
        {"impact": [{"metric": "x", "responsible": "Jane Doe"}]},
        {"cost": {"amount": 5, "approved_by": "Jane Doe"}},
        {"reused": [{"lesson": "b", "by": "Jane Doe"}], "screening": {"decided-by": "Jane Doe"}},
        {"people": [{"name": "Hotline", "contact": "jane.doe@example.org!"}]},
        {"people": [{"name": "Ja\u3164ne Doe"}, {"name": "Ja\u200bne Doe"}]},
        {"contact-of": "jane_doe@elsewhere.example"},
    ],
)
def test_a_name_is_withheld_however_it_is_written(front: dict[str, Any]) -> None:
    text = shown(front).casefold()
    assert not any(part in text for part in ("doe", "d\u00f6e", "zorro", "5 55")), text


@pytest.mark.parametrize(
    "front",
    [
        {"title": "Jane Doe", "summary": "Jane Doe", "answers": ["Jane Doe"], "tags": ["Jane Doe"]},
        {"impact": [{"metric": "Jane Doe", "note": "Jane Doe"}], "screening": {"strategic": "Jane Doe"}},
        {"people": [{"name": "Jane Doering"}, {"name": "Bob Roe", "contact": "bob.roe@example.org"}]},
        {"author": "Zorrolina, Bob Roe"},
    ],
)
def test_other_people_and_the_authors_texts_stay(front: dict[str, Any]) -> None:
    assert shown(front) == str(front)


def test_who_has_a_record_is_not_hidden_by_a_part_of_a_longer_name() -> None:
    front = {"people": [{"name": "Mary Jane Doe"}, {"name": "Mary Jane Doe and Jane Doe"}]}
    mary = Directory((JANE, Entry("Mary Jane Doe", "mary@example.org")))
    assert shown(front, mary) == str({"people": [{"name": "Mary Jane Doe"}, {"name": "Mary Jane Doe"}]})
    assert shown(front) == str({"people": []}), "without one it may be she"


def test_who_opted_out_together_with_others_is_hidden_alone_too() -> None:
    both = Directory((Entry("Jane Doe and Ann Lee", opted_out=True),))
    assert shown({"people": ["Jane Doe", "Ann Lee", "Bob Roe"]}, both) == str({"people": ["Bob Roe"]})
    middle = Directory((Entry("Dr. Jane M. Doe", opted_out=True),))
    assert shown({"people": ["Jane Doe", "Bob Roe"]}, middle) == str({"people": ["Bob Roe"]})


def test_keys_are_looked_at_with_their_whole_path() -> None:
    discretion = Discretion(lambda: DIRECTORY)
    assert discretion.hides("impact.responsible", "Jane Doe")
    assert discretion.hides("history.by", "Jane Doe")
    assert not discretion.hides("impact.note", "Jane Doe")
    assert not discretion.hides("title", "Jane Doe")


def test_if_nobody_may_be_named_only_the_formats_own_texts_are_left() -> None:
    front = {
        "title": "T",
        "people": ["Bob"],
        "history": [{"by": "Bob"}],
        "author": "Bob",
        "impact": [{"metric": "m", "checked": "Bob"}],
    }
    left = {"title": "T", "impact": [{"metric": "m"}]}
    assert shown(front, Directory(hides_all=True)) == str(left)


def test_a_longer_name_only_protects_what_is_inside_it() -> None:
    directory = Directory((JANE, Entry("Mary Jane", "mary@example.org"), Entry("Bob Jane Doe Roe")))
    assert directory.has_opted_out("Mary Jane Doe"), "she ends inside it"
    assert not directory.has_opted_out("Bob Jane Doe Roe")
    assert directory.has_opted_out("Bob Jane Doe Roe and Jane Doe")


def test_a_last_name_is_not_hidden_because_an_initial_stands_before_it() -> None:
    directory = Directory((Entry("J. Doe", opted_out=True), Entry("Dr. Lee", opted_out=True)))
    assert not directory.has_opted_out("John Doe")
    assert not directory.has_opted_out("Ann Lee")
    assert directory.has_opted_out("J. Doe")
    assert directory.has_opted_out("Doe, J.")


def test_a_name_that_goes_on_is_another_one_if_it_has_a_record() -> None:
    assert not Directory((JANE, Entry("Jane Doe-Smith"))).has_opted_out("Jane Doe-Smith")
    assert Directory((JANE,)).has_opted_out("Jane Doe-Smith")


def test_the_address_of_a_namesake_excuses_one_of_them() -> None:
    directory = Directory((JANE, Entry("Jane Doe", "jane@it.example.org")))
    assert not directory.has_opted_out("Jane Doe <jane@it.example.org>")
    assert directory.has_opted_out("Jane Doe, for Jane Doe <jane@it.example.org>")
