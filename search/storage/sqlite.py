"""SQLite files that another program may have made: only kb's tables, and only values of the right type."""

from __future__ import annotations

import sqlite3
from functools import cache
from types import UnionType

Form = type | UnionType
"""The type that a value must have."""


def require_schema(connection: sqlite3.Connection, schema: str) -> None:
    """Raise `sqlite3.DatabaseError` unless a file has the tables of a schema, and neither views nor triggers."""
    connection.execute("PRAGMA trusted_schema = OFF")
    if _names(connection) != _expected(schema):
        raise sqlite3.DatabaseError("its tables differ from those that kb makes")


@cache
def _expected(schema: str) -> frozenset[tuple[str, str, str]]:
    made = sqlite3.connect(":memory:")
    made.executescript(schema)
    names = _names(made)
    made.close()
    return names


def _names(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    return frozenset(connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master"))
