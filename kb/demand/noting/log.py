"""Writes the log of questions. To note something never raises, because an answer must not depend on it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from kb.demand.noting.asked import Asked
from kb.demand.noting.database import (
    PATIENCE,
    NewerLog,
    NoLog,
    opened,
    overwrite_removed,
    patiently,
    transaction,
)
from kb.demand.noting.place import asker, key_of

_DAY = 86_400
_SOON = 600
"""Seconds within which a question in other words is the same need."""
_REMOVED_EVERY = 16
"""Each time that so many questions were noted, twice as many expired ones go, even if nobody asks for it."""
_MOST_REWORDED = 5
"""Questions before the one that found a lesson to which it is credited too."""
_LONG = 2.0
_Result = TypeVar("_Result")


class Use(IntEnum):
    """What was done with a lesson after a question; the numbers are stored."""

    OPENED = 1
    REUSED = 2
    OPENED_LATER = 3
    """After the question was asked again in other words."""


class Noted(NamedTuple):
    """What became of a question that was to be noted."""

    done: bool = False
    is_first: bool = False
    """Whether the user must be told now that questions are noted."""


class DemandLog:
    """The log of one knowledge base; all of them share a file."""

    def __init__(self, root: Path, days: int, now: Callable[[], float] = time.time) -> None:
        """`days`: how long a question is kept; `now` returns seconds since 1970."""
        self._key = key_of(root)
        self._days = days
        self._now = now

    def note(self, asked: Asked, terminal: str, *, tells: bool) -> Noted:
        """Store a question that was asked in a terminal.

        Unless `tells`, nothing is stored before the user has been told.
        """

        def write() -> Noted:
            with opened(create=True) as connection, transaction(connection):
                base, told = self._base(connection)
                if not told and not tells:
                    return Noted()
                if not told:
                    connection.execute("UPDATE base SET told = 1 WHERE id = ?", (base,))
                if self._insert(connection, base, asked, terminal) % _REMOVED_EVERY == 0:
                    self._remove_expired(connection, base, 2 * _REMOVED_EVERY)
                return Noted(done=True, is_first=not told)

        return _tried(write, Noted())

    def mark_opened(self, lesson: str, terminal: str) -> None:
        """Store that a lesson was opened after the last question of a terminal."""

        def write() -> None:
            with opened() as connection, transaction(connection):
                row = connection.execute("SELECT asking FROM terminal WHERE key = ?", (terminal,)).fetchone()
                if row:
                    _mark(connection, row[0], lesson, Use.OPENED)

        _tried(write, None)

    def mark_reused(self, lesson: str) -> None:
        """Store that a lesson was reused: for the last question that found it."""

        def write() -> None:
            with opened() as connection, transaction(connection):
                found = connection.execute(_LAST_THAT_FOUND, {"key": self._key, "lesson": lesson}).fetchone()
                if found:
                    _mark(connection, found[0], lesson, Use.REUSED)

        _tried(write, None, _LONG)

    def remove_expired(self) -> None:
        """Remove all questions that are older than they may be kept."""

        def write() -> None:
            with opened() as connection, transaction(connection):
                self._remove_expired(connection, self._base(connection)[0], -1)

        _tried(write, None, _LONG)

    def set_units(self, units: Iterable[str]) -> None:
        """Store the units of this user."""

        def write() -> None:
            with opened() as connection, transaction(connection):
                values = (json.dumps(sorted(units)), self._base(connection)[0], asker())
                connection.execute("UPDATE asker SET units = ? WHERE base = ? AND name = ?", values)

        _tried(write, None, _LONG)

    def forget(self) -> int:
        """Remove every question of this knowledge base, also from the free space of the file; return their number.

        Raises `NewerLog`, and `sqlite3.Error`, for instance while another process reads what is to be overwritten.
        """

        def write() -> int:
            with opened() as connection:
                with transaction(connection):
                    gone = _forget(connection, self._key)
                patiently(lambda: overwrite_removed(connection), _LONG)
                return gone

        try:
            return patiently(write, _LONG)
        except (NewerLog, sqlite3.OperationalError):
            raise
        except (NoLog, sqlite3.DatabaseError):  # a damaged one was put aside
            return 0

    def _base(self, connection: sqlite3.Connection) -> tuple[int, bool]:
        """Return the number of the knowledge base, and whether its user was told that questions are noted."""
        found = connection.execute("SELECT id, told FROM base WHERE key = ?", (self._key,)).fetchone()
        if found:
            return int(found[0]), bool(found[1])
        return int(connection.execute("INSERT INTO base (key) VALUES (?)", (self._key,)).lastrowid or 0), False

    def _insert(self, connection: sqlite3.Connection, base: int, asked: Asked, terminal: str) -> int:
        """Insert a question and return the number of its asking."""
        from kb.demand.noting.vectors import packed  # numpy, which only a search has loaded

        now = int(self._now())
        own = asked.text, *packed(asked.meaning)
        question = _question(connection, base, own, is_page=asked.is_page)
        person, last = _asker(connection, base, asker())
        follows = _reworded(connection, last, question, own, now) if last else None
        if follows:
            connection.execute("UPDATE asking SET reworded = 1 WHERE id = ?", (follows,))
        values = (
            *(base, question, now, person, asked.command, asked.verdict, asked.restricted, follows),
            *(json.dumps(asked.lessons), asked.snapshot),
        )
        id_ = connection.execute(_INSERT_ASKING, values).lastrowid
        connection.execute("UPDATE asker SET last = ? WHERE id = ?", (id_, person))
        connection.execute("INSERT OR REPLACE INTO terminal VALUES (?, ?)", (terminal, id_))
        return int(id_ or 0)

    def _remove_expired(self, connection: sqlite3.Connection, base: int, most: int) -> None:
        before = int(self._now()) - self._days * _DAY
        connection.execute(_REMOVE_EXPIRED, (base, before, most))


_INSERT_ASKING = """
INSERT INTO asking (base, question, time, asker, command, verdict, restricted, follows, lessons, snapshot)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_QUESTION = "INSERT INTO question (base, text, is_page, model, vector) VALUES (?, ?, ?, ?, ?)"
_REMOVE_EXPIRED = (
    "DELETE FROM asking WHERE id IN (SELECT id FROM asking WHERE base = ? AND time < ? ORDER BY time LIMIT ?)"
)
_LAST_THAT_FOUND = """
SELECT asking.id FROM asking JOIN base ON base.id = asking.base, json_each(asking.lessons) AS found
WHERE base.key = :key AND found.value = :lesson ORDER BY asking.id DESC LIMIT 1
"""
_LAST_ASKED = """
SELECT asking.id, asking.time, question.id, question.text, question.model, question.vector
FROM asking JOIN question ON question.id = asking.question WHERE asking.id = ?
"""


_Text = tuple[str, str, bytes | None]
"""A question's text, the fingerprint of the model of its vector, and the vector."""


def _question(connection: sqlite3.Connection, base: int, own: _Text, *, is_page: bool) -> int:
    """Return the number of a question, stored if it is new; its vector is that of the last time."""
    text, model, vector = own
    row = connection.execute("SELECT id, model FROM question WHERE base = ? AND text = ?", (base, text)).fetchone()
    if row is None:
        done = connection.execute(_INSERT_QUESTION, (base, text, is_page, model, vector))
        return int(done.lastrowid or 0)
    if vector and row[1] != model:
        connection.execute("UPDATE question SET model = ?, vector = ? WHERE id = ?", (model, vector, row[0]))
    return int(row[0])


def _asker(connection: sqlite3.Connection, base: int, name: str) -> tuple[int, int | None]:
    """Return the number of a person, and of the last question that this person asked."""
    found = connection.execute("SELECT id, last FROM asker WHERE base = ? AND name = ?", (base, name)).fetchone()
    if found:
        return int(found[0]), found[1]
    done = connection.execute("INSERT INTO asker (base, name) VALUES (?, ?)", (base, name))
    return int(done.lastrowid or 0), None


def _reworded(connection: sqlite3.Connection, last: int, question: int, own: _Text, now: int) -> int | None:
    """Return the last asking of a person if the new question asks the same in other words, soon after."""
    found = connection.execute(_LAST_ASKED, (last,)).fetchone()
    if not found or found[2] == question or not 0 <= now - found[1] <= _SOON:  # a clock may have gone back
        return None
    from kb.demand.noting.likeness import are_alike

    return int(found[0]) if are_alike(found[3:], own) else None


def _mark(connection: sqlite3.Connection, asking: int, lesson: str, how: Use) -> None:
    connection.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (asking, lesson, how))
    connection.execute("UPDATE asking SET used = 1 WHERE id = ?", (asking,))
    for _ in range(_MOST_REWORDED):
        row = connection.execute("SELECT follows FROM asking WHERE id = ?", (asking,)).fetchone()
        if not row or row[0] is None:
            return
        asking = row[0]
        connection.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (asking, lesson, Use.OPENED_LATER))


def _forget(connection: sqlite3.Connection, key: str) -> int:
    found = connection.execute("SELECT id FROM base WHERE key = ?", (key,)).fetchone()
    if not found:
        return 0
    gone = connection.execute("DELETE FROM asking WHERE base = ?", found).rowcount
    connection.execute("DELETE FROM question WHERE base = ?", found)
    connection.execute("DELETE FROM asker WHERE base = ?", found)
    connection.execute("DELETE FROM base WHERE id = ?", found)
    return gone


def _tried(action: Callable[[], _Result], otherwise: _Result, patience: float = PATIENCE) -> _Result:
    try:
        return patiently(action, patience)
    except (sqlite3.Error, NoLog, OSError, ValueError, TypeError):
        return otherwise
