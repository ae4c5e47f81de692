"""A statement left out: the postings are, to the bit, those of a library in which it was never written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage
from search.analysis.analyzer import Indexed, indexed
from search.analysis.lesson_terms import Field, LessonTerms
from search.analysis.terms import terms_of
from search.lexical.array_index import ArrayIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.query.mode import Mode
from search.query.wording import wording_of
from search.ranking.question import encode
from tests.examples import examples
from tests.postings import CORPORA, Corpus, arrays, coverages, passage_scores, scores

WORD = st.sampled_from(["error", "proof", "print", "ink", "unknown"])
TERMS = st.lists(WORD, max_size=9)
QUERIES = st.dictionaries(WORD, st.integers(1, 3))
PAIRS = st.dictionaries(st.tuples(WORD, WORD), st.integers(1, 2))


def answering(corpus: Corpus, path: str, answers: list[str]) -> dict[str, LessonTerms]:
    fields = {**corpus[path].fields, Field.ANSWERS: answers}
    return {
        **corpus,
        path: LessonTerms({field: found for field, found in fields.items() if found}, corpus[path].passages),
    }


@settings(max_examples=examples(150), deadline=None)
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
    whole = arrays(answering(corpus, path, [*others[:place], *statement, *others[place:]]))
    without = arrays(answering(corpus, path, others))
    before, after = Indexed([*others[:place], *statement, *others[place:]], [], set()), Indexed(others, [], set())
    left, asked = whole.with_answers(sorted(corpus).index(path), before, after), LexicalQuery(query, pairs)
    assert scores(left, asked) == scores(without, asked)
    assert passage_scores(left, asked) == passage_scores(without, asked)
    assert coverages(left, asked) == coverages(without, asked)


ANSWERS = [
    "proof-reading fails on TLS1.3",
    "ORA-00942 in the proofreading job",
    "\u8fd9\u4e2a\u95ee\u9898 and C++",
    "read the proof",
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(ANSWERS), st.integers(0, 3), st.sampled_from(["", "proof-reading and TLS1.3", "ORA-00942"]))
def test_a_question_is_worded_and_scored_as_by_an_index_without_it(answers: list[str], number: int, body: str) -> None:
    def library(said: list[str]) -> ArrayIndex:
        new = NewPostings()
        for lesson, its in enumerate(([], said, ANSWERS[:1])):
            found = Lesson(f"{lesson}.md", str(lesson), "Labels", {"answers": its})
            new.add(found.path, terms_of(found, [Passage(Origin.BODY, Kind.OTHER, (), (0, 1), body)]))
        return ArrayIndex(new.merged_into(Postings.empty(), [None] * 3))

    others = [*answers[:number], *answers[number + 1 :]]
    left = library(answers).with_answers(1, indexed("\n".join(answers)), indexed("\n".join(others)))
    without = library(others)
    ours, theirs = wording_of(answers[number], left), wording_of(answers[number], without)
    assert ours == theirs
    asked = encode(ours, Mode.LEXICAL, left).words
    assert scores(left, asked) == scores(without, asked)
    assert coverages(left, asked) == coverages(without, asked)
