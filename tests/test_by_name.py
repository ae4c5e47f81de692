"""The name of a person finds the lessons of that person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run
from tests.git import git

LESSONS: dict[str, str | bytes] = {
    "one.md": "---\npeople: [{name: M. Morrison and B. Jaworski}]\n---\n# Wrong labels\n\nParcels came back.\n",
    "two.md": "---\npeople: [{name: Bernard Jaworski}]\n---\n# Scales drift\n\nThe depot is cold.\n",
    "three.md": "---\npeople: [{name: Bob Field}]\n---\n# Plans\n\nPlans cannot be compared.\n",
    "four.md": "# Field tests\n\nBob tried the scales in the field.\n",
    "five.md": "# A field guide\n\nWhich field to enter.\n",
    "six.md": '---\npeople: [{name: "José Núñez", contact: jose@example.org}]\n---\n# Invoices\n\nPaid twice.\n',
    "seven.md": "---\npeople: [{name: Sales team}]\n---\n# Offers\n\nThe sales team had no list.\n",
    "eight.md": "# Prices\n\nThe sales team and the team of service differ.\n",
    "ten.md": "---\npeople: [{name: Sponsor (not stated)}]\n---\n# Budgets\n\nWho pays.\n",
    "nine.md": "# Discounts\n\nEach sales team gave its own.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def found(kb: Run, root: Path, query: str, *options: str) -> list[tuple[str, str]]:
    hits = json.loads(kb(root, "search", "--json", *options, query).out)["hits"]
    return [(hit["id"], hit["relevance"]) for hit in hits]


@pytest.mark.parametrize(
    ("query", "lessons"),
    [
        ("Morrison", {"one"}),
        ("morrison", {"one"}),
        ("Mike Morrison", {"one"}),
        ("M. Morrison", {"one"}),
        ("who is Morrison", {"one"}),
        ("Jaworski", {"one", "two"}),
        ("B. Jaworski", {"one", "two"}),
        ("Bernard Jaworski", {"one", "two"}),
        ("Jaworski, Bernard", {"one", "two"}),
        ("Morrison and Jaworski", {"one"}),
        ("Bob Field", {"three"}),
        ("jose nunez", {"six"}),
        ("lessons by Núñez", {"six"}),
    ],
)
@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_a_name_answers_with_the_lessons_of_the_person(
    base: Path, kb: Run, query: str, lessons: set[str], mode: str
) -> None:
    hits = found(kb, base, query, "--mode", mode)
    assert {id_ for id_, relevance in hits[: len(lessons)]} == lessons
    assert {relevance for _, relevance in hits[: len(lessons)]} == {"answers"}
    assert not [id_ for id_, relevance in hits[len(lessons) :] if relevance == "nearest"]


def test_the_reason_is_told(base: Path, kb: Run) -> None:
    done = kb(base, "search", "Mike Morrison")
    assert (done.code, "kb: M. Morrison: named in 1 lesson\n" in done.err) == (0, True)
    assert json.loads(kb(base, "search", "--json", "Morrison").out)["notes"] == ["M. Morrison: named in 1 lesson"]


def test_a_misspelt_name_may_help_and_says_whom_it_took_it_for(base: Path, kb: Run) -> None:
    assert found(kb, base, "Moryson") == [("one", "may-help")]
    assert "nobody has exactly this name; M. Morrison: named in 1 lesson" in kb(base, "search", "Moryson").err
    assert "M. Morrison" not in kb(base, "search", "--exact", "Moryson").err


@pytest.mark.parametrize(
    "query", ["field", "sales team", "plans", "Morrison labels", "the cold depot", "bob", "7", "sponsor"]
)
def test_what_is_rather_a_word_is_searched_as_before(base: Path, kb: Run, query: str) -> None:
    assert "named in" not in kb(base, "search", query).err


def test_a_page_and_a_phrase_are_no_names(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Morrison")
    assert "named in" not in kb(base, "search", "-f", str(page)).err
    assert "named in" not in kb(base, "search", '"Mike Morrison"').err


def test_filters_hold_and_the_limit_too(base: Path, kb: Run) -> None:
    assert found(kb, base, "Jaworski", "--where", "id=two") == [("two", "answers")]
    assert len(found(kb, base, "Jaworski", "-n", "1")) == 1
    assert found(kb, base, "Jaworski -parcels")[0][0] == "two"


def test_a_person_known_only_from_people_md_or_git(base: Path, kb: Run, own_git: None) -> None:
    (base / "people.md").write_text(
        "---\npeople:\n  - {name: Bob Field, also: Robert Fielding, until: 2020, successor: Nia Neu}\n"
        "  - {name: Nia Neu, contact: nia@example.org}\n  - {name: Kim Own, role: owner}\n---\n"
    )
    assert found(kb, base, "Robert Fielding") == [("three", "answers")]
    assert found(kb, base, "Nia Neu") == [("three", "may-help")]
    assert "kb: people.md names Kim Own (owner); no lesson does\n" in kb(base, "search", "Kim Own").err
    git(base, "init", "-q")
    git(base, "add", "lessons/five.md")
    git(base, "commit", "-q", "-m", "x", "--author", "Gil Author <gil@example.org>")
    assert kb(base, "reindex").code == 0
    assert found(kb, base, "Gil Author", "--mode", "lexical") == [("five", "may-help")]
    assert "kb: Gil Author: author, by git, of 1 lesson\n" in kb(base, "search", "gil author").err
    assert kb(base, "who", "Gil Author").out.startswith("1. Gil Author\n   author\n   gil@example.org\n")
