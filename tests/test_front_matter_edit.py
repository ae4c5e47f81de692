"""Keys of a front matter get new values, and every line that is not theirs stays as it was."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.format import FORMAT
from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.edit.edit import edited
from kb.edit.front_matter import set_item, set_keys
from kb.edit.same import same
from kb.edit.written import comments_in
from kb.errors import CannotEdit


def change(text: str, **values: Any) -> str:
    return edited(text, set_keys(text, values, "a.md"))


def lesson(front_matter: str) -> str:
    return f"---\n{front_matter}---\n# Body\n\nstatus: draft\n"


def inner(text: str) -> str:
    """Return what stands between the fences of a text that `lesson` has made."""
    return text.removeprefix("---\n").removesuffix("---\n# Body\n\nstatus: draft\n")


def metadata(text: str) -> dict[str, Any]:
    return read_lesson(text.encode(), "", "", KindTable({})).lesson.metadata


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("status: draft  # for now\n", {"status": "validated"}, "status: validated  # for now\n"),
        ("status: 'draft'\n", {"status": "validated"}, "status: 'validated'\n"),
        ('"status":   "draft" # x\n', {"status": "validated"}, '"status":   "validated" # x\n'),
        ("title: 'It''s'\n", {"title": "It's not"}, "title: 'It''s not'\n"),
        ("title: plain\n", {"title": "two: parts # x"}, 'title: "two: parts # x"\n'),
        ("title: 'a'\n", {"title": "a\nb"}, 'title: "a\\nb"\n'),
        ("title: a\n", {"title": "5"}, 'title: "5"\n'),
        ("title: a\n", {"title": "no"}, 'title: "no"\n'),
        ("status:\n", {"status": "draft"}, "status: draft\n"),
        ("status:   # which?\n", {"status": "draft"}, "status: draft   # which?\n"),
        ("status: ~ # which?\n", {"status": "draft"}, "status: draft # which?\n"),
        ("n: 1\n", {"n": True}, "n: true\n"),
        ("? status\n: draft\n", {"status": "x"}, "? status\n: x\n"),
        ("summary: |\n  # one\n  two\n\n# of x\nx: 1\n", {"summary": "one"}, "summary: |-\n  one\n\n# of x\nx: 1\n"),
        ('summary: "one\n  two"  # c\nx: 1\n', {"summary": "one"}, 'summary: "one"  # c\nx: 1\n'),
    ],
)
def test_a_scalar_changes_within_its_quotes_and_keeps_its_comment(
    before: str, values: dict[str, Any], after: str
) -> None:
    assert inner(change(lesson(before), **values)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tags: [a, b]  # few\n", "tags: [a, b, c d]  # few\n"),
        ("tags: [ 'a','b' ]\n", "tags: [ 'a','b', 'c d' ]\n"),
        ("tags: [a, b,]\n", "tags: [a, b, c d,]\n"),
        ("tags: [\n  a,\n  b   # why\n]\n", "tags: [\n  a,\n  b,   # why\n  c d\n]\n"),
        ("tags: [\n  a,\n  b,  # why\n]\n", "tags: [\n  a,\n  b,  # why\n  c d,\n]\n"),
        ("tags:\n- a\n- b\n\n# x\nx: 1\n", "tags:\n- a\n- b\n- c d\n\n# x\nx: 1\n"),
        ('tags:\n    -   a\n    -   "b" # y\n', 'tags:\n    -   a\n    -   "b" # y\n    -   "c d"\n'),
        ("tags:\n  - a\n  - >-\n    b\n\nx: 1\n", "tags:\n  - a\n  - >-\n    b\n  - c d\n\nx: 1\n"),
    ],
)
def test_a_list_that_grows_keeps_the_lines_that_it_has(before: str, after: str) -> None:
    assert inner(change(lesson(before), tags=["a", "b", "c d"])) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("people: []  # whom?\nx: 1\n", "people:  # whom?\n  - name: Jo\n    role: team\nx: 1\n"),
        ("people:  # whom?\n", "people:  # whom?\n  - name: Jo\n    role: team\n"),
        ("tags:\n- a\npeople: nobody\n", "tags:\n- a\npeople:\n- name: Jo\n  role: team\n"),
    ],
)
def test_a_value_of_several_lines_stands_below_its_key(before: str, after: str) -> None:
    assert inner(change(lesson(before), people=[{"name": "Jo", "role": "team"}])) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tags: [b]\npeople:\n  - name: 'Jo'\n", "  - name: Al\n    role: team\n"),
        ("people:\n  - {name: 'Jo'}\n", "  - {name: Al, role: team}\n"),
        ("people:\n-   name: 'Jo'\n", "-   name: Al\n    role: team\n"),
    ],
)
def test_a_record_is_added_in_the_style_of_the_last_one(before: str, after: str) -> None:
    people = [{"name": "Jo"}, {"name": "Al", "role": "team"}]
    assert inner(change(lesson(before), people=people)) == before + after


PEOPLE = """\
people:
    -   name: 'Jo'   # the boss
        contact: |
            one
            # two
    -   {name: "Al",   until: 2006-5-1}
x: 1
"""


def test_within_a_record_only_what_changes_is_written_anew() -> None:
    text = lesson(PEOPLE)
    people = metadata(text)["people"]
    found = inner(change(text, people=[people[0] | {"name": "Bo", "role": "team"}, people[1]]))
    assert found == PEOPLE.replace("'Jo'", "'Bo'").replace(
        "            # two\n", "            # two\n        role: team\n"
    )


def test_a_comment_whose_value_goes_stands_above_the_key() -> None:
    assert inner(change(lesson(PEOPLE), people=None)) == "# the boss\nx: 1\n"
    assert inner(change(lesson("tags:\n- a # b\n"), tags="x")) == "# b\ntags: x\n"


NAMED = """\
people:
  # kb: proposed, Ann
  - name: Ann
    role: team
  # kb: proposed, Bob
  # on leave
  - name: Bob # the boss
    # till May
  - name: Cy

  # kb: proposed, Di
  - {name: Di}
# of the unit
unit: North
"""


@pytest.mark.parametrize(
    ("kept", "after"),
    [
        ("Ann Bob Cy", NAMED.replace("  # kb: proposed, Di\n  - {name: Di}\n", "")),
        ("Bob Cy Di", NAMED.replace("  # kb: proposed, Ann\n  - name: Ann\n    role: team\n", "")),
        ("Cy", "# on leave\n# the boss\n# till May\npeople:\n  - name: Cy\n\n# of the unit\nunit: North\n"),
        ("", "# on leave\n# the boss\n# till May\n\n# of the unit\nunit: North\n"),
    ],
)
def test_an_item_goes_with_what_kb_says_of_it_and_others_keep_their_comments(kept: str, after: str) -> None:
    text = lesson(NAMED)
    for number, name in reversed([*enumerate(["Ann", "Bob", "Cy", "Di"])]):
        if name not in kept:
            text = edited(text, set_item(text, "people", number, None))
    assert inner(text) == after
    assert not kept or inner(change(lesson(NAMED), people=[{"name": name} for name in kept.split()])) != NAMED


def test_an_item_that_changes_leaves_all_others_and_the_comments_above_them() -> None:
    people = metadata(lesson(NAMED))["people"]
    people[0] = {"name": "Anna", "role": "team", "contact": "a@x.org"}
    after = NAMED.replace("name: Ann\n    role: team\n", "name: Anna\n    role: team\n    contact: a@x.org\n")
    assert inner(change(lesson(NAMED), people=people)) == after
    people.insert(1, {"name": "Al"})
    added = after.replace("  # kb: proposed, Bob\n", "  - {name: Al}\n  # kb: proposed, Bob\n")
    assert inner(change(lesson(NAMED), people=people)) == added


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("title: a\ndate: 2006\n", {"status": "draft"}, "title: a\ndate: 2006\nstatus: draft\n"),
        (
            "title: a\n# of people\npeople: x\n",
            {"status": "draft"},
            "title: a\nstatus: draft\n# of people\npeople: x\n",
        ),
        ("# top\nstatus: draft\n", {"id": "a"}, "id: a\n# top\nstatus: draft\n"),
        ("status: draft\nown: 1\n", {"mine": 2}, "status: draft\nown: 1\nmine: 2\n"),
        ("title: a\n", {"status": "draft", "summary": "s", "id": "i"}, "id: i\ntitle: a\nsummary: s\nstatus: draft\n"),
        ("tags: [a]\n", {"unit": "u", "tags": ["a", "b"]}, "tags: [a, b]\nunit: u\n"),
        (" title: a\n", {"status": "draft"}, " title: a\n status: draft\n"),
        ("# nothing yet\n", {"status": "draft"}, "# nothing yet\nstatus: draft\n"),
        ("", {"status": "draft"}, "status: draft\n"),
        ("a: &x {status: old}\n<<: *x\n", {"status": "new"}, "status: new\na: &x {status: old}\n<<: *x\n"),
    ],
)
def test_a_new_key_stands_where_the_format_has_it(before: str, values: dict[str, Any], after: str) -> None:
    assert inner(change(lesson(before), **values)) == after


def test_an_alias_is_replaced_and_what_it_stands_for_is_not() -> None:
    before = "tags: &t [a]\nmine: *t  # c\n"
    assert inner(change(lesson(before), mine="x")) == "tags: &t [a]\nmine: x  # c\n"


def test_without_front_matter_a_block_is_made_at_the_top() -> None:
    assert change("# Title\n", status="draft", id="a") == "---\nid: a\nstatus: draft\n---\n# Title\n"
    assert change("", status="draft") == "---\nstatus: draft\n---\n"
    assert change("---\n\nA rule.\n\n---\n", status="draft") == "---\nstatus: draft\n---\n---\n\nA rule.\n\n---\n"
    assert change("---\na: 1\n...\nText\n", status="draft") == "---\nstatus: draft\na: 1\n...\nText\n"


def test_what_is_so_already_is_left_alone() -> None:
    assert set_keys(lesson("status: 'draft'\n"), {"status": "draft", "people": None}) == []
    assert set_keys("# Title\n", {}) == []


def test_an_empty_front_matter_takes_any_key() -> None:
    assert change("---\n\n---\nText.\n", own="x") == "---\nown: x\n\n---\nText.\n"
    assert change("---\n# More.\n\n---\n", own="x") == "---\n# More.\n\nown: x\n---\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nid: a\ntags: [\n---\n", "a.md:3: front matter is not YAML: .*; correct it first; nothing was changed"),
        ("---\nid: a\n", "a.md:1: front matter is never closed; .*"),
        ("---\n- id: a\n---\n", "a.md:2: front matter is a list, not .*"),
        ('---\n{"id": "a"}\n---\n', "a.md:2: front matter in braces; write `key: value` lines; nothing was changed"),
        ("---\nstatus: a\nstatus: b\n---\n", "a.md:3: status is there twice; remove one; nothing was changed"),
        ("---\nstatus: &s a\nx: *s\n---\n", "a.md: to change status would change more; edit the file by hand; .*"),
        ("---\nb: &b {status: a}\n<<: *b\n---\n", "a.md: to change status would change more; .*"),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, said: str) -> None:
    with pytest.raises(CannotEdit, match=f"^{said}$"):
        set_keys(text, {"status": None if "<<" in text else "draft"}, "a.md")


def test_a_key_that_stands_there_twice_does_not_keep_others_from_changing() -> None:
    assert inner(change(lesson("x: 1\nx: 2\nstatus: a\n"), status="b")) == "x: 1\nx: 2\nstatus: b\n"


# Properties, over front matters as people write them.

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12)
SCALARS = st.one_of(
    WORDS,
    st.integers(-999, 9999),
    st.booleans(),
    st.none(),
    st.sampled_from(["a: b", "# c", "- d", "no", "~", "3.10", "order #4711", "2006-05-01", "'", '"', "a\nb"]),
)
RECORDS = st.dictionaries(st.sampled_from(["name", "role", "note", "a b"]), SCALARS, min_size=1, max_size=3)
SOMETHING = SCALARS.filter(lambda value: value is not None)  # an item of a list is never nothing
VALUES = st.one_of(SCALARS, st.lists(SOMETHING, max_size=4), RECORDS, st.lists(RECORDS, max_size=3))
NAMES = st.sampled_from([*FORMAT.keys, "own", "Own Key"])
BREAKS = st.sampled_from(["", "", "", "\n", "# a comment\n", "\n# 'quoted\n\n"])
ENDINGS = st.sampled_from(["", "", "  # why", " #", "   # a: [b"])
WRITTEN = st.sampled_from(
    [
        *(
            "{} plain",
            "{} 'sin''gle'",
            '{} "dou\\"ble"',
            "{} 12:30",
            "{} ~",
            "{}",
            "{} 1_000",
            "{} &anchor x",
            "{} !!str 5",
        ),
        *("{} [a, 'b c', 3]", "{} [ ]", "{} { a: 1,b: two }", "{} []", "{} [[a], {b: c}]"),
    ]
)
BLOCKS = st.sampled_from(
    [
        *(
            "{}\n- a\n- 'b'",
            '{}\n    -   a b\n    # between\n    -   "c"  # end',
            "{}\n  - name: x # y\n    role: 'z'\n  - name: w",
        ),
        *(
            "{} |\n  # no comment\n\n  text\n",
            "{} >-\n   a\n   b\n\n",
            '{} "a\n  # b"',
            "{}\n  a: 1\n  # c\n  'b': [x, # y\n   z]",
        ),
        *(
            "{} a plain\n  text of two rows",
            "{} [\n  a,  # first\n  b\n  ]",
            "{}\n  - - a\n    - b\n  - |\n    c",
            "{}\n  - {a: b}",
        ),
    ]
)


@st.composite
def front_matters(draw: st.DrawFn) -> str:
    names = draw(st.lists(NAMES, unique=True, max_size=5))
    rows = [draw(BREAKS)]
    for name in names:
        one_row = draw(st.booleans())
        said = draw(WRITTEN if one_row else BLOCKS).replace("{}", f"{name}:", 1) + (draw(ENDINGS) if one_row else "")
        rows += [said.replace("&anchor", f"&{name[:3]}") + "\n", draw(BREAKS)]
    return "".join(rows)


@st.composite
def changes_to(draw: st.DrawFn, known: dict[str, Any]) -> dict[str, Any]:
    """Return new values: for some of the keys that are there what they say, changed a little."""
    values: dict[str, Any] = {}
    for name in draw(st.lists(st.one_of(NAMES, st.sampled_from([*known, "id"])), unique=True, min_size=1, max_size=3)):
        old, new = known.get(name), draw(VALUES)
        if isinstance(old, list):
            more = new if isinstance(new, list) else [] if new is None else [new]
            new = draw(st.sampled_from([new, old[1:], [*old, *more]]))
        elif isinstance(old, dict) and isinstance(new, dict):
            new = draw(st.sampled_from([new, {**old, **new}]))
        values[name] = new
    return values


@given(st.data())
def test_keys_get_their_values_and_nothing_else_changes(data: st.DataObject) -> None:
    text = lesson(data.draw(front_matters()))
    before = metadata(text)
    values = data.draw(changes_to(before))
    after = change(text, **values)
    wanted = {key: value for key, value in {**before, **values}.items() if key not in values or value is not None}
    assert same(metadata(after), wanted)
    assert set_keys(after, values) == []
    for row in rows_of_others(text, set(values)):
        assert row in after.split("\n")
    assert Counter(comments_in(inner(text).split("\n"))) <= Counter(comments_in(inner(after).split("\n")))


def rows_of_others(text: str, changed: set[str]) -> list[str]:
    """Return, with all that stands before them, the rows of keys that are not changed."""
    owner, rows = "", []
    for row in text.split("\n"):
        name = row.partition(":")[0]
        if name in {*FORMAT.keys, "own", "Own Key", "---"} or row.startswith("#"):
            owner = name
        if owner not in changed:
            rows.append(row)
    return rows
