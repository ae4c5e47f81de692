"""`kb gaps`: which needs are not met, what would close them, and that they close."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kb.demand.clusters import clustered
from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.history import Question
from kb.demand.noting.log import DemandLog
from kb.demand.words import telling, words_of
from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make, Run, write

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Labels\n\nParcels came back with a wrong label.\n",
    "presses.md": "---\nid: presses\n---\n# Presses\n\nAn old press, no spare parts for the press.\n",
}
RECORD = "[demand]\nrecord = true\n"


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS, RECORD)


def ask(base: Path, text: str, *lessons: str, verdict: Verdict = Verdict.NEAREST, days: float = 0) -> None:
    """Note a question that was asked some days ago."""
    asked = Asked(Command.SEARCH, text, False, False, verdict, lessons, "", None)
    assert DemandLog(base, 3650, lambda: time.time() - days * 86_400).note(asked, "terminal", tells=True).done


def gaps(kb: Run, base: Path) -> list[dict[str, Any]]:
    found = kb(base, "gaps", "--json")
    assert found.code == 0
    listed: list[dict[str, Any]] = json.loads(found.out)["gaps"]
    return listed


def labels(kb: Run, base: Path) -> list[str]:
    return [gap["label"] for gap in gaps(kb, base)]


def test_what_found_only_the_nearest_is_a_gap_and_what_was_answered_is_none(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    ask(base, "wrong label", "wrong-labels", verdict=Verdict.ANSWERS)
    (gap,) = gaps(kb, base)
    assert (gap["label"], gap["asked"], gap["nearest"], gap["people"]) == ("zebras in the yard", 1, 1, 1)
    assert gap["remedy"] == {"cure": "lesson", "lesson": None, "word": None}


def test_a_question_that_looks_like_an_option_can_be_corrected(base: Path, kb: Run) -> None:
    ask(base, "--zebra", "presses")
    KnowledgeBase(base).demand.mark_reused("presses")
    ask(base, "--zebra")
    assert kb(base, "gaps").out.rstrip().endswith("kb correct -- --zebra presses")


def test_what_was_asked_at_once_in_other_words_is_one_gap(base: Path, kb: Run) -> None:
    ask(base, "visa for visiting engineers and guests")
    ask(base, "which embassy handles a visa application")
    ask(base, "velvet curtains")
    found = gaps(kb, base)
    assert [(gap["label"], gap["asked"], gap["reworded"]) for gap in found] == [
        ("visa for visiting engineers and guests", 2, 1),
        ("velvet curtains", 1, 0),
    ]


def test_questions_about_one_need_are_one_gap(base: Path, kb: Run) -> None:
    for text in ("zebras in the yard", "zebras graze in the yard", "velvet curtains", "yard of zebras"):
        ask(base, text, days=1)
    found = gaps(kb, base)
    assert [{*gap["questions"]} for gap in found] == [
        {"zebras in the yard", "zebras graze in the yard", "yard of zebras"},
        {"velvet curtains"},
    ]
    assert found[0]["words"][:2] in (["yard", "zebras"], ["zebras", "yard"])


def test_what_is_asked_often_comes_first_and_an_old_question_counts_less(base: Path, kb: Run) -> None:
    for days in (300, 301, 302):
        ask(base, "velvet curtains", days=days)
    ask(base, "zebras in the yard", days=1)
    for _ in range(2):
        ask(base, "broken kettles", days=1)
    assert labels(kb, base) == ["broken kettles", "zebras in the yard", "velvet curtains"]
    ask(base, "a question of last year", days=366)
    assert "a question of last year" not in labels(kb, base)


def test_what_was_asked_again_in_other_words_is_a_gap_although_something_was_found(base: Path, kb: Run) -> None:
    ask(base, "wrong label on parcels", "wrong-labels", verdict=Verdict.MAY_HELP)
    ask(base, "whose label is this", "wrong-labels", verdict=Verdict.MAY_HELP)
    (gap,) = gaps(kb, base)
    assert (gap["label"], gap["reworded"], gap["nearest"]) == ("wrong label on parcels", 1, 0)


def test_a_lesson_opened_in_other_words_should_answer_the_first_ones(base: Path, kb: Run) -> None:
    ask(base, "zebra stickers")
    kb(base, "search", "--mode", "lexical", "wrong label, zebra")
    kb(base, "show", "1")
    (gap,) = gaps(kb, base)
    assert gap["remedy"] == {"cure": "answers", "lesson": "wrong-labels", "word": None}
    assert "\n   → kb correct 'zebra stickers' wrong-labels\n" in kb(base, "gaps").out


def test_hits_that_nobody_opens_are_a_gap_only_where_people_open_hits(base: Path, kb: Run) -> None:
    for _ in range(3):
        ask(base, "wrong label", "wrong-labels", verdict=Verdict.ANSWERS)
    assert gaps(kb, base) == []
    kb(base, "search", "--mode", "lexical", "old press")
    kb(base, "show", "1")
    (gap,) = gaps(kb, base)
    assert (gap["label"], gap["nearest"], gap["reworded"]) == ("wrong label", 0, 0)
    assert "no lesson was opened" in kb(base, "gaps").out


def test_a_restricted_search_and_a_likeness_are_no_demand(base: Path, kb: Run) -> None:
    kb(base, "search", "--mode", "lexical", "--tag", "none", "zebras")
    kb(base, "similar", "presses")
    assert gaps(kb, base) == []


def test_a_gap_closes_by_itself_when_a_lesson_answers_it(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    ask(base, "velvet curtains")
    assert len(gaps(kb, base)) == 2
    number = labels(kb, base).index("zebras in the yard") + 1
    write(
        base, "zebras.md", "---\nid: zebras\nanswers: [zebras in the yard]\n---\n# Zebras in the yard\n\nFeed them.\n"
    )
    report = json.loads(kb(base, "reindex", "--json").out)
    assert report["closed_gaps"] == [{"number": number, "lesson": "zebras"}]
    assert labels(kb, base) == ["velvet curtains"]
    assert "kb: 1 need of your log is met by the library now\n" in kb(base, "gaps").err


def test_the_nights_report_names_the_lesson_and_not_the_question(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    gaps(kb, base)
    write(base, "zebras.md", "---\nid: striped\n---\n# Zebras in the yard\n\nZebras in the yard: feed them.\n")
    report = kb(base, "reindex", "--report", "-").out
    assert "- gap 1 of your last `kb gaps`: lesson `striped` is found now" in report
    assert "zebras in the yard" not in report


def test_a_question_answered_by_what_did_not_help_before_stays_open(base: Path, kb: Run) -> None:
    ask(base, "wrong label on parcels", "wrong-labels", verdict=Verdict.ANSWERS)
    ask(base, "a label, but whose", "wrong-labels", verdict=Verdict.ANSWERS)
    assert labels(kb, base) == ["wrong label on parcels"]
    write(base, "better.md", "---\nid: better\n---\n# Wrong label on parcels\n\nA wrong label on parcels: scan it.\n")
    assert kb(base, "reindex").code == 0
    assert labels(kb, base) == []


def test_without_a_log_it_says_how_to_begin_one(indexed: Make, kb: Run) -> None:
    found = kb(indexed(LESSONS), "gaps")
    assert (found.code, found.out) == (0, "")
    assert found.err.endswith("to note them: kb demand --on\n")


def test_an_empty_library_has_gaps_too(indexed: Make, kb: Run) -> None:
    base = indexed({}, RECORD)
    ask(base, "zebras in the yard")
    assert labels(kb, base) == ["zebras in the yard"]


def test_a_question_with_controls_and_markup_shows_none(base: Path, kb: Run) -> None:
    ask(base, "\x1b[31mzebras\x07 [bold]in[/bold] <b>yards</b> " + "very " * 40)
    out = kb(base, "gaps").out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[bold]in[/bold] <b>yards</b>" in out


def question(
    id_: int, text: str, vector: Sequence[int] = (), *, is_page: bool = False, weight: float = 1.0
) -> Question:
    data = bytes(value % 256 for value in vector) or None
    return Question(id_, text, is_page, "model" if data else "", data, 1, 1, 0, 0, 0, weight)


def grouped(questions: list[Question], model: str = "model") -> list[list[int]]:
    return [sorted(one.id for one in cluster.questions) for cluster in clustered(questions, model)]


def test_questions_are_grouped_by_meaning_and_those_without_vectors_by_words() -> None:
    questions = [
        question(1, "zebras", (100, 10)),
        question(2, "striped horses", (100, -10)),
        question(3, "curtains", (-10, 100)),
        question(4, "velvet curtains"),
        question(5, "kettles"),
    ]
    assert grouped(questions) == [[1, 2], [3, 4], [5]]


def test_vectors_of_another_model_or_another_length_are_not_compared() -> None:
    questions = [question(1, "zebras", (100, 10)), question(2, "horses", (100, 10, 1)), question(3, "mares", (0, 0))]
    assert grouped(questions) == [[1], [2], [3]]
    assert grouped([*questions[:1], question(4, "cows", (100, 10))], model="other") == [[1], [4]]
    assert grouped([]) == []


def test_a_typed_question_stands_for_its_group_and_not_the_words_of_a_page() -> None:
    page = question(1, "zebra stripe horse", (100, 0), is_page=True, weight=9)
    (cluster,) = clustered([page, question(2, "a striped horse", (100, 1))], "model")
    assert cluster.central.text == "a striped horse"


def test_words_are_weighted_by_class() -> None:
    first, second = telling([Counter(zebra=3, need=3), Counter(kettle=3, need=3)])
    assert (list(first), list(second)) == (["zebra", "need"], ["kettle", "need"])


def test_words_of_a_question_are_letters_only_and_names_are_seen() -> None:
    found = {word.written: word.is_name for word in words_of("Labels that Miller put on 4711 parcels, or AB12?")}
    assert found == {"Labels": False, "Miller": True, "put": False, "parcels": False}
    assert not any(word.is_name for word in words_of("WHERE DOES MILLER PARK"))


def test_the_list_can_be_asked_of_the_program_too(base: Path) -> None:
    ask(base, "zebras in the yard")
    found = KnowledgeBase(base).demand.gaps()
    assert [gap.label for gap in found.gaps] == ["zebras in the yard"]
