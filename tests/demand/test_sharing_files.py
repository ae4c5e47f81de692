"""What stands in the place of the shared files, or in them, by mistake or on purpose."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from kb.demand.shared.entry import Entry
from kb.demand.shared.token import faint
from tests.conftest import Make, Run
from tests.demand.test_sharing import LESSONS, Become, ask, shared


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


@pytest.fixture
def become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Become:
    """Be another person from now on, by name."""
    return lambda name: monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "people" / name))


def test_a_list_of_a_wrong_clock_is_named_and_kept_when_another_shares(base: Path, kb: Run, become: Become) -> None:
    become("a")
    ask(base, "zebras in the yard")
    (own,) = re.findall("^- ([0-9a-f]{8}) ", shared(kb, base), re.MULTILINE)
    ahead = [
        Entry(sharer, "2999-01-01T00:00:00Z", 3, "-", (), "", (faint("zebra"),)).line() for sharer in ("0" * 8, own)
    ]
    (base / "gaps.md").write_text("\n".join([(base / "gaps.md").read_text("utf-8"), *ahead]), "utf-8")
    named = "of a time to come, 2999-01-01T00:00:00Z: the list of 00000000; a clock is wrong, theirs or yours"
    assert named in kb(base, "gaps").err
    done = kb(base, "gaps", "--share")
    assert (done.code, named in done.err) == (0, True)
    kept = (base / "gaps.md").read_text("utf-8").splitlines()
    assert [line for line in ahead if line in kept] == ahead[:1]
    become("b")
    assert "the list of 00000000;" in kb(base, "gaps").err


@pytest.mark.parametrize("name", ["gaps.md", ".gitattributes"])
@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_neither_a_pipe_nor_an_endless_file_holds_anybody_up(base: Path, kb: Run, name: str, kind: str) -> None:
    ask(base, "zebras in the yard")
    if kind == "pipe":
        os.mkfifo(base / name)
    else:
        (base / name).symlink_to("/dev/zero")
    assert kb(base, "gaps").code == 0
    done = kb(base, "gaps", "--share")
    assert (done.code, done.err.count(str(base / name))) == ((2, 1) if name == "gaps.md" else (0, 1))
    assert "not a regular file" in done.err or "a link" in done.err
    assert (base / name).is_fifo() or (base / name).is_symlink()
