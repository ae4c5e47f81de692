"""Whom to ask first: Balog's model 2 on a small example, and which names and addresses are one person."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.format import Person
from kb.people.contact import ROLE_WEIGHTS
from kb.people.directory import NOBODY
from kb.people.people_file import directory_of
from kb.who.candidate import AUTHOR, Candidate, Trace, candidates
from kb.who.experts import Source, probabilities

TODAY = date(2026, 11, 27)
NEW = TODAY.isoformat()


def one(*lessons: int, role: str = "contact", name: str = "Ana") -> Candidate:
    return Candidate(tuple(Trace(Person(name, role), lesson) for lesson in lessons))


def test_the_worked_example_of_the_document_model() -> None:
    """Two lessons, scores 3 and 1: p(q|d) is 3/4 and 1/4. Ana is a contact (1) of both, Bob is the sponsor (.4) of the
    first, so that p(ca|d) is 1/1.4 and .4/1.4 in the first lesson, 1 and 0 in the second. Without smoothing:
    Ana 3/4 · 1/1.4 + 1/4 · 1 = .785714, Bob 3/4 · .4/1.4 = .214286."""
    people = [one(0, 1), one(0, role="sponsor")]
    found = probabilities(people, [Source(3.0, NEW), Source(1.0, NEW)], TODAY, smoothing=0.0)
    assert found == pytest.approx([0.785714, 0.214286], abs=1e-6)


def test_smoothing_takes_part_of_the_average_over_the_lessons() -> None:
    """Bob's average is (.4/1.4 + 0) / 2 = .142857: 3/4 · (.9 · .285714 + .1 · .142857) + 1/4 · .1 · .142857."""
    people = [one(0, 1), one(0, role="sponsor")]
    found = probabilities(people, [Source(3.0, NEW), Source(1.0, NEW)], TODAY, smoothing=0.1)
    assert found[1] == pytest.approx(0.75 * (0.9 * 0.285714 + 0.0142857) + 0.25 * 0.0142857, abs=1e-6)
    assert sum(found) == pytest.approx(1)


def test_an_old_lesson_counts_less_but_never_under_half() -> None:
    people = [one(0, name="New"), one(1, name="Old"), one(2, name="Undated")]
    sources = [Source(1.0, NEW), Source(1.0, "2021-11"), Source(1.0, "")]
    new, old, undated = probabilities(people, sources, TODAY, smoothing=0.0)
    assert (old / new, undated / new) == pytest.approx((0.75, 0.5), abs=0.01)


@pytest.mark.parametrize("day", ["2024-02-30", "2030", "0001-01-01"])
def test_odd_dates_are_no_error(day: str) -> None:
    assert probabilities([one(0)], [Source(0.0, day)], TODAY)[0] > 0


def test_the_roles_have_one_order() -> None:
    weights = [*ROLE_WEIGHTS.values()]
    assert [*ROLE_WEIGHTS] == ["contact", "learning-professional", "team", "sponsor"]
    assert weights == sorted(weights, reverse=True)


def test_whom_a_lesson_names_comes_before_who_committed_it() -> None:
    librarian = Candidate(tuple(Trace(Person("Lib", AUTHOR), lesson, share=1.0) for lesson in (0, 1)))
    named = [one(0, role="sponsor"), one(1, role="team")]
    found = probabilities([librarian, *named], [Source(1.0, NEW), Source(0.9, NEW)], TODAY)
    assert found[0] < max(found[1:]), "who filed every lesson is not the expert"


def people(*known: tuple[str, str], directory: str = "") -> list[list[str]]:
    """Return which of some names and contacts are one person, by their positions."""
    traces = [Trace(Person(name, "team", contact), number) for number, (name, contact) in enumerate(known)]
    listed = directory_of(f"---\npeople:\n{directory}---\n".encode()) if directory else NOBODY
    return [sorted(str(lesson) for lesson in found.lessons) for found in candidates(traces, listed)]


def test_an_address_makes_one_person_whatever_the_name() -> None:
    assert people(("Ana Silva", "ana@example.org"), ("A. Silva", "room 5, ANA@example.org")) == [["0", "1"]]


def test_people_of_one_name_with_different_addresses_are_two() -> None:
    assert people(("Chen Wei", "a@example.org"), ("Chen Wei", "b@example.org"), ("Chen Wei", "")) == [
        ["0"],
        ["1"],
        ["2"],
    ]


def test_a_name_without_an_address_is_the_only_person_of_that_name() -> None:
    assert people(("Chen Wei", "a@example.org"), ("CHEN  WEI", ""), ("Wei, Chen", "room 5")) == [["0", "1", "2"]]
    assert people(("Chen Wei", ""), ("Chen Wu", "")) == [["0"], ["1"]]


def test_people_md_joins_names_and_addresses() -> None:
    record = "  - {name: Ana Silva, also: [A. S., ana@old.example.org]}\n"
    assert people(("Ana Silva", ""), ("A. S.", ""), ("Anna", "ana@old.example.org"), directory=record) == [
        ["0", "1", "2"]
    ]


def test_names_and_addresses_of_git_join_too() -> None:
    written = Trace(Person("ana", AUTHOR, ""), 1, ("ana@laptop.local", "Ana@example.org"), 1.0)
    named = Trace(Person("Ana Silva", "contact", "ana@example.org"), 0)
    (found,) = candidates([named, written], NOBODY)
    assert (found.lessons, found.roles, found.main) == (frozenset({0, 1}), ("contact", AUTHOR), named)
