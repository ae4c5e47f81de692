"""The project's own knowledge base: well-formed, linked, and found by those who have the problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.kinds import KindTable
from ingest.reading import Reading, read_lesson
from kb.check.request import CheckRequest
from kb.check.run import check
from kb.config import Config, read_config
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.answer import Answer
from kb.retrieval.request import Request
from kb.retrieval.searcher import Searcher
from search.ranking.relevance import Relevance
from tests.conftest import LESSONS

READINGS: dict[str, Reading] = {
    path.stem: read_lesson(path.read_bytes(), f"lessons/{path.name}", path.stem, KindTable())
    for path in sorted(LESSONS.glob("*.md"))
}
ALL = pytest.mark.parametrize("name", READINGS)


def metadata(name: str) -> dict[str, Any]:
    return READINGS[name].lesson.metadata


# Form.


def test_there_are_lessons() -> None:
    assert len(READINGS) == len(list(LESSONS.glob("**/*"))) >= 12


@ALL
def test_a_lesson_is_read_without_a_problem(name: str) -> None:
    reading = READINGS[name]
    assert not reading.problems
    assert metadata(name).keys() >= {"id", "title", "summary", "tags", "unit", "status", "mode", "answers", "people"}
    assert reading.lesson.title == next(section.headings[0] for section in reading.sections)
    assert len(reading.lesson.summary) > 40
    assert len(reading.lesson.tags) >= 2


@ALL
def test_a_lesson_is_called_by_its_id(name: str) -> None:
    assert metadata(name)["id"] == name


@ALL
def test_a_lesson_has_somebody_to_ask_and_the_sections_that_every_lesson_has(name: str) -> None:
    assert any(person["role"] == "contact" for person in metadata(name)["people"])
    kinds = {section.kind.value for section in READINGS[name].sections}
    assert kinds >= {"problem", "case", "knowledge", "method", "impact", "applicability", "people"}


@ALL
def test_a_lesson_answers_three_problems_or_more_each_in_words_of_its_own(name: str) -> None:
    answers = READINGS[name].lesson.answers
    assert len(answers) >= 3
    others = [answer for other, reading in READINGS.items() if other != name for answer in reading.lesson.answers]
    assert set(answers) & set(others) == set()
    assert len(set(answers)) == len(answers)
    assert [answer for answer in answers if len(answer.split()) < 5] == []


def test_the_repository_is_a_knowledge_base_with_the_default_settings() -> None:
    assert read_config(LESSONS.parent) == Config(LESSONS.parent, own_keys=("source",))


def test_every_lesson_is_validated_and_passes_every_check() -> None:
    assert {reading.lesson.status for reading in READINGS.values()} == {"validated"}
    checked = check(read_config(LESSONS.parent), CheckRequest(), date(2026, 11, 22))
    assert len(checked.files) == len(READINGS)
    # Of twelve lessons many have a tag that no other has.
    assert [str(found) for found in checked.findings if found.code != "vocabulary.lone-tag"] == []


# Found.


@pytest.fixture(scope="session")
def searcher(project: Path) -> Iterator[Searcher]:
    """The project's lessons, indexed with the default model."""
    found = KnowledgeBase(project).index.searcher()
    assert found is not None
    with closing(found):
        yield found


def ask(searcher: Searcher, query: str) -> Answer:
    answer = searcher.ask(Request(query))
    assert (answer.mode, answer.notes) == ("hybrid", ())
    return answer


@ALL
def test_each_problem_that_a_lesson_answers_finds_it_among_the_first_three(searcher: Searcher, name: str) -> None:
    for statement in READINGS[name].lesson.answers:
        found = [result.lesson.id for result in ask(searcher, statement).results]
        assert name in found[:3], (statement, found)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("brochure errors", "on-demand-brochures"),
        ("we keep sending customers the wrong product information", "on-demand-brochures"),
        ("every team plans in its own way and we cannot compare", "forty-planning-languages"),
        ("how do I prove the training caused the sales", "sales-training-matched-region"),
    ],
)
def test_a_problem_in_other_words_puts_the_right_lesson_first(searcher: Searcher, query: str, first: str) -> None:
    assert ask(searcher, query).results[0].lesson.id == first


def test_brochure_errors_bring_the_proof_reading_system_into_view(searcher: Searcher) -> None:
    best = ask(searcher, "brochure errors").results[0].best
    assert "Proof-reading system" in (*best.passage.headings, best.snippet.text.split(":")[0])
    assert best.passage.kind.value == "tool"
    marked = [best.snippet.text[start:end] for start, end in best.snippet.marks]
    assert {"brochure", "errors"} <= {word.lower() for word in marked}


@ALL
def test_the_lines_of_every_passage_are_those_of_the_file(searcher: Searcher, name: str) -> None:
    rows = READINGS[name].text.split("\n")
    own = [result for result in ask(searcher, READINGS[name].lesson.title).results if result.lesson.id == name]
    assert len(own) == 1
    for shown in (own[0].best, *own[0].more):
        start, end = shown.passage.lines
        assert shown.passage.text == "\n".join(rows[start:end]).rstrip()
        assert shown.line == start + 1


def test_what_has_nothing_to_do_with_any_lesson_is_not_relevant(searcher: Searcher) -> None:
    assert ask(searcher, "recipe for sourdough bread").relevance is Relevance.NEAREST
