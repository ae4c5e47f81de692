"""`kb open`: the editor, at the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run, write

TEXT = "# Labels\n\n## Problem\n\nParcels came back with a wrong label.\n"


@pytest.fixture
def base(indexed: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An indexed library, the working directory in it, and no editor."""
    root = indexed({"labels.md": TEXT, "presses.md": "# Presses\n\nNo spare parts.\n"})
    monkeypatch.chdir(root)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return root


def editor(base: Path, name: str) -> str:
    """Make an editor of that name, which writes down what it is given."""
    program = base / "bin of mine" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{base}/given'\n")
    program.chmod(0o700)
    return f"'{program}'"


def given(base: Path) -> list[str]:
    return (base / "given").read_text().splitlines()


@pytest.mark.parametrize("name", ["vi", "vim", "nvim", "nano", "emacs", "emacsclient"])
def test_an_editor_that_takes_a_plus_is_at_the_line(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("EDITOR", f"{editor(base, name)} --clean")
    assert on_terminal("open", "lessons/labels.md:5") == Outcome(0, "", "")
    assert given(base) == ["--clean", "+5", str(base / "lessons" / "labels.md")]


@pytest.mark.parametrize("name", ["code", "code-insiders", "codium"])
def test_vs_code_is_told_to_go_there(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("VISUAL", f"{editor(base, name)} --wait")
    monkeypatch.setenv("EDITOR", "false")
    assert on_terminal("open", "labels:5").code == 0
    assert given(base) == ["--wait", "--goto", f"{base / 'lessons' / 'labels.md'}:5"]


@pytest.mark.parametrize(("name", "said"), [("ed", "labels:5"), ("vim", "labels"), ("code", "lessons/labels.md")])
def test_any_other_editor_and_any_other_place_is_the_file(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv("EDITOR", editor(base, name))
    assert on_terminal("open", said).code == 0
    assert given(base) == [str(base / "lessons" / "labels.md")]


def test_a_hit_is_opened_at_the_line_that_was_found(
    base: Path, kb: Run, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor(base, "vim"))
    hit = json.loads(kb(None, "search", "--mode", "lexical", "--json", "--limit", "1", "wrong label").out)["hits"][0]
    assert on_terminal("open", "1").code == 0
    assert given(base) == [f"+{hit['line']}", str(base / hit["path"])]


def test_without_a_terminal_the_file_and_the_line_are_named(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor(base, "vim"))
    file = base / "lessons" / "labels.md"
    said = f"there is no terminal here for an editor; the lesson is in {file}"
    assert kb(None, "open", "labels:5") == Outcome(2, "", f"kb: {said}, line 5\n")
    assert kb(None, "open", "labels") == Outcome(2, "", f"kb: {said}\n")
    assert not (base / "given").exists()


def test_without_an_editor_it_says_how_to_name_one(base: Path, on_terminal: Run) -> None:
    said = "neither $VISUAL nor $EDITOR is set; name your editor, as in `export EDITOR=nano`; the lesson is in "
    assert on_terminal("open", "labels:5") == Outcome(2, "", f"kb: {said}{base}/lessons/labels.md, line 5\n")


def test_an_editor_that_fails_is_named(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor")
    said = f"the editor 'no-such-editor' cannot be started: no such file or directory; the file is {base}"
    assert on_terminal("open", "labels") == Outcome(3, "", f"kb: {said}/lessons/labels.md\n")


def test_a_file_that_is_gone_or_a_link_by_now_is_not_opened(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor(base, "vim"))
    file = base / "lessons" / "labels.md"
    file.unlink()
    said = "kb: lessons/labels.md is gone since the index was built; run `kb reindex`\n"
    assert on_terminal("open", "labels") == Outcome(2, "", said)
    outside = base.parent / "private"
    outside.write_text("key")
    file.symlink_to(outside)
    said = "kb: lessons/labels.md is now a link, which is not a lesson; run `kb reindex`\n"
    assert on_terminal("open", "labels") == Outcome(2, "", said)
    file.unlink()
    (base / "lessons").rename(base.parent / "elsewhere")
    (base / "lessons").symlink_to(base.parent / "elsewhere")
    write(base, "labels.md", TEXT)
    assert on_terminal("open", "labels").code == 2
    assert not (base / "given").exists()
