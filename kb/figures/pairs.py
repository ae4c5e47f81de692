"""Finds claims of a change without a verb: "6.2 % → 1.9 %", "was 14 days, now 9", columns *before* and *after*."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.figures.figure import ENDS, MONEY, TIME, YEAR, Figure
from kb.figures.number import DIGITS, has_points, is_unclear, plain, value
from kb.figures.table_rows import columns_of

_NO_UNIT = (
    r"(?:in|on|at|after|before|within|since|by|today|now|this|last|and|or|but|as|with|for|from|to|of|is|was|were|are|the"
    r"|instead|down|up|it|und|im|am|seit|statt|jetzt|et|en|depuis|y|desde|el|la|le|den|die|der|das|auf|de|x)\b"
)
_PER = r"(?:al|a\sla|a|an|per|each|every|pro|par|por|je)"
_IN_EACH = r"(?:im\s(?:monat|jahr|quartal)|am\stag|in\sder\s(?:woche|stunde)|die\swoche)\b(?!\s\d)"
"""German for `a month` and the like; `im Jahr 2024` is a date instead."""
_WORD = rf"(?!{_NO_UNIT}|{_PER}\b)[^\W\d_][^\W\d_]*(?:[/-][^\W\d_]+)?"
_UNIT = (
    rf"(?:\s?(?:%|per\s?cent\b|prozent\b|pour\scent\b)|\s?[$€£](?:\s{_PER}\s[^\W\d_]+|\s{_IN_EACH})?|\s?{_WORD}(?:\s{_PER}\s[^\W\d_]+|\s{_IN_EACH})?"
    rf"|\s{_PER}\s[^\W\d_]+|\s{_IN_EACH}|\s?/\s?[^\W\d_]+)"
)
_ABOUT = r"(?:(?:about|nearly|almost|around|roughly|only|just|some|rund|etwa|fast|environ|casi|unos)\s|~|ca\.?\s)?"


def _amount(name: str) -> str:
    number = rf"(?<![\w.,]){DIGITS}(?({name}_currency)(?:\s?(?:bn|k|m)\b)?)"
    return rf"{_ABOUT}(?P<{name}_currency>[$€£]\s?)?(?P<{name}>{number}){ENDS}(?P<{name}_unit>{_UNIT})?"


_OLD, _NEW = _amount("before"), _amount("after")
_IN_TIME = (
    r"(?:\s(?:in|im|en|au)\s(?:q[1-4](?:\s(?:19|20)\d\d)?|(?:19|20)\d\d|(?:jan|feb|m[a\u00e4]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t"
    r"|nov|de[cz])[^\W\d_]{0,6}\b))?"
)
_ARROW = re.compile(rf"{_OLD}{_IN_TIME}\s*(?:-{{1,2}}>|=>|[\u2192\u27f6\u2794\u279c\u21d2])\s*{_NEW}{_IN_TIME}")
_DOTS = re.compile(rf"{_OLD}\s*(?:\u2026|\.{{2,3}})\s*{_NEW}")
_OLD_THEN_NEW = re.compile(
    rf"(?:(?P<word>before(?:hand)?|vorher|fr\u00fcher|avant|antes|was|were|used\sto\sbe)\s?:?\s)?{_OLD}"
    r"(?P<late>\s(?:before(?:hand)?|vorher|avant|antes))?"
    r"[,;/]?\s(?:and\s|und\s|et\s|y\s)?(?P<now>(?:it\s)?(?:is\s|are\s)?now|after(?:wards)?|today|nachher|jetzt|heute|apr\u00e8s"
    rf"|maintenant|despu\u00e9s|ahora)?\s?:?\s?{_NEW}(?P<late_now>\s(?:now|after(?:wards)?|today|nachher|jetzt|heute|apr\u00e8s"
    r"|despu\u00e9s|ahora)\b)?"
)
_NEW_THEN_OLD = re.compile(
    rf"{_NEW}(?:,|;)?\s?(?P<link>\(?(?:it\s|this\s)?(?:was|were)|\(?before:?|instead\sof|down\sfrom|up\sfrom|statt|vorher"
    rf"|au\slieu\sde|en\svez\sde|previously)\s{_OLD}"
)
_ELSEWHERE = re.compile(rf"\b(?P<out_of>von|de)\s{_OLD}\s(?P<to>auf|\u00e0|a)\s{_NEW}")
_SIGNED = re.compile(rf"(?<![\w.,%)])(?P<sign>[-+\u2212])(?P<amount>{DIGITS})\s?%(?!\s?(?:to|or|bis|[-\u2013/])\s?\d)")

_IN_GERMAN = re.compile(r"\b(?:von|vorher|fr\u00fcher|nachher|jetzt|heute|statt)\b")
_NUMBERED = re.compile(
    r"\b(?<!\bper\s)(?<!\ba\s)(?:versions?|v|steps?|pages?|p|lines?|rows?|ports?|tickets?|issues?|nos?|nr|chapters?|sections?|items?|ids?|levels?"
    r"|floors?|rooms?|gates?|docks?|lock|hall|aisle|releases?|builds?|fig|figures?|tables?|phases?|stages?|python|java|node"
    r"|priority|sev|severity|seite|schritt|zeile|\u00e9tape|ligne|paso)\.?:?\s*$"
)
"""Words before a number that is an identifier, not a measured value."""
_NAMED = re.compile(r"[^\W\d_]\s*(?::\s*)?$|\|\s*$")
_RANGED = re.compile(r"\b(?:rang|var[yi]|between|anywhere|zwischen|entre|stell|tolerance)")
_MEASURE = re.compile(
    rf"\s*(?:%|{_PER}\s[^\W\d_]+|{_IN_EACH}|{TIME}|{MONEY}|min|h|s|sec|hrs?|days?|tagen?|stunden?|wochen?|jours?|heures?|d\u00edas?|horas?)\s*"
)


_SHARE_BEFORE = re.compile(r"\d\s?(?:of|out\sof|von|sur|de|/)\s(?:the\s)?$")
_SHARE_BEHIND = re.compile(r"\s?(?:of|out\sof|von|sur|de|/)\s(?:the\s)?\d")


def _is_share(clause: str, following: str) -> bool:
    """Return whether one of the amounts is a total of which others are parts: `5 of 20 late, 1 of 20 late now`."""
    return bool(_SHARE_BEFORE.search(clause) or _SHARE_BEHIND.match(following))


def _unit(found: re.Match[str], name: str) -> str:
    unit_text = " ".join((found[f"{name}_currency"] or found[f"{name}_unit"] or "").split())
    return "%" if unit_text in ("per cent", "percent", "prozent", "pour cent") else unit_text


def _plain_both(found: re.Match[str]) -> tuple[str, str]:
    """Return both amounts with decimal points: if the points of one separate thousands, so do those of the other."""
    by_points = bool(_IN_GERMAN.search(found[0])) or any(
        has_points(found[name], found[f"{name}_unit"] or "") for name in ("before", "after")
    )
    return plain(found["before"], by_points=by_points), plain(found["after"], by_points=by_points)


def _pair(found: re.Match[str]) -> Figure | None:
    """Return the claim of two amounts; None if they are years, have different units, or are equal or ambiguous."""
    before, after = _plain_both(found)
    if (YEAR.fullmatch(before) and YEAR.fullmatch(after)) or value(before) == value(after):
        return None
    if before == found["before"] and is_unclear(before, after):
        return None
    if re.match(r"0\d", before) or re.match(r"0\d", after):
        return None
    old, new = _unit(found, "before"), _unit(found, "after")
    if old and new and old.rstrip("s") != new.rstrip("s") and not new.startswith(f"{old} "):
        if not (_MEASURE.fullmatch(old) and _MEASURE.fullmatch(new)):
            return None
        return Figure(found.start(), found.end(), before=f"{before} {old}", after=f"{after} {new}")
    return Figure(found.start(), found.end(), before=before, after=after, unit=new or old)


def _is_less(figure: Figure) -> bool:
    return value(figure.after.split()[0]) < value(figure.before.split()[0])


def _read_arrow(found: re.Match[str], clause: str, following: str) -> Figure | None:
    figure = _pair(found)
    if not figure or _is_share(clause, following) or (_NUMBERED.search(clause) and not _MEASURE.fullmatch(figure.unit)):
        return None
    return figure if figure.unit or " " in figure.before or _NAMED.search(clause) else None


def _read_dots(found: re.Match[str], clause: str, following: str) -> Figure | None:
    """Return the claim of `12 ... 7`; only a fall, because a range is written the same way, ascending."""
    figure = _pair(found)
    is_other = _RANGED.search(clause) or _is_share(clause, following)
    return figure if figure and figure.unit and _is_less(figure) and not is_other else None


def _read_old_then_new(found: re.Match[str], clause: str, following: str) -> Figure | None:
    says_when = bool(found["now"] or found["late_now"]), bool(found["word"] or found["late"])
    if not says_when[0] or not (says_when[1] or found["now"]):
        return None
    figure = _pair(found)
    is_figure = figure and (figure.unit or all(says_when)) and not _is_share(clause, following)
    return figure if is_figure else None


def _read_new_then_old(found: re.Match[str], clause: str, following: str) -> Figure | None:
    figure = _pair(found)
    is_same = bool(_unit(found, "before") and _unit(found, "after"))
    is_figure = figure and figure.unit and (is_same or "was" not in found["link"]) and not _is_share(clause, following)
    return figure if is_figure else None


def _read_elsewhere(found: re.Match[str], clause: str, following: str) -> Figure | None:
    """Return the claim of `von 12 auf 7` or `de 12 à 7`; with `de` only a fall, as a range is written the same way."""
    figure = _pair(found)
    is_german = found["out_of"] == "von" and found["to"] == "auf"
    return figure if figure and figure.unit and (is_german or (found["out_of"] == "de" and _is_less(figure))) else None


def _read_signed(found: re.Match[str], clause: str, following: str) -> Figure | None:
    if re.search(r"[\d%]\s*$", clause) or _RANGED.search(clause):
        return None
    sign = "-" if found["sign"] == "\u2212" else found["sign"]
    return Figure(found.start(), found.end(), change=f"{sign}{plain(found['amount'])}%")


PAIRS = (
    (("->", "=>", "\u2192", "\u27f6", "\u2794", "\u279c", "\u21d2"), _ARROW, _read_arrow),
    (("\u2026", ".."), _DOTS, _read_dots),
    (
        *(("now", "after", "today", "nachher", "jetzt", "heute", "apr\u00e8s", "maintenant", "despu", "ahora"),),
        *(_OLD_THEN_NEW, _read_old_then_new),
    ),
    (
        *(("was ", "were ", "before", "instead", "from ", "statt", "vorher", "lieu", "vez", "previously"),),
        *(_NEW_THEN_OLD, _read_new_then_old),
    ),
    (("von ", "de "), _ELSEWHERE, _read_elsewhere),
    (("%",), _SIGNED, _read_signed),
)
"""For each form: the strings of which a text must have one, its pattern, and its reader; see `claims._Form`."""

_BEFORE = re.compile(r"\b(?:before|baseline|old|then|vorher|alt|fr\u00fcher|avant|antes)\b")
_AFTER = re.compile(r"\b(?:after|now|today|new|nachher|neu|heute|apr\u00e8s|maintenant|despu\u00e9s|ahora)\b")
_CELL = re.compile(rf"[*_]*{_ABOUT}(?P<currency>[$€£]\s?)?(?P<amount>{DIGITS})(?P<unit>\s?[^\d|]{{0,20}}?)[*_]*")


def in_tables(lowered: str) -> Iterator[Figure]:
    """Yield the claims in the rows of tables that have one column for before and one for after.

    After a blank row, a row between pipes, or one without two values, begins another table.
    """
    columns: tuple[int, int] | None = None
    start = 0
    is_apart = False  # whether a blank row was above
    for row in lowered.split("\n"):
        cells = columns_of(row) if row.strip() else []
        if is_apart and "|" in row:
            columns = None
        if heads := _columns(cells):
            columns = heads
        elif columns and len(cells) > max(columns) and (found := _row(row, cells, columns, start)):
            yield found
        elif (is_apart or not cells) and not set(row.strip()) <= set("-|:+= "):
            columns = None
        is_apart = not row.strip()
        start += len(row) + 1


def _columns(cells: list[str]) -> tuple[int, int] | None:
    before = [number for number, cell in enumerate(cells) if len(cell) < 40 and _BEFORE.search(cell)]
    after = [number for number, cell in enumerate(cells) if len(cell) < 40 and _AFTER.search(cell)]
    return (before[0], after[0]) if len(before) == len(after) == 1 and before[0] < after[0] else None


def _row(row: str, cells: list[str], columns: tuple[int, int], start: int) -> Figure | None:
    old, new = (_CELL.fullmatch(cells[column]) for column in columns)
    if not old or not new:
        return None
    by_points = any(has_points(each["amount"], each["unit"] or "") for each in (old, new))
    before, after = (plain(each["amount"], by_points=by_points) for each in (old, new))
    if value(before) == value(after) or (not by_points and is_unclear(before, after)):
        return None
    first = row.find(cells[columns[0]], len(cells[0]) if columns[0] else 0)
    last = row.find(cells[columns[1]], first + len(cells[columns[0]]))
    unit = next(
        (unit_text for each in (new, old) if (unit_text := (each["currency"] or each["unit"] or "").strip(" *_"))), ""
    )
    if first < 0 or last < 0:
        return None
    end = last + len(cells[columns[1]])
    return Figure(start + first, start + end, before=before, after=after, unit=unit)
