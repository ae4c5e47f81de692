"""Raw notes become drafts: kept cases, each with what comes of it. `KB_REWRITE=1` writes that anew, to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.kinds import HEADINGS, KindTable
from kb.codify.draft import Draft
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from kb.edit.yaml_rows import yaml_rows

FOLDER = Path(__file__).parent / "notes"
CASES = sorted(path for path in FOLDER.glob("*.md"))


def shown(draft: Draft) -> str:
    """Show a draft as the lesson that comes of it, without what the template asks."""
    sections = [f"## {HEADINGS[kind]}\n\n{said}\n" for kind, said in draft.sections.items()]
    return "\n".join(["---", *yaml_rows(draft.values, draft.comments), "---", "", *sections])


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_every_part_lands_under_its_kind_or_in_the_notes(path: Path) -> None:
    draft = notes(notes_text(path.read_bytes()).text, KindTable(), name=path.name)
    expected = path.with_suffix(".draft")
    if os.environ.get("KB_REWRITE"):
        expected.write_text(shown(draft), "utf-8")
    assert shown(draft) == expected.read_text("utf-8")
