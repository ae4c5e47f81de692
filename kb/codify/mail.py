"""A mail that was pasted: its headers, its quotes and its signature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]{1,30}):(?:\s+(?P<value>.*)|\s*)")
_NEEDED = {"subject", "from"}
_FEWEST = 2
_QUOTE = re.compile(r" {0,3}>")
_SIGNATURE = re.compile(r"-- ?")


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a mail."""

    row: int
    rows: tuple[str, ...]
    """Those that go on with it too."""

    @property
    def name(self) -> str:
        """In small letters."""
        return self.rows[0].partition(":")[0].lower()

    @property
    def value(self) -> str:
        return " ".join(row.strip() for row in "\n".join(self.rows).partition(":")[2].split("\n")).strip()


def headers_of(rows: list[str]) -> dict[str, Header]:
    """Return the headers that a text begins with by their names, the first of each; nothing if it is no mail."""
    start = next((row for row, line in enumerate(rows) if line.strip()), 0)
    begins: list[int] = []
    end = start
    for end, line in enumerate([*rows[start:], ""], start):
        if _HEADER.fullmatch(line):
            begins.append(end)
        elif not (begins and line[:1] in (" ", "\t") and line.strip()):
            break
    found = [Header(row, tuple(rows[row:after])) for row, after in pairwise([*begins, end])]
    headers = {header.name: header for header in reversed(found)}
    return headers if len(headers) >= _FEWEST and headers.keys() & _NEEDED else {}


def apart(rows: list[str]) -> list[str]:
    """Return the rows with a blank one where Markdown would take an answer for quoted, or the end for a heading."""
    spaced: list[str] = []
    for row in rows:
        above = spaced[-1] if spaced else ""
        after_quote = bool(_QUOTE.match(above)) and not _QUOTE.match(row)
        if above.strip() and (after_quote or _SIGNATURE.fullmatch(row)):
            spaced.append("")
        spaced.append(row)
    return spaced


def unsigned(rows: list[str]) -> tuple[list[str], list[str]]:
    """Part the rows of a mail from its signature, which begins with `--` (RFC 3676)."""
    end = next((row for row, line in enumerate(rows) if _SIGNATURE.fullmatch(line)), len(rows))
    return rows[:end], rows[end:]
