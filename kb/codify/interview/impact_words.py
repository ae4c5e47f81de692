"""Converts an entry of `impact` from and to one line of text: `wrong boxes: from 12 to 1 a day`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ingest.format import Impact
from ingest.lesson import impact_of as record_of
from ingest.lesson import text_of
from kb.codify.interview.unclear import Unclear
from kb.figures.claims import figures
from kb.lessons.evidence import EVIDENCE_IN_WORDS

EXAMPLE = "wrong boxes, from 14 to 1 a day"
CLAIMED = ("metric", "before", "after", "unit", "change", "note")
_FIGURES = ("before", "after", "change")
_LONGEST_METRIC = 8
"""In words; a longer answer without figures is a note."""

_AMOUNT = r"[$€£]?\d[\d.,]*(?<![.,])(?:\s?%)?"
_ARROW = re.compile(
    rf"(?P<metric>.*?)[\s:,]*(?:\bfrom\s+)?(?P<before>{_AMOUNT})\s*(?P<unit>[^\W\d_][\w /]*?)?"
    rf"\s*(?:->|=>|→|\bto\b)\s*(?P<after>{_AMOUNT})(?P<behind>[\w /]*(?:,[\w /]+)?)\.?"
)
_NAMED = re.compile(
    rf"\b(?P<name>before|after)[:=]?\s*(?P<of>{_AMOUNT})|(?P<amount>{_AMOUNT})\s+(?P<is>before|after)\b"
)
_HAS_UNIT = re.compile(r"[%$€£]")
_NOTE = re.compile(r"(?:not|no|nothing|nobody)\b|.*:", re.IGNORECASE)
_UNIT = re.compile(
    r"(?P<unit>(?:/\s?)?(?:(?:[^\W\d_]+\s+){0,2}(?:an?|per|each|every)\s+[^\W\d_]+|[^\W\d_]+(?:\s?/\s?[^\W\d_]+)?))"
    r"(?P<rest>\W.*|$)"
)
_NO_UNIT = re.compile(
    r"(?:since|in|by|after|before|because|during|within|over|for|with|when|from|on|at|as|and|now|this|last)\b"
)
_MOVED = re.compile(
    r"(?:^|\s)(?:(?:has|have|had|is|are|was|were|been)\s*)*(?:fell|fallen|dropped|sank|rose|risen|grew|grown|went|gone"
    r"|came|decreased|increased|improved|reduced|is|are|was|were|has|have)(?:\s+(?:down|up))?$",
    re.IGNORECASE,
)
_NO_METRIC = re.compile(r"(?:no\b\W*)?(?:(?:it|they|that|this|really|only|about)\b\s*)*", re.IGNORECASE)


def impact_of(answer: str) -> dict[str, str | int]:
    """Parse what changed: `returned parcels a week: 40 -> 6`, `costs down 48 %`; any other answer becomes a note."""
    whole = text_of(answer)
    fields = _read(whole)
    if "change" in fields and "metric" not in fields:
        fields = {"metric": whole, **fields}
    return fields or {"note": whole}


def impact_changed(old: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """Return the entry changed by the answer; values that the answer does not contradict stay.

    Raises `Unclear` for a figure whose meaning is unknown.
    """
    whole = text_of(answer)
    fields = _read(whole)
    if not fields and any(sign.isdigit() for sign in whole):
        raise Unclear(f"from what to what? For instance: {EXAMPLE}")
    if not fields:
        is_note = len(whole.split()) > _LONGEST_METRIC or _NOTE.match(whole)
        fields = {"note" if is_note else "metric": whole}
    contradicted = set(_FIGURES) - fields.keys() if _contradicts({**old, **fields}, fields) else set()
    if any(_HAS_UNIT.search(text_of(fields.get(key))) for key in ("before", "after")):
        contradicted |= {"unit"} - fields.keys()
    return {key: value for key, value in {**old, **fields}.items() if key not in contradicted}


def _contradicts(new: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Return whether the change disagrees with the figures before and after, if one of them is new."""
    from kb.figures.changes import course_of, read_change

    if not any(key in fields for key in _FIGURES) or not new.get("change"):
        return False
    change, course = read_change(text_of(new["change"])), course_of(record_of(new))
    if change is None or course is None:
        return True
    actual = course.percent if change.unit == "%" else course.factor if change.unit == "times" else course.difference
    return actual is None or not change.could_be(actual)


def _read(whole: str) -> dict[str, str | int]:
    """Parse the figures in a line, with metric and unit; empty if there are none."""
    if found := _ARROW.fullmatch(whole):
        unit, note = _unit_and_rest(found["behind"])
        if found["unit"]:
            note = note if unit.casefold() == found["unit"].strip().casefold() else found["behind"].strip(" ,")
        return _entry(found["metric"], found["before"], found["after"], found["unit"] or unit, note)
    if named := _read_named(whole):
        return named
    claims = figures(whole)
    if not claims:
        return {}
    claim = claims[0]
    return _entry(whole[: claim.start], claim.before, claim.after, claim.unit, "", claim.change)


def _read_named(whole: str) -> dict[str, str | int]:
    """Parse `12 before, 1 after, a day` and `wrong boxes, 12, 1, a day`."""
    if found := [*_NAMED.finditer(whole)]:
        fields = {match["name"] or match["is"]: match["of"] or match["amount"] for match in found}
        unit, note = _unit_and_rest(whole[found[-1].end() :])
        return _entry(whole[: found[0].start()], fields.get("before", ""), fields.get("after", ""), unit, note)
    parts = re.split(r"\s*,\s+", whole)
    for number, both in enumerate(pairwise(parts)):
        if all(re.fullmatch(_AMOUNT, part) for part in both):
            unit, note = _unit_and_rest(", ".join(parts[number + 2 :]))
            return _entry(", ".join(parts[:number]), *both, unit, note)
    return {}


def _entry(metric: str, before: str, after: str, unit: str, note: str, change: str = "") -> dict[str, str | int]:
    fields = {"metric": _metric(metric), "before": before, "after": after, "unit": unit, "change": change, "note": note}
    return {key: _number(value.strip(" :,")) for key, value in fields.items() if value.strip(" :,")}


def _unit_and_rest(behind: str) -> tuple[str, str]:
    behind = behind.strip(" ,.")
    found = None if _NO_UNIT.match(behind) else _UNIT.fullmatch(behind)
    return (found["unit"], found["rest"].strip(" ,")) if found else ("", behind)


def _number(text: str) -> str | int:
    return int(text) if re.fullmatch(r"[1-9]\d{0,15}|0", text, re.ASCII) else text


def _metric(text: str) -> str:
    words = _MOVED.sub("", text.strip(" :,-")).strip(" :,-")
    return "" if _NO_METRIC.fullmatch(words) else words


def impact_in_words(entry: Mapping[str, Any]) -> str:
    """Return a whole entry as text: `wrong boxes: from 12 to 1 a day, measured before and after`."""
    fields = {key: text_of(value) for key, value in entry.items() if text_of(value)}
    figure = _figure(fields)
    shown = ("metric", "before", "after", "unit", "change", "design")
    others = [f"{key.replace('_', ' ')} {value}" for key, value in fields.items() if key not in shown]
    design = EVIDENCE_IN_WORDS.get(fields.get("design", ""), fields.get("design", ""))
    behind = ", ".join(part for part in (figure, design, *others) if part)
    return ": ".join(part for part in (fields.get("metric", ""), behind) if part)


def _figure(fields: Mapping[str, str]) -> str:
    before, after, unit = fields.get("before", ""), fields.get("after", ""), fields.get("unit", "")
    if before and after:
        figure = f"from {before} to {after} {unit}".rstrip()
    elif before or after:
        figure = f"{before or after} {unit}".rstrip() + (" before" if before else " after")
    else:
        change = fields.get("change", "")
        return change if not change or _HAS_UNIT.search(change) else f"{change} {unit}".rstrip()
    return ", ".join(part for part in (figure, fields.get("change", "")) if part)


def change_in_words(entry: Mapping[str, Any]) -> str:
    """Return the change as a clause: `wrong boxes fell from 12 to 1 a day`; empty if there is no figure."""
    fields = {key: text_of(value) for key, value in entry.items() if text_of(value)}
    metric = fields.get("metric", "") or "it"
    metric = metric if metric[1:2].isupper() else metric[:1].lower() + metric[1:]
    if fields.get("before") and fields.get("after"):
        return f"{metric} {_verb(record_of(entry))} {_figure({**fields, 'change': ''})}"
    if found := re.fullmatch(r"(?P<sign>[-+\u2212\u2013])\s?(?P<size>\d.*)", fields.get("change", "")):
        size = _figure({"change": found["size"], "unit": fields.get("unit", "")})
        return f"{metric} {'rose' if found['sign'] == '+' else 'fell'} by {size}"
    return f"{metric}: {figure}" if (figure := _figure(fields)) else ""


def _verb(impact: Impact) -> str:
    from kb.figures.changes import course_of

    course = course_of(impact)
    if course is None or course.before == course.after:
        return "went"
    return "rose" if course.after.low > course.before.low else "fell"
