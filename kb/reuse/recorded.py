"""A use that is recorded in a file beside the lessons: one line of JSON."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ingest.format import OUTCOMES
from kb.reuse.use import Use

LONGEST = 1000
"""Characters of a text in a line."""
_KEYS = {"key": "use", "where": "in"}
"""How fields are called in a line, where that differs."""
_KEY = re.compile(r"[0-9a-f]{8,64}")


class RecordedUse(NamedTuple):
    """The use of a lesson by an intervention that has no lesson of its own."""

    key: str
    """Random, so that git keeps two equal lines apart, and a line that is there twice counts once."""
    date: str
    lesson: str
    """The id of the lesson that was used."""
    where: str
    """Where it was used, in words."""
    outcome: str
    note: str = ""
    saved: str = ""
    by: str = ""
    """Who recorded it: name and address."""

    @property
    def use(self) -> Use:
        return Use("", self.where, self.outcome, self.note, self.saved, self.date, self.by)

    @property
    def as_line(self) -> str:
        """The line of the file, with its end."""
        fields = {_KEYS.get(name, name): value for name, value in self._asdict().items() if value}
        return json.dumps(fields, ensure_ascii=False) + "\n"


def new_key() -> str:
    import secrets  # a search only reads lines

    return secrets.token_hex(6)


def read_line(line: str, until: date) -> RecordedUse:
    """Return the use that a line records; raises `ValueError` with the reason if it is none, or dated after `until`.

    A key that a later version may add is ignored.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    found = RecordedUse(*(_text(fields, _KEYS.get(name, name)) for name in RecordedUse._fields))
    if not _KEY.fullmatch(found.key):
        raise ValueError("`use` is not the key that kb wrote")
    if not found.lesson or not found.where:
        raise ValueError("it needs `lesson` and `in`")
    if (day := _day(found.date)) is None:
        raise ValueError("`date` is not a day, such as 2026-05-01")
    if day > until:
        raise ValueError("`date` is still to come")
    if found.outcome not in OUTCOMES:
        raise ValueError(f"`outcome` is none of {', '.join(OUTCOMES)}")
    return found


@lru_cache(maxsize=10_000)
def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(f"`{name}` is not a text of at most {LONGEST:,} characters")
    return value
