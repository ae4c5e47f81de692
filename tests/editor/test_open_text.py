"""Positions in a text as an editor counts them, against those in kb's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.decoding import decode
from kb.editor.open_text import OpenText, Position, Range, units

SIGNS = st.text(st.sampled_from("ab é漢😀\t\r\n\u2028\x0b\ufeff"), max_size=40)
ANYWHERE = st.builds(Position, st.integers(-1, 12), st.integers(-1, 60))


def kb_text(text: OpenText) -> str:
    return decode(text.raw.encode()).text


@pytest.mark.parametrize(
    ("raw", "line", "column", "position"),
    [
        ("ab", 0, 1, Position(0, 1)),
        ("😀b", 0, 1, Position(0, 2)),
        ("漢字b", 0, 2, Position(0, 2)),
        ("\tb", 0, 1, Position(0, 1)),
        ("a\r\n😀\r\nb", 2, 1, Position(2, 1)),
        ("a\rb", 1, 0, Position(1, 0)),
        ("\ufeff😀b", 0, 1, Position(0, 3)),
        ("a\u2028b\nc", 1, 0, Position(1, 0)),
        ("a", 9, 9, Position(0, 1)),
    ],
)
def test_a_place_in_kbs_text_has_this_position(raw: str, line: int, column: int, position: Position) -> None:
    text = OpenText(raw)
    assert text.position(line, column) == position
    if line < len(text.rows):
        assert text.place(position) == (line, column)


@given(SIGNS)
def test_lines_are_those_of_kb_and_every_place_leads_back(raw: str) -> None:
    text = OpenText(raw)
    rows = kb_text(text).split("\n")
    assert len(rows) == len(text.rows)
    for line, row in enumerate(rows):
        for column in range(len(row) + 1):
            assert text.place(text.position(line, column)) == (line, column)


@given(SIGNS, SIGNS, ANYWHERE, ANYWHERE)
def test_an_edit_anywhere_replaces_one_piece(raw: str, new: str, start: Position, end: Position) -> None:
    after = OpenText(raw).replaced(Range(start, end), new).raw
    pieces = [(raw[:first], raw[last:]) for first in range(len(raw) + 1) for last in range(first, len(raw) + 1)]
    assert after in {before + new + behind for before, behind in pieces}


@given(SIGNS, st.data())
def test_an_insertion_is_where_an_editor_that_counts_utf_16_has_its_cursor(raw: str, data: st.DataObject) -> None:
    text = OpenText(raw)
    line = data.draw(st.integers(0, len(text.rows) - 1))
    column = data.draw(st.integers(0, len(text.rows[line])))
    place = Position(line, units(text.rows[line][:column]))
    after = text.replaced(Range(place, place), "§")
    assert after.raw.replace("§", "") == raw
    assert after.rows[line].index("§") == column


def test_half_a_pair_is_not_cut() -> None:
    text = OpenText("😀b")
    assert text.replaced(Range(Position(0, 1), Position(0, 1)), "x").raw == "x😀b"
    assert text.place(Position(0, 1)) == (0, 0)
