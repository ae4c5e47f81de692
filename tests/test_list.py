"""`kb list` with conditions, in an order, up to a limit, in the pager."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run

LESSONS: dict[str, str | bytes] = {
    "a.md": "---\ntitle: Émile's plan\ndate: 2019\nstatus: retired\nunit: Sales\ntags: [plans, sales]\n---\n# A\n",
    "b.md": "---\ntitle: drafting\ndate: 2021-05\nstatus: draft\nunit: store North\ntags: plans\n---\n# Tools\n\nX.\n",
    "c.md": "---\ntitle: Zebras\nstatus: validated\nimpact: [{area: cost, change: -30%}]\n---\n# C\n",
    "d.md": "---\ntitle: Eager\ndate: 2020-02-03\nstatus: odd\n---\n# D\n",
    "e.md": "---\ntitle: none\n---\n# E\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def ids(done: Outcome) -> str:
    """Return the ids that were listed, each a letter."""
    assert done.code in (0, 1)
    return "".join(line.split("\t")[1] for line in done.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        ("", "bdace"),
        ("--tag plans", "ba"),
        ("--tag plans --tag sales", "a"),
        ("--kind tool", "b"),
        ("--since 2020", "bd"),
        ("--until 2020", "da"),
        ("--where unit=sales", "a"),
        ("--where impact.change<-20%", "c"),
        ("tag:plans", "ba"),
        ("tag:plans date:>=2020", "b"),
        ("tag:plans --until 2020", "a"),
        ("-status:retired", "bdce"),
        ("tag:plans -status:retired", "b"),
        ("status:draft|retired", "ba"),
        ("has:impact", "c"),
        ("kind:tool", "b"),
        ("id:e", "e"),
    ],
)
def test_conditions_and_options_restrict_as_they_do_in_a_search(
    base: Path, kb: Run, arguments: str, listed: str
) -> None:
    done = kb(base, "list", *arguments.split())
    assert (done.code, ids(done), done.err) == (0, listed, "")


def test_what_the_shell_took_the_quotes_from_is_one_value(base: Path, kb: Run) -> None:
    assert ids(kb(base, "list", "unit:Store North", "tag:plans")) == "b"
    assert ids(kb(base, "list", 'unit:"Store North"')) == "b"


@pytest.mark.parametrize(
    ("order", "listed"),
    [("date", "bdace"), ("title", "bdaec"), ("id", "abcde"), ("unit", "abdce"), ("status", "bcade")],
)
def test_lessons_are_sorted_those_that_say_nothing_last(base: Path, kb: Run, order: str, listed: str) -> None:
    assert ids(kb(base, "list", "--sort", order)) == listed


def test_a_limit_says_how_many_there_are(base: Path, kb: Run) -> None:
    done = kb(base, "list", "--limit", "2", "--sort", "id")
    assert (ids(done), done.err) == ("ab", "kb: 5 lessons; here are the first 2; see --limit\n")
    assert kb(base, "list", "--limit", "5").err == ""
    assert len(json.loads(kb(base, "list", "--json", "--limit", "1", "tag:plans").out)) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("tag:plan", "no lesson has tag:plan; nearest: plans"),
        ("--since 2030", "no lesson has date:>=2030-01-01; the values go from 2019 to 2021-05"),
        ("tag:sales date:>=2020", "no lesson meets all filters: tag:sales alone has 1, date:>=2020 alone has 2"),
    ],
)
def test_where_no_lesson_is_left_it_is_said_why(base: Path, kb: Run, arguments: str, said: str) -> None:
    assert kb(base, "list", *arguments.split()) == Outcome(1, "", f"kb: {said}\n")
    assert kb(base, "list", "--json", *arguments.split()) == Outcome(1, "[]\n", f"kb: {said}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["plans"],
            "'plans' is not a condition; write a condition such as tag:sales; to search for words: `kb search`",
        ),
        (["tag:plans", "new", "plans"], "'new plans' is not a condition; .*"),
        (['"new plans"'], "'\"new plans\"' is not a condition; .*"),
        (["-plans"], "'-plans' is not a condition; .*"),
        (["weather:bad"], "no lesson has a field 'weather'; write a condition such as .*"),
        (["tga:plans"], "no lesson has a field 'tga'; nearest: tag .*"),
        (["kind:toool"], "there is no kind of section 'toool'; nearest: tool"),
        (["--where", "unit"], "--where 'unit': write key=value.*"),
        (["--since", "whenever"], "'whenever' is not a date; .*"),
        (["?"], r"the query '\?' has no words; .*"),
        (["--sort", "size"], "invalid value for '--sort': .*"),
        (["--limit", "0"], "invalid value for .*"),
    ],
)
def test_what_is_no_condition_is_wrong_usage_in_one_line(base: Path, kb: Run, arguments: list[str], said: str) -> None:
    done = kb(base, "list", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert re.match(f"kb: {said}", done.err)


def test_of_no_lessons_none_are_listed(indexed: Make, kb: Run) -> None:
    root = indexed({})
    assert kb(root, "list") == Outcome(0, "", "")
    assert kb(root, "list", "--json") == Outcome(0, "[]\n", "")
    assert kb(root, "list", "title:x").code == 1


@pytest.mark.parametrize("columns", [40, 80, 140])
def test_no_id_is_broken_so_that_it_can_be_copied(
    indexed: Make, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    id_ = "2026-11-22-orders-left-the-warehouse-with-the-wrong-label"
    title = "Orders left the warehouse with the wrong label and came back"
    root = indexed({f"{id_}.md": f"---\ndate: 2026-11-22\n---\n# {title}\n", "short.md": "# Short\n"})
    monkeypatch.setenv("PAGER", "cat")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    shown = re.sub(r"\x1b\[[\d;]*m", "", on_terminal("--root", str(root), "list").out)
    assert id_ in shown
    assert " ".join(shown.split()) == f"2026-11-22 {id_} {title} short Short"
    assert all(len(line) <= columns for line in shown.splitlines() if id_ not in line)


def test_on_a_terminal_it_goes_through_the_pager(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "sed 's/^/paged /'")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    done = on_terminal("--root", str(base), "list", "--sort", "id", "tag:plans")
    assert done.code == 0
    assert "Émile's plan [retired]" in done.out
    assert "drafting [draft]" in done.out
    assert all(len(line) <= 80 + len("paged ") for line in done.out.splitlines())


@pytest.mark.parametrize(("own", "given"), [(None, "-FRX"), ("-S", "-R -S"), ("FX", "-R FX"), ("", "-R ")])
def test_less_is_asked_for_colours_whatever_its_user_has_set(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, own: str | None, given: str
) -> None:
    monkeypatch.setenv("PAGER", "printenv LESS")
    if own is None:
        monkeypatch.delenv("LESS", raising=False)
    else:
        monkeypatch.setenv("LESS", own)
    assert on_terminal("--root", str(base), "list").out == f"{given}\n"
