"""The schemas of what commands print: valid, complete in themselves, and the same as the types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kb.forms.published import PUBLISHED
from kb.forms.schema import schema_of, schemas_of
from kb.main import kb as program
from tests.conftest import Run
from tests.test_completion import completed
from tests.test_layers import TREES, imports_at_start

DOCS = Path(__file__).parent.parent.parent / "docs" / "json.md"


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_is_a_schema_with_a_name_and_what_it_is(name: str, kb: Run) -> None:
    done = kb(None, "schema", name)
    printed = json.loads(done.out)
    Draft202012Validator.check_schema(printed)
    assert (done.code, printed) == (0, schema_of(name))
    assert printed["$id"] == f"urn:kb-lessons:{name}"
    assert printed["title"].startswith("kb ")
    assert printed["description"].endswith(".")
    assert {*re.findall(r'"#/\$defs/(\w+)"', done.out)} == printed["$defs"].keys()


def test_an_object_may_have_keys_that_a_later_version_adds() -> None:
    known = Draft202012Validator(schema_of("demand"))
    state = {"records": True, "because": "", "days": 1, "text": False, "questions": 0, "distinct": 0, "used": 0}
    nothing = dict.fromkeys(("file", "first", "last", "problem", "damaged"))
    assert known.is_valid({**state, **nothing, "added": 1})
    assert not known.is_valid({**state, **nothing, "days": "1"})
    assert not known.is_valid(state)


def test_keys_are_described_also_those_that_another_form_has_too() -> None:
    hit = schema_of("similar")["$defs"]["AnalogousHit"]["properties"]
    assert hit["end_line"]["description"] == "Its last line."
    assert hit["relevance"]["description"] == "How sure it is that the lesson helps."
    assert hit["shared"]["description"] == "What both have."


def test_no_two_forms_have_the_same_name() -> None:
    """So all can be put into one description of an interface."""
    every = [form for published in PUBLISHED.values() for form in (published.form, *published.others)]
    roots, parts = schemas_of(every, "#/components/schemas/{name}")
    assert len(roots) == len(every)
    assert {part["title"] for part in parts.values()} == parts.keys()
    assert "#/components/schemas/SearchHit" in json.dumps(parts["SearchAnswer"])


def test_no_command_starts_slower_for_the_forms() -> None:
    """Elsewhere they are imported for the types only."""
    users = {
        module
        for module, tree in TREES.items()
        if not module.startswith("kb.forms") and any(name.startswith("kb.forms") for name in imports_at_start(tree))
    }
    served = {"kb.serve.api.description", "kb.serve.api.endpoints", "kb.serve.writing.addresses"}
    assert users == {"kb.commands.judge.schema", "kb.mcp.tools", *served}


def test_an_answer_that_is_not_known_is_refused(kb: Run) -> None:
    done = kb(None, "schema", "serach")
    assert (done.code, done.out) == (2, "")
    assert "'search'" in done.err


@pytest.mark.slow
def test_the_names_are_completed(kb_process: Callable[..., list[str]]) -> None:
    assert completed(kb_process, "kb schema se") == {"search", "search-batch", "search-why-not"}


def test_the_page_names_each_answer_and_the_command_that_prints_it() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| `(kb .+?)`", DOCS.read_text("utf-8"), re.M)
    assert dict(rows) == {name: published.command for name, published in PUBLISHED.items()}


def test_every_command_with_json_has_a_published_form() -> None:
    with_json = {
        name
        for name in program.commands
        if any("--json" in parameter.opts for parameter in program.commands[name].params)
    }
    assert {published.command.split()[1] for published in PUBLISHED.values()} == with_json | {"check"}
