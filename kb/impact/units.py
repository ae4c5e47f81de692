"""Units of figures: currency, what is counted, and per which period. Figures of different units are never added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.figures.currencies import CURRENCIES

if TYPE_CHECKING:
    from kb.forms.find import impact as forms

_COMMON = frozenset(["USD", "EUR", "GBP", "CHF", "JPY", "INR", "CAD", "AUD", "CNY", "SEK", "NOK", "DKK"])
"""Codes that also count in small letters; `try` and `all` are English words."""
_NAMES = {
    **{"$": "USD", "us$": "USD", "dollar": "USD", "\u20ac": "EUR", "euro": "EUR", "\u00a3": "GBP", "pound": "GBP"},
    **{"\u00a5": "JPY", "yen": "JPY", "\u20b9": "INR", "rupee": "INR"},
}
_PERIODS = {
    **dict.fromkeys(("hour", "hourly"), "hour"),
    **dict.fromkeys(("day", "daily"), "day"),
    **dict.fromkeys(("week", "weekly"), "week"),
    **dict.fromkeys(("month", "monthly"), "month"),
    **dict.fromkeys(("quarter", "quarterly"), "quarter"),
    **dict.fromkeys(("year", "yearly", "annual", "annually", "annum"), "year"),
}
ONCE = "once"
_ADVERB = re.compile(r"\b(?:hourly|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b")
_PER = re.compile(
    r"(?:^|\s)(?:per|an?|each|every|in a|in the first|first)\s+(?P<per>[^\W\d_]+)|/\s*(?P<slash>[^\W\d_]+)"
)
_SURELY_PER = re.compile(r"\b(?:per|each|every)\s|/")
_ONCE = re.compile(r"\b(?:once|one-?off|one-?time|single)\b")
_MEAN = re.compile(r"\b(?:average|mean|median|typical)\b")
_PERCENT = re.compile(r"%|\bper\s?cent\b|\bpercent(?:age)?\b|\bpct\b")
_SYMBOL = re.compile(r"us\$|(?<![^\W\d_])[$\u20ac\u00a3\u00a5\u20b9]")
_FOREIGN = re.compile(
    r"(?<![^\W\d_])(?:ca?|au?|hk|nz|sg?|nt)\$"
    r"|\b(?!us\b|usa\b|british\b|thousand\b|million\b|billion\b)[a-z]{4,}\s+(?:dollar|pound|rupee)s?\b"
)
"""A dollar, pound or rupee that is not the one meant without further words."""
_SCALE = re.compile(
    r"\b(?:k|thousands?|millions?|mio|mn|bn|billions?|000s?)\b|\b1[,. ]?000\b|\b[tk](?=[a-z]{3}\b)(?:eur|usd|gbp|chf)\b"
)
_CODE = re.compile(r"\b(?:[Tk](?=[A-Z]{3}\b))?([A-Za-z]{3})\b")
_LONGEST = 100


class Unit(NamedTuple):
    """The unit of a figure."""

    name: str = ""
    """What is counted: `day`, `parcel`, `%`, or the code of a currency; empty if not stated."""
    per: str = ""
    """`year`, `once`, or for a price another word, as in `USD per unit`; empty if not stated."""
    is_money: bool = False

    @property
    def has_period(self) -> bool:
        return self.per in _PERIODS.values() or self.per == ONCE

    @property
    def of_change(self) -> Unit:
        """The unit of a difference: of percentages it is percentage points."""
        return self._replace(name="percentage points") if self.name == "%" else self

    @property
    def behind(self) -> str:
        """The period or the thing that a figure is per, to be put behind it."""
        return "" if not self.per else f" {ONCE}" if self.per == ONCE else f" per {self.per}"

    @property
    def plural(self) -> str:
        is_noun = not self.is_money and self.name[-1:].isalpha() and not self.name.endswith("s")
        is_noun = is_noun and len(self.name) > 2  # not `kg` or `kr`
        return f"{self.name}{'s' if is_noun else ''}"

    def __str__(self) -> str:
        return f"{self.plural}{self.behind}".strip() or "no unit stated"

    @property
    def in_words(self) -> str:
        """The unit with its period for a sum of money, where a missing period is named."""
        return f"{self.name}, period not stated" if self.is_money and not self.per else str(self)

    def as_json(self) -> forms.FigureUnit:
        return {"name": self.name, "per": self.per, "is_money": self.is_money}


def unit_of(written: str, period: str, metric: str) -> Unit:
    """Return the unit of an entry's figures, from the unit as written, the period and the metric."""
    unit, period, metric = (text[:_LONGEST].strip() for text in (written, period, metric))
    if (currency := currency_of(unit)) and not _PERCENT.match(unit):
        return Unit(currency, _per(unit) or _per_in(metric) or period_of(period), is_money=True)
    folded = unit.casefold()
    if _PERCENT.search(folded):
        return Unit("percentage points" if "point" in folded else "%")
    return Unit(_counted(folded), _per(folded) or _per_in(metric))


def currency_of(text: str) -> str:
    """Return the ISO 4217 code of the currency that a text names; empty if it names none, or one without its code."""
    for code in _CODE.findall(text):
        if code in CURRENCIES or code.upper() in _COMMON:
            return str(code.upper())
    if _FOREIGN.search(text.casefold()):
        return ""
    if symbol := _SYMBOL.search(text.casefold()):
        return _NAMES[symbol[0]]
    return next((_NAMES[word] for word in _words(text) if word in _NAMES), "")


def is_scaled(unit: str) -> bool:
    """Return whether a unit as written is a multiple of money, as in `k USD`; its figures are not added to others."""
    return bool(_SCALE.search(unit[:_LONGEST].casefold()))


def is_addable(unit: Unit, metric: str) -> bool:
    """Return whether amounts of such an entry may be added: money that is neither a price nor an average."""
    folded = metric.casefold()
    is_price = unit.per and not unit.has_period
    is_share = any(_PERIODS.get(_singular(per), ONCE) == ONCE for per in _pers(folded))
    return unit.is_money and not is_price and not is_share and not _MEAN.search(folded)


def _counted(unit: str) -> str:
    words = _words(_ADVERB.sub("", _PER.sub("", unit)))
    return " ".join(words)


def _words(text: str) -> list[str]:
    return [_singular(word) for word in text.casefold().replace("/", " ").split() if word.strip(".,;:()")]


def _singular(word: str) -> str:
    word = word.strip(".,;:()")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _pers(text: str) -> list[str]:
    return [found["per"] or found["slash"] for found in _PER.finditer(text)]


def _per(text: str) -> str:
    """Return the period or the thing that a figure is per; empty if there is none."""
    folded = text.casefold()
    if adverb := _ADVERB.search(folded):
        return _PERIODS[adverb[0]]
    if found := _pers(folded):
        word = _singular(found[-1])
        return _PERIODS.get(word, word)
    return ONCE if _ONCE.search(folded) else ""


def _per_in(metric: str) -> str:
    """Return the period or the thing that a metric is per; the offer of `weeks until an offer` is none."""
    folded = metric.casefold()
    return _per(folded) if _SURELY_PER.search(folded) else period_of(folded)


def period_of(text: str) -> str:
    """Return the period of an amount from the key `period`; a span of time such as `2019 to 2021` is none."""
    per = _per(text)
    return per if per in _PERIODS.values() or per == ONCE else ""
