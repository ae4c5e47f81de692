"""The SQLite file of the log: opened only if it is this user's own; a damaged one is put aside, a newer one left.

Readers must not stop writers and the reverse, so the journal is a write-ahead log. Nothing is flushed to the disk, as
that would take 4 to 20 ms: after a power cut the last questions may be missing, or the file damaged.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kb.demand.noting.place import LOG, demand_folder, is_own_file, private_folder
from search.storage import remove_leftovers, require_schema

VERSION = 1
SCHEMA = """
CREATE TABLE base (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, told INTEGER NOT NULL DEFAULT 0);
CREATE TABLE asker (
    id INTEGER PRIMARY KEY, base INTEGER NOT NULL, name TEXT NOT NULL, units TEXT NOT NULL DEFAULT '[]',
    last INTEGER, UNIQUE (base, name)
);
CREATE TABLE question (
    id INTEGER PRIMARY KEY, base INTEGER NOT NULL, text TEXT NOT NULL, is_page INTEGER NOT NULL,
    model TEXT NOT NULL DEFAULT '', vector BLOB, UNIQUE (base, text)
);
CREATE TABLE asking (
    id INTEGER PRIMARY KEY, base INTEGER NOT NULL, question INTEGER NOT NULL, time INTEGER NOT NULL,
    asker INTEGER NOT NULL, command INTEGER NOT NULL, verdict INTEGER NOT NULL, restricted INTEGER NOT NULL,
    reworded INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0, follows INTEGER, lessons TEXT NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE INDEX asking_by_time ON asking (base, time);
CREATE INDEX asking_by_question ON asking (base, question, restricted, command, verdict, reworded, used, time, asker);
CREATE TABLE used (
    asking INTEGER NOT NULL, lesson TEXT NOT NULL, how INTEGER NOT NULL, PRIMARY KEY (asking, lesson, how)
) WITHOUT ROWID;
CREATE TABLE terminal (key TEXT PRIMARY KEY, asking INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER asking_gone AFTER DELETE ON asking BEGIN
    DELETE FROM used WHERE asking = old.id;
    DELETE FROM terminal WHERE asking = old.id;
    DELETE FROM question WHERE id = old.question
        AND NOT EXISTS (SELECT 1 FROM asking WHERE base = old.base AND question = old.question);
END;
"""
OWN_FILES = ("queries.jsonl", "qrels.tsv")
"""What `kb eval --from-demand` writes for a moment."""
_DAMAGED = "demand.damaged"
PATIENCE = 0.002
"""Seconds that a search waits for another process that is writing."""
_PAUSE = 0.0002
_Result = TypeVar("_Result")


class NoLog(Exception):
    """There is no log, or none that may be used."""


class NewerLog(NoLog):
    """The log was made by a newer program."""


def patiently(action: Callable[[], _Result], patience: float = PATIENCE) -> _Result:
    """Return the result of an action; while another process writes, try again for `patience` seconds.

    Raises `sqlite3.OperationalError` if that was not enough. SQLite's own waiting begins with a whole millisecond.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return action()
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)


@contextmanager
def opened(*, create: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the log.

    Raises `NoLog` if there is none or it must not be used, and `sqlite3.OperationalError` if it cannot be read or
    written now. A damaged log is put aside, also one with other tables.
    """
    path = _usable(create=create)
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
            _prepare(connection, create=create)
            try:
                yield connection
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
                    require_schema(connection, SCHEMA)
                raise
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # it is no database, or one that is torn
        _put_aside(path)
        raise


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction; raises `sqlite3.OperationalError` if another process is writing."""
    patiently(lambda: connection.execute("BEGIN IMMEDIATE"), PATIENCE / 2)
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def log_file() -> Path | None:
    """Return the file of the log; None if there is none that may be used."""
    with suppress(NoLog):
        return _usable(create=False)
    return None


def is_refused() -> bool:
    """Return whether something is in the place of the log that must not be used: a link, or of another user."""
    folder = demand_folder()
    if not os.path.lexists(folder):
        return False
    return private_folder() is None or (os.path.lexists(folder / LOG) and not is_own_file(folder / LOG))


def damaged_file() -> Path | None:
    """Return the damaged log that was put aside; None if there is none."""
    folder = private_folder()
    return folder / _DAMAGED if folder and is_own_file(folder / _DAMAGED) else None


def remove_remains() -> None:
    """Remove a damaged log that was put aside, and files that a killed process left; raises `OSError`."""
    if folder := private_folder():
        for name in (_DAMAGED, *OWN_FILES):
            (folder / name).unlink(missing_ok=True)
        remove_leftovers(folder)


def overwrite_removed(connection: sqlite3.Connection) -> None:
    """Remove what was deleted also from the free space of the file and from its journal.

    Raises `sqlite3.OperationalError` while another process still reads what was there.
    """
    connection.execute("PRAGMA temp_store = MEMORY")  # VACUUM copies what stays
    connection.execute("VACUUM")
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise sqlite3.OperationalError("another program is reading it")


def _usable(*, create: bool) -> Path:
    folder = private_folder()
    if folder is None:
        raise NoLog
    path = folder / LOG
    if create and not os.path.lexists(path):
        with suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if not is_own_file(path):
        raise NoLog
    return path


def _prepare(connection: sqlite3.Connection, *, create: bool) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise NewerLog
    if version == 0 and create:
        connection.execute("PRAGMA journal_mode = WAL")
        with transaction(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                _make(connection)


def _make(connection: sqlite3.Connection) -> None:
    statement = ""
    for line in SCHEMA.splitlines(keepends=True):  # `executescript` would end the transaction
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _put_aside(path: Path) -> None:
    with suppress(OSError):
        path.replace(path.with_name(_DAMAGED))
    for end in ("-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + end).unlink()
