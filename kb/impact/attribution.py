"""The share of a change that is credited to the intervention."""

from __future__ import annotations

import re

_WORDS = {
    **dict.fromkeys(("all", "all of it", "fully", "entirely", "whole"), 1.0),
    **dict.fromkeys(("half", "one half", "a half"), 0.5),
    **dict.fromkeys(("a third", "one third", "third"), 1 / 3),
    **dict.fromkeys(("two thirds", "two-thirds"), 2 / 3),
    **dict.fromkeys(("a quarter", "one quarter", "quarter"), 0.25),
    **dict.fromkeys(("three quarters", "three-quarters"), 0.75),
    **dict.fromkeys(("nothing", "0"), 0.0),
}
_ABOUT = re.compile(r"^(?:about|around|roughly|nearly|some|at least|at most|~|ca\.?)\s*")
_PERCENT = r"(?P<{0}>\d{{1,3}}(?:[.,]\d+)?)\s?(?:%|per\s?cent\b|percent\b)"
_SHARE = re.compile(_PERCENT.format("share"))
_SURE = re.compile(
    rf"{_PERCENT.format('before')}\s*(?:sure|confiden(?:t|ce)|certain(?:ty)?)"
    rf"|(?:confidence|certainty)(?:\s+of)?[:\s]+{_PERCENT.format('after')}"
)
_FRACTION = re.compile(r"(?:0?[.,]\d+|1(?:[.,]0+)?)")


def credited_share(text: str) -> float | None:
    """Return the share as a fraction, times the confidence in it if that is stated; None if it cannot be read.

    `60 %, 80 % sure` counts 48 %: estimates of experts are multiplied by their confidence (Phillips, Return on
    Investment in Training and Performance Improvement Programs, 2003).
    """
    folded = " ".join(text.casefold().split())[:200]
    sure = _SURE.search(folded)
    confidence = _fraction(sure["before"] or sure["after"]) if sure else 1.0
    share = _share(_SURE.sub("", folded).strip(" ,;()"))
    is_share = share is not None and 0 <= share <= 1 and 0 <= confidence <= 1
    return share * confidence if is_share and share is not None else None


def _share(text: str) -> float | None:
    if found := _SHARE.search(text):
        return _fraction(found["share"])
    text = _ABOUT.sub("", text)
    if _FRACTION.fullmatch(text):
        return float(text.replace(",", "."))
    return next((share for words, share in _WORDS.items() if text == words or text.startswith(f"{words} ")), None)


def _fraction(percent: str) -> float:
    return float(percent.replace(",", ".")) / 100
