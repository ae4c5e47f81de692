"""The YAML block at the top: what it says, on which lines, and what is wrong with it, named by its line in the file."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.front_matter.block import looks_like_a_key
from ingest.front_matter.yaml_block import FrontMatter, parse_front_matter
from ingest.lesson import Lesson
from ingest.problem import Problem

ROOT = Path(__file__).parent.parent


def parse(block: str) -> FrontMatter:
    """Parse a block that begins on the file's second line."""
    return parse_front_matter(textwrap.dedent(block), "lessons/a.md", 1)


def value_of(yaml: str) -> Any:
    found = parse(f"key: {yaml}")
    assert found.problem is None
    return found.metadata["key"]


def reason_of(block: str) -> str:
    problem = parse(block).problem
    assert problem is not None
    return problem.reason


# --- what is read


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


# --- what is wrong


@pytest.mark.parametrize(
    ("block", "line", "reason"),
    [
        (
            "title: a: b\n",
            2,
            "front matter is not YAML: a second `: ` on the line; put the value in quotes",
        ),
        (
            "title: T\n\nsummary: one: two\n",
            4,
            "front matter is not YAML: a second `: ` on the line; put the value in quotes",
        ),
        ("title: T\npeople:\n\t- Jim\n", 4, "front matter is not YAML: a tab where YAML wants spaces"),
        ("title: T\npeople:\n  role:\n\tteam: x\n", 5, "front matter is not YAML: a tab where YAML wants spaces"),
        ("title: T\n\x07: bell\n", 3, "front matter is not YAML: character U+0007 is not allowed"),
        ("title: é\nunit: ééééé\nx: \x07\n", 4, "front matter is not YAML: character U+0007 is not allowed"),
        ("- a\n- b\n", 2, "front matter is a list, not `key: value` lines"),
        ("only words\n", 2, "front matter is plain text, not `key: value` lines"),
    ],
)
def test_what_is_not_yaml_is_named_with_its_line_in_the_file(block: str, line: int, reason: str) -> None:
    assert parse(block) == FrontMatter({}, {}, Problem("lessons/a.md", reason, line))


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ('a: 1\ntitle: "never closed\nb: 2\n', (3, 4, 5)),
        ("a: 1\ntags: [one, two\nb: 2\n", (3, 4, 5)),
        ("a: 1\n}\n", (3,)),
        ("a: 1\n  b: 2\n", (3,)),
        ("a: *missing\n", (2,)),
        ("a: 1\nb: @home\n", (3,)),
        ("a: 1\nb: `x`\n", (3,)),
        ("a: 1\nb: %x\n", (3,)),
        ("a: b\n--- \nc: d\n", (3, 4)),
    ],
)
def test_every_other_slip_is_named_with_its_line_too(block: str, lines: tuple[int, ...]) -> None:
    found = parse(block)
    assert found.metadata == {}
    assert found.problem is not None
    assert found.problem.line in lines
    assert found.problem.reason.startswith("front matter is not YAML: ")


def test_a_key_given_twice_is_named_and_the_last_one_counts() -> None:
    found = parse("title: one\ntags: [a]\ntitle: two\n")
    assert found.metadata == {"title": "two", "tags": ["a"]}
    assert found.problem == Problem(
        "lessons/a.md", "front matter has the key 'title' twice; the last one counts", line=4
    )
    assert found.lines["title"] == [(3, 4)]


def test_one_key_as_a_number_and_as_a_text_is_given_twice() -> None:
    assert reason_of("1: a\n'1': b\n") == "front matter has the key '1' twice; the last one counts"


@pytest.mark.parametrize(
    ("block", "kind"),
    [("? [a, b]\n: 1\n", "a list"), ("? {a: 1}\n: 1\n", "a mapping"), ("a:\n  ? [b]\n  : 1\n", "a list")],
)
def test_a_key_that_is_a_list_or_a_mapping_is_refused(block: str, kind: str) -> None:
    assert reason_of(block) == f"front matter has {kind} as a key"


@pytest.mark.parametrize(
    "block",
    [
        *("a: &a [*a]\n", "a: &a {b: *a}\n", "&a x: &b {y: *b}\n", "a: &a [*a, *a, *a]\n"),
        "b: Order #1\na: &x [*x]\n",  # with a sign to be put back
    ],
)
def test_a_value_that_contains_itself_is_refused(block: str) -> None:
    found = parse(block)
    assert found.metadata == {}
    assert found.problem is not None
    assert found.problem.reason == "front matter is nested more than 50 levels deep"


@pytest.mark.parametrize("block", ["a: " + "[" * 60 + "]" * 60, "a: " + "{a: " * 60 + "}" * 60, "- " * 60 + "x"])
def test_sixty_levels_are_refused(block: str) -> None:
    found = parse(block)
    assert found.metadata == {}
    assert found.problem is not None


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.mkdir",
        "!!python/object/new:os.mkdir",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/tuple",
        "!own",
    ],
)
def test_a_tag_that_would_make_an_object_is_refused_and_runs_nothing(
    tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = parse(f"title: T\nx: {tag} [made]\n")
    assert found.metadata == {}
    assert found.problem is not None
    named = f"front matter has the tag {tag.removeprefix('!!')!r}, which kb does not read"
    assert found.problem.reason == f"{named}; put the value in quotes"
    assert found.problem.line == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value",
    [
        "!!bool maybe",
        "!!int many",
        "!!int ''",
        "!!float much",
        "!!float ''",
        "!!timestamp soon",
        "!!timestamp 2021-02-30",
        "!!binary é",
        "!!map [a]",
        "!!seq {a: b}",
        "0x_",
        "9" * 5000,
        "190" + ":59" * 400 + ".5",
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_value_that_cannot_be_made_is_a_problem_and_no_crash(value: str) -> None:
    found = parse(f"a: 1\nkey: {value}\n")
    json.dumps(found.metadata)
    assert found.problem is not None or isinstance(found.metadata["key"], (str, int, list, dict))


@pytest.mark.parametrize("block", ["!!set {a, b}\n", "!!omap {a: b}\n", "!!str {a: b}\n", "!!null {a: b}\n"])
def test_a_block_that_a_tag_turns_into_something_else_is_refused(block: str) -> None:
    found = parse(block)
    assert found.metadata == {}
    assert found.problem is not None


@pytest.mark.parametrize("number", ["0x" + "f" * 5000, "1" + ":0" * 3000, "0b" + "1" * 20000])
def test_a_number_too_long_to_be_written_down_breaks_nothing(number: str) -> None:
    found = parse(f"title: {number}\n")
    assert isinstance(Lesson("a.md", "a", "A", found.metadata).summary, str)
    json.dumps(found.metadata)
    str(found.metadata.get("title"))


BOMBS = {
    "aliases of lists": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "aliases of mappings": "a: &a {x: 1}\n"
    + "".join(
        f"{new}: &{new} {{{', '.join(f'k{n}: *{old}' for n in range(9))}}}\n"
        for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    ),
    "merge keys": "a: &a {x: 1}\n"
    + "".join(
        f"{new}: &{new}\n  <<: [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefghijk", "bcdefghijkl", strict=True)
    ),
    "lists of a hundred thousand levels": "a: " + "[" * 100_000 + "]" * 100_000,
    "never closed lists": "a: " + "[" * 100_000,
    "mappings of a hundred thousand levels": "{a: " * 100_000,
    "dashes of a hundred thousand levels": "a:\n" + "- " * 100_000 + "x",
}
READ_BOMB = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from ingest.kinds import KindTable
from ingest.reading import read_lesson
data = b"---\\n" + sys.stdin.buffer.read() + b"\\n---\\n# The body\\n\\nstays findable\\n"
found = read_lesson(data, "lessons/a.md", "a", KindTable())
assert len(json.dumps(found.lesson.metadata)) < 1_000_000
print(bool(found.problems), found.lesson.title)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_block_cannot_take_all_memory_or_end_the_program(name: str) -> None:
    # In a process of its own with a limit of 1 GiB: what goes wrong here ends a process without an exception.
    assert len(BOMBS[name]) < 1_000_000
    done = subprocess.run(
        [sys.executable, "-c", READ_BOMB],
        input=BOMBS[name].encode(),
        capture_output=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout.decode().split("\n")[0]) == (0, "True The body"), done.stderr[-300:]


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
@settings(deadline=None, max_examples=300)
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
