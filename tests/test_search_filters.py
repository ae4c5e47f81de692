"""Filters, exclusions and pages at the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run

LESSONS: dict[str, str | bytes] = {
    "labels.md": """\
        ---
        id: labels
        date: 2006-05
        tags: [shipping, labels]
        unit: Warehouse North, Ltd.
        impact: [{area: cost, change: -85%}]
        ---
        # Wrong labels

        ## Problem

        Forty parcels a week came back.

        ## Tools

        A checklist beside the printer.
        """,
    "plans.md": "---\nid: plans\ndate: 2019\ntags: [planning]\n---\n# Plans\n\n## Tools\n\nForty templates.\n",
    "notes.md": "---\nid: notes\n---\n# Notes\n\nForty words on parcels.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def ids(done: Outcome) -> list[str]:
    assert done.code in (0, 1), done.err
    return [hit["id"] for hit in json.loads(done.out)["hits"]]


def look(kb: Run, base: Path, *arguments: str) -> list[str]:
    """Search for what is hardly relevant too: the filters are the matter here."""
    return ids(kb(base, "search", "--json", "--mode", "lexical", "--all", *arguments))


@pytest.mark.parametrize(
    ("option", "line"),
    [
        (["--tag", "shipping"], "tag:shipping"),
        (["--tag", "shipping", "--tag", "planning"], "tag:shipping tag:planning"),
        (["--kind", "problem", "--kind", "tool"], "kind:problem|tool"),
        (["--since", "2010"], "date:>=2010"),
        (["--until", "2010-01"], "date:<=2010-01"),
        (["--where", "unit=warehouse north"], 'unit:"warehouse north"'),
        (["--where", "impact.change<-20%"], "impact.change:<-20%"),
        (["--where", "date>=2010"], "date:>=2010"),
        (["--where", "date=2005..2007"], "date:2005..2007"),
    ],
)
def test_options_filter_as_the_query_language_does(base: Path, kb: Run, option: list[str], line: str) -> None:
    assert look(kb, base, "forty", *option) == look(kb, base, "forty", line)
    assert look(kb, base, *option) == look(kb, base, line)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["tag:shipping", "forty"], ["labels"]),
        (["forty", "since:2010"], None),
        (["--since", "3 years ago", "--until", "today"], []),
        (["--since", "2000"], ["plans", "labels"]),
        (["kind:tool"], ["plans", "labels"]),
        (["-tag:planning", "forty"], ["labels", "notes"]),
        (["kind:tool", "-parcels"], ["plans"]),
        (["has:impact"], ["labels"]),
        (["path:lessons"], ["plans", "labels", "notes"]),
    ],
)
def test_filters_restrict(base: Path, kb: Run, arguments: list[str], found: list[str] | None) -> None:
    if found is not None:
        assert sorted(look(kb, base, *arguments)) == sorted(found)


def test_filters_alone_list_the_newest_first_without_reasons(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--json", "--limit", "2", "path:lessons")
    answer = json.loads(done.out)
    assert [hit["id"] for hit in answer["hits"]] == ["plans", "labels"]
    assert {hit["score"] for hit in answer["hits"]} == {0}
    why = answer["hits"][0]["why"]
    assert (why["lexical"], why["semantic"], why["terms"]) == (None, None, [])
    assert answer["notes"] == ["3 lessons meet the filters; here are the first 2, the newest first; see --limit"]
    assert (answer["query"], done.code) == ("path:lessons", 0)


def test_a_kind_alone_shows_that_section(base: Path, kb: Run) -> None:
    hits = json.loads(kb(base, "search", "--json", "--kind", "problem").out)["hits"]
    assert [(hit["id"], hit["kind"], hit["more"]) for hit in hits] == [("labels", "problem", [])]


def test_a_filter_that_matches_nothing_is_named_and_the_exit_code_is_1(base: Path, kb: Run) -> None:
    done = kb(base, "search", "forty", "--tag", "shiping")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[0] == "kb: no lesson has tag:shiping; nearest: shipping"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["forty", "-parcels"], {"plans"}),
        (["-parcels", "forty"], {"plans"}),
        (["forty", '-"parcels a week"'], {"plans", "notes"}),
        (["forty", "-parcels a week"], {"plans", "notes"}),
        (["forty", "-n3"], {"plans", "notes", "labels"}),
        (["forty", "-n", "3"], {"plans", "notes", "labels"}),
        (["forty", 'unit:"Warehouse North, Ltd."'], {"labels"}),
        (["forty", "unit:Warehouse North, Ltd."], {"labels"}),
        (["forty", "--", "-n"], {"plans", "notes", "labels"}),
    ],
)
def test_a_word_with_a_dash_is_left_out_and_options_stay_options(
    base: Path, kb: Run, arguments: list[str], found: set[str]
) -> None:
    assert set(look(kb, base, *arguments)) == found


def test_what_looks_like_an_option_and_is_none_is_an_error(base: Path, kb: Run) -> None:
    assert kb(base, "search", "-h").out.startswith("Usage: kb search")
    done = kb(base, "search", "forty", "--limt", "3")
    assert (done.code, "--limt" in done.err) == (2, True)


def test_leaving_everything_out_is_said(base: Path, kb: Run) -> None:
    done = kb(base, "search", "plans", "tag:shipping", "-labels")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[0] == "kb: all lessons that are left have 'labels': excluding it leaves none"


def test_a_phrase_is_looked_for_among_what_the_filters_leave(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--json", "--mode", "lexical", "--all", '"forty parcels" tag:planning')
    answer = json.loads(done.out)
    assert [hit["id"] for hit in answer["hits"]] == ["plans"]
    assert answer["notes"] == ['no lesson that meets the rest has the phrase "forty parcels"; searched for its words']


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--where", "unit"], "--where 'unit': write key=value, key>=value or key=x..y, such as unit=toyota"),
        (["--where", "staus=draft"], "no lesson has a field 'staus'; nearest: status"),
        (["--where", "unit="], 'unit: needs a value, such as unit:word or unit:"several words"'),
        (["--tag", " "], "tag: needs a value, such as tag:brochures"),
        (["--since", "soon"], "'soon' is not a date; write 2020, 2020-05, 2020-05-01, yesterday, 'last year' or"),
        (["--kind", "tol"], "invalid value for '--kind': 'tol' is not one of"),
        (["-f", "x", "words"], "the query is either QUERY or in --file; leave one of them out"),
        ([], "missing argument 'QUERY...'"),
        ([""], "the query is empty; describe the problem in a few words"),
        (["tga:x"], "no lesson has a field 'tga'; nearest: tag (in quotes tga:x is plain text)"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(base: Path, kb: Run, arguments: list[str], message: str) -> None:
    done = kb(base, "search", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"kb: {message}")


@pytest.mark.parametrize("arguments", [["--since", "last yaer"], ["--where", "unit"], ["--tag", " ", "words"]])
def test_options_that_cannot_be_read_are_refused_before_an_index_is_built(
    make: Make, kb: Run, arguments: list[str]
) -> None:
    root = make({"one.md": "# One\n"})
    done = kb(root, "search", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert not (root / ".kb").exists()


# Pages.


def test_a_page_in_a_file_is_taken_as_it_is(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_bytes(b'forty -parcels "tag:planning caf\xe9')
    done = kb(base, "search", "--json", "--mode", "lexical", "--all", "-f", str(page), "--tag", "shipping")
    assert ids(done) == ["labels"]
    assert json.loads(done.out)["query"] == 'forty -parcels "tag:planning café'


@pytest.mark.parametrize("arguments", [["-"], ["-f", "-"]])
def test_a_page_comes_from_standard_input(
    base: Path, kb: Run, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"forty\n-parcels\n")))
    assert set(look(kb, base, *arguments)) == {"labels", "plans", "notes"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file or directory; name a text file"),
        (b" \n", "is empty; describe the problem in a few words"),
        (b"", "is empty; describe the problem in a few words"),
        (b"\0\1\2\0", "not a text file"),
        ("folder", "is a directory; name a text file"),
    ],
)
def test_a_file_that_holds_no_query_is_named(
    base: Path, kb: Run, tmp_path: Path, content: bytes | str | None, message: str
) -> None:
    page = tmp_path / "page"
    if isinstance(content, bytes):
        page.write_bytes(content)
    elif content:
        page.mkdir()
    done = kb(base, "search", "-f", str(page))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"kb: {page}")
    assert message in done.err


def test_a_file_longer_than_a_query_is_cut_and_this_is_said(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text("forty " * 100_000)
    answer = json.loads(kb(base, "search", "--json", "--mode", "lexical", "--all", "-f", str(page)).out)
    assert answer["notes"] == ["the query is longer than 100,000 characters; the rest was left out"]
    assert len(answer["hits"]) == 3


def test_the_notes_name_an_index_of_another_model(base: Path, kb: Run) -> None:
    (base / "kb.toml").write_text('[model]\nname = "./none"\n')
    notes = json.loads(kb(base, "search", "--json", "--mode", "lexical", "forty").out)["notes"]
    assert len(notes) == 1
    assert notes[0].endswith("kb.toml says ./none; run `kb reindex`")
