"""The facts of lessons, as tables of the catalogue: each distinct fact once, and the lessons that state it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ingest.lesson import Lesson, facts
from kb.lessons.evidence import FIELD, Evidence
from search.storage import Form

if TYPE_CHECKING:
    from kb.people.withholding import Discretion
    from search.query import Alternative, Bound

SCHEMA = """
CREATE TABLE keys (id INTEGER PRIMARY KEY, key TEXT UNIQUE);
CREATE TABLE facts (
    key INTEGER, digest INTEGER, value TEXT, words TEXT,
    first INTEGER, last INTEGER, has_month INTEGER, number REAL, percent INTEGER,
    PRIMARY KEY (key, digest)
) WITHOUT ROWID;
CREATE TABLE said (key INTEGER, digest INTEGER, lesson INTEGER, PRIMARY KEY (key, digest, lesson)) WITHOUT ROWID;
CREATE INDEX said_by ON said (lesson);
"""
# Characters. Of longer values only the words are stored: they are never suggested in messages.
_LONGEST_SHOWN = 80

Hides = Callable[[str, str], bool]
"""Takes a key with its path and a value; returns whether it must not be shown."""
Read = Callable[[str, Sequence[Form], Sequence[Any]], Iterator[tuple[Any, ...]]]


def write_facts(connection: sqlite3.Connection, lesson: Lesson, number: int, evidence: Evidence | None) -> None:
    """Insert the facts of a lesson; `number` is its row, `evidence` that of its impact."""
    stated = ((key, value) for key, value in facts(lesson) if value and key.partition(".")[0] != FIELD)
    computed = [(FIELD, evidence.grade)] if evidence else []
    found = [(key, _digest(value), value) for key, value in (*stated, *computed)]
    connection.executemany("INSERT OR IGNORE INTO keys (key) VALUES (?)", [(key,) for key, _, _ in found])
    connection.executemany(
        "INSERT OR IGNORE INTO facts SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM keys WHERE key = ?",
        [(digest, value if len(value) <= _LONGEST_SHOWN else None, *_read(value), key) for key, digest, value in found],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO said SELECT id, ?, ? FROM keys WHERE key = ?",
        [(digest, number, key) for key, digest, _ in found],
    )


def remove_facts(connection: sqlite3.Connection, path: str) -> None:
    """Delete the facts of a lesson."""
    connection.execute("DELETE FROM said WHERE lesson = (SELECT rowid FROM lessons WHERE path = ?)", [path])


def remove_unused_facts(connection: sqlite3.Connection) -> None:
    """Delete the facts and keys that no lesson states any more."""
    connection.execute("DELETE FROM facts WHERE (key, digest) NOT IN (SELECT key, digest FROM said)")
    connection.execute("DELETE FROM keys WHERE id NOT IN (SELECT key FROM facts)")


def _digest(value: str) -> int:
    digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _read(value: str) -> tuple[str | float | None, ...]:
    """Return the columns of a value: its words, and its readings as dates and as a number."""
    from search.query import dates_of, folded_words, number_of  # not needed to read the catalogue

    dates, number = dates_of(value), number_of(value)
    return (
        folded_words(value),
        *((dates.first, dates.last, dates.has_month) if dates else (None, None, False)),
        *((number.value, number.percent) if number else (None, None)),
    )


class FactTable:
    """Finds the lessons that state a fact. Lessons are returned as row numbers, possibly repeated."""

    def __init__(self, read: Read, discretion: Discretion | None = None) -> None:
        """`discretion` decides which facts may be found; without it, all."""
        self._read = read
        self._discretion = discretion

    def keys(self) -> dict[str, int]:
        """Return all keys, with their ids in this table."""
        return {key: number for number, key in self._read("SELECT id, key FROM keys", (int, str), [])}

    def values(self, keys: Sequence[int]) -> list[str]:
        """Return the distinct values of some keys, without very long ones."""
        hidden = self._hidden(keys)
        statement = (
            "SELECT DISTINCT value, digest FROM facts"  # noqa: S608 - placeholders only
            f" WHERE {_among(keys)} AND value NOT NULL"
        )
        rows = self._read(statement, (str, int), keys)
        return list(dict.fromkeys(value for value, digest in rows if digest not in hidden))

    def lessons_with_any(self, keys: Sequence[int]) -> Iterator[int]:
        """Return the lessons that have any value for some keys."""
        statement = f"SELECT DISTINCT lesson FROM said WHERE {_among(keys)}"  # noqa: S608 - ours
        return (lesson for (lesson,) in self._read(statement, (int,), keys))

    def values_by_lesson(self, keys: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """Yield key, value and lesson of all facts of some keys, without very long values."""
        statement = (
            "SELECT keys.key, value, lesson FROM keys JOIN facts ON facts.key = keys.id JOIN said"  # noqa: S608 - ours
            f" ON said.key = facts.key AND said.digest = facts.digest WHERE keys.key IN ({', '.join('?' * len(keys))})"
            " AND value NOT NULL"
        )
        yield from ((key, value, lesson) for key, value, lesson in self._read(statement, (str, str, int), keys))

    def lessons_saying(self, keys: Sequence[int], values: Sequence[str]) -> Iterator[int]:
        """Return the lessons that have one of some values, written exactly so, for some keys."""
        statement = (
            "SELECT DISTINCT lesson FROM facts JOIN said USING (key, digest)"  # noqa: S608 - placeholders only
            f" WHERE {_among(keys)} AND value IN (SELECT value FROM json_each(?))"
        )
        return (lesson for (lesson,) in self._read(statement, (int,), [*keys, json.dumps(values)]))

    def lessons_stating(self, key: str, value: str) -> Iterator[int]:
        """Return the lessons that state a fact, written exactly so."""
        statement = "SELECT lesson FROM said JOIN keys ON keys.id = said.key WHERE keys.key = ? AND digest = ?"
        return (lesson for (lesson,) in self._read(statement, (int,), [key, _digest(value)]))

    def lessons_with(self, keys: Sequence[int], alternative: Alternative) -> Iterator[int]:
        """Return the lessons with a value of some keys that matches an alternative of a filter."""
        hidden = self._hidden(keys)
        clause, values = _alternative_clause(alternative)
        statement = (
            "SELECT lesson, digest FROM facts CROSS JOIN said USING (key, digest)"  # noqa: S608 - our clauses only
            f" WHERE {_among(keys)} AND ({clause})"
        )
        rows = self._read(statement, (int, int), [*keys, *values])
        return (lesson for lesson, digest in rows if digest not in hidden)

    def _hidden(self, keys: Sequence[int]) -> frozenset[int]:
        """Return the digests of those values of some keys that must not be shown.

        If a lesson names somebody of whom only the contact must not be named, all its people are among them: nothing
        else says which name belongs to that contact.
        """
        if self._discretion is None or not self._discretion.withholds:
            return frozenset()
        hides = self._discretion.hides
        people = {key: number for key, number in self.keys().items() if key.startswith("people.")}
        beside = self._beside_contacts(people, hides) if {*people.values()} & {*keys} else frozenset()
        return self._hidden_values(keys, hides) | beside

    def _beside_contacts(self, people: Mapping[str, int], hides: Hides) -> frozenset[int]:
        names = [number for key, number in people.items() if key == "people.name"]
        contacts = [number for key, number in people.items() if key != "people.name"]
        named = {*self._saying(names, self._hidden_values(names, hides))}
        lessons = {*self._saying(contacts, self._hidden_values(contacts, hides))} - named
        statement = (
            "SELECT digest FROM said"  # noqa: S608 - placeholders only
            f" WHERE {_among(names)} AND lesson IN (SELECT value FROM json_each(?))"
        )
        return frozenset(digest for (digest,) in self._read(statement, (int,), [*names, json.dumps([*lessons])]))

    def _saying(self, keys: Sequence[int], digests: Iterable[int]) -> Iterator[int]:
        """Return the lessons that have one of some values for some keys."""
        statement = (
            "SELECT lesson FROM said"  # noqa: S608 - placeholders only
            f" WHERE {_among(keys)} AND digest IN (SELECT value FROM json_each(?))"
        )
        return (lesson for (lesson,) in self._read(statement, (int,), [*keys, json.dumps([*digests])]))

    def _hidden_values(self, keys: Sequence[int], hides: Hides) -> frozenset[int]:
        statement = (
            "SELECT keys.key, coalesce(value, words), digest FROM facts JOIN keys ON keys.id = facts.key"  # noqa: S608 - placeholders only
            f" WHERE facts.{_among(keys)}"
        )
        rows = self._read(statement, (str, str, int), keys)
        return frozenset(digest for key, value, digest in rows if hides(key, value))


def _among(keys: Sequence[int]) -> str:
    return f"key IN ({', '.join('?' * len(keys))})"


def _alternative_clause(alternative: Alternative) -> tuple[str, list[str | float]]:
    clauses: list[str] = []
    values: list[str | float] = []
    if alternative.words:
        clauses.append("instr(words, ?)")
        values.append(alternative.words)
    if alternative.comparisons:
        compared = [_clause(comparison) for comparison in alternative.comparisons]
        clauses.append(" AND ".join(clause for clause, _ in compared))
        values += [bound for _, bounds in compared for bound in bounds]
    return " OR ".join(f"({clause})" for clause in clauses), values


# Values and bounds are intervals. For each operator: the end of the value (0 first, 1 last), the comparison in SQL,
# and the end of the bound.
_COMPARED: Mapping[str, Sequence[tuple[int, str, int]]] = {
    ">=": [(1, ">=", 0)],
    ">": [(1, ">", 1)],
    "<=": [(0, "<=", 1)],
    "<": [(0, "<", 0)],
    "=": [(0, ">=", 0), (1, "<=", 1)],
}


def _clause(comparison: Bound) -> tuple[str, list[float]]:
    """Return a comparison as SQL with its parameters: of dates if either side has a month, else of numbers."""
    dates, number = comparison.amount.dates, comparison.amount.number
    dated, bounds = _span_clause(comparison.operator, ("first", "last"), dates[:2] if dates else None)
    if dates and dates.has_month:
        return f"(first NOT NULL AND {dated})", bounds
    span = (number.value, number.value) if number else None
    numbered, numbers = _span_clause(comparison.operator, ("number", "number"), span)
    percent = " AND percent" if number and number.percent else ""
    return f"CASE WHEN has_month THEN {dated} ELSE {numbered}{percent} END", [*bounds, *numbers]


def _span_clause(operator: str, columns: tuple[str, str], span: Sequence[float] | None) -> tuple[str, list[float]]:
    if span is None:
        return "0", []
    compared = _COMPARED[operator]
    return (
        " AND ".join(f"{columns[theirs]} {sign} ?" for theirs, sign, _ in compared),
        [span[ours] for _, _, ours in compared],
    )
