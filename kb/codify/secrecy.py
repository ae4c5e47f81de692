"""Refuses notes that contain a secret: everybody reads a lesson, and git keeps it for good."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from ingest.files.decoding import decode
from ingest.kinds import KindTable
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.rules import Selection, find
from kb.codify.sources.mail import opened
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.errors import SecretInNotes

_SECRETS = Selection(("secrets",))


def refuse_secrets(data: bytes, name: str) -> None:
    """Raise `SecretInNotes`, naming the first secret and the lines of others; allowed ones do not count.

    `name` is as in `notes`. Data that is not text is ignored here, because `notes` reports it.
    """
    shown = name or "standard input"
    _refuse(data, shown)
    with suppress(Unreadable):
        body, was_encoded = opened(decode(data).text)
        if was_encoded:
            _refuse(body.encode(errors="replace"), f"{shown} (decoded)")


def _refuse(data: bytes, shown: str) -> None:
    try:
        reading = read_lesson(data, shown, shown, KindTable())
    except Unreadable:
        return
    file = LessonFile(shown, Path(shown), reading)
    found = [*find(file, Census((file,), date.today()), _SECRETS)]
    if left := by_place(without_allowed(file, found, _SECRETS, index_used=False)):
        raise SecretInNotes(_refusal(left))


def _refusal(found: list[Finding]) -> str:
    first = found[0]
    looks = first.message.partition(";")[0]
    lines = sorted({finding.line for finding in found} - {first.line})
    more = f" (and more on line {', '.join(map(str, lines[:5]))}{' …' if lines[5:] else ''})" if lines else ""
    return (
        f"{first.path}:{first.line}: {looks}{more}; nothing is written: take it out of the notes, and revoke it if "
        f"others have read it; if it is not a secret, write `<!-- kb: allow {first.code}: WHY -->` in front of it"
    )
