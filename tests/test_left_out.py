"""A statement left out: the postings are, to the bit, those of a library in which it was never written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from search.left_out import with_other_answers
from search.postings import Field, LessonTerms
from tests.test_pairs import CORPORA, TERMS
from tests.test_postings import Corpus, build

WORD = st.sampled_from(["error", "proof", "print", "ink", "unknown"])
QUERIES = st.dictionaries(WORD, st.integers(1, 3))
PAIRS = st.dictionaries(st.tuples(WORD, WORD), st.integers(1, 2))


def answering(corpus: Corpus, path: str, answers: list[str]) -> dict[str, LessonTerms]:
    fields = {**corpus[path].fields, Field.ANSWERS: answers}
    return {
        **corpus,
        path: LessonTerms({field: found for field, found in fields.items() if found}, corpus[path].passages),
    }


@settings(max_examples=150, deadline=None)
@given(CORPORA.filter(bool), st.data(), TERMS, TERMS, QUERIES, PAIRS)
def test_scores_and_coverage_are_those_of_an_index_without_it(
    corpus: dict[str, LessonTerms],
    data: st.DataObject,
    others: list[str],
    statement: list[str],
    query: dict[str, int],
    pairs: dict[tuple[str, str], int],
) -> None:
    path = data.draw(st.sampled_from(sorted(corpus)))
    place = data.draw(st.integers(0, len(others)))
    whole = build(answering(corpus, path, [*others[:place], *statement, *others[place:]]))
    without = build(answering(corpus, path, others))
    asked = {*query, *(term for pair in pairs for term in pair)}
    left = with_other_answers(whole, asked, sorted(corpus).index(path), others)
    assert left.score(query, pairs).lessons.tolist() == without.score(query, pairs).lessons.tolist()
    assert left.score(query, pairs).passages.tolist() == without.score(query, pairs).passages.tolist()
    assert left.coverage(query).lessons.tolist() == without.coverage(query).lessons.tolist()
