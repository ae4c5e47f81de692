"""Saved searches: each reader gets what concerns them, and a broken one hinders no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.digest.subscriptions import is_address, subscriptions_of
from tests.conftest import Make, Run
from tests.library import FORMS, LABELS, committed, repository

pytestmark = pytest.mark.usefixtures("own_git")
SUBSCRIBED = """
[[subscriptions]]
name = "shipping"
query = "parcels labels fell off boxes"
least = "may-help"

[[subscriptions]]
name = "drafts"
where = ["status=draft"]
"""


@pytest.fixture
def root(make: Make) -> Path:
    root = repository(make({}, SUBSCRIBED))
    committed(root, "2025-01-10")
    committed(root, "2025-02-10", {"labels.md": LABELS, "forms.md": f"---\nstatus: draft\n---\n{FORMS}"})
    return root


def told(kb: Run, root: Path, *arguments: str) -> dict[str, list[str]]:
    done = kb(root, "digest", "--since", "2025-02-01", "--all", "--json", *arguments)
    return {one["reader"]: [news["id"] for news in one["news"]] for one in json.loads(done.out)}


def test_each_reader_gets_what_concerns_them(root: Path, kb: Run) -> None:
    assert told(kb, root) == {"shipping": ["labels"], "drafts": ["forms"]}
    done = kb(root, "digest", "--since", "2025-02-01", "--for", "drafts")
    assert (done.code, "(`forms`)" in done.out, "(`labels`)" in done.out) == (0, True, False)
    assert done.out.startswith("# News of base for drafts\n")


def test_each_reader_is_told_once(root: Path, kb: Run) -> None:
    kb(root, "digest", "--for", "drafts", "--since", "2025-02-01", "--mark")
    committed(root, "2025-03-10", {"two.md": "---\nstatus: draft\n---\n# Two\n"})
    done = kb(root, "digest", "--for", "drafts", "--json")
    assert [one["id"] for one in json.loads(done.out)["news"]] == ["two"]


def removed(kb: Run, root: Path, *arguments: str) -> list[tuple[str, str]]:
    (found,) = json.loads(kb(root, "digest", "--all", "--json", *arguments).out)[:1]
    return [(one["what"], one["id"]) for one in found["news"] if one["what"] == "removed"]


def test_a_reader_is_told_once_that_a_lesson_was_removed_of_which_they_were_told(root: Path, kb: Run) -> None:
    kb(root, "digest", "--all", "--since", "2025-02-01", "--mark")
    committed(root, "2025-03-10", {"labels.md": None, "forms.md": None, "other.md": "# Other\n"})
    found = {one["reader"]: one["news"] for one in json.loads(kb(root, "digest", "--all", "--json").out)}
    assert {name: [(one["what"], one["id"]) for one in news] for name, news in found.items()} == {
        "shipping": [("removed", "labels")],
        "drafts": [("removed", "forms")],
    }
    kb(root, "digest", "--all", "--mark")
    assert removed(kb, root) == []
    assert removed(kb, root, "--since", "2025-03-01") == []


def test_who_was_never_told_of_a_lesson_does_not_hear_that_it_was_removed(root: Path, kb: Run) -> None:
    committed(root, "2025-03-10", {"labels.md": None, "other.md": "# Other\n"})
    assert removed(kb, root, "--since", "2025-03-01") == []
    assert "(`labels`)" in kb(root, "digest", "--since", "2025-03-01").out


def test_a_lesson_that_is_not_indexed_yet_is_found(root: Path, kb: Run) -> None:
    assert kb(root, "reindex").code == 0
    committed(root, "2025-02-11", {"late.md": "---\nstatus: draft\n---\n# Late\n"})
    assert told(kb, root)["drafts"] == ["forms", "late"]


BROKEN = [
    ("query = 3", "query: expected a text"),
    ("query = '-'", "the query"),
    ("query = 'x y'\nleast = 'much'", "least: expected answers or may-help, got 'much'"),
    ("quer = 'x'", "unknown key quer; did you mean query?"),
    ("", "expected a query or filters: query, since, until, tag, kind, where"),
    ("tag = 'x'", "tag: expected a list of texts"),
    ("since = 'nonsense'", "'nonsense' is not a date"),
    ("where = ['x']", "write key=value"),
    ("query = 'datee:>=2020 x'", "no lesson has a field 'datee'"),
    ("query = 'x'\nto = 'a@example.com, b@example.com'", "to: expected one plain mail address"),
    ("query = 'x'\nto = \"a@example.com\\nBcc: b@example.com\"", "to: expected one plain mail address"),
    ("query = 'x'\nto = '-oQ/tmp@example.com'", "to: expected one plain mail address"),
]


@pytest.mark.parametrize(("table", "said"), BROKEN)
def test_a_broken_one_is_named_and_the_others_go_on(root: Path, kb: Run, table: str, said: str) -> None:
    with (root / "kb.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[subscriptions]]\nname = "broken"\n{table}\n')
    done = kb(root, "digest", "--since", "2025-02-01", "--all", "--json")
    assert (done.code, [one["reader"] for one in json.loads(done.out)]) == (3, ["shipping", "drafts"])
    (line,) = (line for line in done.err.splitlines() if "broken" in line)
    assert line.startswith("kb: kb.toml: subscription 'broken': ")
    assert said in line
    assert kb(root, "search", "labels").code == 0
    assert kb(root, "digest", "--for", "broken").code == 3


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([{"query": "x"}], "kb.toml: subscription '1': name: expected one line"),
        ([{"name": "a\nb", "query": "x"}], "name: expected one line"),
        ([{"name": "\x1b[31m", "query": "x"}], "name: expected one line"),
        ([{"name": "x" * 81, "query": "x"}], "name: expected one line"),
        ([3], "kb.toml: subscription '1': expected a table"),
        ([{"name": "a", "query": "x"}, {"name": "a", "query": "y"}], "kb.toml: subscription 'a': there are two"),
    ],
)
def test_a_name_is_one_line_and_has_one_reader(tables: list[object], said: str) -> None:
    (line,) = subscriptions_of(tables).broken
    assert (line.startswith("kb.toml: subscription '"), said in line, line.isprintable()) == (True, True, True)


def test_what_is_no_list_of_tables_is_an_error_of_the_configuration(root: Path, kb: Run) -> None:
    (root / "kb.toml").write_text("subscriptions = 3\n", "utf-8")
    done = kb(root, "digest")
    assert (done.code, "subscriptions: expected tables, each below [[subscriptions]], got 3" in done.err) == (2, True)


def test_a_name_that_is_nearly_right_is_proposed(root: Path, kb: Run) -> None:
    done = kb(root, "digest", "--for", "draft")
    assert (done.code, done.err) == (2, "kb: no subscription 'draft'; did you mean drafts?\n")


@pytest.mark.parametrize("address", ["a@example.com", "a.b+c@x.example", "o'neil@example.com", "a@localhost"])
def test_plain_addresses(address: str) -> None:
    assert is_address(address)


@given(st.text())
def test_no_address_changes_a_header_or_a_command(text: str) -> None:
    for address in (text, f"a@{text}", f"{text}@example.com"):
        if is_address(address):
            assert address.isascii()
            assert address.isprintable()
            assert not set(' ,;<>()[]"\\') & set(address)
            assert address[0] != "-"
            assert address.count("@") == 1
