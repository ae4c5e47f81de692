"""Notes as people really have them, of ten kinds: what should land where was written before the program could do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.kinds import KindTable
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from tests.landing import expected_in, misplaced

FOLDER = Path(__file__).parent / "notes" / "real"
CASES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".where")


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_what_people_have_lands_where_they_meant_it(path: Path) -> None:
    draft = notes(notes_text(path.read_bytes()).text, KindTable(), name=path.name)
    assert list(misplaced(draft, expected_in(path.with_suffix(".where")))) == []
