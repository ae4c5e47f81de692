"""What is wrong with a YAML block is named by its line in the file, and does no harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.front_matter.yaml_block import FrontMatter
from ingest.lesson import Lesson
from ingest.problem import Problem
from tests.yaml_top import parse, reason_of

ROOT = Path(__file__).parent.parent


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
        ("title: T\npeople:\n\t- Jim\n", 4, "front matter is not YAML: a tab where YAML needs spaces"),
        ("title: T\npeople:\n  role:\n\tteam: x\n", 5, "front matter is not YAML: a tab where YAML needs spaces"),
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


@pytest.mark.slow
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
