"""Known-item search: each lesson is asked for what it says it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lesson import Lesson
from kb.acceptance.known_items import (
    FOUND_AMONG,
    KnownItem,
    ask,
    questions_of,
    read_known_items,
    regressions,
    write_known_items,
)
from kb.acceptance.regression import Regression
from kb.knowledge_base import KnowledgeBase
from search.errors import DamagedIndex
from search.query.mode import Mode
from tests.conftest import Make

IDS = st.sampled_from("abc")
RANKS = st.none() | st.integers(1, FOUND_AMONG)
ITEMS = st.lists(
    st.builds(KnownItem, IDS, st.sampled_from(["x?", "y?"]), RANKS, st.lists(IDS).map(tuple)),
    unique_by=lambda item: (item.lesson, item.question),
)


def lesson(id_: str, *answers: str) -> Lesson:
    return Lesson(f"lessons/{id_}.md", id_, id_, {"answers": list(answers)})


def said(*sentences: str) -> str:
    return "---\nanswers:\n" + "".join(f"  - {sentence}\n" for sentence in sentences) + "---\n"


def test_every_sentence_is_asked_once() -> None:
    lessons = [lesson("a", "x", "y", "x"), lesson("b"), lesson("c", "x")]
    assert questions_of(lessons) == [("a", "x"), ("a", "y"), ("c", "x")]


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.LEXICAL])
def test_it_is_told_where_a_lesson_stands_and_what_is_before_it(make: Make, mode: Mode) -> None:
    better = {f"{number}.md": "# Parcels come back\n\nParcels come back, parcels come back.\n" for number in range(2)}
    root = make({**better, "own.md": "# Valves\n\nNo parcels.\n", "far.md": "# Antennas\n\nMasts.\n"})
    base = KnowledgeBase(root)
    base.reindex()
    searcher = base.index.searcher()
    assert searcher
    with closing(searcher):
        first, last = ask(searcher, [("0", "parcels come back"), ("own", "parcels come back")], mode)
    assert (first.lesson, first.question, first.rank, first.ahead) == ("0", "parcels come back", 1, ())
    assert (last.rank, last.ahead) == (3, ("0", "1"))


def test_what_is_not_among_the_first_five_is_not_found(make: Make) -> None:
    crowd = {f"{number}.md": "# Parcels come back\n\nParcels come back.\n" for number in range(6)}
    base = KnowledgeBase(make({**crowd, "own.md": "# Valves\n\nNo parcels.\n"}))
    base.reindex()
    searcher = base.index.searcher()
    assert searcher
    with closing(searcher):
        (item,) = ask(searcher, [("own", "parcels come back")], Mode.HYBRID)
    assert (item.rank, item.ahead) == (None, ("0", "1", "2", "3", "4"))


@given(ITEMS, ITEMS)
def test_lost_is_what_was_found_and_is_asked_and_not_found_now(before: list[KnownItem], after: list[KnownItem]) -> None:
    found = {(item.lesson, item.question) for item in before if item.rank}
    missed = {(item.lesson, item.question) for item in after if not item.rank}
    lost = regressions(before, after)
    assert {(regression.lesson, regression.question) for regression in lost} == found & missed
    assert len(lost) == len(found & missed)


def test_a_regression_says_what_was_and_what_is_found_instead() -> None:
    (lost,) = regressions([KnownItem("a", "x?", 2, ("b",))], [KnownItem("a", "x?", None, ("b", "c"))])
    assert lost == Regression("a", "x?", 2, ("b", "c"))
    assert re.fullmatch(r"a is no longer found for 'x\?' .*2.*b, c", str(lost))
    assert re.fullmatch(r"a is no longer found for 'x\?' .*1\W*", str(Regression("a", "x?", 1, ())))


@given(items=ITEMS)
def test_what_is_written_down_is_read_again(tmp_path_factory: pytest.TempPathFactory, items: list[KnownItem]) -> None:
    file = tmp_path_factory.mktemp("items") / "known_items.json"
    write_known_items(file, items)
    assert read_known_items(file) == items


def test_that_nothing_was_asked_is_no_damage(tmp_path: Path) -> None:
    assert read_known_items(tmp_path / "known_items.json") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_text(""),
        lambda file: file.write_text("[{"),
        lambda file: file.write_text("{}") and file.write_text('{"a": 1}'),
        lambda file: file.write_text("[1]"),
        lambda file: file.write_text('[{"lesson": "a"}]'),
        lambda file: file.write_text('[{"lesson": "a", "question": "x", "rank": 1, "ahead": [], "more": 1}]'),
        lambda file: file.write_bytes(b"\xff\xfe"),
        lambda file: file.mkdir(),
    ],
)
def test_what_cannot_be_read_is_damage_that_is_named(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    file = tmp_path / "known_items.json"
    damage(file)
    with pytest.raises(DamagedIndex, match=r"known_items\.json"):
        read_known_items(file)
