"""The YAML block at the top: what it says, and on which lines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.front_matter.block import looks_like_a_key
from ingest.front_matter.yaml_block import FrontMatter, parse_front_matter
from ingest.lesson import Lesson
from tests.examples import examples
from tests.yaml_top import parse, value_of


@pytest.mark.parametrize("block", ["", "\n", "   \n\n", "# only a comment\n"])
def test_an_empty_block_says_nothing_and_is_no_problem(block: str) -> None:
    assert parse(block) == FrontMatter({}, {}, None)


def test_keys_keep_their_order_and_unknown_ones_their_values() -> None:
    found = parse("""\
        title: A title
        tags: [one, two]
        budget: {amount: 5, currency: USD}
        x-own: null
        """)
    assert list(found.metadata.items()) == [
        ("title", "A title"),
        ("tags", ["one", "two"]),
        ("budget", {"amount": 5, "currency": "USD"}),
        ("x-own", None),
    ]
    assert found.problem is None


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("2006", 2006),
        ("'2006'", "2006"),
        ("2006-05", "2006-05"),
        ("2006-05-01", "2006-05-01"),
        ("2021-02-30", "2021-02-30"),
        ("2021-13-45", "2021-13-45"),
        ("2006-05-01T10:00:00Z", "2006-05-01T10:00:00Z"),
        ("2006-05-01 10:00:00 +02:00", "2006-05-01 10:00:00 +02:00"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("1:30:00.5", "1:30:00.5"),
        ("-12", -12),
        ("0.5", 0.5),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("'yes'", "yes"),
        ("y", "y"),
        ("false", False),
        ("True", "True"),
        ("Null", "Null"),
        ("3.10", "3.10"),
        ("1.000", "1.000"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("017", "017"),
        ("+5", "+5"),
        ("1.", "1."),
        ("2024-1-5", "2024-1-5"),
        ("[null, ~, no, 3.10]", ["null", "~", "no", "3.10"]),
        ("Order #4711 lost", "Order #4711 lost"),
        ("#valves", "#valves"),
        ("C# and F#", "C# and F#"),
        ("[#a, b #c] # a comment", ["#a", "b #c"]),
        ("Valve # a comment", "Valve"),
        ("'quoted' #comment", "quoted"),
        ("&Partner Ltd", "&Partner Ltd"),
        ("&Partner Ltd #4711", "&Partner Ltd #4711"),
        ('Said "x" #ours', 'Said "x"'),
        ('Said "x"  #ours', 'Said "x"'),
        ("~", None),
        ("null", None),
        ("", None),
        ("''", ""),
        ("-50%", "-50%"),
        ("!!str 12", "12"),
        ("!!str 2021-02-30", "2021-02-30"),
        ('"caf\\u00e9"', "café"),
        ('"\\U0001F600"', "😀"),
        ("[a, [b, {c: d}]]", ["a", ["b", {"c": "d"}]]),
    ],
)
def test_a_scalar_is_what_its_author_sees(yaml: str, value: Any) -> None:
    found = value_of(yaml)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("yaml", "date"),
    [
        ("2006", "2006"),
        ("'2006'", "2006"),
        ("2006-05", "2006-05"),
        ("2006-05-01", "2006-05-01"),
        ("20060501", "2006-05-01"),
        ("2006-05-01T10:00:00Z", "2006-05-01"),
        ("2006-05-01 10:00", "2006-05-01"),
        ("May 2006", None),
        ("[2006]", None),
        ("yes", None),
        ("~", None),
    ],
)
def test_a_date_is_read_however_yaml_would_type_it(yaml: str, date: str | None) -> None:
    assert Lesson("a.md", "a", "A", parse(f"date: {yaml}").metadata).date == date


def test_json_is_yaml() -> None:
    said = {"title": "T", "tags": ["a", "b"], "people": [{"name": "Jim", "until": None}], "n": 5, "strategic": True}
    for block in (json.dumps(said), json.dumps(said, indent=2)):
        found = parse(block)
        assert (found.metadata, found.problem) == (said, None)


def test_an_escaped_surrogate_pair_is_one_character() -> None:
    said = {"title": "smile 😀", "tags": ["🙂"]}
    found = parse(json.dumps(said))
    assert json.dumps(said).count("\\ud83d") == 2
    assert (found.metadata, found.problem) == (said, None)


def test_half_a_surrogate_pair_never_reaches_the_metadata() -> None:
    found = parse('title: "broken \\ud83d half"\nunit: Sales')
    json.dumps(found.metadata, ensure_ascii=False).encode()
    assert found.problem or found.metadata["title"] == "broken \ufffd half"


@pytest.mark.parametrize(
    ("block", "metadata"),
    [
        ("2006: a\n1.5: b\n", {"2006": "a", "1.5": "b"}),
        ("2006-05-01: a\n", {"2006-05-01": "a"}),
        ("x:\n  2006: a\n", {"x": {"2006": "a"}}),
    ],
)
def test_a_key_that_is_no_text_becomes_its_text(block: str, metadata: dict[str, Any]) -> None:
    found = parse(block)
    assert (found.metadata, found.problem) == (metadata, None)


def test_a_key_that_yaml_reads_as_a_truth_value_is_still_a_text() -> None:
    found = parse("yes: 1\nnull: 2\n")
    assert [type(key) for key in found.metadata] == [str, str]
    assert list(found.metadata.values()) == [1, 2]


@pytest.mark.parametrize("sign", ["#ours", "&ours"])
def test_what_stands_behind_a_key_whose_value_is_below_is_yamls(sign: str) -> None:
    for items in ("  - a\n  - b", "- a\n- b"):
        found = parse(f"tags: {sign}\n{items}")
        assert (found.metadata, found.problem) == ({"tags": ["a", "b"]}, None)
    assert parse(f"tags: {sign}\nunit: a").metadata == {"tags": sign if sign[0] == "#" else None, "unit": "a"}


def test_an_alias_stands_for_the_value_of_its_anchor() -> None:
    found = parse("""\
        contact: &jim {name: Jim, role: team}
        people: [*jim, {name: Ann}]
        text: &text the same words
        summary: *text
        """)
    assert found.problem is None
    assert found.metadata["people"] == [{"name": "Jim", "role": "team"}, {"name": "Ann"}]
    assert found.metadata["summary"] == "the same words"


def test_a_merge_key_adds_what_is_not_said_itself() -> None:
    found = parse("""\
        defaults: &defaults {status: draft, unit: Sales}
        <<: *defaults
        status: validated
        people:
          - &ann {name: Ann, role: team}
          - <<: *ann
            name: Bob
        """)
    assert found.problem is None
    assert found.metadata["status"] == "validated"
    assert found.metadata["unit"] == "Sales"
    assert found.metadata["people"] == [{"name": "Ann", "role": "team"}, {"name": "Bob", "role": "team"}]
    assert "<<" not in found.metadata


def test_two_merge_keys_are_no_duplicate() -> None:
    found = parse("a: &a {x: 1}\nb: &b {y: 2}\n<<: *a\n<<: *b\n")
    assert found.problem is None
    assert (found.metadata["x"], found.metadata["y"]) == (1, 2)


@pytest.mark.parametrize("block", ["<<: text\n", "<<: [text, 5]\n", "<<:\n", "x: {<<: text}\n"])
def test_a_merge_key_without_a_mapping_breaks_nothing(block: str) -> None:
    found = parse(f"title: T\n{block}")
    assert found.metadata.get("title") == "T" or found.problem


def test_thirty_levels_are_no_problem() -> None:
    value: Any = "x"
    for _ in range(30):
        value = [value]
    assert value_of("[" * 30 + "x" + "]" * 30) == value


# --- on which lines it is said


def test_each_value_names_its_lines_in_the_file() -> None:
    found = parse("""\
        title: T
        answers:
          - one
          - "two
            goes on"
          - |
            three

            more

          - {a: b}
        summary: >-
          folded
          text

        tags: [a,
          b]
        """)
    # As an editor shows them, the fence is line 1 and the title line 2; here lines count from 0.
    assert found.lines == {
        "title": [(1, 2)],
        "answers": [(3, 4), (4, 6), (6, 10), (11, 12)],
        "summary": [(12, 15)],
        "tags": [(16, 17), (17, 18)],
    }


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_the_file_and_not_of_yaml(separator: str) -> None:
    # YAML 1.1 ends a line at these characters; the file, and every editor, does not.
    found = parse_front_matter(
        f'a: "x {separator} y {separator} z"\nanswers:\n  - one\n  - two\nsummary: s\n', "lessons/a.md", 1
    )
    assert found.problem is None
    assert found.lines["answers"] == [(3, 4), (4, 5)]
    assert found.lines["summary"] == [(5, 6)]


# --- any text


YAML_BITS = st.sampled_from(
    [
        *("title: ", "answers: ", "summary: ", "date: ", "key: ", "- ", "? ", "  ", "    ", "\n", "\n", "\n", "\t"),
        *(
            "&a ",
            "*a",
            "<<: ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            ": ",
            "|\n",
            ">-\n",
            "|+\n",
            '"',
            "'",
            "# ",
            "---",
            "...",
            "%",
        ),
        *("yes", "2006-05-01", "12:30", "0x1F", ".nan", "~", "é", "😀", "\\ud83d", "\x85", "\u2028", "\x07", "word"),
        *("!!str ", "!!int ", "!!bool ", "!!set ", "!!omap ", "!!timestamp ", "!!binary ", "!x "),
    ]
)


@given(block=st.lists(YAML_BITS, max_size=25).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=examples(300))
def test_any_block_is_plain_data_or_a_problem(block: str) -> None:
    block = block.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    found = parse_front_matter(block, "lessons/a.md", 1)
    assert isinstance(found.metadata, dict)
    # Text keys, plain values, nothing that JSON or UTF-8 cannot write.
    assert json.loads(json.dumps(found.metadata, allow_nan=False)) == found.metadata
    json.dumps(found.metadata, ensure_ascii=False).encode()
    last = block.count("\n") + 2
    for ranges in found.lines.values():
        assert all(1 <= start < end <= last + 1 for start, end in ranges)
    if found.problem:
        assert found.problem.path == "lessons/a.md"
        assert found.problem.reason.startswith("front matter ")
        assert "\n" not in found.problem.reason
        assert 2 <= (found.problem.line or 2) <= last + 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: x", True),
        ("title:", True),
        ("review_by : 2006", True),
        ("x-own: 1", True),
        ("été: chaud", True),
        ("title:x", False),
        ("two words: x", False),
        (" title: x", False),
        ("- title: x", False),
        ("prose", False),
        ("", False),
        ("http://x", False),
    ],
)
def test_a_key_is_told_from_prose(line: str, expected: bool) -> None:
    assert looks_like_a_key(line) is expected
