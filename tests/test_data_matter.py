"""Front matter in TOML and JSON: what it may hold, and what is wrong with one, named by its line."""

from __future__ import annotations

import pytest

from ingest.front_matter.block import Language
from ingest.front_matter.data_block import parse_data_matter
from ingest.front_matter.yaml_block import FrontMatter

DEEP = {Language.TOML: "a = " + "[" * 60 + "]" * 60, Language.JSON: '{"a": ' + "[" * 60 + "]" * 60 + "}"}


def parse(block: str, language: Language) -> FrontMatter:
    """Parse a block that begins on the file's second line."""
    return parse_data_matter(block, "lessons/a.md", 1, language)


@pytest.mark.parametrize(
    ("block", "language", "line", "reason"),
    [
        ('{"a": 1,\n "a": 2}', Language.JSON, 2, "has the key 'a' twice; remove one of them"),
        ('{"a": {"b": 1, "b": 2}}', Language.JSON, 2, "has the key 'b' twice; remove one of them"),
        ("[1]", Language.JSON, 2, "is not a mapping of keys to values"),
        ('{"a": 1,\n b}', Language.JSON, 3, "is not JSON: expecting property name enclosed in double quotes"),
        ("a = 1\nb = ", Language.TOML, 3, "is not TOML: invalid value"),
        (f"a = [{'1,' * 20_002}]", Language.TOML, 2, "has more than 20,000 values"),
        (DEEP[Language.TOML], Language.TOML, 2, "is nested more than 50 levels deep"),
        (DEEP[Language.JSON], Language.JSON, 2, "is nested more than 50 levels deep"),
        ('{"a": ' + "[" * 200_000 + "]" * 200_000 + "}", Language.JSON, 2, "is nested more than 50 levels deep"),
        (f"#{'x' * 1_000_000}", Language.TOML, 2, "has more than 1,000,000 characters"),
    ],
    ids=["twice", "twice within", "list", "JSON", "TOML", "many", "deep TOML", "deep JSON", "deepest", "long"],
)
def test_what_cannot_be_taken_is_named_by_its_line(block: str, language: Language, line: int, reason: str) -> None:
    found = parse(block, language)
    assert found.metadata == {}
    assert found.problem is not None
    assert (found.problem.line, found.problem.reason) == (line, f"front matter {reason}")


def test_what_is_within_all_bounds_is_taken() -> None:
    assert parse(f"#{'x' * 999_999}", Language.TOML) == FrontMatter(language=Language.TOML)
    assert parse(f"a = [{'1,' * 19_999}]", Language.TOML).metadata == {"a": [1] * 19_999}
    assert parse('{"a": ' + "[" * 40 + "]" * 40 + "}", Language.JSON).problem is None


def test_numbers_and_days_stay_as_they_are_written() -> None:
    said = '{"a": 1.10, "b": 12345678901234567890, "c": NaN, "d": 12, "e": "\\ud800"}'
    expected = {"a": "1.10", "b": "12345678901234567890", "c": "NaN", "d": 12, "e": "\ufffd"}
    assert parse(said, Language.JSON).metadata == expected
    assert parse("a = 1.10\nb = 2006-05-01\nc = true", Language.TOML).metadata == {
        "a": "1.10",
        "b": "2006-05-01",
        "c": True,
    }
