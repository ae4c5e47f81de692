"""A mail that was pasted: its headers, its quotes and its signature."""

from __future__ import annotations

import re

_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]{1,30}):(?:\s+(?P<value>.*)|\s*)")
_NEEDED = {"subject", "from"}
_FEWEST = 2
_QUOTE = re.compile(r" {0,3}>")
_SIGNATURE = re.compile(r"-- ?")


def headers_of(rows: list[str]) -> dict[str, tuple[str, int]]:
    """Return the headers that a text begins with, each with its row, by their names in small letters; else nothing."""
    headers: dict[str, tuple[str, int]] = {}
    name = ""
    start = next((row for row, line in enumerate(rows) if line.strip()), 0)
    for row, line in enumerate(rows[start:], start):
        if name and line[:1] in (" ", "\t") and line.strip():
            value, first = headers[name]
            headers[name] = (f"{value} {line.strip()}", first)
        elif found := _HEADER.fullmatch(line):
            name = found["name"].lower()
            headers.setdefault(name, ((found["value"] or "").strip(), row))
        else:
            break
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
