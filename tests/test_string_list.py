"""A list of strings that is mapped: the same as a list in memory."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import DamagedIndex
from search.storage.string_list import StringList

LISTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=20)


@given(LISTS)
def test_it_is_as_good_as_a_list(tmp_path_factory: pytest.TempPathFactory, strings: list[str]) -> None:
    folder = tmp_path_factory.mktemp("strings")
    StringList.of(strings).write(folder, "some")
    for found in (StringList.of(strings), StringList.read(folder, "some")):
        assert len(found) == len(strings)
        assert list(found) == found[:] == strings
        assert [found[number] for number in range(-len(strings), len(strings))] == strings * 2
        assert found[1:7:2] == strings[1:7:2]
        with pytest.raises(IndexError):
            found[len(strings)]


@given(LISTS, st.text(st.characters(codec="utf-8"), max_size=3))
def test_a_string_is_found_in_a_sorted_list(strings: list[str], other: str) -> None:
    known = sorted(set(strings))
    for string in (*known, other):
        found = StringList.of(known).find(string)
        assert found == (known.index(string) if string in known else None)


def test_every_string_of_a_long_list_is_found() -> None:
    known = sorted(f"{number:x}é" for number in range(0, 3_000, 3))
    found = StringList.of(known)
    assert [found.find(string) for string in known] == list(range(len(known)))
    assert [found.find(f"{string}a") for string in ("", *known)] == [None] * (len(known) + 1)


def test_files_of_different_lists_are_a_damaged_index(tmp_path: Path) -> None:
    StringList.of(["one", "two"]).write(tmp_path, "ours")
    StringList.of(["three"]).write(tmp_path, "theirs")
    (tmp_path / "theirs_ends.npy").rename(tmp_path / "ours_ends.npy")
    with pytest.raises(DamagedIndex, match=re.escape(str(tmp_path))):
        StringList.read(tmp_path, "ours")


def test_bytes_that_are_no_text_stop_nobody() -> None:
    strings = StringList(np.frombuffer(b"a\xff", np.uint8), np.array([1, 2]))
    assert list(strings) == strings[:] == ["a", "\ufffd"]
