"""Keeps one comment on an issue or a change up to date."""

from __future__ import annotations

from enum import StrEnum

from kb.errors import CannotComment
from kb.hooks.forge import Comment, Forge, NotSure

MARK = "<!-- kb-lessons -->"
"""How the own comment begins. A comment of anybody else may have it too, and is not touched."""
MOST = 60_000
"""Characters of a comment; GitHub allows 65,536."""
WITHDRAWN = "No lesson of the library fits what is described here now."
_TRIES = 2


class Kept(StrEnum):
    """What was done."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    """There was one, and no lesson fits any more."""
    SILENT = "silent"
    """No lesson fits, and there was no comment."""


def keep(forge: Forge, text: str) -> Kept:
    """Make `text` the one comment of this program; without a text, none is added and an earlier one is emptied.

    Raises `CannotComment`.
    """
    body = _body_of(text or WITHDRAWN)
    for _ in range(_TRIES):
        if earlier := _own(forge):
            return _replaced(forge, earlier, body, Kept.UPDATED if text else Kept.WITHDRAWN)
        if not text:
            return Kept.SILENT
        try:
            forge.add(body)
        except NotSure:  # looks again before it adds a second one
            continue
        return Kept.ADDED
    raise CannotComment("the server did not answer when a comment was added; start the job again")


def _own(forge: Forge) -> Comment | None:
    """Return the first own comment: made by the own account, and beginning with the mark."""
    return next((one for one in forge.comments() if one.author == forge.account and one.body.startswith(MARK)), None)


def _replaced(forge: Forge, earlier: Comment, body: str, done: Kept) -> Kept:
    if earlier.body.replace("\r\n", "\n").strip() == body:
        return Kept.UNCHANGED
    forge.replace(earlier.number, body)
    return done


def _body_of(text: str) -> str:
    """Return the comment with its mark; of a text that is too long, as many lines as fit."""
    body = f"{MARK}\n{text}".strip()
    return body if len(body) <= MOST else body[:MOST].rpartition("\n")[0]
