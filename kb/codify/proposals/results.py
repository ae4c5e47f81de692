"""Results in notes, as entries of `impact`: the metric, the values before and after, the change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from ingest.format import Impact
from ingest.kinds import Kind, KindTable
from ingest.markdown.plain import plain_inline
from kb.codify.labels.names import kind_of_name
from kb.codify.labels.row_name import unmarked
from kb.codify.proposals.asides import without_asides
from kb.figures.claims import figures
from kb.figures.figure import Figure
from kb.figures.table_rows import cells_of, columns_of

# People write less; on the output of a program parsing would take too long.
_LONGEST_TEXT = 1_000_000
_SAME_CLAIM = re.compile(
    r"(?:\s(?:an?|per|each|every|pro|par|por|im|am)\s[^\W\d_]{1,20})?\s?[,;:(\u2013\u2014-]?\s?"
    r"(?:(?:that is|i\.e\.|namely|or|an?|eine?|um|of|d\.\s?h\.),?\s)?"
)
_LONGEST_BETWEEN = 50
_SENTENCE = re.compile(r"(?:[.!?;:]\s|\n\s*\n|(?:\n|^)\s*[-*+#|>]+\s|^)(?P<said>[^.!?;:|\n]*(?:\n[^.!?;:|\n]+)?)$")
_VERB = re.compile(
    r"\s(?:(?:has|have|had|was|were|are|is|been|now|wurden?|ist|sind|est|sont|a|ont|ha|han)\s)*(?:went|gone|goes|fell|fallen|falls"
    r"|rose|risen|grew|grown|dropped|came|changed|decreased|increased|declined|improved|shrank|climbed|reduced|cut|lowered"
    r"|raised|sank|sanken|sinkt|sinken|fiel|fielen|ging|gingen|stieg|stiegen|gesunken|gestiegen|gefallen"
    r"|pass\u00e9e?s?|passent|passe|tomb\u00e9e?s?|baiss\u00e9|augment\u00e9|baj\u00f3|bajaron|bajado|pas\u00f3|pasaron|pasado|cay\u00f3|cayeron"
    r"|subi\u00f3|subieron|subido|disminuy\u00f3|aument\u00f3)?\s?(?:down|up)?\s*$"
)
_SUBJECT = re.compile(
    r"(?:(?:the|our|their|its|der|die|das|unsere?|la|las|los|el|le|les|nos|nuestr[oa]s?)\s)?"
    r"(?P<what>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*){0,3})",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:we|it|they|he|she|this|that|these|those|which|who|and|but|or|so|then|by|was|were|is|are|has|have|had|as|if"
    r"|because|when|from|to|an?|after|about|nearly|almost|than|result|there)\b"
    r"|^(?:number|amount|figure|value|total|rate|level)$|^[a-z]+(?:ing|ed)\s(?:the|our|its|their)\b",
    re.IGNORECASE,
)
_LONGEST_NAMED = 200
_LABELLED = re.compile(r"(?P<name>[^\W\d_][^:;.!?|]{2,60}?)\s?:\s*$")
_KINDS = KindTable()


class Result(NamedTuple):
    """One entry, and its place in the notes."""

    entry: dict[str, Any]
    row: int
    text: str


def results_in(rows: Sequence[str]) -> list[Result]:
    """Return each result once, without goals and damage."""
    text = "\n".join(without_asides(rows))[:_LONGEST_TEXT]
    found = _distinct(list(_joined(figures(text), text)))
    return [Result(_entry(figure, text), text.count("\n", 0, figure.start), figure.text) for figure in found]


def _joined(found: Sequence[Figure], text: str) -> Iterator[Figure]:
    """Yield the claims; two become one if a sentence gives both the values and the change."""
    taken = -1
    for number, (one, other) in enumerate(pairwise([*found, None])):
        assert one
        if number == taken:
            continue
        if other and _is_same(one, other, text):
            taken = number + 1
            pair, share = (one, other) if one.before else (other, one)
            joined = " ".join(text[one.start : other.end].split())
            yield replace(pair, start=one.start, end=other.end, text=joined, change=share.change)
        else:
            yield one


def _is_same(one: Figure, other: Figure, text: str) -> bool:
    """Return whether one of two adjacent claims gives the values and the other their change."""
    from kb.figures.changes import course_of, read_change

    if bool(one.before) == bool(other.before) or other.start - one.end > _LONGEST_BETWEEN:
        return False
    if not _SAME_CLAIM.fullmatch(text, one.end, other.start):
        return False
    pair, share = (one, other) if one.before else (other, one)
    course = course_of(Impact(before=pair.before, after=pair.after, unit=pair.unit))
    change = read_change(share.change)
    percent = course.percent if course and change and change.unit == "%" else None
    return change is not None and percent is not None and change.could_be(percent)


def _distinct(found: list[Figure]) -> list[Figure]:
    """Return each claim at its first place, because a summary may repeat it."""
    first: dict[tuple[str, ...], Figure] = {}
    for one in found:
        first.setdefault((one.before, one.after, one.change, one.unit), one)
    return list(first.values())


def _entry(figure: Figure, text: str) -> dict[str, Any]:
    """Return an entry with the known values; area and design are left for a person."""
    values = {
        "metric": _metric(figure, text),
        "before": _number(figure.before),
        "after": _number(figure.after),
        "unit": figure.unit,
        "change": figure.change,
    }
    return {"area": None, **{key: value for key, value in values.items() if value != ""}, "design": None}


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 10 else text


def _named_before(row: str) -> str:
    """Return what precedes two values without a verb: a label, or the first cell of their row."""
    if cells := [plain_inline(cell) for cell in cells_of(row) or columns_of(row) if cell]:
        return cells[0] if re.match(r"[^\W\d_]", cells[0]) else ""
    found = _LABELLED.fullmatch(unmarked(row))
    name = plain_inline(found["name"]) if found else ""
    return "" if kind_of_name(name, _KINDS) is not Kind.OTHER else name


def _below_name(text: str) -> str:
    """Return a clause without the name of a part alone on the line above it."""
    above, _, below = text.rpartition("\n")
    return below if kind_of_name(above.strip(), _KINDS) is not Kind.OTHER else text


def _metric(figure: Figure, text: str) -> str:
    """Return the subject of the change, if the sentence begins with it: "Costs fell by 30 %"."""
    row = text[max(text.rfind("\n", 0, figure.start) + 1, figure.start - _LONGEST_NAMED) : figure.start]
    if figure.before and (named := _named_before(row)):
        return named
    before = _SENTENCE.search(text[max(0, figure.start - 100) : figure.start])
    clause = _VERB.sub("", f"{_below_name(before['said']).rstrip()} ") if before else ""
    subject = _SUBJECT.fullmatch(plain_inline(clause))
    return subject["what"] if subject and not _NO_SUBJECT.search(subject["what"]) else ""
