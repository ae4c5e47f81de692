"""An update is a rebuild, and what was written is read, or is damaged."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.lesson_terms import LessonTerms
from search.errors import DamagedIndex
from search.lexical import new_postings
from search.lexical.array_index import ArrayIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import ARRAYS, Postings
from tests.postings import (
    CORPORA,
    LESSONS,
    PATHS,
    arrays,
    assert_equal,
    body,
    build,
    passage_scores,
    scores,
)


@settings(deadline=None)
@given(CORPORA, CORPORA, st.sets(PATHS), st.randoms(use_true_random=False))
def test_an_update_gives_what_a_rebuild_gives(
    before: dict[str, LessonTerms], changed: dict[str, LessonTerms], removed: set[str], dice: random.Random
) -> None:
    after = {path: lesson for path, lesson in before.items() if path not in removed} | changed
    numbers = {path: number for number, path in enumerate(sorted(before))}
    new = NewPostings()
    for path in dice.sample(sorted(changed), len(changed)):
        new.add(path, changed[path])
    kept = [None if path in changed else numbers[path] for path in sorted(after)]
    assert_equal(new.merged_into(build(before), kept), build(after))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(PATHS, st.one_of(st.none(), LESSONS)), max_size=8))
def test_many_small_updates_give_what_one_rebuild_gives(edits: list[tuple[str, LessonTerms | None]]) -> None:
    corpus: dict[str, LessonTerms] = {}
    postings = Postings.empty()
    for path, lesson in edits:
        numbers = {old: number for number, old in enumerate(sorted(corpus))}
        corpus.pop(path, None)
        new = NewPostings()
        if lesson is not None:
            corpus[path] = lesson
            new.add(path, lesson)
        postings = new.merged_into(postings, [None if now == path else numbers[now] for now in sorted(corpus)])
    assert_equal(postings, build(corpus))


@settings(max_examples=25, deadline=None)
@given(before=CORPORA, added=LESSONS, rows_at_once=st.integers(1, 20))
def test_it_does_not_matter_in_how_many_stretches_an_index_is_merged(
    before: dict[str, LessonTerms], added: LessonTerms, rows_at_once: int
) -> None:
    new = NewPostings()
    new.add("m.md", added)
    numbers = iter(range(len(before)))
    kept = [None if path == "m.md" else next(numbers) for path in sorted([*before, "m.md"])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(new_postings, "ROWS_AT_ONCE", rows_at_once)
        merged = new.merged_into(build(before), kept)
    assert_equal(merged, build({**before, "m.md": added}))


def test_a_term_that_no_lesson_has_any_more_is_gone() -> None:
    postings = NewPostings().merged_into(build({"a.md": body("error"), "b.md": body("print")}), [1])
    assert list(postings.terms) == ["print"]
    assert postings.number_of("error") is None


def test_a_word_that_fills_a_lesson_does_not_overflow() -> None:
    index, query = arrays({"a.md": body("error " * 70_000), "b.md": body("error")}), LexicalQuery({"error": 1})
    assert scores(index, query)[0] > 0
    assert passage_scores(index, query)[0][0] > 0


@settings(max_examples=25, deadline=None)
@given(corpus=CORPORA)
def test_what_was_written_is_read(corpus: dict[str, LessonTerms], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("postings")
    postings = build(corpus)
    postings.write(folder)
    read = Postings.read(folder)
    assert_equal(read, postings)
    query = LexicalQuery({"error": 1, "print": 2, "unknown": 1})
    assert scores(ArrayIndex.read(folder), query) == scores(ArrayIndex(postings), query)


def test_an_index_that_was_read_can_be_updated(tmp_path: Path) -> None:
    corpus = {"a.md": body("error", "proof"), "b.md": body("print")}
    build(corpus).write(tmp_path)
    new = NewPostings()
    new.add("0.md", body("ink"))
    assert_equal(new.merged_into(Postings.read(tmp_path), [None, 0, 1]), build({"0.md": body("ink"), **corpus}))


FILES = ["terms.npy", "terms_ends.npy", *(f"{name}.npy" for name in ARRAYS)]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_a_damaged_index(tmp_path: Path, file: str) -> None:
    build({"a.md": body("error", "proof"), "b.md": body("print")}).write(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(DamagedIndex, match=re.escape(file)):
        Postings.read(tmp_path)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("share", [0, 0.5], ids=["empty", "half"])
def test_a_file_that_is_cut_short_is_a_damaged_index(tmp_path: Path, file: str, share: float) -> None:
    build({"a.md": body("error", "proof"), "b.md": body("print")}).write(tmp_path)
    content = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedIndex, match=re.escape(str(tmp_path))):
        Postings.read(tmp_path)


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_another_index_is_a_damaged_index(tmp_path: Path, file: str) -> None:
    for name, corpus in (
        ("one", {"a.md": body("error", "proof"), "b.md": body("print")}),
        ("other", {"a.md": body("error", "proof", "shop"), "b.md": body("print"), "c.md": body("ink error")}),
    ):
        (tmp_path / name).mkdir()
        build(corpus).write(tmp_path / name)
    shutil.copy(tmp_path / "other" / file, tmp_path / "one" / file)
    with pytest.raises(DamagedIndex, match="do not belong together"):
        Postings.read(tmp_path / "one")


def test_no_pickle_is_read(tmp_path: Path) -> None:
    build({"a.md": body("error")}).write(tmp_path)
    np.save(tmp_path / "fields.npy", np.array([{"a": "pickle"}], object), allow_pickle=True)
    with pytest.raises(DamagedIndex, match=r"pickle|memory-mapped"):
        Postings.read(tmp_path)
