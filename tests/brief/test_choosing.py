"""Which sentences a brief chooses: those that say most about the problem, nothing twice, none that needs another."""

from __future__ import annotations

from typing import Any

from ingest.kinds import Kind
from ingest.lesson import Lesson
from kb.brief.choosing import Choice
from kb.brief.statement import Statement
from search.query import terms

LESSON = Lesson("lessons/a.md", "a", "A", {})


def said(text: str, number: int = 0, **fields: Any) -> Statement:
    return Statement(text, Kind.CASE, LESSON, number + 1, number=number, **fields)


def choice(problem: str) -> Choice:
    return Choice(dict.fromkeys(terms(problem), 1.0))


def best(problem: str, *candidates: Statement, count: int = 1) -> list[str]:
    return [one.text for one in choice(problem).best(candidates, count)]


def test_words_of_the_problem_count() -> None:
    assert best("pump seal", said("The crew went home early."), said("The pump had a bad seal.")) == [
        "The pump had a bad seal."
    ]


def test_nearness_in_meaning_counts() -> None:
    near = said("Water ran out of the housing.", closeness=0.6)
    assert best("leak", said("The crew went home early.", closeness=0.1), near) == [near.text]


def test_the_better_lesson_counts() -> None:
    better = said("The pump had a new seal.", standing=1.0)
    assert best("pump seal", said("A pump without a seal.", standing=0.1), better) == [better.text]


def test_what_stands_first_counts_and_length_counts_against() -> None:
    first, later = said("The pump was old by then."), said("The pump was new by then.", 5)
    assert best("pump", later, first) == [first.text]
    long = said(f"The pump was {'very ' * 60}old.")
    assert best("pump", long, first) == [first.text]


def test_what_says_nearly_the_same_is_not_chosen() -> None:
    one = said("The pump had a bad seal in the morning.")
    same, other = said("In the morning the pump had a bad seal, too.", 3), said("Nobody had read the manual.", 4)
    assert best("pump seal", one, same, other, count=3) == [one.text, other.text]


def test_what_is_somewhat_similar_comes_later() -> None:
    one = said("The pump had a bad seal in the cold morning hours.")
    similar = said("A pump seal in the cold wore out twice last winter.", 1)
    other = said("The crew of the pump went home.", 1)
    assert best("pump seal crew", one, similar, other, count=2) == [one.text, other.text]


def test_a_text_that_the_page_has_anyway_is_not_chosen() -> None:
    chooses = choice("pump seal")
    chooses.remember("the pump had a bad seal")
    assert chooses.best([said("The pump had a bad seal.")], 1) == []


def test_of_a_few_words_any_is_in_another_sentence_by_chance() -> None:
    chooses = choice("pump")
    chooses.remember("The pump had a bad seal in the morning.")
    assert chooses.best([said("Pump it up.")], 1), "one word in common is no repetition"


def test_a_sentence_that_points_back_needs_the_one_before_it() -> None:
    first, second = said("A valve was turned by hand.", closeness=0.1), said("This pump was lost.", 1, closeness=0.9)
    assert best("pump", second) == []
    assert best("pump", first, second) == [first.text]
    assert best("pump", first, second, count=2) == [first.text, second.text]
    assert best("pump", second._replace(number=0)) == [second.text], "nothing stands before it"
