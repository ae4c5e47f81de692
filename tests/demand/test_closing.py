"""From a gap to a better library: `kb correct`, `kb new --for`, and the evaluation with a user's own questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from kb.demand.noting.place import demand_folder
from tests.conftest import Make, Run, write
from tests.demand.test_gaps import RECORD, ask, gaps

LESSON = """\
---
# Keep this comment.
id: wrong-labels
answers:
  - parcels come back   # and this one
---
# Labels

Parcels came back with a wrong label.
"""
LESSONS: dict[str, str | bytes] = {
    "labels.md": LESSON,
    "presses.md": "---\nid: presses\n---\n# Presses\n\nAn old press, no spare parts for the press.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS, RECORD)


def text(base: Path) -> str:
    return (base / "lessons" / "labels.md").read_text()


def test_a_question_is_added_shown_and_found(base: Path, kb: Run) -> None:
    assert kb(base, "search", "--mode", "lexical", "zebra stickers").code == 1
    done = kb(base, "correct", "zebra  stickers", "wrong-labels")
    assert done.code == 0
    assert text(base) == LESSON.replace("# and this one\n", "# and this one\n  - zebra stickers\n")
    assert "\n+  - zebra stickers\n" in done.out
    assert done.out.splitlines()[-1].endswith("lessons/labels.md")
    assert "kb: the question finds wrong-labels now: number 1 of " in done.err
    assert kb(base, "search", "--mode", "lexical", "zebra stickers").code == 0


def test_a_question_that_is_there_already_changes_nothing(base: Path, kb: Run) -> None:
    done = kb(base, "correct", "Parcels come back", "wrong-labels")
    assert "has this question among its answers already; nothing was changed" in done.err
    assert (text(base), done.out) == (LESSON, "")


def test_what_kb_check_would_refuse_is_refused(base: Path, kb: Run) -> None:
    key = "".join(("gh", "p_", "16C7e42F292c6912E7710c838347Ae178B4a"))
    done = kb(base, "correct", f"login with {key} fails", "wrong-labels")
    assert (done.code, text(base)) == (1, LESSON)
    assert "the question was not added to wrong-labels; nothing was changed" in done.err
    assert "secrets." in done.err


def test_a_warning_is_only_said(base: Path, kb: Run) -> None:
    done = kb(base, "correct", "parcels come back", "presses")
    assert done.code == 0
    assert "'parcels come back' in `answers` too" in done.err


@pytest.mark.parametrize(
    ("question", "name", "said"),
    [
        ("  ", "wrong-labels", "the question is empty"),
        ("?!", "wrong-labels", "the question is empty"),
        ("long " * 100, "wrong-labels", "say it in one sentence of at most 300"),
        ("zebras", "nobody", "nobody"),
        ("zebras", "gone", "gone is retired; name the lesson that should be found today"),
    ],
)
def test_what_cannot_be_corrected_says_why(base: Path, kb: Run, question: str, name: str, said: str) -> None:
    write(base, "gone.md", "---\nid: gone\nstatus: retired\n---\n# Gone\n\nNo longer true.\n")
    done = kb(base, "correct", question, name)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_controls_in_a_question_do_not_reach_the_file(base: Path, kb: Run) -> None:
    assert kb(base, "correct", "zebra\nid: evil\x1b[31m: stickers", "wrong-labels").code == 0
    front = yaml.safe_load(text(base).split("---")[1])
    assert (front["id"], front["answers"][1]) == ("wrong-labels", "zebra id: evil [31m: stickers")


def test_a_lesson_begins_with_the_questions_of_its_gap(base: Path, kb: Run) -> None:
    for question in ("zebras in the yard", "yard of zebras", 'zebras: "graze" in our yard #1'):
        ask(base, question)
    (gap,) = gaps(kb, base)
    for name in ("1", gap["label"], gap["label"].upper()):
        done = kb(base, "new", "--for", name, "--no-edit")
        assert done.code == 0
        front = yaml.safe_load(Path(done.out.strip()).read_text().split("\n---")[0])
        assert front["title"] == gap["label"]
        assert front["answers"] == gap["questions"]
        assert "# kb: proposed, as it was asked and not found" in Path(done.out.strip()).read_text()


def test_a_title_of_ones_own_counts_more(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    gaps(kb, base)
    done = kb(base, "new", "--for", "1", "--no-edit", "Keeping zebras out")
    front = yaml.safe_load(Path(done.out.strip()).read_text().split("\n---")[0])
    assert (front["title"], front["answers"]) == ("Keeping zebras out", ["zebras in the yard"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2", "the last `kb gaps` has no number 2, only 1 to 1"),
        ("0", "the last `kb gaps` has no number 0, only 1 to 1"),
        ("zebras in a yard", "no gap is called 'zebras in a yard'; did you mean zebras in the yard?"),
    ],
)
def test_a_gap_that_is_not_in_the_list_is_refused(base: Path, kb: Run, name: str, said: str) -> None:
    ask(base, "zebras in the yard")
    gaps(kb, base)
    done = kb(base, "new", "--for", name, "--no-edit")
    assert (done.code, done.out, done.err) == (2, "", f"kb: {said}\n")


def test_a_draft_that_is_there_is_not_begun_for_a_gap(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    gaps(kb, base)
    done = kb(base, "new", "--ask", "--for", "1", "presses")
    assert done.code == 2
    assert done.err.startswith("kb: --for begins a new lesson, and ")


def test_without_a_list_it_says_how_to_make_one(base: Path, kb: Run) -> None:
    assert kb(base, "new", "--for", "1", "--no-edit").err == "kb: there is no list of gaps yet; run `kb gaps`\n"


def test_the_evaluation_asks_what_led_to_a_lesson(base: Path, kb: Run, tmp_path: Path) -> None:
    for question in ("wrong label", "old press"):
        kb(base, "search", "--mode", "lexical", question)
        kb(base, "show", "1")
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    done = kb(base, "eval", "--from-demand", "--no-baselines", "--json", str(queries), str(qrels))
    assert done.code == 0
    (first,) = json.loads(done.out)["evaluations"]
    assert first["queries"] == 2
    assert [json.loads(line) for line in queries.read_text().splitlines()] == [
        {"_id": "q1", "text": "wrong label"},
        {"_id": "q2", "text": "old press"},
    ]
    assert qrels.read_text() == "query-id\tcorpus-id\tscore\nq1\twrong-labels\t1\nq2\tpresses\t1\n"
    alone = kb(base, "eval", "--from-demand", "--no-baselines", "--json")
    assert json.loads(alone.out)["evaluations"][0]["systems"] == first["systems"]
    assert [path.name for path in demand_folder().iterdir() if path.suffix in (".jsonl", ".tsv")] == []
    again = kb(base, "eval", "--no-baselines", "--json", str(queries), str(qrels))
    assert json.loads(again.out)["evaluations"][0]["systems"] == first["systems"]


def test_there_must_be_something_to_evaluate_with(base: Path, kb: Run, tmp_path: Path) -> None:
    done = kb(base, "eval", "--from-demand")
    assert (done.code, done.out) == (1, "")
    assert "no lesson was opened or reused after a question that was noted" in done.err
    assert kb(base, "eval", "--from-demand", "one.tsv").code == 2
    inside = kb(base, "eval", "--from-demand", str(base / "gaps.md"), str(tmp_path / "b"))
    assert (inside.code, (base / "gaps.md").exists()) == (2, False)
