"""Names and headings that look as they should and are written with other characters."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.kinds import Kind, KindTable
from ingest.markdown.plain import plain_blocks
from ingest.reading import read_lesson
from kb.errors import AmbiguousId
from kb.lessons.handles import Handles, Name
from tests.checking import codes, findings, found, mended
from tests.conftest import Run, write

COMPOSED = unicodedata.normalize("NFC", "lessons/übung.md")
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
TWO = f"{COMPOSED} (with composed letters) and {DECOMPOSED} (with decomposed letters), which look alike"


def test_a_name_that_two_files_seem_to_have_says_which_is_written_how() -> None:
    names = [Name(COMPOSED, "übung", "One"), Name(DECOMPOSED, COMPOSED, "Two")]
    with pytest.raises(AmbiguousId, match=r"rename or delete one$") as raised:
        Handles(Path("/nowhere"), names).exact(COMPOSED)
    assert TWO in str(raised.value)


@pytest.mark.usefixtures("default_model")
def test_check_and_reindex_tell_two_names_apart_that_look_alike(kb: Run, tmp_path: Path) -> None:
    (tmp_path / "kb.toml").touch()
    for path in (COMPOSED, DECOMPOSED):
        write(tmp_path, path, "# Labels\n\nParcels came back.\n")
    said = "(with decomposed letters) looks like"
    problems = [line for line in kb(tmp_path, "reindex").err.splitlines() if "rename or delete one" in line]
    messages = [one.message for one in findings(tmp_path, {}, "structure.duplicate-id")]
    assert len(problems) + len(messages) == 3
    assert any(said in line for line in problems)
    assert all("(with composed letters)" in line for line in [*problems, *messages])


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u00a0 "])
def test_a_heading_with_a_no_break_space_is_one_and_check_puts_a_plain_blank_there(blank: str) -> None:
    text = f"#{blank}Problem\n\nA zebra.\n\n```\n#\u00a0code\n```\n"
    reading = read_lesson(text.encode(), "a.md", "a", KindTable())
    assert [(section.headings, section.kind) for section in reading.sections] == [(("Problem",), Kind.PROBLEM)]
    assert plain_blocks(text)[0].heading == "Problem"
    assert codes(text, "structure.heading-blank") == ["heading-blank"]
    assert found(text, "structure.heading-blank")[0].line == 1
    assert mended(text, "structure.heading-blank") == text.replace(f"#{blank}P", f"# {blank[1:]}P")
