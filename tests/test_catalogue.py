"""The catalogue: what is written comes back, in canonical order, and every lesson has an id of its own."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.changes import KnownFile
from ingest.kinds import Kind
from ingest.lesson import Lesson, Metadata
from ingest.passages.passage import Origin, Passage
from ingest.passages.prose import readable_passages
from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.writer import CatalogueWriter
from kb.impact.lesson_impact import impact_of_lesson
from search.errors import DamagedIndex


def known(path: str, *problems: Problem) -> KnownFile:
    return KnownFile(path, 12, 1_700_000_000_000_000_000, "digest of " + path, problems)


def lesson(path: str, id_: str | None = None, **metadata: object) -> Lesson:
    return Lesson(path, id_ or path.removesuffix(".md"), path.upper(), dict(metadata))


def passage(text: str, origin: Origin = Origin.BODY) -> Passage:
    return Passage(origin, Kind.TOOL, ("One", "Two"), (3, 5), text, "One\nTwo")


@contextmanager
def writing(path: Path, base: Path | None = None) -> Iterator[CatalogueWriter]:
    writer = CatalogueWriter(path, base)
    yield writer
    writer.settle_ids()
    writer.close()


def put(writer: CatalogueWriter, file: KnownFile, lesson: Lesson, passages: Sequence[Passage]) -> None:
    counts = [1] * len(passages)
    writer.add(file, lesson, passages, readable_passages(passages), counts, impact_of_lesson(lesson))


def write(path: Path, lessons: Sequence[Lesson]) -> None:
    with writing(path) as writer:
        for written in lessons:
            put(writer, known(written.path), written, [])


def ids(path: Path) -> dict[str, str]:
    with closing(Catalogue(path)) as catalogue:
        return {found.path: found.id for found in catalogue.lessons()}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
paths = st.text("ab/ü#? \"'%.md", min_size=1, max_size=12)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
metadata = st.dictionaries(texts, plain, max_size=4)
passages = st.lists(
    st.builds(
        Passage,
        st.sampled_from(Origin),
        st.sampled_from(Kind),
        st.lists(texts, max_size=3).map(tuple),
        st.tuples(st.integers(0, 9), st.integers(0, 2**40)),
        texts,
        texts,
    ),
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(paths, st.tuples(texts.filter(bool), texts, metadata, passages), max_size=4))
def test_what_is_written_comes_back(written: dict[str, tuple[str, str, Metadata, list[Passage]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalogue.sqlite"
        with writing(file) as writer:
            for path, (id_, title, front_matter, slices) in written.items():
                put(writer, known(path), Lesson(path, id_, title, front_matter), slices)
        with closing(Catalogue(file)) as catalogue:
            assert catalogue.files() == {path: known(path) for path in written}
            assert list(catalogue.outline().paths) == sorted(written)
            for path, (_, title, front_matter, slices) in written.items():
                found = catalogue.lesson(path)
                assert (found.path, found.title, found.metadata) == (path, title, front_matter)
                assert catalogue.passages(path) == slices
                assert [catalogue.readable(path, place) for place in range(len(slices))] == readable_passages(slices)


def test_files_come_back_with_what_could_not_be_read_of_them(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    files = {
        "a.md": known("a.md"),
        "b.md": known("b.md", Problem("b.md", "not YAML", 3)),
        "c.md": known("c.md", Problem("c.md", "a NUL byte")),
    }
    with writing(file) as writer:
        for entry in files.values():
            put(writer, entry, lesson(entry.path), [])
    with closing(Catalogue(file)) as catalogue:
        assert catalogue.files() == files


def test_the_outline_has_rows_and_statements_in_the_order_of_the_paths(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    statements = [passage("s", Origin.SUMMARY), passage("a", Origin.ANSWER)]
    with writing(file) as writer:
        put(writer, known("b.md"), lesson("b.md"), [*statements, passage("x")])
        put(writer, known("Z.md"), lesson("Z.md"), [passage("x"), passage("y")])
        put(writer, known("a/z.md"), lesson("a/z.md"), [])
    with closing(Catalogue(file)) as catalogue:
        assert catalogue.outline().lessons() == [("Z.md", 2, 0), ("a/z.md", 3, 0), ("b.md", 1, 2)]
        assert catalogue.passages_of() == [2, 0, 3]


def test_lessons_are_listed_newest_first_then_by_id_and_without_date_last(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    write(
        file,
        [
            lesson("none.md"),
            lesson("year.md", date=2006),
            lesson("b.md", date="2006-05"),
            lesson("a.md", date="2006-05"),
            lesson("day.md", date="2006-05-01"),
            lesson("late.md", date="2019"),
            lesson("odd.md", date="some time in May"),
        ],
    )
    with closing(Catalogue(file)) as catalogue:
        assert [found.id for found in catalogue.lessons()] == ["late", "day", "a", "b", "year", "none", "odd"]


def test_an_id_goes_to_the_first_by_path_and_the_others_are_found_by_their_path(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    write(file, [lesson("c.md", "same"), lesson("a.md", "other"), lesson("b.md", "same"), lesson("d.md", "same")])
    assert ids(file) == {"a.md": "other", "b.md": "same", "c.md": "c.md", "d.md": "d.md"}
    with closing(Catalogue(file)) as catalogue:
        assert [str(problem) for problem in catalogue.id_problems()] == [
            f"{path}: the id 'same' is taken by b.md; change one of them (found as '{path}' until then)"
            for path in ("c.md", "d.md")
        ]


def test_an_id_that_becomes_free_goes_to_the_next_that_asks_for_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    write(first, [lesson("a.md", "same"), lesson("b.md", "same")])
    with writing(second, first) as writer:
        writer.remove("a.md")
    assert ids(second) == {"b.md": "same"}
    with closing(Catalogue(second)) as catalogue:
        assert catalogue.id_problems() == []


def test_names_and_ids_are_by_number(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    write(file, [lesson("a.md", "first"), lesson("b.md", "a.md")])
    with closing(Catalogue(file)) as catalogue:
        assert catalogue.ids() == ["first", "a.md"]
        assert [name[:2] for name in catalogue.names()] == [("a.md", "first"), ("b.md", "a.md")]


def test_the_next_one_begins_with_what_the_last_one_had_and_leaves_it_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    with writing(first) as writer:
        put(writer, known("a.md"), lesson("a.md"), [passage("old a"), passage("more a")])
        put(writer, known("b.md"), lesson("b.md"), [passage("old b")])
        put(writer, known("c.md"), lesson("c.md"), [passage("old c")])
    before = first.read_bytes()
    touched = KnownFile("c.md", 13, 5, "another digest")
    with writing(second, first) as writer:
        assert writer.paths() == ["a.md", "b.md", "c.md"]
        put(writer, known("a.md"), lesson("a.md", "new-id"), [passage("new a")])
        writer.remove("b.md")
        writer.add_file(touched)
        assert writer.texts("a.md") == ["One\nTwo\nnew a"]
    assert first.read_bytes() == before
    with closing(Catalogue(second)) as catalogue:
        assert catalogue.files() == {"a.md": known("a.md"), "c.md": touched}
        assert catalogue.outline().lessons() == [("a.md", 4, 0), ("c.md", 3, 0)]
        assert catalogue.passages_of() == [1, 1]
        assert ids(second) == {"a.md": "new-id", "c.md": "c"}
        assert [catalogue.passages(path) for path in ("a.md", "b.md", "c.md")] == [
            [passage("new a")],
            [],
            [passage("old c")],
        ]


def test_what_is_encoded_of_a_passage_has_its_context_in_front_if_there_is_one(tmp_path: Path) -> None:
    slices = [passage("text"), Passage(Origin.ANSWER, Kind.PROBLEM, (), (1, 2), "statement")]
    with writing(tmp_path / "catalogue.sqlite") as writer:
        put(writer, known("a.md"), lesson("a.md"), slices)
        assert writer.texts("a.md") == ["One\nTwo\ntext", "statement"]
        assert writer.texts("a.md") == [written.encoded_text for written in slices]


@pytest.mark.parametrize("name", ["with blanks", "per%20cent", "number #1", "what?", "ünïcode", "a&b=c"])
def test_it_is_found_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    file = tmp_path / name / "catalogue.sqlite"
    write(file, [lesson("a.md")])
    assert ids(file) == {"a.md": "a"}


def test_a_missing_catalogue_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match=r"catalogue\.sqlite is missing$"):
        Catalogue(tmp_path / "catalogue.sqlite")
    assert not (tmp_path / "catalogue.sqlite").exists()


@pytest.mark.parametrize("content", [b"not a database at all", b"", b"SQLite format 3\0" + b"\0" * 500])
def test_a_damaged_catalogue_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "catalogue.sqlite"
    file.write_bytes(content)
    with pytest.raises(DamagedIndex, match=r"catalogue\.sqlite: "):
        Catalogue(file)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE files SET problems = '[[1, 1, null]]'",
        'UPDATE files SET problems = \'[["x", "1", null]]\'',
        'UPDATE files SET problems = \'[["x", 1, "y"]]\'',
        "UPDATE files SET size = 'x'",
        "UPDATE lessons SET title = x'00'",
        "UPDATE lessons SET metadata = '[]'",
        "UPDATE lessons SET metadata = '{'",
        "UPDATE passages SET headings = '[1]'",
        "UPDATE passages SET headings = '{}'",
        "UPDATE passages SET kind = 'x'",
        "UPDATE passages SET readable = '[[1], []]'",
        "UPDATE passages SET readable = '[[[0, 5]], []]'",
        "UPDATE passages SET readable = '[[[2, 1]], []]'",
        "UPDATE passages SET readable = '[[[0, 4], [0, 4]], []]'",
        "UPDATE passages SET readable = '[\"text\", []]'",
    ],
)
def test_what_was_not_written_so_is_damage(tmp_path: Path, harm: str) -> None:
    file = tmp_path / "catalogue.sqlite"
    with writing(file) as writer:
        put(writer, known("a.md"), lesson("a.md"), [passage("text")])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(harm)
    with (
        closing(Catalogue(file)) as catalogue,
        pytest.raises(DamagedIndex, match=r"catalogue\.sqlite: not what was wr"),
    ):
        _ = catalogue.files(), catalogue.lessons(), catalogue.passages("a.md"), catalogue.readable("a.md", 0)


def test_the_words_of_a_passage_are_stored_once(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    written = [passage("Parcels came home. " * 50 + "They *had* an old label.\n\n" + "- Print labels.\n" * 50)]
    with writing(file) as writer:
        put(writer, known("a.md"), lesson("a.md"), written)
    assert len(file.read_bytes().split(b"Parcels came home.")) == 51
    with closing(Catalogue(file)) as catalogue:
        assert [catalogue.readable("a.md", 0)] == readable_passages(written)


def test_sentences_that_are_stored_themselves_as_older_code_did_are_read(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    with writing(file) as writer:
        put(writer, known("a.md"), lesson("a.md"), [passage("Text.")])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("""UPDATE passages SET readable = '[["Text."], ["See below."]]'""")
    with closing(Catalogue(file)) as catalogue:
        assert catalogue.readable("a.md", 0) == (("Text.",), ("See below.",))


def test_a_lesson_that_is_not_there_is_damage(tmp_path: Path) -> None:
    write(tmp_path / "catalogue.sqlite", [lesson("a.md")])
    with (
        closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue,
        pytest.raises(DamagedIndex, match=r"catalogue\.sqlite: no lesson b\.md$"),
    ):
        catalogue.lesson("b.md")
