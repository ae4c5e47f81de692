"""Phrases: the terms of a query one behind the other, in one field of one lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import terms
from search.analysis.lesson_terms import Field, LessonTerms
from search.errors import DamagedIndex
from search.lexical.array_index import ArrayIndex
from tests.small_index import array_index, postings_of


def lesson(*body: str, **fields: str) -> LessonTerms:
    return LessonTerms({Field[name.upper()]: terms(text) for name, text in fields.items()}, [*map(terms, body)])


def having(lessons: Sequence[LessonTerms], phrase: Sequence[str]) -> list[int]:
    return [int(number) for number in array_index(lessons).having_phrase(phrase)]


LESSONS = [
    lesson("The brochure had some errors, found before print.", title="Proof reading"),
    lesson("Errors of the dealer's brochure.", title="Errors", tags="brochure"),
    lesson("Dealers reported.", summary="A brochure: errors everywhere"),
]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("brochure errors", [0, 2]),
        ("BROCHURES error", [0, 2]),
        ("brochure and the errors", [0, 2]),
        ("errors brochure", []),
        ("errors of dealers", [1]),
        ("brochure errors found", [0]),
        ("brochure found", []),
        ("reading brochure", []),
        ("brochure unknown", []),
        ("proof reading", [0]),
        ("brochure", [0, 1, 2]),
        ("the of", []),
        ("", []),
    ],
)
def test_a_phrase_is_found_where_its_words_follow_each_other_in_one_field(phrase: str, found: list[int]) -> None:
    assert having(LESSONS, terms(phrase)) == found


def test_a_phrase_goes_on_from_passage_to_passage_but_not_to_the_next_lesson() -> None:
    parted = [lesson("", "a brochure", "", "errors"), lesson("in print"), lesson(), lesson("errors in", "print")]
    assert having(parted, terms("brochure errors")) == [0]
    assert having(parted, terms("errors print")) == [3]


@pytest.mark.parametrize("field", list(Field))
def test_every_field_has_phrases(field: Field) -> None:
    found = terms("long brochure errors")
    only = LessonTerms({}, [found]) if field is Field.BODY else LessonTerms({field: found}, [])
    assert having([lesson("Something else."), only], terms("brochure errors")) == [1]


def test_without_lessons_nothing_is_found() -> None:
    assert having([], ["brochure"]) == []


WORDS = st.lists(st.sampled_from("abc"), max_size=5)
ANY_LESSONS = st.lists(
    st.builds(
        LessonTerms,
        st.dictionaries(st.sampled_from([field for field in Field if field is not Field.BODY]), WORDS, max_size=3),
        st.lists(WORDS, max_size=4),
    ),
    max_size=6,
)


def has(texts: Mapping[Field, Sequence[str]], phrase: Sequence[str]) -> bool:
    """Say what a phrase is: the plainest way there is."""
    return any(f" {' '.join(phrase)} " in f" {' '.join(text)} " for text in texts.values())


@given(ANY_LESSONS, st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_any_phrase_is_found_where_it_stands(lessons: list[LessonTerms], phrase: list[str]) -> None:
    texts = [{**one.fields, Field.BODY: [*chain(*one.passages)]} for one in lessons]
    assert having(lessons, phrase) == [number for number, said in enumerate(texts) if has(said, phrase)]


FORGED = {
    "a passage that there is not": ("docs", 10**6),
    "a passage before the first": ("docs", -1),
    "an unknown field": ("fields", 200),
    "more places than there are": ("frequencies", 500),
    "no place": ("frequencies", 0),
}


@pytest.mark.parametrize(("name", "value"), FORGED.values(), ids=FORGED)
def test_postings_that_lead_nowhere_are_damage_when_their_term_is_asked_for(name: str, value: int) -> None:
    postings = postings_of(LESSONS)
    row = postings.terms.find("brochur")
    assert row is not None
    forged = getattr(postings, name).copy()
    forged[int(postings.first[row])] = value
    other = ArrayIndex(replace(postings, **{name: forged}))
    with pytest.raises(DamagedIndex, match="the postings of 'brochur' are out of range"):
        other.having("brochur")
    with pytest.raises(DamagedIndex, match="out of range"):
        other.having_phrase(["brochur", "error"])
    assert len(other.having("dealer"))
