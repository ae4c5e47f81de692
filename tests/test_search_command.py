"""`kb search`: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome, Run, write

LABELS = """\
---
id: wrong-labels
title: Orders left with the wrong label
date: 2006-05
unit: Warehouse North
status: draft
tags: [shipping, labels]
answers:
  - goods come home again
people:
  - {name: Ann Boss, role: sponsor}
  - {name: Jane Doe, role: contact, contact: jane@example.org}
impact:
  - {area: cost, metric: returned parcels a week, before: 40, after: 6, change: "-85%", design: pre-post}
---
# Orders left with the wrong label

## Problem

Forty parcels a week came back.

## Tools

### Checklist

A checklist of four lines hangs beside the printer. Nobody prints before the address was checked.
"""
PLANS = "# Forty plans\n\nForty teams plan in forty languages.\n"
LESSONS: dict[str, str | bytes] = {"labels.md": LABELS, "plans.md": PLANS}

SENTENCE = "checklist of four lines hangs beside the printer"
"""So near to one passage that any model sees it."""


def answer(done: Outcome) -> dict[str, Any]:
    """Return the one object that was printed."""
    assert done.code in (0, 1), done.err
    assert done.out.count("\n") == 1
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def ids(done: Outcome) -> list[str]:
    return [hit["id"] for hit in answer(done)["hits"]]


def lines(done: Outcome) -> list[str]:
    """Return what was said."""
    return done.err.splitlines()


@pytest.fixture
def base(make: Make, kb: Run) -> Path:
    """An indexed knowledge base of two lessons."""
    root = make(LESSONS)
    assert kb(root, "reindex").code == 0
    return root


# The JSON object.


def test_the_object_has_the_keys_that_were_promised(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", SENTENCE))
    assert found.keys() == {
        *("query", "mode", "took_ms", "index", "notes", "relevance", "relevant", "unknown_words", "also_searched"),
        "hits",
    }
    assert found["index"].keys() == {"snapshot", "built", "lessons", "passages", "changed_since"}
    for hit in found["hits"]:
        assert hit.keys() == {
            *("rank", "id", "title", "summary", "path", "line", "end_line", "kind", "headings", "score", "snippet"),
            *(
                "marks",
                "nearest",
                "date",
                "status",
                "status_because",
                "superseded_by",
                "tags",
                "unit",
                "people",
                "impact",
                "why",
                "front_matter",
                "helped",
                "more",
                "relevance",
                "relevant",
            ),
        }
        assert hit["why"].keys() == {"lexical", "semantic", "terms", "parts", "weights", "evidence"}
        for leg in ("lexical", "semantic"):
            assert hit["why"][leg] is None or hit["why"][leg].keys() == {"rank", "score"}
        for more in hit["more"]:
            assert more.keys() == {"line", "end_line", "kind", "headings", "snippet", "marks", "nearest"}


def test_a_hit_says_what_the_lesson_says(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", SENTENCE))["hits"][0]
    score = hit.pop("score")
    why = hit.pop("why")
    assert score == pytest.approx(sum(why["parts"].values()))
    assert score > 0
    assert why["lexical"] == {"rank": 1, "score": why["parts"]["words"]}
    assert why["semantic"] is None
    assert why["parts"].keys() == {"words", "draft", "evidence"}
    words = ["checklist", "four", "lines", "hangs", "beside", "printer"]
    assert {*why["terms"]} == {*words}
    assert {*words, "checklist four", "beside printer"} <= {*why["weights"]}
    assert [word for word in why["weights"] if " " not in word] == why["terms"]
    assert list(why["weights"].values()) == sorted(why["weights"].values(), reverse=True)
    marked = [hit["snippet"][start:end] for start, end in hit.pop("marks")]
    assert marked == words
    more = hit.pop("more")
    assert hit.pop("helped") == {}, "the best passage is the tool"
    assert hit.pop("front_matter") == {}, "the snippet has all words"
    assert hit == {
        "rank": 1,
        "relevance": "answers",
        "relevant": True,
        "id": "wrong-labels",
        "title": "Orders left with the wrong label",
        "summary": None,
        "path": "lessons/labels.md",
        "line": 24,
        "end_line": 26,
        "kind": "tool",
        "headings": ["Orders left with the wrong label", "Tools", "Checklist"],
        "snippet": "A checklist of four lines hangs beside the printer. Nobody prints before the address was checked.",
        "nearest": None,
        "date": "2006-05",
        "status": "draft",
        "status_because": None,
        "superseded_by": [],
        "tags": ["shipping", "labels"],
        "unit": "Warehouse North",
        "people": [
            {"name": "Ann Boss", "role": "sponsor"},
            {"name": "Jane Doe", "role": "contact", "contact": "jane@example.org"},
        ],
        "impact": [
            {
                "area": "cost",
                "metric": "returned parcels a week",
                "before": "40",
                "after": "6",
                "change": "-85%",
                "design": "pre-post",
            }
        ],
    }
    assert [(passage["line"], passage["kind"], passage["snippet"]) for passage in more] == [
        (18, "problem", "Forty parcels a week came back.")
    ]


def test_the_lines_of_a_hit_are_those_of_the_file(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", SENTENCE))["hits"][0]
    rows = (base / hit["path"]).read_text().splitlines()
    assert rows[hit["line"] - 1] == "### Checklist"
    assert rows[hit["end_line"] - 1] == hit["snippet"]


def test_a_lesson_without_front_matter_has_empty_values_not_missing_keys(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", "languages"))["hits"][0]
    assert (hit["id"], hit["title"], hit["kind"]) == ("plans", "Forty plans", "other")
    assert [hit[key] for key in ("date", "status", "unit")] == [None, None, None]
    assert [hit[key] for key in ("tags", "people", "impact", "more")] == [[], [], [], []]


def test_the_object_says_which_index_answered(base: Path, kb: Run) -> None:
    status = json.loads(kb(base, "status", "--json").out)
    found = answer(kb(base, "search", "--json", SENTENCE))
    assert found["index"] == {
        **{key: status[key] for key in ("snapshot", "built", "lessons", "passages")},
        "changed_since": 0,
    }
    assert (found["query"], found["mode"], found["notes"]) == (SENTENCE, "hybrid", [])
    assert found["took_ms"] > 0


def test_the_words_of_the_query_are_joined(base: Path, kb: Run) -> None:
    one, several = kb(base, "search", "--json", "forty languages"), kb(base, "search", "--json", "forty", "languages")
    assert answer(several)["query"] == "forty languages"
    assert answer(one)["hits"] == answer(several)["hits"]


# Ranking, as far as the command promises it. (How good it is: `test_lessons.py` and the benchmarks.)


def test_each_lesson_comes_once_with_its_best_passage_first(make: Make, kb: Run) -> None:
    sections = [f"## Part {number}\n\n{'Parcels and labels. ' * 30}Number {number}." for number in range(8)]
    root = make({"long.md": "# Long\n\n" + "\n\n".join(sections), "short.md": "# Short\n\nParcels.\n"})
    for mode in ("hybrid", "lexical"):
        hits = answer(kb(root, "search", "--json", "--mode", mode, "parcels and labels number 5"))["hits"]
        found = [(hit["rank"], hit["id"]) for hit in hits]
        # By meaning a lesson of one word may be too far away.
        assert found in ([(1, "long"), (2, "short")], [(1, "long")])
        assert hits[0]["headings"][-1] == "Part 5"
        places = [hits[0]["line"], *(passage["line"] for passage in hits[0]["more"])]
        assert len(set(places)) == 3


def test_scores_fall_and_equal_ones_are_ordered_by_path(make: Make, kb: Run) -> None:
    same = "Parcels come back.\n"
    root = make({"c.md": same, "a.md": same, "b/b.md": same, "best.md": "# Parcels\n\nParcels, parcels.\n"})
    hits = answer(kb(root, "search", "--json", "--mode", "lexical", "parcels"))["hits"]
    scores = [hit["score"] for hit in hits]
    assert [hit["id"] for hit in hits] == ["best", "a", "b/b", "c"]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] == scores[2] == scores[3]


def test_a_word_that_no_lesson_has_does_not_empty_the_ranking(base: Path, kb: Run) -> None:
    assert ids(kb(base, "search", "--json", "--mode", "lexical", "parcels xylophone")) == ["wrong-labels"]


def test_a_phrase_in_quotes_leaves_only_the_lessons_that_have_it(make: Make, kb: Run) -> None:
    root = make({"a.md": "Wrong address here.\n", "b.md": "The address is wrong, the wrong way round.\n"})
    assert ids(kb(root, "search", "--json", "--mode", "lexical", "wrong address")) == ["a", "b"]
    assert ids(kb(root, "search", "--json", '"wrong address"')) == ["a"]
    done = kb(root, "search", "--json", "--mode", "lexical", '"wrong round"')
    assert ids(done) == ["b", "a"]
    note = 'no lesson has the phrase "wrong round"; searched for its words'
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)


# Modes.


def test_by_words_only_a_lesson_without_any_of_them_is_not_found(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", "--mode", "lexical", "languages"))
    assert (found["mode"], [hit["id"] for hit in found["hits"]]) == ("lexical", ["plans"])
    assert found["hits"][0]["why"]["semantic"] is None


def test_by_meaning_only_the_words_play_no_part(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", "--mode", "semantic", SENTENCE))
    assert (found["mode"], found["hits"][0]["id"]) == ("semantic", "wrong-labels")
    for hit in found["hits"]:
        assert (hit["why"]["lexical"], hit["why"]["terms"]) == (None, [])
        assert hit["why"]["parts"]["meaning"] == pytest.approx(hit["why"]["semantic"]["score"])
        assert -1 <= hit["why"]["semantic"]["score"] <= 1


def test_by_default_both_legs_answer(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", SENTENCE))
    best = found["hits"][0]
    assert (found["mode"], best["id"]) == ("hybrid", "wrong-labels")
    parts = best["why"]["parts"]
    assert parts["words"] + parts["meaning"] == pytest.approx(1)
    assert min(parts["words"], parts["meaning"]) > 0
    assert best["why"]["lexical"]["rank"] == best["why"]["semantic"]["rank"] == 1


def test_a_statement_in_the_front_matter_leads_to_the_lesson_and_is_not_what_is_shown(base: Path, kb: Run) -> None:
    for mode in ("lexical", "semantic", "hybrid"):
        hit = answer(kb(base, "search", "--json", "--mode", mode, "goods come home again"))["hits"][0]
        assert hit["id"] == "wrong-labels"
        assert all(passage["line"] > 15 for passage in (hit, *hit["more"]))


@pytest.mark.parametrize(("asked", "shown"), [(["--limit", "1"], 1), (["-n", "3"], 3), ([], 5), (["-n", "99"], 7)])
def test_the_limit_says_how_many_lessons(make: Make, kb: Run, asked: list[str], shown: int) -> None:
    root = make({f"{number}.md": f"# Parcels {number}\n" for number in range(7)})
    done = kb(root, "search", "--json", "--mode", "lexical", *asked, "parcels")
    assert ids(done) == [str(number) for number in range(shown)]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many"])
def test_a_limit_that_makes_no_sense_is_wrong_usage(base: Path, kb: Run, limit: str) -> None:
    done = kb(base, "search", "--limit", limit, "parcels")
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(rf"kb: invalid value for '-n' / '--limit': .*{limit}.*; see `kb search --help`\n", done.err)


# Exit codes and what is said.


def test_nothing_found_is_exit_1_and_says_what_to_do(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "xylophone")
    advice = "no lesson has xylophone; try other words, or write this lesson when it is solved"
    assert done == Outcome(1, "", f"kb: {advice}\n")
    done = kb(base, "search", "--mode", "lexical", "--json", "xylophone")
    assert (done.code, answer(done)["hits"], answer(done)["unknown_words"]) == (1, [], ["xylophone"])


def test_a_query_of_common_words_is_answered_by_words_with_a_note(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "--json", "what is it that we are")
    note = "the query has only very common words; say what the problem is about"
    assert (done.code, answer(done)["notes"]) == (1, [note])
    assert f"kb: {note}" in lines(done)


def test_a_hit_is_a_few_lines_on_stdout_and_nothing_else_is(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", SENTENCE)
    assert done == Outcome(
        0,
        """\
1. Orders left with the wrong label [draft]
   answers · tool · Tools › Checklist · Warehouse North · 2006-05
   A checklist of four lines hangs beside the printer. Nobody prints before the
   address was checked.
   worth: returned parcels a week down 85 %, from 40 to 6 (measured before and
   after)
   ask: Jane Doe, jane@example.org
   lessons/labels.md:24
""",  # noqa: RUF001 - the sign between headings
        "",
    )


def test_hits_are_set_apart_by_an_empty_line(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "forty")
    assert [block.splitlines()[0][:2] for block in done.out.split("\n\n")] == ["1.", "2."]


def test_a_lesson_that_changed_since_is_said_and_included_with_refresh(base: Path, kb: Run) -> None:
    write(base, "plans.md", "# Forty plans\n\nZebras.\n")
    done = kb(base, "search", "--json", "--mode", "lexical", "languages")
    assert (ids(done), answer(done)["index"]["changed_since"]) == (["plans"], 1)
    assert lines(done) == ["kb: 1 lesson has changed since the index was built; --refresh includes them"]
    write(base, "new.md", "# New\n\nZebras too.\n")
    (base / "lessons" / "labels.md").unlink()
    done = kb(base, "search", "--json", "--mode", "lexical", "zebras")
    assert (done.code, answer(done)["index"]["changed_since"]) == (1, 3)
    assert "kb: 3 lessons have changed since the index was built; --refresh includes them" in lines(done)
    done = kb(base, "search", "--json", "--mode", "lexical", "--refresh", "zebras")
    assert (ids(done), answer(done)["index"]["changed_since"]) == (["new", "plans"], 0)
    assert not [line for line in lines(done) if "changed since" in line]


def test_refresh_without_a_change_builds_nothing(base: Path, kb: Run) -> None:
    for path in (base / "lessons").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    kb(base, "reindex")
    before = answer(kb(base, "search", "--json", "languages"))["index"]["snapshot"]
    assert answer(kb(base, "search", "--json", "--refresh", "languages"))["index"]["snapshot"] == before


def test_without_an_index_it_is_built_first_and_then_answers(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, ids(done)[0]) == (0, "wrong-labels")
    assert [line for line in lines(done) if "model" not in line] == [
        "kb: there is no index yet: building it first",
        "kb: reading: 2",
        "kb: encoding passages: 4",
    ]
    done = kb(root, "search", "--json", SENTENCE)
    assert (ids(done)[0], done.err) == ("wrong-labels", "")


def test_what_cannot_be_read_is_named_while_the_first_index_is_built(make: Make, kb: Run) -> None:
    root = make({**LESSONS, "odd.md": b"\0" * 99})
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, ids(done)[0]) == (0, "wrong-labels")
    assert any(line.startswith("kb: lessons/odd.md: not a text file") for line in lines(done))


def test_quiet_leaves_results_and_errors(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    done = kb(None, "-q", "--root", str(root), "search", "--mode", "lexical", "languages")
    assert (done.code, done.err, done.out.splitlines()[0]) == (0, "", "1. Forty plans")
    write(root, "new.md", "# New\n")
    assert kb(None, "-q", "--root", str(root), "search", "--mode", "lexical", "languages").err == ""
    assert kb(None, "-q", "--root", str(root), "search", "--mode", "lexical", "xylophone") == Outcome(1, "", "")
    assert kb(None, "-q", "--root", str(root), "search", "?").err == (
        "kb: the query '?' has no words; describe the problem in a few words\n"
    )


# Without a model.


def test_a_model_that_cannot_be_loaded_leaves_the_words_and_says_so(make: Make, kb: Run) -> None:
    root = make(LESSONS, '[model]\nname = "./no-model"')
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    reason = f"the model './no-model' cannot be loaded: no folder {root / 'no-model'}"
    assert f"kb: {reason}; indexing words only" in lines(done)
    note = "answered by words only: the meaning of 4 passages is not indexed yet; run `kb reindex`"
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)


def test_an_index_without_a_model_answers_by_words_until_there_is_one(make: Make, kb: Run, static_model: Path) -> None:
    root = make(LESSONS, '[model]\nname = "./model"')
    kb(root, "search", SENTENCE)
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    done = kb(root, "search", "--mode", "semantic", SENTENCE)
    assert done == Outcome(5, "", "kb: the meaning of 4 passages is not indexed yet; run `kb reindex`\n")
    assert json.loads(kb(root, "status", "--json").out)["model"] is None
    assert "none: words only" in kb(root, "status").out
    (root / "model").symlink_to(static_model)
    assert kb(root, "reindex").code == 0
    found = answer(kb(root, "search", "--json", SENTENCE))
    assert (found["mode"], found["notes"], found["hits"][0]["id"]) == ("hybrid", [], "wrong-labels")


def test_a_model_that_is_gone_since_leaves_the_words_and_says_so(
    make: Make, kb: Run, static_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(LESSONS, '[model]\nname = "./model"')
    (root / "model").symlink_to(static_model)
    assert kb(root, "reindex").code == 0
    (root / "model").unlink()
    # The exported encoder still answers; on another machine there is none.
    assert answer(kb(root, "search", "--json", SENTENCE))["mode"] == "hybrid"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    done = kb(root, "search", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    note = f"answered by words only: the model './model' cannot be loaded: no folder {root / 'model'}"
    assert answer(done)["notes"] == [note]
    assert f"kb: {note}" in lines(done)
    done = kb(root, "search", "--mode", "semantic", SENTENCE)
    assert (done.code, done.out) == (5, "")
    assert done.err == f"kb: the model './model' cannot be loaded: no folder {root / 'model'}\n"


def test_refresh_without_a_loadable_model_still_answers_by_words(make: Make, kb: Run) -> None:
    root = make(LESSONS, '[model]\nname = "./no-model"')
    done = kb(root, "search", "--refresh", "--json", SENTENCE)
    assert (done.code, answer(done)["mode"], ids(done)) == (0, "lexical", ["wrong-labels"])
    assert any("the model './no-model' cannot be loaded" in line for line in lines(done))


# Pipes and terminals.


def test_a_pipe_gets_no_escape_codes_and_no_trailing_blanks(base: Path, kb: Run) -> None:
    for command in (["search", SENTENCE], ["search", "--json", SENTENCE], ["list"], ["show", "plans"], ["status"]):
        done = kb(base, *command)
        assert done.code == 0
        assert "\x1b" not in done.out + done.err
        assert [line for line in done.out.splitlines() if line != line.rstrip()] == []


@pytest.fixture
def on_terminal(kb_process: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the program with a terminal as its stdout and return what it wrote there."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)

    def run(*arguments: str, columns: int = 80, **environment: str) -> str:
        ours, theirs = pty.openpty()
        variables = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(columns), "PAGER": "cat", **environment}
        process = subprocess.Popen(
            kb_process(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=variables,
        )
        os.close(theirs)
        written = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not data:
                break
            written += data
        os.close(ours)
        assert process.wait() == 0
        return written.decode().replace("\r\n", "\n")

    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return run


COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")
ESCAPE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def test_a_terminal_gets_colours_marks_and_a_link(base: Path, on_terminal: Callable[..., str]) -> None:
    out = on_terminal("--root", str(base), "search", "--mode", "lexical", "checklist beside the printer")
    assert COLOUR.search(out)
    # The words that match are marked, the others are not.
    assert re.search(r"\x1b\[[\d;]*mchecklist\x1b\[0m of four lines hangs \x1b\[[\d;]*mbeside\x1b\[0m", out)
    link = (base / "lessons" / "labels.md").as_uri()
    assert re.search(rf"\x1b\]8;[^;]*;{re.escape(link)}\x1b\\.*lessons/labels\.md:24.*\x1b\]8;;\x1b\\", out)


def test_no_color_takes_the_colours_away_and_leaves_the_text(base: Path, on_terminal: Callable[..., str]) -> None:
    arguments = ("--root", str(base), "search", "--mode", "lexical", "checklist")
    plain = on_terminal(*arguments, NO_COLOR="1")
    assert COLOUR.search(plain) is None
    assert ESCAPE.sub("", plain) == ESCAPE.sub("", on_terminal(*arguments))


@pytest.mark.parametrize("columns", [30, 50])
def test_a_narrow_terminal_breaks_lines_between_words(
    base: Path, on_terminal: Callable[..., str], columns: int
) -> None:
    out = ESCAPE.sub("", on_terminal("--root", str(base), "search", "--mode", "lexical", SENTENCE, columns=columns))
    assert [line for line in out.splitlines() if len(line) > columns] == []
    assert " ".join(out.split()) == (
        "1. Orders left with the wrong label [draft] answers · tool · Tools › Checklist · Warehouse North · 2006-05 "  # noqa: RUF001 - as it is printed
        "A checklist of four lines hangs beside the printer. Nobody prints before the address was checked. "
        "worth: returned parcels a week down 85 %, from 40 to 6 (measured before and after) "
        "ask: Jane Doe, jane@example.org lessons/labels.md:24"
    )


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["text", "JSON"])
def test_a_reader_that_goes_away_is_no_error(
    base: Path, kb_process: Callable[..., list[str]], option: list[str]
) -> None:
    process = subprocess.Popen(
        kb_process("--root", str(base), "search", "--mode", "lexical", *option, "forty"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(), said) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a console there takes every character")
def test_a_terminal_that_knows_no_unicode_gets_an_answer(base: Path, kb_process: Callable[..., list[str]]) -> None:
    done = subprocess.run(
        kb_process("--root", str(base), "search", "--mode", "lexical", SENTENCE),
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"lessons/labels.md:24" in done.stdout
