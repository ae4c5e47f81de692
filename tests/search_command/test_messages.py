"""Exit codes and what is said, with an index that is missing or behind."""

from __future__ import annotations

import os
from pathlib import Path

from tests.conftest import Make, Outcome, Run, write
from tests.search_command.conftest import LESSONS, SENTENCE, answer, ids, lines


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
   worth: returned parcels a week down 85 %, from 40 to 6 (fair evidence:
   measured before and after)
   ask: Jane Doe, jane@example.org
   lessons/labels.md:24
""",  # noqa: RUF001 - the sign between headings
        "",
    )


def test_hits_are_set_apart_by_an_empty_line(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "forty")
    assert [block.splitlines()[0][:2] for block in done.out.split("\n\n")] == ["1.", "2."]


def test_for_a_long_query_the_brief_is_named(base: Path, kb: Run) -> None:
    hint = "kb: for one page on this problem, say `kb brief` instead of `kb search`"
    long = f"{SENTENCE} and nobody in the office has noticed it before the parcels came back"
    assert len(long.split()) >= 12
    assert hint in lines(kb(base, "search", "--mode", "lexical", long))
    assert hint not in lines(kb(base, "search", "--mode", "lexical", "--json", long))
    assert hint not in lines(kb(base, "search", "--mode", "lexical", SENTENCE))
    assert hint not in lines(kb(base, "search", "--mode", "lexical", "xylophone " * 12))


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
