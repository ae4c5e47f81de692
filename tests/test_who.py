"""`kb who`: the people to ask, the best first, who stands in for them, and what is said if there is nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ingest.lesson import Lesson
from kb.knowledge_base import KnowledgeBase
from kb.people.contact import whom_to_ask
from kb.people.people_file import directory_of
from kb.retrieval.request import Request
from search.query import Mode
from tests.conftest import Make, Run
from tests.git import commit, git

LESSONS: dict[str, str | bytes] = {
    "labels.md": """\
        ---
        id: labels
        unit: Logistics
        date: 2025-03
        people:
          - {name: Ana Silva, role: contact, contact: ana@example.org}
          - {name: Bob Roe, role: sponsor, contact: bob@example.org, until: 2020-05}
          - {name: Team leader (not stated), role: team, contact: not stated}
        ---
        # Wrong labels

        Parcels came back with the wrong label.
        """,
    "scales.md": """\
        ---
        id: scales
        unit: Logistics
        date: 2024-01
        people: [{name: A. Silva, role: team, contact: ANA@example.org}, {name: Cy Young, role: team}]
        ---
        # Scales drift

        Parcels are weighed wrong in the cold.
        """,
    "plans.md": "---\nid: plans\nunit: Sales\n---\n# Plans\n\nMarket plans cannot be compared.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def asked(kb: Run, root: Path, *arguments: str) -> list[dict[str, object]]:
    people: list[dict[str, object]] = json.loads(kb(root, "who", "--json", *arguments).out)["people"]
    return people


def listed(root: Path, *records: str) -> None:
    (root / "people.md").write_text("---\npeople:\n" + "".join(f"  - {{{one}}}\n" for one in records) + "---\n")


def test_the_best_person_comes_first_with_role_contact_and_lessons(base: Path, kb: Run) -> None:
    done = kb(base, "who", "--mode", "lexical", "parcels")
    assert done.code == 0
    assert done.out == (
        "1. Ana Silva\n   contact, team · Logistics\n   ana@example.org\n"
        "   2 lessons found, the latest of 2025-03; answers\n"
        "   scales: Scales drift\n   labels: Wrong labels\n\n"
        "2. Cy Young\n   team · Logistics\n   no contact is known\n   1 lesson found, the latest of 2024-01; answers\n"
        "   scales: Scales drift\n"
    )


def test_the_object_has_the_keys_that_were_promised(base: Path, kb: Run) -> None:
    found = json.loads(kb(base, "who", "--json", "--mode", "lexical", "parcels", "-n", "1").out)
    del found["took_ms"], found["index"]
    assert found == {
        "query": "parcels",
        "mode": "lexical",
        "notes": [],
        "relevance": "answers",
        "relevant": True,
        "people": [
            {
                "rank": 1,
                "name": "Ana Silva",
                "roles": ["contact", "team"],
                "unit": "Logistics",
                "contact": "ana@example.org",
                "score": 1.0,
                "lessons": 2,
                "latest": {"id": "labels", "date": "2025-03"},
                "relevance": "answers",
                "why": [
                    {"id": "scales", "title": "Scales drift", "path": "lessons/scales.md", "date": "2024-01"},
                    {"id": "labels", "title": "Wrong labels", "path": "lessons/labels.md", "date": "2025-03"},
                ],
                "stands_in": None,
                "instead_of": [],
            }
        ],
    }


@pytest.mark.parametrize(
    ("records", "name", "stands_in"),
    [
        (["name: Bob Roe, successor: Nia Neu", "name: Nia Neu, contact: nia@example.org"], "Nia Neu", "successor"),
        (["name: Lee Prof, role: learning-professional, unit: logistics"], "Lee Prof", "learning-professional"),
        (
            ["name: Lee Prof, role: learning-professional, unit: Sales", "name: Kim Own, role: owner"],
            "Kim Own",
            "owner",
        ),
        (["name: Bob Roe, successor: Nia Neu", "name: Nia Neu, until: 2021", "name: Kim, role: owner"], "Kim", "owner"),
    ],
)
def test_instead_of_somebody_who_has_left_another_is_asked(
    base: Path, kb: Run, records: list[str], name: str, stands_in: str
) -> None:
    listed(base, *records)
    found = {one["name"]: one for one in asked(kb, base, "--mode", "lexical", "label")}
    assert "Bob Roe" not in found
    assert (found[name]["stands_in"], found[name]["instead_of"]) == (stands_in, ["Bob Roe"])
    said = kb(base, "who", "--mode", "lexical", "label").out
    assert "Bob Roe (has left)" in said
    assert not re.search(r"^ *owner *$", said, re.MULTILINE), "the reason says it"


def test_a_search_asks_in_the_same_order_and_the_same_people(base: Path, kb: Run) -> None:
    listed(base, "name: Ana Silva, until: 2021, successor: nia@example.org", "name: Nia Neu, contact: nia@example.org")
    done = kb(base, "search", "--mode", "lexical", "label")
    assert "ask: Nia Neu (for Ana Silva, who has left), nia@example.org\n" in done.out
    hit = json.loads(kb(base, "search", "--mode", "lexical", "--json", "label").out)["hits"][0]
    assert (hit["ask"]["name"], hit["ask"]["stands_in"], hit["ask"]["instead_of"]) == (
        "Nia Neu",
        "successor",
        "Ana Silva",
    )
    assert [one["name"] for one in asked(kb, base, "--mode", "lexical", "label")] == ["Nia Neu"]


def test_of_an_entry_for_two_people_the_one_who_stayed_is_asked() -> None:
    directory = directory_of(b"---\npeople: [{name: Ana Silva, until: 2020}]\n---\n")
    for people, name in ((["Ana Silva and Bob Roe"], "Bob Roe"), (["Cy Young and Bob Roe"], "Cy Young and Bob Roe")):
        ask = whom_to_ask(Lesson("a.md", "a", "A", {"people": people}), directory)
        assert ask
        assert ask.name == name


def test_a_lesson_that_names_nobody_leads_to_who_answers_for_it(base: Path, kb: Run) -> None:
    done = kb(base, "who", "market plans")
    assert (done.code, done.out) == (1, "")
    assert "name nobody who can be asked; add `people` to them, or name a learning professional or an owner" in done.err
    listed(base, "name: Kim Own, role: owner, contact: kim@example.org")
    done = kb(base, "who", "market plans")
    assert (done.code, done.out.splitlines()[1]) == (0, "   owner of this library")
    assert "ask: Kim Own (owner of this library), kim@example.org" in kb(base, "search", "market plans").out


def test_an_author_by_git_is_asked_about_a_lesson_that_names_nobody(base: Path, kb: Run, own_git: None) -> None:
    git(base, "init", "-q")
    commit(base)
    assert kb(base, "reindex").code == 0
    people = asked(kb, base, "market plans")
    assert [(one["name"], one["roles"], one["contact"]) for one in people] == [
        ("Ann Writer", ["author"], "ann@example.com")
    ]
    (base / ".kb" / "authors.json").write_text("damaged")
    assert asked(kb, base, "market plans") == []


def test_only_the_nearest_lessons_are_told_apart_by_the_exit_code(base: Path, kb: Run) -> None:
    done = kb(base, "who", "quantum chromodynamics")
    assert done.code == 1
    assert "no lesson is sure to help; these people stand behind the nearest" in done.err


def test_filters_a_file_and_the_standard_input_work_as_in_a_search(base: Path, kb: Run, tmp_path: Path) -> None:
    assert {one["name"] for one in asked(kb, base, "--where", "id=scales")} == {"A. Silva", "Cy Young"}
    assert {one["name"] for one in asked(kb, base, "unit:logistics")} == {"Ana Silva", "Cy Young"}
    page = tmp_path / "mail.txt"
    page.write_text("Dear all, parcels came back with the wrong label. " * 2000)
    assert asked(kb, base, "-f", str(page))[0]["name"] == "Ana Silva"
    assert kb(base, "who").code == 2
    assert kb(base, "who", "-f", str(page), "label").code == 2


@pytest.mark.parametrize("lessons", [{}, {"a.md": "# A\n\nParcels.\n"}], ids=["empty", "one"])
def test_in_a_library_of_no_or_one_lesson_it_says_what_to_do(
    make: Make, kb: Run, lessons: dict[str, str | bytes]
) -> None:
    done = kb(make(lessons), "who", "parcels")
    assert (done.code, done.out) == (1, "")
    assert ("write the first one with `kb new`" if not lessons else "add `people` to them") in done.err


def test_names_are_shown_safely(make: Make, kb: Run) -> None:
    name = "Eve\\e[31m <script>\\u202e\\u7530\\u4e2d"
    root = make(
        {"a.md": f'---\npeople: [{{name: "{name}", contact: "x\\u202e@example.org"}}]\n---\n# Parcels\n\nParcels.\n'}
    )
    done = kb(root, "who", "parcels")
    assert "1. Eve\u241b[31m <script>\ufffd\u7530\u4e2d\n" in done.out
    found = kb(root, "who", "--json", "parcels").out
    assert "\x1b" not in done.out + found
    assert "\u202e" not in done.out + found


def test_it_fits_a_terminal_of_80_columns(make: Make, kb: Run) -> None:
    person = f"{{name: {'Anna ' * 30}, contact: {'x' * 60}@example.org, role: team}}"
    root = make({"a.md": f"---\npeople: [{person}]\n---\n# {'Parcels came back ' * 20}\n\nParcels.\n"})
    assert max(map(len, kb(root, "who", "parcels").out.splitlines())) <= 80


def test_other_programs_ask_the_same(base: Path) -> None:
    found = KnowledgeBase(base).who(Request("parcels", mode=Mode.LEXICAL, limit=1))
    assert [(one.ask.name, one.ask.contact) for one in found.people] == [("Ana Silva", "ana@example.org")]
    assert found.is_helpful


def test_a_record_with_only_an_address_is_shown_by_it(base: Path, kb: Run) -> None:
    listed(base, "contact: desk@example.org, role: owner")
    assert kb(base, "who", "market plans").out.startswith("1. desk@example.org\n")


def test_lessons_far_behind_the_best_lead_to_nobody(indexed: Make, kb: Run) -> None:
    person = "---\npeople: [{{name: {0}, role: contact, contact: {0}@example.org}}]\n---\n"
    far = "# Queues\n\nA queue in front of the pump seals at noon.\n"
    root = indexed(
        {
            "near.md": person.format("Ann") + "# Pump seals\n\nThe pump seals leak in the cold.\n",
            **{f"far{number}.md": person.format("Bob") + far for number in range(4)},
        }
    )
    found = json.loads(kb(root, "who", "--json", "pump seals leak").out)
    assert [one["name"] for one in found["people"]] == ["Ann"]
    hits = json.loads(kb(root, "search", "--json", "pump seals leak").out)["hits"]
    assert any(hit["relevant"] for hit in hits[1:]), "they may help, but less"
