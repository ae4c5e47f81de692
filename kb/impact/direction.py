"""Which direction of a change is good: costs down, revenue up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.format import Impact
from kb.impact.units import Unit

UP, DOWN, UNKNOWN = 1, -1, 0
_STATED: Mapping[str, int] = {"more": UP, "less": DOWN}
_GOOD = """
accuracy adoption adopted attendance availability certified compliance conformity confidence conversion correct
coverage efficiency engagement first-time-right happy income in-full loyalty margin nps occupancy on-time output
participation pass passed productive productivity profit quality reliability retention returning-customers
return-on recommend reuse revenue sale sales satisfaction satisfied success successful throughput trained uptime
utilisation utilization win won yield
"""
_BAD = """
abandoned absence accident accidents attrition backlog bug bugs burnout cancellation cancellations cancelled churn
claim claims complain complained complaint complaints consumption cost costs damage damaged debt debts defect
defective defects delay delayed delays discount discounts downtime dropouts duplicate duplicates emission emissions
error errors escalation escalations expenditure expense expenses failed failure failures faulty fine fines idle
incident incidents incorrect infections injuries injury late leave leavers loss losses lost misprint misprints
missed missing mistake mistakes no-show no-shows outage outages outstanding overdue overtime penalties penalty
queue refund refunds rejected resignations return returned returns rework risk risks scrap sick sickness spend
spending stress ticket tickets turnover unpaid unhappy wait waiting waste wrong
"""
# These decide only if no other word of the phrase does: a `stress score` is not good.
_MILDLY_GOOD = "score rating index growth share speed handled packed picked produced answered served"
_MILDLY_BAD = """
time duration cycle lead-time latency seconds minutes hours days weeks months second minute hour day week month
"""
# A bad thing that is mended is good: `complaints resolved`, `fine avoided`.
_MENDED = frozenset(
    [
        *("answered", "avoided", "closed", "corrected", "eliminated", "fixed", "handled"),
        *("prevented", "resolved", "settled", "solved"),
    ]
)
# Whether it is good to find more errors, nobody knows; nor what a `cost reduction` of -20 % means.
_UNCLEAR = frozenset(["found", "detected", "reported", "recorded", "reduction"])
_NOT = frozenset(["not", "no", "never", "zero"])
# These are bad whatever they stand before: `lost sales`.
_LOST = frozenset(
    ["lost", "missed", "missing", "wrong", "failed", "incorrect", "unpaid", "cancelled", "rejected", "late"]
)
_WORDS: Mapping[str, int] = {**dict.fromkeys(_GOOD.split(), UP), **dict.fromkeys(_BAD.split(), DOWN)}
_MILD: Mapping[str, int] = {**dict.fromkeys(_MILDLY_GOOD.split(), UP), **dict.fromkeys(_MILDLY_BAD.split(), DOWN)}
_AREAS: Mapping[str, int] = {
    "revenue": UP,
    "cost": DOWN,
    "cycle-time": DOWN,
    "customer-satisfaction": UP,
    "employee-productivity": UP,
}
_DURATIONS = frozenset(_MILDLY_BAD.split())
_AS_ONE_WORD = (
    (re.compile(r"\bon[ -]time\b"), "on-time"),
    (re.compile(r"\bin full\b"), "in-full"),
    (re.compile(r"\b(?:right (?:the )?first time|first time right)\b"), "first-time-right"),
    (re.compile(r"\breturn on\b"), "return-on"),
    (re.compile(r"\b(?:returning|repeat) customers\b|\bcustomers who (?:come back|return)\b"), "returning-customers"),
    (re.compile(r"\b(?:stock|inventory) turnover\b"), "throughput"),
)
_SAYS = re.compile(
    r"\b(?P<which>more|higher|less|lower|fewer) is (?:better|best|good)\b|\b(?P<first>1|one) ?(?:=|is) ?best\b"
)
_STAFF = re.compile(r"\b(?:staff|employee|personnel|labou?r)\b")
# The head of an English phrase stands before its first preposition: `cost of returns`, `days from order to delivery`.
_LINK = re.compile(
    r"\s(?:(?P<part>of|with no|without|with|who|that|which|between|since)|from|to|per|an?|each|every|in|for|by|at|on"
    r"|through|until|across|within|before|after)\s"
)
_CONTAINER = re.compile(
    r"(?:%|share|rate|number|percentage|per cent|percent|proportion|part|count|amount|level|growth|increase)"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SAVED = re.compile(r"\bsav(?:ed|ings?)\b")
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST = 200


def good_direction(entry: Impact, unit: Unit) -> int:
    """Return `UP` or `DOWN` if that is good for an entry, by its key `better`, its metric or its area.

    The area decides only what plainly belongs to it. `UNKNOWN` if nothing says it.
    """
    metric = entry.metric[:_LONGEST].casefold()
    stated = _STATED.get(entry.better, UNKNOWN) or _said(metric)
    return stated or _revenue(entry, metric, unit) or _of_metric(metric) or _of_area(entry, metric, unit)


def is_saving(metric: str) -> bool:
    """Return whether a metric is itself a saving, so that its amount is a gain whatever its sign."""
    return bool(_SAVED.search(metric[:_LONGEST].casefold()))


def _said(metric: str) -> int:
    """Return what the metric itself says, as in `school grade (1 = best)`."""
    found = _SAYS.search(metric)
    return UNKNOWN if not found else UP if found["which"] in ("more", "higher") else DOWN


def _revenue(entry: Impact, metric: str, unit: Unit) -> int:
    """Return `UP` for a turnover that is revenue, not one of the staff."""
    is_revenue = unit.is_money or entry.area == "revenue"
    head = _LINK.split(metric, maxsplit=1)[0]
    return UP if is_revenue and head.endswith("turnover") and not _STAFF.search(head) else UNKNOWN


def _of_area(entry: Impact, metric: str, unit: Unit) -> int:
    fits = {"cost": unit.is_money, "revenue": unit.is_money, "cycle-time": unit.name in _DURATIONS}
    is_unclear = any(word in _UNCLEAR for word in _WORD.findall(metric))
    return _AREAS.get(entry.area, UNKNOWN) if not metric or (fits.get(entry.area) and not is_unclear) else UNKNOWN


def _of_metric(metric: str) -> int:
    if _SAVED.search(metric):
        return UP
    for pattern, word in _AS_ONE_WORD:
        metric = pattern.sub(word, metric)
    return _of_phrase(" ".join(_BRACKETS.sub(" ", metric).split()))


def _of_phrase(phrase: str) -> int:
    """Return what is good of a phrase: its head decides, of `share of X` and `X who Y` what follows."""
    found = _LINK.search(phrase)
    head, link, rest = (
        (phrase[: found.start()], found["part"] or "", phrase[found.end() :]) if found else (phrase, "", "")
    )
    words = _WORD.findall(head)
    if link == "of" and (_CONTAINER.fullmatch(head.strip()) or _is_duration(words)):
        return _of_phrase(rest)
    strong = _of_words(words)
    if strong is not None:
        return strong
    return _of_clause(words, link, rest)


def _of_clause(words: Sequence[str], link: str, rest: str) -> int:
    """Return what is good of a phrase whose head does not say it: `orders with a wrong part`, `days since a loss`."""
    mild = next((_MILD[word] for word in reversed(words) if word in _MILD), UNKNOWN)
    if link in ("with", "who", "that", "which"):
        of_rest = _of_phrase(rest)
        return of_rest or (UNKNOWN if _is_duration(words) else mild)
    if link in ("without", "with no") or (link in ("since", "between") and " and " not in rest):
        return -_of_phrase(rest) or mild
    return mild


def _is_duration(words: Sequence[str]) -> bool:
    return bool(words) and words[-1] in _DURATIONS


def _of_words(words: Sequence[str]) -> int | None:
    """Return what the last word that decides says; None if none does."""
    found: int | None = None
    is_lost = False
    for word, sign in _signs(words):
        if word in _MENDED:
            found = UP if found == DOWN else found
        elif word in _UNCLEAR:
            found = UNKNOWN if found else found
        elif not is_lost:
            found = sign
        is_lost = is_lost or word in _LOST
    return found


def _signs(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each word that decides or mends, with its sign; a negation turns the sign of the next one."""
    turn = 1
    for word in words:
        if word in _NOT:
            turn = -turn
        elif word in _MENDED or word in _UNCLEAR:
            yield word, UNKNOWN
        elif sign := _sign(word):
            yield word, sign * turn
            turn = 1


def _sign(word: str) -> int:
    """Return the sign of a word, also of `error-free`, `dissatisfied` and `non-compliance`."""
    if word in _WORDS:
        return _WORDS[word]
    stem, _, end = word.rpartition("-")
    if end == "free":
        return -_sign(stem)
    without = re.sub(r"^(?:non-?|dis|un|in)", "", word)
    return DOWN if without != word and _WORDS.get(without) == UP else UNKNOWN
