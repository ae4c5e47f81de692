"""Queries and options as people type them."""

from __future__ import annotations

import json
import os
import re

import pytest

from tests.bad_input.answers import GOOD
from tests.conftest import Make, Outcome, Run, write


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\x00\x1b"])
def test_an_empty_query_is_wrong_usage_and_builds_nothing(make: Make, kb: Run, query: str) -> None:
    root = make({"good.md": GOOD})
    said = "kb: the query is empty; describe the problem in a few words\n"
    assert kb(root, "search", query) == Outcome(2, "", said)
    assert not (root / ".kb").exists()
    kb(root, "reindex")
    assert kb(root, "search", "--json", query) == Outcome(2, "", said)


@pytest.mark.parametrize("query", ["???", "- _ -", '""', "…!", "%%", "'\\$("])
def test_a_query_of_punctuation_is_wrong_usage_and_builds_nothing(make: Make, kb: Run, query: str) -> None:
    root = make({"good.md": GOOD})
    said = f"kb: the query {query!r} has no words; describe the problem in a few words\n"
    assert kb(root, "search", "--", query) == Outcome(2, "", said)
    assert not (root / ".kb").exists()


def test_a_query_that_is_missing_is_wrong_usage_in_one_line(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD})
    assert kb(root, "search") == Outcome(2, "", "kb: missing argument 'QUERY...'; see `kb search --help`\n")


@pytest.mark.parametrize(
    ("arguments", "named", "help_"),
    [
        (["serach", "labels"], "serach", "kb"),
        (["--loud", "search", "labels"], "--loud", "kb"),
        (["search", "--loud", "labels"], "--loud", "kb search"),
        (["show"], "ID", "kb show"),
        (["show", "one", "two"], "two", "kb show"),
        (["--root"], "--root", "kb"),
    ],
)
def test_wrong_usage_is_one_line_that_says_where_the_help_is(
    kb: Run, arguments: list[str], named: str, help_: str
) -> None:
    done = kb(None, *arguments)
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(rf"kb: .*{named}.*; see `{help_} --help`\n", done.err), done.err


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["reindex", "-q"], "-q reindex"),
        (["search", "labels", "--quiet"], "--quiet search"),
        (["list", "--root", "."], "--root DIR list"),
        (["status", "-v"], "-v status"),
    ],
)
def test_an_option_that_stands_before_the_command_is_said_to(kb: Run, arguments: list[str], option: str) -> None:
    done = kb(None, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"kb: {option.split()[0]} goes before the command: `kb {option}`\n"


def test_a_query_of_100_000_characters_is_answered(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    query = ("meanwhile the zebras " * 5000)[:99_900] + " parcels come back with the wrong address, all of them"
    assert len(query) > 99_900
    for mode in ("hybrid", "lexical"):
        # The verdict is calibrated for a trained model; what is nearest is the matter here.
        done = kb(root, "search", "--json", "--all", "--mode", mode, query)
        assert done.code in (0, 1), done.err
        answer = json.loads(done.out)
        assert answer["query"] == query
        assert answer["hits"][0]["id"] == "good"
        words = " ".join(answer["hits"][0]["why"]["terms"]).split()
        assert set(words) == {"address", "back", "come", "parcels", "wrong"}
    assert kb(root, "search", "--mode", "semantic", query).code in (0, 1)


def test_one_word_of_100_000_characters_is_no_hit_and_no_crash(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD})
    done = kb(root, "search", "--mode", "lexical", "x" * 100_000)
    assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize(
    "query",
    [
        "почему посылки возвращаются",
        "荷物が戻ってくる",
        "الطرود تعود",
        "päckchen kommen zurück",
        "δέματα επιστρέφουν",
    ],
)
def test_a_query_in_another_language_or_script_finds_its_lesson(indexed: Make, kb: Run, query: str) -> None:
    root = indexed({"good.md": GOOD, "odd.md": f"# Other\n\n{query.upper()}\n"})
    for mode in ("hybrid", "lexical"):
        done = kb(root, "search", "--json", "--mode", mode, query)
        assert done.code == 0
        assert json.loads(done.out)["hits"][0]["id"] == "odd"
    # And where no lesson has a word of it, that is no error.
    write(root, "odd.md", "# Other\n\nElephants.\n")
    kb(root, "reindex")
    assert kb(root, "search", "--mode", "lexical", query).code == 1


@pytest.mark.parametrize(
    "query",
    ["title:parcels", "parcels AND", "(parcels", "parcels)", "parcels*", "par?cels~2", '"parcels', "[a TO"],
)
def test_marks_of_a_query_language_are_no_error(indexed: Make, kb: Run, query: str) -> None:
    root = indexed({"good.md": GOOD})
    done = kb(root, "search", "--mode", "lexical", "--", query)
    assert done.code in (0, 1)
    assert "Traceback" not in done.err


def test_a_query_of_bytes_that_are_not_utf_8_is_answered(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD})
    done = kb(root, "search", "--json", "--all", "--mode", "lexical", os.fsdecode(b"parcels caf\xe9"))
    assert done.code in (0, 1)
    assert [hit["id"] for hit in json.loads(done.out)["hits"]] == ["good"]
