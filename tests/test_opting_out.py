"""Who opted out in `people.md` is named nowhere, at once; after the next reindex nobody is found by their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Make, Run
from tests.git import commit, git

LESSONS: dict[str, str | bytes] = {
    "labels.md": """\
        ---
        id: labels
        title: Wrong labels
        unit: Logistics
        author: Jane Doe <jane.doe@example.org>
        reviewers: [Jane Doe, Ana Silva]
        people:
          - {name: Jane Doe, role: contact, contact: jane.doe@example.org}
          - {name: Jane Doe and Ana Silva, role: team}
          - {name: Bob Roe, role: sponsor, contact: bob@example.org}
        history:
          - {date: 2024-05-01, what: validated, by: Jane Doe}
        ---
        # Wrong labels

        Parcels came back with the wrong label.
        """,
    "scales.md": "---\nid: scales\nauthor: Jane Doe\n---\n# Scales\n\nScales drift in the cold, parcels too.\n",
}
OPTED_OUT = "---\npeople:\n  - {name: Jane Doe, contact: jane.doe@example.org, opted_out: true}\n---\n"
COMMANDS = [
    ["search", "parcels"],
    ["search", "--json", "parcels"],
    ["search", "--json", "--all", "--explain", "jane doe"],
    ["search", "author"],
    ["search", "people.name:jane"],
    ["search", "people.name:jan"],
    ["search", "-f", "-"],
    ["show", "labels"],
    ["show", "labels", "--json"],
    ["similar", "scales"],
    ["similar", "scales", "--json"],
    ["list", "--json"],
    ["list", "author:jane"],
    ["list", "author:janet"],
    ["who", "parcels"],
    ["who", "--json", "parcels"],
    ["who", "jane doe"],
]


@pytest.fixture
def base(indexed: Make, own_git: None) -> Path:
    root = indexed(LESSONS)
    git(root, "init", "-q")
    git(root, "config", "user.name", "J. D.")
    commit(root)
    git(root, "commit", "-q", "--amend", "--no-edit", "--author", "J. D. <Jane.Doe@example.org>")
    return root


def said(kb: Run, root: Path, command: list[str]) -> str:
    done = kb(root, *command)
    typed = "jane doe" if "jane doe" in command else ""
    return (done.out + done.err).replace(f'"query": "{typed}"', "").replace(" ".join(command[1:]), "")


def names(text: str) -> bool:
    return any(name in text.casefold() for name in ("jane doe", "jane.doe", "j. d."))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_who_opted_out_is_named_by_no_command(base: Path, kb: Run, command: list[str]) -> None:
    assert kb(base, "reindex").code == 0
    (base / "people.md").write_text(OPTED_OUT)
    assert not names(said(kb, base, command))
    assert kb(base, "reindex").code == 0
    assert not names(said(kb, base, command))


def test_the_others_of_an_entry_stay(base: Path, kb: Run) -> None:
    (base / "people.md").write_text(OPTED_OUT)
    shown = kb(base, "show", "labels", "--json").out
    assert '"people": [{"name": "Ana Silva", "role": "team"}, {"name": "Bob Roe"' in shown
    assert '"reviewers": ["Ana Silva"]' in shown
    assert '"author"' not in shown


def test_conditions_do_not_find_who_opted_out(base: Path, kb: Run) -> None:
    assert "labels" in kb(base, "list", "people.name:jane").out
    (base / "people.md").write_text(OPTED_OUT)
    assert kb(base, "list", "people.name:jane").out == ""
    assert kb(base, "list", "people.contact:jane").out == ""
    assert "labels" in kb(base, "list", "people.name:bob").out


def test_after_a_reindex_the_name_finds_nothing(base: Path, kb: Run) -> None:
    assert kb(base, "search", "--mode", "lexical", "doe").code == 0
    (base / "people.md").write_text(OPTED_OUT)
    assert kb(base, "reindex").code == 0
    done = kb(base, "search", "--mode", "lexical", "doe")
    assert (done.code, done.out) == (1, "")
    (base / "people.md").unlink()
    assert kb(base, "reindex").code == 0
    assert kb(base, "search", "--mode", "lexical", "doe").code == 0


def test_a_wrong_file_hides_everybody_and_the_answer_says_why(base: Path, kb: Run) -> None:
    (base / "people.md").write_text(OPTED_OUT.removesuffix("---\n"))
    done = kb(base, "search", "parcels")
    assert "kb: people.md:1: front matter is never closed" in done.err
    assert "ask:" not in done.out
    assert not names(kb(base, "show", "labels", "--json").out)
    assert "Bob" not in kb(base, "show", "labels", "--json").out
    done = kb(base, "who", "parcels")
    assert (done.code, done.out) == (1, "")
    assert "people.md must be put right first" in done.err


def test_the_authors_text_stays(base: Path, kb: Run) -> None:
    (base / "lessons" / "labels.md").write_text("---\nid: labels\n---\n# Labels\n\nJane Doe found it.\n")
    (base / "people.md").write_text(OPTED_OUT)
    assert "Jane Doe found it." in kb(base, "show", "labels").out


def test_before_a_reindex_neither_a_long_text_nor_a_name_beside_a_hidden_contact_is_found(
    indexed: Make, kb: Run
) -> None:
    long = f"author: 'Jane Doe, {'of the department ' * 6}'\n"
    people = "people: [{name: J. Doe-Smith, contact: jane.doe@example.org}]\n"
    root = indexed({"a.md": f"---\n{long}---\n# A\n\nParcels.\n", "b.md": f"---\n{people}---\n# B\n\nParcels.\n"})
    assert kb(root, "list", "author:jane").out != ""
    (root / "people.md").write_text(OPTED_OUT)
    for condition in ("author:jane", "people.name:smith", "people.name:smyth"):
        done = kb(root, "list", condition)
        assert (done.code, done.out) == (1, ""), condition
        assert "smith" not in done.err.casefold().replace("people.name:smith", ""), condition
    assert "Smith" not in (done := kb(root, "search", "jnae smith")).out + done.err
    assert kb(root, "reindex").code == 0
    assert kb(root, "list", "people.name:smith").out == ""
