"""What can be read of a lesson, and whether it keeps to the format: `structure`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.format import FORMAT
from kb.check.finding import Finding
from kb.corpus.spelling import Lexicon
from kb.figures.days import is_day, read_day
from tests.checking import findings, mended, said


def of(root: Path, matter: str, body: str = "") -> list[Finding]:
    """Return what is found in a lesson with a front matter, which begins on its second line."""
    return findings(root, {"a.md": f"---\n{matter}\n---\n{body}"}, "structure")


def one(root: Path, matter: str) -> Finding:
    found = of(root, matter)
    assert len(found) == 1, found
    return found[0]


# --- what cannot be read


def test_bytes_that_are_no_text_and_front_matter_that_is_none_are_two_things(tmp_path: Path) -> None:
    found = findings(tmp_path, {"a.md": b"---\ntitle: a: b\n---\nCaf\xe9\n"}, "structure")
    assert said(found) == [
        (
            "a.md:2:1",
            "structure.front-matter: front matter is not YAML: a second `: ` on the line; put the value in quotes",
        ),
        ("a.md:4:1", "structure.encoding: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
    ]


@pytest.mark.parametrize("text", ["---\ntitle: x\n", "---\n- title: x\n---\n"])
def test_front_matter_that_is_never_closed_or_is_no_mapping(tmp_path: Path, text: str) -> None:
    assert [one.code for one in findings(tmp_path, {"a.md": text}, "structure")] == ["structure.front-matter"]


def test_a_key_that_stands_twice_is_named_at_any_depth_where_it_stands_again(tmp_path: Path) -> None:
    found = of(tmp_path, "title: a\npeople:\n  - name: b\n    name: c\ntitle: d")
    assert [(one.code, one.line, one.column) for one in found] == [
        ("structure.repeated-key", 5, 5),
        ("structure.repeated-key", 6, 1),
    ]


def test_a_key_that_stands_twice_in_an_item_of_one_line_is_named(tmp_path: Path) -> None:
    assert [one.code for one in of(tmp_path, "people:\n- {name: Ann, name: Bob}")] == ["structure.repeated-key"]


# --- keys


def test_an_unknown_key_is_a_warning_that_says_how_to_declare_it(tmp_path: Path) -> None:
    found = one(tmp_path, "severity: high")
    assert (found.code, found.severity) == ("structure.unknown-key", "warning")
    assert '[check] keys = ["severity"]' in found.message
    (tmp_path / "kb.toml").write_text('[check]\nkeys = ["severity"]\n')
    assert of(tmp_path, "severity: high") == []


@pytest.mark.parametrize(
    ("matter", "right"),
    [("Review-By: 2027", "review_by"), ("tag: [a]", "tags"), ("titel: x", "title"), ("anwsers: [x]", "answers")],
)
def test_a_misspelt_key_is_an_error_with_one_right_answer(tmp_path: Path, matter: str, right: str) -> None:
    found = one(tmp_path, matter)
    assert (found.code, found.severity) == ("structure.misspelt-key", "error")
    assert [edit.text for edit in found.edits] == [right]


@pytest.mark.parametrize("matter", ["reviewed_by: Jane Doe", "node: 3", "update: 2020", "ids: [a]", "dates: {a: b}"])
def test_a_key_that_cannot_be_meant_is_only_unknown(tmp_path: Path, matter: str) -> None:
    assert one(tmp_path, matter).code == "structure.unknown-key"


def test_a_key_that_may_be_either_of_two_is_only_unknown(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('[check]\nkeys = ["titles"]\n')
    assert one(tmp_path, "titlez: a").code == "structure.unknown-key"


@pytest.mark.parametrize("matter", ["Title: a\ntitle: b", "Title: a\nTITLE: b", "title:\nTitle: a"])
def test_a_misspelt_key_is_not_mended_when_the_right_one_would_stand_there_twice(tmp_path: Path, matter: str) -> None:
    found = [one for one in of(tmp_path, matter) if one.code == "structure.misspelt-key"]
    assert found
    assert all(not one.edits for one in found)


def test_mappings_of_the_format_are_closed(tmp_path: Path) -> None:
    found = of(tmp_path, "people:\n  - {name: Jo, phone: 5}\ncost: {Amount: 5}")
    assert said(found) == [
        ("a.md:3:16", "structure.unknown-field: people has no key 'phone'; known are name, role, contact, until"),
        ("a.md:4:8", "structure.misspelt-key: the key 'Amount' is misspelt; write amount"),
    ]
    assert {one.severity for one in found} == {"error"}


@pytest.mark.parametrize("person", ["{role: team}", "{name: , role: team}", "{name: ' '}"])
def test_a_person_without_a_name_is_none(tmp_path: Path, person: str) -> None:
    assert one(tmp_path, f"people: [{person}]").message == "people: name is missing; add it: who"


# --- values


def test_what_is_absent_is_as_if_its_key_were_not_there(tmp_path: Path) -> None:
    assert of(tmp_path, "".join(f"{name}:\n" for name in FORMAT.keys)) == []


@pytest.mark.parametrize(
    ("matter", "message"),
    [
        ("title: [a]", "title: expected a text, got a list; say it in words: the problem in one line"),
        ("screening: {reusable: true}", "screening.reusable: expected a text, got true; say it in words: can"),
        ("screening: yes", "screening: expected a mapping of strategic, reusable, got a text"),
        ("people: {name: Jo}", "people: expected a list, got a mapping; begin each item with `- `"),
        ("people: [Jo]", "people: expected a mapping of name, role, contact, until, got a text"),
        ("tags: [true]", "tags: expected a text, got true; put it in quotes"),
        ("people: Jo", "people: expected a list, got a text; write `- name: ...` for each"),
    ],
)
def test_a_value_of_another_type_is_not_guessed_at(tmp_path: Path, matter: str, message: str) -> None:
    found = one(tmp_path, matter)
    assert (found.code, found.edits) == ("structure.type", ())
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("matter", "right"),
    [
        ("tags: a b, c", "[a b, c]"),
        ("tags: 2024", "[2024]"),
        ('answers: "one, and only"', '["one, and only"]'),
        ("answers: one, and only", '["one, and only"]'),
        ("related: 'a'", "['a']"),
    ],
)
def test_a_lone_text_becomes_a_list(tmp_path: Path, matter: str, right: str) -> None:
    found = [one for one in of(tmp_path, matter) if one.code == "structure.type"]
    assert [edit.text for one in found for edit in one.edits] == [right]


@pytest.mark.parametrize("matter", ["answers: |\n  one", "answers: one\n  two", "tags: &x a, b\nunit: *x"])
def test_a_text_that_is_not_simply_written_is_left_to_its_author(tmp_path: Path, matter: str) -> None:
    assert one(tmp_path, matter).edits == ()


@pytest.mark.parametrize(
    ("matter", "edits"),
    [
        ("status: Validated", ["validated"]),
        ("mode: 'Do_Learn do'", ["'do-learn-do'"]),
        ("status: validatd", []),
        ("status: done", []),
        ("status: ''", []),
    ],
)
def test_a_word_that_is_none_of_its_keys(tmp_path: Path, matter: str, edits: list[str]) -> None:
    found = one(tmp_path, matter)
    assert (found.code, [edit.text for edit in found.edits]) == ("structure.choice", edits)


def test_the_nearest_word_is_named_else_all(tmp_path: Path) -> None:
    assert one(tmp_path, "status: validatd").message.endswith("did you mean validated?")
    assert one(tmp_path, "status: done").message.endswith("known are draft, validated, superseded, retired")


@pytest.mark.parametrize("date", ["2006", "'2006'", "2006-05", "2006-05-01", "2024-02-29", "2000-02-29"])
def test_a_date_is_as_exact_as_it_is_known(tmp_path: Path, date: str) -> None:
    assert of(tmp_path, f"date: {date}") == []


def test_a_day_that_does_not_exist_has_no_right_answer(tmp_path: Path) -> None:
    for date in ("2021-02-30", "1900-02-29", "2021-13-01", "2021-00"):
        found = one(tmp_path, f"date: {date}")
        assert (found.message, found.edits) == (f"date: {date} is not a day of the calendar; correct it", ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(("2006/05/01", "2006-05-01"), ("2006-5-1", "2006-05-01"), ("2006.5", "2006-05"), ("20060501", "2006-05-01")),
        *(("1 May 2006", "2006-05-01"), ("1st may, 2006", "2006-05-01"), ("May 2006", "2006-05")),
        *(("May 1, 2006", "2006-05-01"), ("Sept. 2006", "2006-09"), ("25/04/2006", "2006-04-25")),
        *(("04/25/2006", "2006-04-25"), ("3.3.2006", "2006-03-03"), ("05/2006", "2006-05")),
        *(("2006-05-01T10:00Z", "2006-05-01"), ("2006-05-01 23:59:59 -05:00", "2006-05-01")),
        *(("03/04/2006", None), ("1 Ma 2006", None), ("30 February 2006", None), ("31/31/2006", None)),
        *(("spring 2006", None), ("06-05-01", None), ("", None), ("2006-05-01 to 2006-06-01", None)),
        *(("Ju 2006", None), ("1 Mayor 2006", None), ("\u0662\u0660\u0660\u0666", None)),
    ],
)
def test_a_date_is_mended_if_it_can_be_read_in_one_way_only(written: str, day: str | None) -> None:
    assert read_day(written) == day
    assert day is None or is_day(day)


@pytest.mark.parametrize("id", ["two words", "' a'", '"a\\tb"', "''"])
def test_an_id_is_one_piece(tmp_path: Path, id: str) -> None:
    assert one(tmp_path, f"id: {id}").code == "structure.id"


# --- ids of others


def test_an_id_that_two_want_is_named_at_both(tmp_path: Path) -> None:
    found = findings(tmp_path, {"a.md": "---\nid: b\n---\n", "b.md": "# B\n"}, "structure")
    assert [(where, what.split(";")[0].replace(str(tmp_path), "")) for where, what in said(found)] == [
        ("a.md:2:5", "structure.duplicate-id: /lessons/b.md has the id 'b' too"),
        ("b.md:1:1", "structure.duplicate-id: /lessons/a.md has the id 'b' too"),
    ]


def test_ids_that_lead_nowhere_are_named_with_the_nearest(tmp_path: Path) -> None:
    matter = "supersedes: wrong-lables\nrelated: [x-ray, a]\nreused:\n  - lesson: labels"
    found = findings(
        tmp_path, {"a.md": f"---\n{matter}\n---\n", "wrong-labels.md": "# B\n"}, "structure.dead-id", "structure.own-id"
    )
    assert said(found) == [
        ("a.md:2:13", "structure.dead-id: supersedes: no lesson has the id 'wrong-lables'; did you mean wrong-labels?"),
        ("a.md:3:11", "structure.dead-id: related: no lesson has the id 'x-ray'; correct it, or remove it"),
        ("a.md:3:18", "structure.own-id: related: the lesson names itself; remove it"),
        ("a.md:5:13", "structure.dead-id: reused: no lesson has the id 'labels'; did you mean wrong-labels?"),
    ]


def test_a_circle_is_named_in_full_at_each_lesson_of_it_and_at_no_other(tmp_path: Path) -> None:
    replaces = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e"}
    files = {f"{new}.md": f"---\nsupersedes: [{old}]\n---\n" for new, old in replaces.items()}
    found = findings(tmp_path, files, "structure.circle")
    assert [what.split(": ")[2].split(";")[0] for _, what in said(found)] == [
        "a -> b -> c -> a",
        "b -> c -> a -> b",
        "c -> a -> b -> c",
    ]


# --- order


def test_of_a_long_circle_the_beginning_is_named(tmp_path: Path) -> None:
    files = {f"{one}.md": f"---\nid: l{one}\nsupersedes: [l{(one + 1) % 60}]\n---\n" for one in range(60)}
    found = findings(tmp_path, files, "structure")
    assert found[0].message.startswith("lessons replace each other in a circle: l0 -> l1 -> l2 -> l3 -> … -> l0 (60")


def test_keys_in_another_order_are_a_note(tmp_path: Path) -> None:
    found = one(tmp_path, "status: draft\ntitle: a\ntags: [b]")
    assert (found.code, found.severity, found.line) == ("structure.order", "note", 3)
    assert of(tmp_path, "title: a\nstatus: draft") == []


# --- spelling


def test_near_words_are_found_among_many() -> None:
    words = [f"lesson-{number:04}" for number in range(3000)] + ["on-demand-brochures"]
    assert Lexicon(words).near("on-demand-brochure") == ["on-demand-brochures"]
    assert Lexicon(words).near("On-Demand-Brochures") == ["on-demand-brochures"]
    assert Lexicon(words).near("zzz") == []


# --- one error does not breed others


def test_of_keys_that_do_not_count_only_that_is_said(tmp_path: Path) -> None:
    second = "---\ntitle: Labels\n---\n---\nstatus: draft\nunit: Dispatch\n---\nText.\n"
    below = "\n---\ntitle: Labels\nstatus: draft\n---\nText.\n"
    assert {one.code for one in findings(tmp_path, {"a.md": second})} == {"structure.second-front-matter"}
    assert {one.code for one in findings(tmp_path, {"a.md": below})} == {"structure.unread-front-matter"}


def test_of_a_front_matter_that_cannot_be_read_only_that_is_said_and_what_it_may_give_away(tmp_path: Path) -> None:
    torn = "---\ntitle: a: b\ntags: [x\n---\n# Labels\n\nSee [this](gone.md).\n\npassword: hunter2hunter2\n"
    assert {one.code for one in findings(tmp_path, {"a.md": torn})} == {
        "structure.front-matter",
        "secrets.password",
    }


def test_an_item_with_a_colon_is_put_in_quotes(tmp_path: Path) -> None:
    found = one(tmp_path, "answers:\n  - Why now: it leaks  # since May\n  - another")
    assert found.message == 'answers: YAML reads "Why now: it leaks" as a mapping; put it in quotes'
    assert mended("---\nanswers:\n  - Why now: it leaks  # since May\n  - another\n---\n", "structure") == (
        '---\nanswers:\n  - "Why now: it leaks"  # since May\n  - another\n---\n'
    )


@pytest.mark.parametrize(
    "matter",
    [
        "answers: [{Why now: it leaks}]",
        "answers: [Why now: it leaks]",
        "answers:\n  - Why now:\n      it leaks",
        "answers:\n  - 'Why now': it leaks",
        "answers:\n  - Why now:  it leaks",
        "tags:\n  - [a]\n  - - b",
        "related: [[a]]",
        "related: [&x [a]]\ntags: *x",
        "x-own: &x {Why now: it leaks}\nanswers: [*x]",
        "answers: [&x {Why now: it leaks}]\nx-own: *x",
        "status: &x Validated\nunit: *x",
    ],
)
def test_what_is_mended_is_read_and_needs_no_more(tmp_path: Path, matter: str) -> None:
    text = f"---\n{matter}\n---\n"
    once = mended(text, "structure")
    assert [one.code for one in findings(tmp_path, {"a.md": once}, "structure.front-matter")] == []
    assert mended(once, "structure") == once
