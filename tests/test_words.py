"""The word index: what only positions can answer, kept up to date by path."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from search.analyzer import terms
from search.errors import DamagedIndex
from search.postings import Field, LessonTerms
from search.words import WordIndex


def lesson(body: str, **fields: str) -> LessonTerms:
    return LessonTerms({Field[name.upper()]: terms(text) for name, text in fields.items()}, [terms(body)])


LESSONS = {
    "lessons/a b.md": lesson("The brochure had some errors, found before print.", title="Proof reading"),
    "lessons/c.md": lesson("Errors of the dealer's brochure.", title="Errors", tags="brochure"),
    "lessons/ü/d.md": lesson("Dealers reported.", summary="A brochure: errors everywhere"),
}


def fill(folder: Path, lessons: Mapping[str, LessonTerms]) -> WordIndex:
    index = WordIndex.create(folder)
    change(index, add=lessons)
    return index


def change(index: WordIndex, *, add: Mapping[str, LessonTerms] | None = None, remove: tuple[str, ...] = ()) -> None:
    writer = index.writer()
    for path in remove:
        writer.remove(path)
    for path, found in (add or {}).items():
        writer.add(path, found)
    writer.commit()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "words", LESSONS)
    return tmp_path / "words"


@pytest.mark.parametrize(
    ("phrase", "paths"),
    [
        ("brochure errors", {"lessons/a b.md", "lessons/ü/d.md"}),
        ("BROCHURES error", {"lessons/a b.md", "lessons/ü/d.md"}),
        ("brochure and the errors", {"lessons/a b.md", "lessons/ü/d.md"}),
        ("errors brochure", set()),
        ("errors of dealers", {"lessons/c.md"}),
        ("brochure errors found", {"lessons/a b.md"}),
        ("brochure found", set()),
        ("reading brochure", set()),
        ("brochure unknown", set()),
        ("proof reading", {"lessons/a b.md"}),
        ("brochure", {"lessons/a b.md", "lessons/c.md", "lessons/ü/d.md"}),
        ("the of", set()),
        ("", set()),
    ],
)
def test_a_phrase_is_found_where_its_words_follow_each_other_in_one_field(
    folder: Path, phrase: str, paths: set[str]
) -> None:
    assert WordIndex.open(folder).paths_with_phrase(phrase) == paths


def test_a_phrase_goes_on_from_passage_to_passage(tmp_path: Path) -> None:
    index = fill(tmp_path / "words", {"a.md": LessonTerms({}, [terms("a brochure"), terms("errors in print")])})
    assert index.paths_with_phrase("brochure errors") == {"a.md"}


@pytest.mark.parametrize("field", list(Field))
def test_every_field_has_phrases(tmp_path: Path, field: Field) -> None:
    found = terms("long brochure errors")
    only = LessonTerms({}, [found]) if field is Field.BODY else LessonTerms({field: found}, [])
    index = fill(tmp_path / "words", {"a.md": only, "b.md": lesson("Something else.")})
    assert index.paths_with_phrase("brochure errors") == {"a.md"}


def test_a_lesson_without_words_is_in_the_index(tmp_path: Path) -> None:
    index = fill(tmp_path / "words", {"a.md": LessonTerms({}, [[]]), "b.md": LessonTerms({}, [])})
    assert len(index) == 2
    assert index.paths_with_phrase("brochure errors") == set()


def test_an_index_without_lessons_finds_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "words", {})
    index = WordIndex.open(tmp_path / "words")
    assert len(index) == 0
    assert index.paths_with_phrase("brochure errors") == set()


def test_what_was_committed_is_there_when_the_folder_is_opened_again(folder: Path) -> None:
    change(WordIndex.open(folder), add={"new.md": lesson("Errors: brochure errors.")})
    again = WordIndex.open(folder)
    assert len(again) == 4
    assert again.paths_with_phrase("brochure errors") == {"lessons/a b.md", "lessons/ü/d.md", "new.md"}


def test_a_removed_lesson_is_found_no_more_and_the_others_are(folder: Path) -> None:
    change(WordIndex.open(folder), remove=("lessons/a b.md",))
    again = WordIndex.open(folder)
    assert len(again) == 2
    assert again.paths_with_phrase("brochure errors") == {"lessons/ü/d.md"}


def test_removing_by_path_takes_no_path_that_begins_alike(tmp_path: Path) -> None:
    fill(tmp_path / "words", {path: lesson("brochure errors") for path in ("a.md", "a.md.md", "x/a.md", "a")})
    change(WordIndex.open(tmp_path / "words"), remove=("a.md",))
    assert WordIndex.open(tmp_path / "words").paths_with_phrase("brochure errors") == {"a.md.md", "x/a.md", "a"}


def test_removing_what_is_not_there_changes_nothing(folder: Path) -> None:
    change(WordIndex.open(folder), remove=("lessons/other.md",))
    assert len(WordIndex.open(folder)) == 3


def test_a_changed_lesson_is_found_by_its_new_words_only(folder: Path) -> None:
    path = "lessons/a b.md"
    change(WordIndex.open(folder), remove=(path,), add={path: lesson("Dealers asked for paper.")})
    again = WordIndex.open(folder)
    assert len(again) == 3
    assert again.paths_with_phrase("brochure errors") == {"lessons/ü/d.md"}
    assert again.paths_with_phrase("dealers asked") == {path}


def test_a_removed_lesson_can_come_back_under_its_path(folder: Path) -> None:
    change(WordIndex.open(folder), remove=tuple(LESSONS))
    assert len(WordIndex.open(folder)) == 0
    change(WordIndex.open(folder), add={"lessons/c.md": lesson("brochure errors")})
    again = WordIndex.open(folder)
    assert len(again) == 1
    assert again.paths_with_phrase("brochure errors") == {"lessons/c.md"}


def test_many_commits_leave_each_lesson_once(tmp_path: Path) -> None:
    fill(tmp_path / "words", {"a.md": lesson("first brochure")})
    for number in range(12):
        index = WordIndex.open(tmp_path / "words")
        change(
            index,
            remove=("a.md",),
            add={"a.md": lesson(f"brochure n{number}"), f"{number}.md": lesson("brochure kept")},
        )
    again = WordIndex.open(tmp_path / "words")
    assert len(again) == 13
    assert again.paths_with_phrase("brochure n11") == {"a.md"}
    assert again.paths_with_phrase("brochure n10") == set()
    assert again.paths_with_phrase("brochure kept") == {f"{number}.md" for number in range(12)}


def test_a_cancelled_writer_leaves_the_index_as_it_was(folder: Path) -> None:
    writer = WordIndex.open(folder).writer()
    writer.remove("lessons/a b.md")
    writer.add("new.md", lesson("brochure errors"))
    writer.cancel()
    again = WordIndex.open(folder)
    assert len(again) == 3
    assert again.paths_with_phrase("brochure errors") == {"lessons/a b.md", "lessons/ü/d.md"}


def test_after_a_cancelled_writer_the_next_can_write(folder: Path) -> None:
    WordIndex.open(folder).writer().cancel()
    change(WordIndex.open(folder), remove=("lessons/c.md",))
    assert len(WordIndex.open(folder)) == 2


def test_cancelling_after_the_commit_takes_nothing_back(folder: Path) -> None:
    writer = WordIndex.open(folder).writer()
    writer.remove("lessons/a b.md")
    writer.commit()
    writer.cancel()
    assert len(WordIndex.open(folder)) == 2


def test_a_folder_without_an_index_is_a_damaged_index(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match=re.escape(str(tmp_path / "nowhere"))):
        WordIndex.open(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DamagedIndex, match=re.escape(str(tmp_path / "empty"))):
        WordIndex.open(tmp_path / "empty")


# Whoosh leaves the file open that it fails to read.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("content", [b"", b"\0" * 2000, b"no index at all", None], ids=["empty", "nul", "text", "half"])
def test_a_table_of_contents_that_is_not_whole_is_a_damaged_index(folder: Path, content: bytes | None) -> None:
    (toc,) = folder.glob("*.toc")
    whole = toc.read_bytes()
    toc.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(DamagedIndex, match=re.escape(str(folder))) as damaged:
        WordIndex.open(folder)
    del damaged
    gc.collect()
