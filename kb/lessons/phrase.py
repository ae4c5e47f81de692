"""An impact entry as a phrase in words that a manager knows; JSON keeps the codes of the format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite, nan

from ingest.format import Impact
from kb.lessons.stated import stated

# `kb.figures` is imported only when needed: most lessons have no impact, and importing it would delay a search.
_SIGNED = re.compile(r"(?P<sign>[-+\u2212\u2013])\s*(?P<amount>[^-+\u2212\u2013]+)")
_LONG_NUMBER = re.compile(r"(?<![\w.,])(?P<digits>\d{5,15})(?:\.0)?(?![\w,]|\.\d)")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|percent\b)")
_SYMBOLS = ("$", "\u20ac", "\u00a3", "\u00a5")
_CURRENCIES = frozenset(["usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "inr", "cny"])
# Metrics for which a decrease is always a gain.
_MONEY_SPENT = re.compile(r"(?:the\s)?(?:costs?|money|spend(?:ing)?|expenses|expenditure)", re.IGNORECASE)
_SAVED = re.compile(
    r"(?:(?:the|money|costs?|time|hours|days|amount)\s)*sav(?:ed|ings?)\b"
    r"(?P<rest>(?:\s(?:across|at|by|for|from|in|on|over|per|through|with|within)\b.{0,80})?)",
    re.IGNORECASE,
)


def phrase_of(impact: Impact) -> str:
    """Return an impact as a phrase without its evidence; a change that its figures contradict is the computed one."""
    impact = _as_computed(with_means(impact.with_texts(stated)))
    return _saving(impact) or _phrase(impact)


def with_means(impact: Impact) -> Impact:
    """Return an impact that gives only a series with the means of its figures as before and after."""
    if impact.before or impact.after or not impact.series:
        return impact
    before, after = (_mean(part) for part in impact.series)
    return impact._replace(before=before, after=after)


def _as_computed(impact: Impact) -> Impact:
    """Return an impact with the computed change in place of one that its figures contradict."""
    if not (impact.change and impact.before and impact.after):
        return impact
    from kb.figures.amounts import read_amount
    from kb.figures.changes import contradicts, course_of, read_change

    change, course = read_change(impact.change), course_of(impact)
    if not change or not course or not contradicts(change, course):
        return impact
    before, after = read_amount(impact.before), read_amount(impact.after)
    if change.unit != "%" or not before or not after or before.value <= 0:
        return impact._replace(change="")
    return impact._replace(change=f"{(after.value - before.value) / before.value * 100:+.3g} %")


def _mean(texts: Sequence[str]) -> str:
    """Return the mean of numbers with three digits; empty if they are not all plain numbers."""
    try:
        mean = sum(map(float, texts)) / len(texts) if texts else nan
    except ValueError:
        return ""
    return f"{mean:.3g}" if isfinite(mean) else ""


def _saving(impact: Impact) -> str:
    """Return `saved 500,000 USD` if a cost went down or the metric is a saving; else an empty text."""
    subject = _subject(impact)
    found = _SAVED.fullmatch(subject)
    without_sign = _SIGNED.fullmatch(impact.change)
    amount = without_sign["amount"] if without_sign else impact.change
    if found and (amount or impact.after) and not impact.before:
        figure = _figure(amount or impact.after, impact.unit).removeprefix("saved ").removesuffix(" saved")
        return f"saved {figure}{found['rest']}"
    signed = _SIGNED.fullmatch(impact.change)
    if not signed or signed["sign"] == "+" or not _MONEY_SPENT.fullmatch(subject):
        return ""
    figure = _figure(signed["amount"], impact.unit)
    return f"saved {figure}" if _is_money(signed["amount"], impact.unit) else ""


def _is_money(amount: str, unit: str) -> bool:
    from kb.figures.amounts import folded_unit

    return amount.strip().startswith(_SYMBOLS) or folded_unit(unit or amount.rpartition(" ")[2]) in _CURRENCIES


def _phrase(impact: Impact) -> str:
    subject = _subject(impact)
    if movement := _movement(impact):
        return f"{subject}{movement}".lstrip(" :")
    if impact.after:
        return f"{subject}: {_figure(impact.after, impact.unit)}".lstrip(" :")
    if impact.note and not impact.metric:
        return impact.note
    planned = [
        f"{_figure(value, impact.unit)} {name}"
        for value, name in ((impact.before, "before"), (impact.target, "as the target"))
        if value
    ]
    if not subject:
        return ", ".join(planned)
    return f"{subject}: {', '.join(planned)}" if planned else f"{subject}, no figure stated"


def _subject(impact: Impact) -> str:
    return impact.metric or impact.area.replace("-", " ")


def _movement(impact: Impact) -> str:
    """Return the change, to be put after its subject: ` down 50 %`, ` up from 10 to 20 %`, `: -3 to -5`."""
    if not (impact.before and impact.after):
        return _change(impact)
    unit_of_before = impact.unit if impact.unit in _SYMBOLS else ""
    course = f"from {_figure(impact.before, unit_of_before)} to {_figure(impact.after, impact.unit)}"
    if impact.change:
        return f"{_change(impact, unit='')}, {course}"
    return f" {_direction(impact)}{course}"


def _direction(impact: Impact) -> str:
    from kb.figures.changes import course_of

    course = course_of(impact)
    if course is None:
        return ""
    steps = (course.after.low - course.before.low, course.after.high - course.before.high)
    return "up " if min(steps) > 0 else "down " if max(steps) < 0 else ""


def _change(impact: Impact, unit: str | None = None) -> str:
    from kb.figures.changes import read_change

    change = read_change(impact.change)
    unit = impact.unit if unit is None else unit
    if signed := change and _SIGNED.fullmatch(impact.change):
        return f" {'up' if signed['sign'] == '+' else 'down'} {_figure(signed['amount'], unit)}"
    if change and impact.change[0].isalpha():  # `up`, `doubled`, `down nearly 50 %`
        return f" {_figure(impact.change)}"
    if change and not change.sign and change.unit != "times":
        return f" changed by {_figure(impact.change, unit)}"
    return f": {_figure(impact.change, unit)}" if impact.change else ""


def _figure(amount: str, unit: str = "") -> str:
    """Return a figure in readable form: `500000` and `USD` → `500,000 USD`, `50%` → `50 %`."""
    number = _LONG_NUMBER.sub(lambda found: f"{int(found['digits']):,}", amount.strip())
    number = _PERCENT.sub(" %", number)
    if not unit or number.endswith("%") or number.startswith(_SYMBOLS) or any(sign.isalpha() for sign in number):
        return number
    unit = _PERCENT.sub(" %", f"0{unit}")[1:].strip()
    return f"{unit}{number}" if unit in _SYMBOLS else f"{number} {unit}"
