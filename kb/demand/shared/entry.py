"""One gap of one person in a shared list: a line."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from kb.demand.shared.sketch import is_sketch
from kb.demand.shared.token import Token, read_token

MOST_SHARED = 50
"""Gaps of one person."""
MOST_WORDS = 6
MOST_LESSONS = 3
LONGEST_LINE = 700
_LINE = re.compile(
    r"- (?P<sharer>[0-9a-f]{8}) (?P<shared>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) asked (?P<asked>\d{1,6})"
    r" unit (?P<unit>[0-9a-f]{2}|-) near (?P<near>\S+) meaning (?P<meaning>\S+)"
    r" words (?P<words>\S+)",
    re.ASCII,
)
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,119}")
NO_UNIT = "-"
_NONE = "-"


class Entry(NamedTuple):
    """A gap of one person; `asked` is 0 for a person who has none now."""

    sharer: str
    """Random id of the person."""
    shared: str
    """When, in UTC: `2026-11-28T02:20:01Z`. Of each person only the entries of the latest time count."""
    asked: int
    unit: str
    """Eight bits of the hash of the person's unit; `-` if it is not known."""
    near: tuple[str, ...]
    """Ids of the closest lessons."""
    meaning: str
    """A sketch of the vector of its questions (`sketch_of`); empty if there is none."""
    tokens: tuple[Token, ...]

    def line(self) -> str:
        """Return the entry as a line of Markdown, without a line end."""
        near, words = ",".join(self.near) or _NONE, ",".join(map(str, self.tokens)) or _NONE
        who = f"- {self.sharer} {self.shared} asked {self.asked} unit {self.unit}"
        return f"{who} near {near} meaning {self.meaning or _NONE} words {words}"


def read_entry(line: str) -> Entry | None:
    """Return the entry of a line; None if it is not exactly as `Entry.line` writes it."""
    found = _LINE.fullmatch(line) if len(line) <= LONGEST_LINE and line.isprintable() else None
    if not found or not _is_time(found["shared"]):
        return None
    near = _parts(found["near"])
    tokens = [read_token(text) for text in _parts(found["words"])]
    if len(near) > MOST_LESSONS or len(tokens) > MOST_WORDS or not all(map(is_shareable_id, near)):
        return None
    known = tuple(token for token in tokens if token)
    meaning = "" if found["meaning"] == _NONE else found["meaning"]
    if len(known) < len(tokens) or (meaning and not is_sketch(meaning)):
        return None
    return Entry(found["sharer"], found["shared"], int(found["asked"]), found["unit"], near, meaning, known)


def _is_time(text: str) -> bool:
    with suppress(ValueError):
        return bool(datetime.fromisoformat(text))
    return False


def is_shareable_id(id_: str) -> bool:
    """Return whether a lesson's id can stand in a list: no spaces, commas, or signs with a meaning in Markdown."""
    return bool(_ID.fullmatch(id_))


def unit_code(unit: str) -> str:
    """Return eight bits for a unit, for counting how many there are; `-` for none."""
    return hashlib.sha256(f"kb unit\0{unit.casefold()}".encode()).hexdigest()[:2] if unit else NO_UNIT


def sharer_id(asker: str) -> str:
    """Return the id of a person in shared lists, from which the one in the log cannot be derived."""
    return hashlib.sha256(f"kb sharer\0{asker}".encode()).hexdigest()[:8]


def _parts(text: str) -> tuple[str, ...]:
    return () if text == _NONE else tuple(text.split(","))
