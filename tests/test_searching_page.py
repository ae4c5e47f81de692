"""`docs/searching.md` says what the program does: its examples are run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from ingest.lesson import KEYS
from search.errors import QueryError
from search.query.query import parse_query
from tests.conftest import LESSONS, Run

PAGE = (LESSONS.parent / "docs" / "searching.md").read_text("utf-8")
LISTS = re.findall(r"^kb list (.+?)\s+# (\S+)$", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"^kb search (.+?)\s+# (\S+)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, static_model: Path) -> Path:
    root = tmp_path_factory.mktemp("base")
    shutil.copytree(LESSONS, root / "lessons")
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    return root


@pytest.mark.parametrize(("line", "first"), EXAMPLES, ids=[line for line, _ in EXAMPLES])
def test_each_example_finds_the_lesson_that_it_names(base: Path, kb: Run, line: str, first: str) -> None:
    done = kb(base, "search", "--json", "--mode", "lexical", "--all", *shlex.split(line))
    assert (done.code, done.err.replace("kb: there is no index yet: building it first\n", "")[:3]) != (2, "kb:")
    answer = json.loads(done.out)
    said = [f"also searched: {', '.join(also)}"] if (also := answer["also_searched"]) else []
    assert (answer["hits"][0]["id"], answer["notes"]) == (first, said)


@pytest.mark.parametrize(("line", "first"), LISTS, ids=[line for line, _ in LISTS])
def test_each_list_begins_with_the_lesson_that_it_names(base: Path, kb: Run, line: str, first: str) -> None:
    kb(base, "reindex")
    done = kb(base, "list", "--json", *shlex.split(line))
    assert (done.code, json.loads(done.out)[0]["id"]) == (0, first)


def test_the_page_has_examples_of_every_form() -> None:
    lines = " ".join(line for line, _ in EXAMPLES)
    assert len(EXAMPLES) > 15
    assert len(LISTS) == 3
    for form in ('"', " -", "|", "..", "<", ">=", "kind:", "has:", "--tag", "--kind", "--where"):
        assert form in lines


@pytest.mark.parametrize("typed", ["Re: brochures", "10:30", "std::vector", "C++", "a-b", "--flag", '"tag:brochures"'])
def test_what_the_page_calls_words_are_words(typed: str) -> None:
    assert typed in PAGE
    query = parse_query(f"errors {typed}", KEYS)
    assert (query.filters, query.without, query.notes) == ((), (), ())


def test_what_the_page_calls_slips_are_errors() -> None:
    for typed in ("tga:brochures", "tag: brochures"):
        assert typed in PAGE
        with pytest.raises(QueryError):
            parse_query(typed, KEYS)
    assert parse_query("errors weather:bad", KEYS).notes
