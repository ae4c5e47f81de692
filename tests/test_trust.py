"""A folder `.kb` in which something leads elsewhere is not believed; what it is not believed for is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.trust.distrust import distrust


@pytest.mark.parametrize("place", ["CURRENT", "vectors.sqlite", "snapshots", "snapshots/20260101T000000Z-abcdef"])
@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("/"), lambda path: path.symlink_to(__file__), os.mkfifo],
    ids=["link to a folder", "link to a file", "pipe"],
)
def test_what_is_no_file_and_no_folder_is_named_in_the_folder_and_among_its_snapshots(
    tmp_path: Path, place: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / ".kb" / place
    path.parent.mkdir(parents=True)
    make(path)
    distrusted = distrust(tmp_path / ".kb")
    assert distrusted is not None
    assert distrusted.why == f"{path} is a link, a pipe or a device"


def test_files_and_folders_are_believed(tmp_path: Path) -> None:
    (tmp_path / ".kb" / "snapshots" / "20260101T000000Z-abcdef").mkdir(parents=True)
    (tmp_path / ".kb" / "CURRENT").touch()
    assert distrust(tmp_path / ".kb") is None
