"""Finds claims of a change in a text: "from 12 days to 7", "down 48 %", "$500,000 saved", "6.2 % → 1.9 %"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.figures.directions import FACTORS, FALLING, RISING, SAVING
from kb.figures.figure import ABBREVIATED, ENDS, MONEY, TIME, YEAR, Figure
from kb.figures.number import value
from kb.figures.pairs import PAIRS, in_tables


def figures(text: str) -> list[Figure]:
    """Return the non-overlapping claims of a text in order.

    Only changes that surely happened: no wish ("must fall by 30 %"), no range ("from 9:16 to 11:16"), no comparison
    with anything other than an earlier state ("30 % higher than the estimate").
    """
    lowered = _lowered(text)
    found = [
        figure
        for form in _FORMS
        if any(sign in lowered for sign in form.signs)
        for figure in _figures_of(form, lowered)
    ]
    found += in_tables(lowered)
    found.sort(key=lambda figure: (figure.start, -figure.end))
    return [_as_written(figure, text) for figure in _non_overlapping(found)]


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a claim. Its pattern is for lower-case text, and used only if the text has one of its `signs`."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], str, str], Figure | None]
    """Returns the claim for a match, the clause before it and the text after it; None if it is not a claim."""


# Words by which a change is wished, requested, denied or only possible: it has not happened.
_WISHED = re.compile(
    r"\b(?:would|could|should|shall|must|may|might|can|cannot|will|if|unless|goal|target|aims?|expect(?:s|ed|ing)?|hop(?:e|es|ing)"
    r"|forecasts?|planned|plans?(?=\s(?:to|for|is|was)\b|:)"
    r"|estimated|tasked|failed|not|never|to\s(?:reduce|cut|increase|raise|lower|be|save|have))\b"
    r"|n['\u2019]t\b"
)
_CLAUSE_END = re.compile(r"[.!?;](?=\s)|\n\s*(?:\n|[-*#|>\[])")
_CLAUSE_LENGTH = 90
_DURING = re.compile(
    r"\b(?:during|throughout)\s(?:the|this|that|our)\s(?:[\w-]+\s)?(?:incident|outage|disruption|breakdown|downtime|blackout"
    r"|failure|accident)\b|\bwhile\s(?:it|the\s\w+|we|they)\s(?:was|were)\sdown\b"
    r"|\bw\u00e4hrend\s(?:des|der|dieses|dieser)\s(?:vorfalls|ausfalls|st\u00f6rung|panne|unterbrechung)\b"
    r"|\bpendant\s(?:la\s|cette\s|cet\s|l['\u2019])(?:panne|incident|coupure|interruption|accident)\b"
    r"|\bdurante\s(?:el|la|este|esta)\s(?:incidente|aver\u00eda|ca\u00edda|corte|apag\u00f3n|interrupci\u00f3n)\b"
)
"""During an incident: such a change is part of the damage, not a result."""


def _figures_of(form: _Form, lowered: str) -> Iterator[Figure]:
    for found in form.pattern.finditer(lowered):
        if _begins_amid(lowered, found.start()) and found[0][0] != "x":
            continue
        before = _clause_before(lowered, found.start())
        following = lowered[found.end() : found.end() + _CLAUSE_LENGTH]
        sentence = before + _CLAUSE_END.split(lowered[found.start() : found.end() + _CLAUSE_LENGTH])[0]
        if _WISHED.search(before) or _DURING.search(sentence):
            continue
        if figure := form.read(found, before, following):
            yield figure


def _begins_amid(text: str, position: int) -> bool:
    """Return whether a number or word continues another: a version, a date, a clock time, an address, a range."""
    before = text[max(0, position - 1) : position]
    return before.isalnum() or before in tuple("_.,:/$€£#%+-\u2013")


def _clause_before(text: str, position: int) -> str:
    clause = text[max(0, position - _CLAUSE_LENGTH) : position]
    ends = [end.end() for end in _CLAUSE_END.finditer(clause)]
    return clause[ends[-1] :] if ends else clause


def _non_overlapping(found: list[Figure]) -> Iterator[Figure]:
    reached = 0
    for figure in found:
        if figure.start >= reached:
            reached = figure.end
            yield figure


def _as_written(figure: Figure, text: str) -> Figure:
    phrase = " ".join(text[figure.start : figure.end].split())
    place = phrase.lower().find(figure.unit)
    unit = phrase[place : place + len(figure.unit)] if place >= 0 else figure.unit
    return replace(figure, text=phrase, unit=unit)


def _lowered(text: str) -> str:
    """Return the text in lower case, with all offsets unchanged."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


_MOVING = "went gone going improved improves improving improvement changed brought"
_SIGN_OF = dict.fromkeys(FALLING + SAVING, "-") | dict.fromkeys(RISING, "+") | dict.fromkeys(_MOVING.split(), "")
# As verbs these may be requests ("increase it by 50 %"); as nouns they are followed by `of`.
_NOUN_FORMS = """drop decrease decline rise increase gain growth reduction reductions saving savings"""
_NOUNS = frozenset(_NOUN_FORMS.split())
_SIGN_OF_NOUN = {word: _SIGN_OF[word] for word in _NOUNS} | {"cut": "-", "improvement": ""}
_SIGN_OF_COMPARATIVE = dict.fromkeys(["fewer", "less", "lower", "shorter", "smaller"], "-") | dict.fromkeys(
    ["more", "higher", "longer", "larger", "greater"], "+"
)
_WAYS = "faster|slower|cheaper|quicker|better"

_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORDS = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = rf"(?:{_DIGITS}(?:\s?(?:thousand|million|billion|bn|k|m)\b)?|(?:half\sa|a\squarter\sof\sa|a)\smillion\b)"
_NUMBER = rf"(?:{_AMOUNT}|(?:{'|'.join(_WORDS)})\b)"
_ABOUT = (
    r"(?:(?:an\saverage\sof|about|nearly|almost|around|over|roughly|approximately|more\sthan|less\sthan|some|only"
    r"|just|well\sover|by\sabout)\s|~)?"
)
_PERCENT = r"\s?(?:%|per\s?cent\b)"


def _value(number: str) -> Decimal:
    if number in _WORDS:
        return Decimal(_WORDS[number])
    if number.endswith("a million"):
        return Decimal({"half": 500_000, "a qu": 250_000}.get(number[:4], 1_000_000))
    return value(number)


def _written(number: str) -> str:
    """Return a number as it is written, but words as digits."""
    return number if number[0].isdigit() else f"{_value(number):,}"


# from 12 days to 7

_EACH = (
    r"(?:\s(?:a|an|per|each|every)\s(?:second|minute|hour|day|night|shift|week|month|quarter|year|head)\b(?!\sago))?"
)
_FROM_TO = re.compile(
    rf"from\s{_ABOUT}(?P<currency>[$€£]\s?)?(?P<before>{_NUMBER}){ENDS}"
    rf"(?:(?P<percent>{_PERCENT})|\s?(?P<unit>[a-z][a-z-]*(?:\s[a-z][a-z-]*){{0,3}}?))?"
    rf"\s(?:down\s|up\s)?to\s{_ABOUT}(?P<after_currency>[$€£]\s?)?(?P<after>{_NUMBER}){ENDS}"
    rf"(?:(?P<after_percent>{_PERCENT})|\s(?P<after_unit>(?:a|an|per|each)\s[a-z]+\b|{ABBREVIATED}|[a-z][a-z-]+\b{_EACH}))?"
)
_RANGED = re.compile(r"\b(?:rang|var[yi]|between|anywhere|anything|everything|span|typical|(?:period|of)\s*$)")
_NO_CHANGE = re.compile(r"\b(?:am|pm|gmt|utc|pdt|pst|est|edt|cet|cest|bst|prior|before|after)\b")
_CLOCK = re.compile(r"0\d+")
_TIMES_OF_DAY = re.compile(
    r"\b(?:opening|office|visiting|business)\s(?:hours|times)\b|\b(?:opens?|opened|shifts?|rota)\b"
)
_MOST_HOURS = 24
_ALONE = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")
_COUNTED = re.compile(rf"{TIME}|{MONEY}|{ABBREVIATED}|(?:[a-z]+s )?(?:a|an|per|each) [a-z]+")
_IN_PLURAL = re.compile(r"(?!(?:as|is|was|has|this|its|across|plus|versus|thus)\b)[a-z-]+s|feet|people")


def _read_from_to(found: re.Match[str], clause: str, following: str) -> Figure | None:
    before, after, unit = found["before"], found["after"], _unit_of(found)
    of_a_calendar = YEAR.fullmatch(before) and YEAR.fullmatch(after)
    of_a_clock = _CLOCK.fullmatch(before) or _CLOCK.fullmatch(after)
    if of_a_calendar or of_a_clock or _NO_CHANGE.search(f"{found['unit']} {found['after_unit']}"):
        return None
    if _are_times_in_two_units(found):
        return Figure(
            *found.span(), before=f"{_written(before)} {unit}", after=f"{_written(after)} {found['after_unit']}"
        )
    difference = _value(after) - _value(before)
    if not difference or _RANGED.search(clause):
        return None
    if not unit and max(_value(before), _value(after)) <= _MOST_HOURS and _TIMES_OF_DAY.search(clause):
        return None
    signs = [_SIGN_OF[word] for word in _ALONE.findall(clause) if word in _SIGN_OF]
    if signs and signs[-1] not in ("", "+" if difference > 0 else "-"):  # "reduced from 10 to 50 %" is a range
        return None
    is_counted = bool(found["currency"] or _COUNTED.fullmatch(found["after_unit"] or ""))
    falls_surely = difference < 0 and (is_counted or _is_lone(found))
    if not (signs or unit == "%" or falls_surely):
        return None
    same = found["after_percent"] or (unit and unit == found["after_unit"])
    end = found.end() if same else found.end("after")
    return Figure(found.start(), end, before=_written(before), after=_written(after), unit=unit)


def _unit_of(found: re.Match[str]) -> str:
    if currency := found["currency"] or found["after_currency"]:
        return currency.strip()
    if found["percent"] or found["after_percent"]:
        return "%"
    if found["unit"]:
        return " ".join(found["unit"].split())
    following = found["after_unit"] or ""
    return following if _IN_PLURAL.fullmatch(following) or _COUNTED.fullmatch(following) else ""


def _are_times_in_two_units(found: re.Match[str]) -> bool:
    units = [re.fullmatch(TIME, found[name] or "") for name in ("unit", "after_unit")]
    return all(units) and found["unit"] != found["after_unit"]


def _is_lone(found: re.Match[str]) -> bool:
    """Return whether only the first number has a unit, as in "from 12 days to 7": ranges are not written like this."""
    return bool(found["unit"] and _COUNTED.fullmatch(found["unit"])) and found["after_unit"] != found["unit"]


# down 48 %, a drop of 48 %, 48 % lower

_PERCENTAGE = re.compile(rf"(?P<number>{_DIGITS}){_PERCENT}")
_BEGINS_A_RANGE = re.compile(r"\s?(?:to|or|[-\u2013])\s?\d")
_LEADING = re.compile(rf"(?:\s(?P<link>by|of))?\s{_ABOUT}$")
_EARLIER = r"before|in\s(?:19|20)\d\d|last\s|the\s(?:previous|old|year|month)|it\swas"
_BREAK = re.compile(r"[,:()]\s")
_AFTER_PERCENT = re.compile(
    rf"\s(?P<word>{'|'.join([*_SIGN_OF_NOUN, *_SIGN_OF_COMPARATIVE])}|{_WAYS})\b(?!-)"
    rf"(?P<than>(?:\s[\w'-]+){{0,3}}?\sthan\s)?(?P<earlier>{_EARLIER})?"
)


def _read_percentage(found: re.Match[str], clause: str, following: str) -> Figure | None:
    number = found["number"]
    if _BEGINS_A_RANGE.match(following):
        return None
    if word := _word_of_change(clause):
        return Figure(found.start() - len(clause) + word.start(), found.end(), change=f"{_SIGN_OF[word[0]]}{number}%")
    after = _AFTER_PERCENT.match(following)
    if not after or (after["than"] and not after["earlier"]):
        return None
    end = found.end() + after.end("word")
    signs = _SIGN_OF_NOUN | _SIGN_OF_COMPARATIVE
    change = f"{signs[after['word']]}{number}%" if after["word"] in signs else f"{number}% {after['word']}"
    return Figure(found.start(), end, change=change)


def _word_of_change(clause: str) -> re.Match[str] | None:
    """Return the word of change before a number, joined to it by `by`, `of` or nothing: "fell by", "a drop of"."""
    leading = _LEADING.search(clause)
    if not leading:
        return None
    stretch = max((found.end() for found in _BREAK.finditer(clause, 0, leading.start())), default=0)
    words = list(re.compile(r"[\w'-]+").finditer(clause, stretch, leading.start()))
    near = words[-1:] if not leading["link"] else words[-7:]
    for word in reversed(near):
        if word[0] in _SIGN_OF:
            return word if (word[0] in _NOUNS) == (leading["link"] == "of") else None
    return None


# $500,000 saved, saved 30 hours

_SAVED = re.compile(
    rf"sav(?:ed|es|ing|ings)\b(?:(?:\sof|\sus|\sthem)?\s{_ABOUT}(?P<currency>[$€£]\s?)?(?P<amount>{_AMOUNT}){ENDS}(?P<unit>\s(?:{MONEY}|{TIME}))?)?"
)
_AMOUNT_BEFORE = re.compile(
    rf"(?<![\w.,:/-])(?P<currency>[$€£]\s?)?(?P<amount>{_AMOUNT})(?P<unit>\s(?:{MONEY}|{TIME}))?"
    r"(?:\s(?:was|were|has\sbeen|have\sbeen|in|of\scost))?\s$"
)


def _read_saved(found: re.Match[str], clause: str, following: str) -> Figure | None:
    start, end, match = found.start(), found.end(), found
    if not found["amount"]:
        before = _AMOUNT_BEFORE.search(clause)
        if not before:
            return None
        start, match = start - len(clause) + before.start(), before
    unit = (match["currency"] or match["unit"] or "").strip()
    amount = _written(match["amount"])
    return Figure(start, end, change=f"-{amount}", unit=" ".join(unit.split())) if unit else None


# doubled, cut in half, twice as fast

_FACTORS = {word: f"{factor - 1:+.0%}" for word, factor in FACTORS.items() if word != "twofold"}
_MULTIPLIED = re.compile(rf"(?:{'|'.join(_FACTORS)})\b(?!-|\s(?:up|over|back)\b)")
_ATTRIBUTE = re.compile(r"\b(?:an?|the|of|with|when|often|typically|is|are|be|being)\s$")


def _read_multiplied(found: re.Match[str], clause: str, following: str) -> Figure | None:
    if _ATTRIBUTE.search(clause):
        return None
    return Figure(found.start(), found.end(), change=_FACTORS[found[0]])


_SHARES = {"half": "50%", "a third": "1/3", "one third": "1/3", "two thirds": "2/3", "a quarter": "25%"} | {
    "one quarter": "25%",
    "three quarters": "75%",
}
_SHARE = re.compile(
    r"(?:in|by)\s(?:about\s|nearly\s|almost\s)?(?P<share>half|(?:a|one|two|three)[\s-](?:third|quarter)s?)\b(?!-|\san?\b)"
)


def _read_share(found: re.Match[str], clause: str, following: str) -> Figure | None:
    share = _SHARES.get(" ".join(re.split(r"[\s-]", found["share"])))
    word = _word_of_change(f"{clause}by ")
    if not share or not word or (found[0].startswith("in") and found["share"] != "half"):
        return None
    return Figure(found.start() - len(clause) + word.start(), found.end(), change=f"{_SIGN_OF[word[0]]}{share}")


_TIMES = re.compile(
    rf"(?:twice|times|x)\s(?:as\s(?:fast|quickly|quick|cheap|productive|many|much)|{_WAYS})\b"
    rf"(?P<compared>(?:\s[\w'-]+){{0,3}}?\s(?:as|than)\s)?(?P<earlier>{_EARLIER})?"
)
_MANY = re.compile(rf"(?<![\w.,:/-])(?:{_DIGITS}|{'|'.join(_ONES)})\s?$")


def _read_times(found: re.Match[str], clause: str, following: str) -> Figure | None:
    if found["compared"] and not found["earlier"]:
        return None
    many = _MANY.search(clause)
    if not many and not found[0].startswith("twice"):
        return None
    start = found.start() - len(clause) + many.start() if many else found.start()
    end = found.start("compared") if found["compared"] else found.end()
    prefix = clause[many.start() :] if many else ""
    return Figure(start, end, change=" ".join((prefix + found[0][: end - found.start()]).split()))


_FORMS = (
    _Form(("from ", "from\n"), _FROM_TO, _read_from_to),
    _Form(("%", "percent", "per cent", "per\ncent"), _PERCENTAGE, _read_percentage),
    _Form(("saved", "saves", "saving"), _SAVED, _read_saved),
    _Form(tuple(_FACTORS), _MULTIPLIED, _read_multiplied),
    _Form(("half", "third", "quarter"), _SHARE, _read_share),
    _Form(("twice", "times", "x "), _TIMES, _read_times),
    *(_Form(*form) for form in PAIRS),
)
