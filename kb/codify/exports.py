"""What other programs export → the Markdown that it stands for: Notion, Confluence, Google Docs, Word by way of pandoc.

Row for row, so that a row keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.kinds import Kind, KindTable
from ingest.plain import plain_inline
from kb.codify.fences import without_fenced
from kb.codify.names import kind_of_heading, kind_of_name
from kb.table_rows import cells_of, tables

_ANCHOR = re.compile(r"\[\]\{#[^{}]*\}|(?<=\S)\s*\{#[\w.:-]+(?:\s+\.[\w-]+)*\}(?=\s*#*\s*$)")
_CONTAINER = re.compile(r"\s*</?(?:aside|details)(?:\s[^<>]*)?>\s*", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary>(?P<said>[^<]*+(?:<(?!/?summary>)[^<]*+)*+)</summary>", re.IGNORECASE)
_ESCAPED_ITEM = re.compile(r"\\(?=[-*+]\s)")
_ESCAPED = re.compile(r"(?<=\S)(\s?)\\([-=>+.!~])(?!\[)")
"""An escape within a row that nothing in Markdown needs."""
_TOGGLE = re.compile(r"[-*+]\s+(?P<name>(?:\*\*|__)[^*_]+(?:\*\*|__)):?\s*")

_WIKI = re.compile(r"h[1-6]\.\s|\{(?:info|panel|note|tip|warning|expand|status|toc)\b[^{}]*\}")
_WIKI_HEADING = re.compile(r"h([1-6])\.\s+")
_MACRO = re.compile(r"\{/?(?P<name>[a-z]+)(?::(?P<parameters>[^{}]*))?\}")
_TITLE = re.compile(r"(?:^|\|)title=([^|]*)")
_MACROS = frozenset(
    (
        *("info", "panel", "note", "tip", "warning", "expand", "status", "toc", "section", "column", "anchor"),
        *("color", "excerpt", "quote", "noformat"),
    )
)
_FEWEST_KNOWN = 2
_NAME_AND_TEXT = 2


def as_markdown(rows: Sequence[str], kinds: KindTable) -> list[str]:
    """Return the rows as Markdown; rows of code stay as they are."""
    readable = without_fenced(list(rows))
    is_wiki = sum(bool(_WIKI.search(row)) for row in readable) > 1
    changed = [
        _plainer(_from_wiki(row) if is_wiki else row) if row == seen else row
        for row, seen in zip(rows, readable, strict=True)
    ]
    return _without_toggles(_forms_as_lists(changed, kinds), kinds)


def _plainer(row: str) -> str:
    if "<" in row:
        if _CONTAINER.fullmatch(row):
            return ""
        said = _SUMMARY.sub(lambda found: f"**{found['said'].strip()}**", row)
        row = row if said == row else said.strip()
    if "{#" in row:
        row = _ANCHOR.sub("", row)
    if "\\" in row:
        row = _ESCAPED_ITEM.sub("", row) if row.lstrip().startswith("\\") else row
        row = _ESCAPED.sub(r"\1\2", row)
    return row


def _from_wiki(row: str) -> str:
    """Return a row of Confluence's wiki markup as Markdown."""
    if heading := _WIKI_HEADING.match(row):
        return f"{'#' * int(heading[1])} {row[heading.end() :]}"
    if row.startswith("# "):  # there an item of a numbered list
        return f"1. {row[2:]}"
    return _MACRO.sub(_said_by_macro, row) if "{" in row else row


def _said_by_macro(found: re.Match[str]) -> str:
    if found["name"] not in _MACROS:
        return found[0]
    title = _TITLE.search(found["parameters"] or "")
    if not title:
        return ""
    return title[1] if found["name"] == "status" else f"**{title[1].strip()}**"


def _forms_as_lists(rows: list[str], kinds: KindTable) -> list[str]:
    """Turn each table that is a form, a name of a part beside what there is to say, into a list of labels."""
    rows = list(rows)
    for table in tables(rows):
        cells = {row: found for row in table if (found := cells_of(rows[row]))}
        known = [found for found in cells.values() if kind_of_name(plain_inline(found[0]), kinds) is not Kind.OTHER]
        if len(known) >= _FEWEST_KNOWN and all(len(found) == _NAME_AND_TEXT for found in cells.values()):
            for row in table:
                rows[row] = _as_item(cells.get(row, []))
    return rows


def _as_item(cells: list[str]) -> str:
    name, said = (plain_inline(cells[0]).removesuffix(":"), cells[1]) if cells else ("", "")
    return f"- {name}: {said}" if name else f"- {said}" if said else ""


def _without_toggles(rows: list[str], kinds: KindTable) -> list[str]:
    """Turn items that are a name in bold, with what is folded away below them, into names that stand alone."""
    found = {row for row, line in enumerate(rows[:-1]) if _TOGGLE.fullmatch(line) and _is_indented(rows, row + 1)}
    names = {row: _TOGGLE.fullmatch(rows[row]) for row in found}
    if not any(
        name and kind_of_heading(plain_inline(name["name"]), kinds) is not Kind.OTHER for name in names.values()
    ):
        return rows
    left, is_within = [], False
    for row, line in enumerate(rows):
        name = names.get(row)
        is_within = bool(name) or (is_within and (not line.strip() or line[:1].isspace()))
        left.append(name["name"] if name else re.sub(r"^(?: {1,4}|\t)", "", line) if is_within else line)
    return left


def _is_indented(rows: list[str], start: int) -> bool:
    below = next((line for line in rows[start:] if line.strip()), "")
    return below[:1].isspace()
