"""What an editor is offered at a place of a lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.format import FORMAT, OUTCOMES, ROLES, STATUSES
from kb.editor.completing import completions
from kb.editor.cursor import cursor_at
from kb.editor.open_text import Position
from tests.conftest import write
from tests.editor.library import make_library, opened, proposed, texts


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_library(tmp_path / "base")


def test_keys_that_a_lesson_must_have_come_first_and_those_it_has_do_not_come(root: Path) -> None:
    found = [one.label for one in proposed(root, "---\ntitle: Late\n|\ntags: []\n---\n").items]
    assert {*found} == FORMAT.keys.keys() - {"title", "tags"}
    assert found[:6] == ["status", "answers", "people", "screening", "impact", "review_by"]


def test_a_key_comes_with_its_documentation(root: Path) -> None:
    (status,) = proposed(root, "---\nstat|\n---\n").items
    assert status.text == "status: "
    assert status.about == "How far it can be trusted.\nOne of: draft, validated, superseded, retired."


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("---\nstatus: |\n---\n", [*STATUSES]),
        ("---\nstatus: val|\n---\n", ["validated"]),
        ("---\nreused:\n  - lesson: labels\n    outcome: |\n---\n", [*OUTCOMES]),
        ("---\npeople:\n  - {name: Ana, role: |}\n---\n", [*ROLES]),
        ("---\npeople:\n- name: Ana\n  role: te|\n---\n", ["team"]),
        ("---\nimpact:\n  - control:\n      chosen: |\n---\n", ["matched", "at-random"]),
        ("---\ntags: [depot, |]\n---\n", ["parcels", '"4711: labels"', "depot"]),
        ("---\ntags:\n  - par|\n---\n", ["parcels"]),
        ("---\nunit: |\n---\n", ["Depot East"]),
        ("---\npeople:\n  - name: |\n---\n", ["Ana Silva", "Ben Roy"]),
        ("---\npeople:\n  - name: Ana Silva\n    contact: |\n---\n", ["ana@example.org", "ben@example.org"]),
        ("---\nsupersedes: [|]\n---\n", ["labels", "routes"]),
        ("---\nrelated:\n  - lab|\n---\n", ["labels"]),
        ("---\nreused:\n  - lesson: wrong|\n---\n", ["labels"]),
        ("# Late\n\nAs in [[lab|", ["labels"]),
        ("# Late\n\nAs in [here](rou|", ["routes.md"]),
        ("# Late\n\n## Meth|", []),
        ("# Late\n\n## Too|", ["Tools"]),
        ("# Late\n\nA status: |", []),
        ("---\nsummary: >\n  status|\n---\n", []),
        ("---\nstatus: draft # |\n---\n", []),
        ("---\nunheard: |\n---\n", []),
        ("", []),
    ],
)
def test_what_fits_the_place_is_offered(root: Path, marked: str, expected: list[str]) -> None:
    assert texts(root, marked) == expected


def test_keys_of_a_record_are_offered_inside_of_it_the_needed_first(root: Path) -> None:
    assert texts(root, "---\npeople:\n  - |\n---\n") == ["name: ", "role: ", "contact: ", "until: "]
    assert texts(root, "---\npeople:\n  - name: Ana\n    |\n    until: 2027\n---\n") == ["role: ", "contact: "]
    assert texts(root, "---\npeople:\n  - name: Ana\n  - |\n---\n")[0] == "name: "
    assert texts(root, "---\npeople:\n  - {name: Ana, |}\n---\n") == ["role: ", "contact: ", "until: "]
    assert texts(root, "---\nscreening:\n  stra|\n---\n") == ["strategic: "]


def test_a_front_matter_that_is_not_closed_yet_is_completed(root: Path) -> None:
    assert texts(root, "---\nstatus: dr|\n\n# Late\n") == ["draft"]


def test_the_lesson_itself_is_not_offered_and_a_lesson_comes_with_its_title(root: Path) -> None:
    lesson = opened(root, "---\nsupersedes: []\n---\n", "labels.md")
    (routes,) = completions(lesson, Position(1, len("supersedes: ["))).items
    assert (routes.text, routes.detail) == ("routes", "Late routes")


def test_people_who_opted_out_are_never_offered(root: Path) -> None:
    (root / "people.md").write_text("---\npeople:\n  - {name: Ana Silva, opted_out: true}\n---\n", "utf-8")
    assert texts(root, "---\npeople:\n  - name: |\n---\n") == ["Ben Roy"]
    assert texts(root, "---\npeople:\n  - contact: |\n---\n") == ["ben@example.org"]
    (root / "people.md").write_text("---\npeople:\n  - {name: Ana Silva, opted_out: true\n---\n", "utf-8")
    assert texts(root, "---\npeople:\n  - name: |\n---\n") == []


def test_signs_that_drive_a_terminal_are_shown_as_marks(root: Path) -> None:
    write(root, "evil.md", '---\ntitle: "Red \\e[31m"\n---\n# x\n')
    (evil,) = proposed(root, "---\nrelated: [evil|]\n---\n").items
    assert evil.detail == "Red ␛[31m"


def test_of_many_the_first_hundred_are_offered_and_more_when_more_is_typed(root: Path) -> None:
    for number in range(130):
        write(root, f"n{number:03}.md", f"# Number {number}\n")
    found = proposed(root, "---\nrelated: [n|]\n---\n")
    assert (len(found.items), found.more, found.replaced) == (100, True, 1)
    assert texts(root, "---\nrelated: [n12|]\n---\n")[:10] == [f"n12{digit}" for digit in range(10)]


def test_a_line_of_any_length_is_looked_at_in_no_time() -> None:
    rows = ["---", "tags: [" + "{" * 100_000, "---"]
    assert cursor_at(rows, 1, len(rows[1])) is None
    assert cursor_at(rows, 1, 1500) is not None
