"""Splits a text into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Latin, Arabic, Urdu and Hindi marks need a space after them; Chinese and Japanese ones do not. Possessive, and
# anchored where a run of marks begins, so that a megabyte of dots is scanned once.
_END = re.compile(
    r"(?:(?<![.!?])[.!?\u2026\u061f\u06d4\u0964]++[\"'\u201d\u2019\u00bb)\]]*+(?=\s)"
    r"|[\u3002\uff01\uff1f]+[\u300d\u300f\u201d\uff09]*)\s*"
)
_ENDS = re.compile(r"[.!?\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\]\u300d\u300f\uff09]*\s*\Z")
_LONGEST_ABBREVIATION = 12
_OPENING = "(\"'[\u201c\u2018"
_ALWAYS_SHORT = frozenset(
    [
        "e.g",
        "i.e",
        "cf",
        "vs",
        "viz",
        "al",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "gen",
        "capt",
        "col",
        "lt",
        "sgt",
        "gov",
        "sen",
        "approx",
        "ca",
        "incl",
        "esp",
        "resp",
        "dept",
        "univ",
        "ed",
        "eds",
        "max",
        "min",
    ]
)
# Abbreviations before a number, or before a single capital as in "Fig. A".
_NUMBERED = frozenset(
    [
        "no",
        "nos",
        "fig",
        "figs",
        "eq",
        "eqs",
        "sec",
        "ref",
        "refs",
        "vol",
        "p",
        "pp",
        "ch",
        "rev",
        "art",
        "para",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_NUMBER = re.compile(r"[#\u00a7(]?\d|[A-Z]\b")
# Initials, and abbreviations that often end a sentence: `U.S.`, `Inc.`
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_MAY_END = frozenset(["inc", "ltd", "co", "corp", "jr", "sr"])
_BEGINS_A_SENTENCE = re.compile(
    r"(?:The|This|That|These|Those|It|Its|In|On|At|As|We|They|He|She|You|There|Their|Then|When|Where|While|After|Before"
    r"|But|And|If|For|From|With|By|All|Our|Not|However|To|An?)\s"
)
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})\)?")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of one paragraph; no character is lost except whitespace."""
    start = 0
    for end in _END.finditer(text):
        if _ends_here(text, start, end):
            yield text[start : end.end()].strip()
            start = end.end()
    if rest := text[start:].strip():
        yield rest


def ends_a_sentence(text: str) -> bool:
    """Return whether a text ends with the end of a sentence, not with an abbreviation."""
    end = text[-_LONGEST_ABBREVIATION:].rstrip()
    words = end.removesuffix(".").split()
    return bool(_ENDS.search(end)) and not (words and end.endswith(".") and _is_abbreviated(words[-1], "1"))


def _ends_here(text: str, start: int, end: re.Match[str]) -> bool:
    following = text[end.end() : end.end() + _LONGEST_ABBREVIATION]
    if following[:1].islower():
        return False
    before = text[max(start, end.start() - _LONGEST_ABBREVIATION) : end.start()]
    if end[0].rstrip() != "." or not before:
        return True
    word = before.split()[-1].lstrip(_OPENING) if before.split() else ""
    is_enumerator = len(before) == end.start() - start and _ENUMERATOR.fullmatch(before.strip())
    return not is_enumerator and not _is_abbreviated(word, following)


def _is_abbreviated(word: str, following: str) -> bool:
    folded = word.casefold()
    if folded in _ALWAYS_SHORT:
        return True
    if folded in _NUMBERED and _NUMBER.match(following):
        return True
    return bool(folded in _MAY_END or _INITIALS.fullmatch(word)) and not _BEGINS_A_SENTENCE.match(following)
