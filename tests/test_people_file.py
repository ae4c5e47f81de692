"""`people.md`: what it says, and that nobody who opted out is named because it was misread."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.people.directory import Directory
from kb.people.people_file import PeopleFile, directory_of, read_directory
from tests.conftest import Make, Run

HIDDEN = "  - {name: Jane Doe, contact: jane.doe@example.org, opted_out: true}\n"


def listed(records: str) -> Directory:
    return directory_of(f"---\npeople:\n{records}---\n# People\n".encode())


def test_a_record_says_who_has_left_who_took_over_and_who_owns_the_library() -> None:
    directory = listed(
        "  - {name: Bob Roe, contact: bob@example.org, until: 2020-05, successor: ana@example.org}\n"
        "  - name: Ana Silva\n    contact: ana@example.org\n    also: [A. Silva, ana@old.example.org]\n"
        "    unit: Sales\n    role: learning-professional\n"
        "  - {name: Kim Own, contact: kim@example.org, role: owner}\n"
    )
    bob, ana, kim = directory.entries
    assert (directory.problems, directory.withholds) == ((), False)
    assert directory.current(bob) == directory.learning_professional("SALES") == ana
    assert (directory.owner, directory.learning_professional("Logistics")) == (kim, None)
    for name, contact in (("ana silva", ""), ("A Silva", ""), ("Somebody", "Ana@OLD.example.org"), ("Silva, Ana", "")):
        assert directory.entry_of(name, contact) == ana


def test_two_people_of_one_name_are_told_apart_by_their_addresses() -> None:
    directory = listed(
        "  - {name: Chen Wei, contact: chen.sales@example.org}\n  - {name: Chen Wei, contact: chen.it@example.org}\n"
    )
    assert directory.entry_of("Chen Wei", "chen.it@example.org") == directory.entries[1]
    assert directory.entry_of("Chen Wei", "chen@elsewhere.example") is None
    assert directory.entry_of("Chen Wei") is None


@pytest.mark.parametrize(
    ("name", "contact", "hidden"),
    [
        ("Jane Doe", "", True),
        ("JANE  DOE", "", True),
        ("Doe, Jane", "", True),
        ("J\u200bane Do\u0065\u0301", "", True),
        ("\uff2aane Doe", "", True),
        ("Jane Doe (sales)", "", True),
        ("Jane Doe <jane@elsewhere.example>", "", True),
        ("Jane Doe", "jane@elsewhere.example", True),
        ("Office", "JANE.DOE@EXAMPLE.ORG", True),
        ("Office", "ask Jane Doe in room 5", True),
        ("Jane Doering", "", False),
        ("Jane", "", False),
        ("John Doe", "john@example.org", False),
    ],
)
def test_who_opted_out_is_known_by_any_name_and_address(name: str, contact: str, hidden: bool) -> None:
    assert listed(HIDDEN).has_opted_out(name, contact) is hidden


def test_a_namesake_with_a_record_of_their_own_may_be_named() -> None:
    directory = listed(HIDDEN + "  - {name: Jane Doe, contact: jane.doe@it.example.org}\n")
    assert not directory.has_opted_out("Jane Doe", "jane.doe@it.example.org")
    assert directory.has_opted_out("Jane Doe", "jane.doe@example.org")
    assert directory.has_opted_out("Jane Doe", "")


@pytest.mark.parametrize(
    "text",
    [
        f"---\npeople:\n{HIDDEN}",
        f"people:\n{HIDDEN}---\n",
        f"---\npeople:\n{HIDDEN}  - {{name: [\n---\n",
        f"---\npeople:\n{HIDDEN}people: []\n---\n",
        f"---\npeopel:\n{HIDDEN}---\n",
        f"---\n<<<<<<< ours\npeople:\n{HIDDEN}=======\npeople: []\n>>>>>>> theirs\n---\n",
        "# Jane Doe opted out\n",
        "---\npeople:\n  - {role: team, opted_out: true}\n---\n",
        f"---\npeople:\n{HIDDEN}---\n".encode("utf-16-le"),
        f"---\npeople:\n{HIDDEN}  - {{name: M\xfcller}}\n---\n".encode("latin-1"),
        b"\x7fELF\x00\x01" * 50,
        "---\npeople:\n" + "  - {name: x, unit: y}\n" * 9000 + HIDDEN + "---\n",
        "---\npeople: {Jane Doe: {opted_out: true}}\n---\n",
        "---\npeople:\n  - Jane Doe: {opted_out: true}\n---\n",
        f"---\npeople:\n  - - {HIDDEN.strip(' -')}---\n",
        "---\npeople:\n  - name: {first: Jane, last: Doe}\n    opted_out: true\n---\n",
        "---\npeople:\n  - {name: x, flags: [opted_out]}\n---\n",
        "---\npeople: []\nopted_out: [Jane Doe]\n---\n",
        f"---\npeople: []\nPeople:\n{HIDDEN}---\n",
    ],
    ids=range(19),
)
def test_if_it_is_not_certain_who_opted_out_nobody_is_named(text: str | bytes) -> None:
    directory = directory_of(text.encode() if isinstance(text, str) else text)
    assert directory.has_opted_out("Anybody", "any@example.org")
    assert directory.hides_all
    assert "nobody is named until it is put right" in str(directory.problems[0])
    assert str(directory.problems[0]).startswith("people.md")


@pytest.mark.parametrize(
    "record",
    [
        *(
            "opted_out: maybe",
            "opted_out:",
            "Opted-Out: true",
            "opt_out: true",
            "opted: x",
            "otped_out: true",
            "active: yes",
        ),
        *("active: yes", "role: opted-out", "unit: opted out", "also: [J. D., opting out]"),
    ],
)
def test_whatever_may_mean_that_somebody_opted_out_counts(record: str) -> None:
    directory = listed(f"  - name: Jane Doe\n    {record}\n  - name: Ana Silva\n")
    assert directory.has_opted_out("Jane Doe")
    assert not directory.has_opted_out("Ana Silva")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("{name: Ana, role: boss}", "people.md:3: role 'boss': the roles are sponsor, "),
        ("{name: Ana, until: soon}", "people.md:3: until 'soon' is no date"),
        ("{name: Ana, phone: 5}", "people.md:3: unknown key 'phone'; the keys are name, "),
        ("{name: Ana, Tele-Phone: 5}", "people.md:3: unknown key 'Tele-Phone'; the keys are name, "),
        (
            "{name: Ana, opt-out: true}",
            "people.md:3: may mean that this person opted out, and is read so; ",
        ),
        ("{unit: Sales}", "people.md:3: a record without a `name`; write it"),
        (
            "{name: Ana, opted_out: perhaps}",
            "people.md:3: may mean that this person opted out, and is read so; ",
        ),
        ("{name: Ana, successor: Bob}", "people.md:3: the successor 'Bob' has no record; add one with a `contact`"),
        (
            "{name: Ana, successor: Bob}\n  - {name: Bob, successor: Ana}",
            "people.md:3: the successor 'Bob' cannot be asked either",
        ),
        (
            "{name: Ana, contact: a@x.org}\n  - {name: Bob, also: A@X.org}",
            "people.md:4: a@x.org is also in the record on line 3; make one of both",
        ),
    ],
)
def test_what_is_wrong_with_a_record_is_named_with_its_line(record: str, reason: str) -> None:
    directory = listed(f"  - {record}\n")
    assert str(directory.problems[0]).startswith(reason)
    assert len({problem.line for problem in directory.problems}) == len(directory.problems), "each line once"
    assert not directory.hides_all


@pytest.mark.parametrize(
    "records",
    [
        "  - {name: Cy Lo, successor: Jane Doe}\n",
        "  - {name: Cy Lo, successor: jane.doe@example.org}\n",
        "  - {name: Cy Lo, also: jane.doe@example.org}\n",
        "  - Jane Doe (opted out)\n",
        "  - Jane Doe: opted out\n",
    ],
)
def test_what_is_wrong_is_said_without_the_name_of_who_opted_out(records: str) -> None:
    directory = listed(HIDDEN + records)
    assert directory.problems
    assert not any("doe" in str(problem).casefold() for problem in directory.problems)
    assert directory.has_opted_out("Jane Doe")


def test_several_addresses_of_somebody_are_a_list() -> None:
    directory = listed("  - {name: Jane Doe, contact: [j@example.org, k@example.org], opted_out: true}\n")
    assert directory.problems == ()
    assert directory.has_opted_out("k@example.org")


def test_a_chain_of_successors_takes_no_longer_than_its_length() -> None:
    chain = "".join(f"  - {{name: Per Son{n}, successor: Per Son{n + 1}}}\n" for n in range(2500))
    directory = listed(f"{chain}  - {{name: Per Son2500, contact: x@example.org}}\n")
    assert directory.current(directory.named("Per Son2495")) == directory.named("Per Son2500")
    assert directory.current(directory.named("Per Son0")) is None, "nobody has 2,500 successors"


@pytest.mark.parametrize("data", [b"", b" \n\n", b"---\npeople: []\n---\n", b"---\npeople:\n---\n"])
def test_nobody_listed_is_nothing_wrong(data: bytes) -> None:
    directory = directory_of(data)
    assert (directory.entries, directory.problems, directory.withholds) == ((), (), False)


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "people.md"
    assert not read_directory(tmp_path).withholds
    (tmp_path / "private").write_text(f"---\npeople:\n{HIDDEN}---\n")
    file.symlink_to(tmp_path / "private")
    assert read_directory(tmp_path).hides_all
    file.unlink()
    os.mkfifo(file)
    assert read_directory(tmp_path).hides_all
    file.unlink()
    file.mkdir()
    assert read_directory(tmp_path).hides_all


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    assert not file.now().has_opted_out("Jane Doe")
    (tmp_path / "people.md").write_text(f"---\npeople:\n{HIDDEN}---\n")
    assert file.now().has_opted_out("Jane Doe")
    (tmp_path / "people.md").unlink()
    assert not file.now().has_opted_out("Jane Doe")


def test_it_is_no_lesson_and_kb_check_names_what_is_wrong(make: Make, kb: Run) -> None:
    root = make({"a.md": "# A\n\nParcels.\n"}, '[corpus]\npaths = ["."]\n')
    (root / "people.md").write_text("---\npeople:\n  - {name: Ana, role: boss}\n---\n")
    for arguments in (["check"], ["check", str(root / "people.md")]):
        done = kb(root, *arguments)
        assert done.code == 1
        assert "people.md:3:1: people.file error: role 'boss'" in done.out
    assert "people.md" not in kb(root, "check", "--json", "--ignore", "people").out
    done = kb(root, "reindex")
    assert (done.code, "people.md:3: role 'boss'" in done.err) == (3, True)
    assert "people" not in kb(root, "list").out
