"""`kb reindex`: the report as a line, as JSON and in a log, and the commit of the lessons."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from kb.retrieval.request import Request
from search.errors import QueryError
from tests.conftest import Make, Run
from tests.git import commit, git
from tests.reindex.three_lessons import THREE, age, indexed, live_folder


def test_the_report_in_one_line(make: Make, kb: Run) -> None:
    root = make(THREE)
    age(root)
    done = kb(root, "reindex")
    counted = "3 added, 0 changed, 0 removed, 0 unchanged; 3 lessons, 3 passages (3 encoded)"
    assert re.fullmatch(re.escape(counted) + r", \d+\.\d s\n", done.out)
    done = kb(root, "reindex")
    counted = "0 added, 0 changed, 0 removed, 3 unchanged; 3 lessons, 3 passages"
    assert re.fullmatch(re.escape(counted) + r", \d+\.\d s; the index was up to date\n", done.out)


def test_how_long_each_stage_took_is_said_to_those_who_want_to_know_more(make: Make, kb: Run) -> None:
    root = make(THREE)
    stages = [line for line in kb(root, "-v", "reindex").err.splitlines() if line.startswith("kb: time spent: ")]
    shares = [int(share) for share in re.findall(r"\((\d+)%\)", stages[0])]
    assert "reading 0." in stages[0]
    assert sum(shares) == pytest.approx(100, abs=len(shares))
    assert "time spent" not in kb(root, "reindex", "--full").err


def test_the_report_as_json(make: Make, kb: Run) -> None:
    root = make({**THREE, "odd.md": "---\ntitle: a: b\n---\nOdd.\n"})
    done = kb(root, "reindex", "--json")
    assert done.code == 3
    report = json.loads(done.out)
    assert done.out.count("\n") == 1
    assert report.pop("seconds") >= report.pop("words_after") >= 0
    assert report.pop("words_snapshot") < report["snapshot"]
    assert set(report.pop("stages")) >= {"looking for changes", "reading", "checking", "publishing"}
    assert report.pop("model").endswith("static")
    assert report == {
        "added": 3,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "failed": 1,
        "lessons": 4,
        "passages": 4,
        "encoded": 4,
        "snapshot": live_folder(root).name,
        "published": True,
        "problems": [
            {
                "path": "lessons/odd.md",
                "reason": "front matter is not YAML: a second `: ` on the line; put the value in quotes",
                "line": 2,
                "defect": "front-matter",
            }
        ],
        "refusal": "",
        "asked": 0,
        "lost": 0,
        "regressions": [],
        "closed_gaps": [],
        "commit": None,
    }


def test_a_wall_of_problems_is_named_in_a_log_and_where_it_was_asked_for(make: Make, kb: Run) -> None:
    root = make({f"{number:02}.md": "---\ntitle: a: b\n---\nOdd.\n" for number in range(25)})
    done = kb(root, "reindex")
    named = [line for line in done.err.splitlines() if "lessons/" in line]
    assert (done.code, len(named)) == (3, 20)
    assert "kb: and 5 more; `kb -v reindex` names all" in done.err.splitlines()
    done = kb(None, "-v", "--root", str(root), "reindex")
    assert len([line for line in done.err.splitlines() if "lessons/" in line]) == 25
    done = kb(None, "-q", "--root", str(root), "reindex")
    assert (done.code, len([line for line in done.err.splitlines() if "lessons/" in line])) == (3, 25)


def test_a_quiet_reindex_names_each_failure_and_what_to_do(make: Make, kb: Run) -> None:
    root = make({"odd.md": "---\ntitle: a: b\n---\nOdd.\n", "old.md": b"# Caf\xe9\n", "good.md": "# Good\n"})
    (root / "lessons" / "long.md").write_bytes(b"a" * 65_000_000)
    done = kb(None, "-q", "--root", str(root), "reindex")
    assert done.code == 3
    assert [line.partition(": ")[2].split(" (")[0] for line in done.err.splitlines()] == [
        "lessons/long.md: larger than 64 MB; what was indexed before is kept",
        "lessons/odd.md:2: front matter is not YAML: a second `: ` on the line; put the value in quotes",
        "lessons/old.md:1: not valid UTF-8",
        "correct what is named and run `kb reindex`; until then a search finds what could be read",
    ]


def test_a_log_has_plain_lines_for_the_stages(make: Make, kb: Run) -> None:
    done = kb(make(THREE), "reindex")
    assert [line for line in done.err.splitlines() if "model" not in line] == [
        "kb: reading: 3",
        "kb: encoding passages: 3",
    ]


# The source's commit.


@pytest.mark.usefixtures("own_git")
def test_the_commit_of_the_lessons_is_recorded(indexed: Make, kb: Run) -> None:
    root = indexed(THREE)
    assert json.loads(kb(root, "status", "--json").out)["commit"] is None
    git(root, "init", "-q")
    commit(root)
    KnowledgeBase(root).reindex(Orders(full=True))
    head = git(root, "rev-parse", "HEAD")
    assert json.loads(kb(root, "status", "--json").out)["commit"] == head
    assert f"commit          {head[:12]}" in kb(root, "status").out


def test_a_query_that_asks_nothing_is_refused_by_the_open_index_too(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None
    with closing(searcher), pytest.raises(QueryError, match="the query is empty"):
        searcher.ask(Request(" \x00 "))
