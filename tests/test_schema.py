"""The published schema says of a front matter what the rules say of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.format import FORMAT, Choice, Day, Items, Record, Shape
from ingest.front_matter.yaml_block import parse_front_matter
from kb.check.groups.structure.shape import flaws
from kb.check.schema import schema
from tests.conftest import LESSONS, Run

PUBLISHED = Path(__file__).parent.parent / "schema" / "lesson.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())


def matter_of(block: str) -> dict[str, Any]:
    return parse_front_matter(block, "a.md", 1).metadata


def is_flawless(metadata: dict[str, Any]) -> bool:
    return not [flaw for name, key in FORMAT.keys.items() for flaw in flaws(key, metadata.get(name), (name,))]


def test_the_published_file_is_what_the_program_prints(kb: Run) -> None:
    """Written anew with KB_REWRITE=1 in the environment."""
    printed = kb(None, "schema")
    assert (printed.code, printed.err) == (0, "")
    if os.environ.get("KB_REWRITE"):
        PUBLISHED.write_text(printed.out, "utf-8")
    assert PUBLISHED.read_text("utf-8") == printed.out


def test_it_is_a_schema_and_says_what_each_key_is_for() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    properties = schema()["properties"]
    assert list(properties) == list(FORMAT.keys)
    assert all(properties[name]["description"] == key.description for name, key in FORMAT.keys.items())


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.md")), ids=lambda path: path.stem)
def test_the_projects_own_lessons_are_valid(path: Path) -> None:
    VALIDATOR.validate(matter_of(path.read_text("utf-8").split("---\n")[1]))


@pytest.mark.parametrize(
    ("block", "valid"),
    [
        *(("", True), ("x-own: {a: [1]}", True), ("title:\ntags: [a, ~]\nstatus: ~", True)),
        *(("status: done", False), ("title: true", False), ("title: 2006", True), ("tags: a", False)),
        *(("people: [{name: Jo}]", True), ("people: [{name: ~}]", False), ("people: [{Name: Jo}]", False)),
        *(("date: 2006", True), ("date: 206", False), ("date: 2024-02-29", True), ("date: 2023-02-29", False)),
        *(("id: a b", False), ("id: ''", False), ("reused: [{lesson: ''}]", False), ("reused: [{lesson: 7}]", True)),
        *(("history: [{date: 2006, what: reviewed}]", True), ("history: [{date: 2006}]", False)),
    ],
)
def test_what_is_valid(block: str, valid: bool) -> None:
    assert VALIDATOR.is_valid(matter_of(block)) is valid
    assert is_flawless(matter_of(block)) is valid


def values_of(shape: Shape) -> st.SearchStrategy[Any]:
    """Return what a shape may hold, and now and then what it may not."""
    return st.one_of(_fitting(shape), _fitting(shape), ANYTHING)


TEXTS = st.one_of(st.text(max_size=6), st.sampled_from(["a b", "2006", "2006-05", "yes", " ", "x\n"]))
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 3000), st.floats(0, 3000), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("abc"), inner, max_size=2)),
    max_leaves=3,
)
DAYS = st.one_of(
    st.dates().map(str),
    st.tuples(st.integers(1990, 2030), st.integers(0, 13), st.integers(0, 32)).map(
        lambda parts: "{:04}-{:02}-{:02}".format(*parts)
    ),
    st.integers(900, 3100),
    st.sampled_from(["2006-5-1", "2006-05-01\n", "2006.0", 2006.0, 2006.5]),
)


def _fitting(shape: Shape) -> st.SearchStrategy[Any]:
    if isinstance(shape, Record):
        keys = {name: values_of(key.shape) for name, key in shape.keys.items()}
        return st.fixed_dictionaries({}, optional={**keys, "other": ANYTHING} if len(keys) < 5 else keys)
    if isinstance(shape, Items):
        return st.lists(values_of(shape.of), max_size=2)
    if isinstance(shape, Choice):
        return st.sampled_from([*shape.words, shape.words[0].upper()])
    return DAYS if isinstance(shape, Day) else TEXTS


MATTER = st.sampled_from(sorted(FORMAT.keys)).flatmap(
    lambda name: st.fixed_dictionaries({name: values_of(FORMAT.keys[name].shape)})
)


@given(MATTER, st.sampled_from([None, True]))
def test_front_matter_is_valid_exactly_when_the_rules_find_nothing(matter: dict[str, Any], flow: bool | None) -> None:
    """As the program reads it: a date that YAML takes for one is a text."""
    metadata = matter_of(yaml.safe_dump(matter, allow_unicode=True, default_flow_style=flow))
    assert VALIDATOR.is_valid(metadata) is is_flawless(metadata), metadata
    json.dumps(metadata)
