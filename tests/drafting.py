"""Raw notes, drafted."""

from __future__ import annotations

from ingest.kinds import KindTable
from kb.codify.draft import Draft
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text


def drafted(text: str, *, name: str = "notes.md", title: str = "") -> Draft:
    return notes(notes_text(text.encode()).text, KindTable(), name=name, title=title)
