"""Postings in arrays: as another implementation scores them, and how they are numbered."""

from __future__ import annotations

import random

import numpy as np
import pytest
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Term
from whoosh.scoring import BM25F

from search.lexical import bm25f
from search.lexical.lexical_query import LexicalQuery
from search.lexical.postings import Postings
from tests.postings import arrays, body, build, coverages, passage_scores, scores


def test_one_field_is_scored_as_whoosh_scores_it_but_for_the_idf() -> None:
    # Whoosh has another idf and a constant factor, so only one term's scores can be compared, up to that
    # factor; and it rounds lengths above 10, so the lessons are short. Over fields it sums after saturating,
    # which is not BM25F: for that there is the formula above.
    dice = random.Random(5)
    texts = {f"{number:02}.md": " ".join(dice.choices("abcd", k=dice.randint(1, 10))) for number in range(40)}
    index = RamStorage().create_index(Schema(path=ID(stored=True), text=TEXT(analyzer=SpaceSeparatedTokenizer())))
    writer = index.writer()
    for path, text in texts.items():
        writer.add_document(path=path, text=text)
    writer.commit()
    index_of_ours = arrays({path: body(text) for path, text in texts.items()})
    with index.searcher(weighting=BM25F(B=bm25f.B, K1=bm25f.K1)) as searcher:
        for term in "abcd":
            ours = scores(index_of_ours, LexicalQuery({term: 1}))
            theirs = {hit["path"]: hit.score for hit in searcher.search(Term("text", term), limit=None)}
            assert len(theirs) > 20
            assert {path for path, score in zip(texts, ours, strict=True) if score > 0} == set(theirs)
            factors = [theirs[path] / score for path, score in zip(texts, ours, strict=True) if path in theirs]
            assert factors == pytest.approx([factors[0]] * len(factors), rel=1e-5)


def test_a_lesson_that_has_every_term_covers_all_and_not_a_rounding_less() -> None:
    dice = random.Random(2)
    terms = [f"term{number}" for number in range(60)]
    others = {f"{number:02}.md": body(" ".join(dice.sample(terms, dice.randint(1, 40)))) for number in range(50)}
    index = arrays({**others, "all.md": body(" ".join(terms))})
    for _ in range(50):
        query = dict.fromkeys(dice.sample(terms, dice.randint(1, 60)), 1)
        assert coverages(index, LexicalQuery(query))[-1] == 1


def test_lessons_are_numbered_by_path_and_passages_in_order_whatever_was_read_first() -> None:
    corpus = {"b.md": body("x1", "x2"), "a.md": body("x3"), "c.md": body("x4", "x5", "x6")}
    numbers = build(corpus, ["c.md", "b.md", "a.md"]).passages
    assert numbers.counts.tolist() == [1, 2, 3]
    assert numbers.lesson_of.tolist() == [0, 1, 1, 2, 2, 2]
    assert numbers.first.tolist() == [0, 1, 3]
    assert numbers.place_in_lesson.tolist() == [0, 0, 1, 0, 1, 2]
    assert [numbers.of(lesson) for lesson in range(3)] == [slice(0, 1), slice(1, 3), slice(3, 6)]
    found = [
        int(np.argmax(np.concatenate(passage_scores(arrays(corpus), LexicalQuery({term: 1})))))
        for term in ("x3", "x1", "x2", "x4", "x5", "x6")
    ]
    assert found == [0, 1, 2, 3, 4, 5]


def test_no_lessons_have_no_passages() -> None:
    numbers = Postings.empty().passages
    assert len(numbers.lesson_of) == len(numbers.first) == len(numbers.place_in_lesson) == 0
    assert numbers.best(np.zeros(0, np.float32), 0.0).tolist() == []
