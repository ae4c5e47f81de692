"""Converts exports of other programs to Markdown: Notion, Confluence, Google Docs, Word through pandoc.

Each row becomes one row, so that row numbers stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ingest.kinds import Kind, KindTable, normalize
from ingest.markdown.plain import plain_inline
from kb.codify.labels.names import kind_of_heading, kind_of_name
from kb.codify.labels.roles import role_of
from kb.codify.labels.title_words import TITLE_LABELS
from kb.codify.sources.fences import without_fenced
from kb.codify.sources.ruled_tables import with_piped_tables
from kb.figures.table_rows import cells_of, tables

_ANCHOR = re.compile(r"\[\]\{#[^{}]*\}|(?<=\S)\s*\{#[\w.:-]+(?:\s+\.[\w-]+)*\}(?=\s*#*\s*$)")
_CONTAINER = re.compile(r"\s*</?(?:aside|details)(?:\s[^<>]*)?>\s*", re.IGNORECASE)
_DETAILS_BESIDE = re.compile(r"</?details(?:\s[^<>]*)?>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary>(?P<said>[^<]*+(?:<(?!/?summary>)[^<]*+)*+)</summary>", re.IGNORECASE)
_ENDS_OR_BEGINS_WITH_DETAILS = re.compile(r"\A\s*<details(?:\s[^<>]*)?>|</details>\s*\Z", re.IGNORECASE)
_ESCAPED_ITEM = re.compile(r"\\(?=[-*+]\s)")
_ESCAPED = re.compile(r"(?<=\S)(\s?)\\([-=>+.!~])(?!\[)")
"""An escape within a row that Markdown does not need."""
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
_OTHER_NAMES = TITLE_LABELS | {"date", "date raised", "date of event", "department", "datum", "abteilung", "fecha"}
"""Names of parts that become front matter."""
_FIRST_COLUMNS = frozenset(
    (
        *(
            "topic",
            "field",
            "item",
            "section",
            "part",
            "heading",
            "aspect",
            "category",
            "question",
            "name",
            "key",
            "issue",
        ),
        *(
            "thema",
            "feld",
            "punkt",
            "abschnitt",
            "frage",
            "kategorie",
            "sujet",
            "champ",
            "rubrique",
            "question",
            "tema",
        ),
        *("campo", "apartado", "pregunta", "aspecto", "argomento", "onderwerp", "veld"),
    )
)
_SECOND_COLUMNS = frozenset(
    (
        *(
            "text",
            "entry",
            "value",
            "content",
            "contents",
            "description",
            "details",
            "answer",
            "notes",
            "note",
            "comment",
        ),
        *(
            "comments",
            "remarks",
            "eintrag",
            "inhalt",
            "wert",
            "beschreibung",
            "antwort",
            "bemerkung",
            "texte",
            "contenu",
        ),
        *(
            "valeur",
            "r\u00e9ponse",
            "texto",
            "contenido",
            "valor",
            "respuesta",
            "detalle",
            "testo",
            "contenuto",
            "inhoud",
        ),
    )
)
"""Column names that say nothing about the rows."""
_TAB = re.compile(r"(?P<name>[^\W\d_][^\t|]{0,60})\t+(?P<said>[^\t|]+)$")
_COMMA = re.compile(r"(?P<name>\"?[^\W\d_][^,;\t|.\"]{0,60}\"?),(?P<said>\S[^\t|]*)$")
_SEMICOLON = re.compile(r"(?P<name>\"?[^\W\d_][^,;\t|.\"]{0,60}\"?);(?P<said>\S[^\t|]*)$")
_LETTER = re.compile(r"[^\W\d_]")
"""A table of numbers is not a form."""
_FEWEST_KNOWN = 2
_NAME_AND_TEXT = 2


def as_markdown(rows: Sequence[str], kinds: KindTable) -> list[str]:
    """Return the rows as Markdown; rows of code stay unchanged."""
    readable = without_fenced(list(rows))
    is_wiki = sum(bool(_WIKI.search(row)) for row in readable) > 1
    changed = [
        _plainer(_from_wiki(row) if is_wiki else row) if row == seen else row
        for row, seen in zip(rows, readable, strict=True)
    ]
    seen = without_fenced(changed)
    piped = [new if new != old else row for row, old, new in zip(changed, seen, with_piped_tables(seen), strict=True)]
    return _without_toggles(_forms_as_lists(piped, kinds), kinds)


def _plainer(row: str) -> str:
    if "<" in row:
        if _CONTAINER.fullmatch(row):
            return ""
        plain = _SUMMARY.sub(_as_label, row)
        if plain != row or _ENDS_OR_BEGINS_WITH_DETAILS.search(row):
            row = _DETAILS_BESIDE.sub("", plain).strip()
    if "{#" in row:
        row = _ANCHOR.sub("", row)
    if "\\" in row:
        row = _ESCAPED_ITEM.sub("", row) if row.lstrip().startswith("\\") else row
        row = _ESCAPED.sub(r"\1\2", row)
    return row


def _as_label(found: re.Match[str]) -> str:
    """Return a summary as the name of the folded text, which is below it or after it on the same row."""
    below = _DETAILS_BESIDE.sub("", found.string[found.end() :]).strip()
    summary = found["said"].strip()
    sign = ":" if below and summary[-1:] != "?" else ""
    is_apart = found.string[found.end() : found.end() + 1].isspace()
    return f"**{summary.rstrip(':')}{sign}**{'' if is_apart else ' '}" if summary else ""


def _from_wiki(row: str) -> str:
    """Convert a row of Confluence's wiki markup to Markdown."""
    if heading := _WIKI_HEADING.match(row):
        return f"{'#' * int(heading[1])} {row[heading.end() :]}"
    if row.startswith("# "):  # in wiki markup an item of a numbered list
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
    """Convert each table that is a form, names of parts beside their texts, to a list with labels."""
    rows = list(rows)
    for table in tables(rows):
        cells = {row: found for row in table if (found := cells_of(rows[row]))}
        if _is_form(cells.values(), kinds):
            for row in table:
                rows[row] = _as_item(cells.get(row, []), is_head=row == table.start)
    for block in _unpiped_tables(rows):
        if _is_form(block.values(), kinds):
            for number, (row, found) in enumerate(block.items()):
                rows[row] = _as_item(found, is_head=not number)
    return rows


def _is_form(table: Collection[list[str]], kinds: KindTable) -> bool:
    """Return whether a table has two columns and at least two known names in the first, one of them that of a part."""
    if not all(len(cells) == _NAME_AND_TEXT for cells in table):
        return False
    cells_by_name = {plain_inline(cells[0]).removesuffix(":"): cells[1] for cells in table}
    parts = [
        name
        for name in cells_by_name
        if kind_of_name(name, kinds) is not Kind.OTHER and _LETTER.search(cells_by_name[name])
    ]
    others = [name for name in cells_by_name if role_of(normalize(name)) == "" or normalize(name) in _OTHER_NAMES]
    return bool(parts) and len(parts) + len(others) >= _FEWEST_KNOWN


def _unpiped_tables(rows: Sequence[str]) -> Iterator[dict[int, list[str]]]:
    """Yield consecutive rows with two values, separated by a tab or as in a CSV file."""
    for sign in (_TAB, _COMMA, _SEMICOLON):
        block: dict[int, list[str]] = {}
        for row, line in enumerate([*rows, ""]):
            found = sign.match(line)
            if found:
                block[row] = [found["name"].strip('"'), found["said"].strip().strip('"')]
            elif block:
                yield block if len(block) > 1 else {}
                block = {}


def _as_item(cells: list[str], *, is_head: bool) -> str:
    """Return a table row as a list item with a label; a header such as `Topic` and `Text` stays a table row."""
    if is_head and cells and normalize(cells[0]) in _FIRST_COLUMNS and normalize(cells[1]) in _SECOND_COLUMNS:
        return f"| {cells[0]} | {cells[1]} |"
    name, value = (plain_inline(cells[0]).removesuffix(":"), cells[1]) if cells else ("", "")
    return f"- {name}: {value}" if name else f"- {value}" if value else ""


def _without_toggles(rows: list[str], kinds: KindTable) -> list[str]:
    """Convert toggles, bold names with folded text below them, to names alone on their rows."""
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
