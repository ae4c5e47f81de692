"""Writes a new lesson's file: a template filled with what is known, under a new name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ingest.kinds import KindTable
from ingest.lesson import iso_date
from kb.codify.draft import Draft
from kb.codify.file_name import create, slug
from kb.codify.template import Template
from kb.config import Config
from kb.errors import CannotWrite
from kb.trust.distrust import is_below


def begin(config: Config, template: Template, draft: Draft, today: date) -> Path:
    """Write a new draft into the first folder of the corpus and return its path; raises `CannotWrite`.

    Its id is the file name without suffix, written into the file so that it survives a move.
    """
    kinds = KindTable(config.sections)
    folder = config.root / config.paths[0]
    if not is_below(folder, config.root):  # it may have become a link since kb.toml was read
        raise CannotWrite(f"{folder}: a link that leads out of the knowledge base; nothing was written; remove it")
    stem = f"{iso_date(draft.values.get('date')) or today.isoformat()}-{slug(str(draft.values['title']))}"
    return create(folder, stem, lambda free: template.filled(draft.over(Draft({"id": free})), kinds))


def as_title(text: str) -> str:
    """Return a text as a title: one line, without characters that a file cannot hold."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.encode(errors="replace").decode().split())
