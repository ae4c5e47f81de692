"""Which direction of a change is good: costs down, revenue up."""

from __future__ import annotations

import re
from collections.abc import Mapping

UP, DOWN, UNKNOWN = 1, -1, 0
_UP = """
saving savings saved revenue sale sales profit margin growth income satisfaction score rating nps loyalty
retention adoption uptime availability throughput output productivity share accuracy reliability yield coverage
conversion attendance compliance certified finished trained adopted reuse market on-time
"""
_DOWN = """
cost costs spend spending expense expenses expenditure error errors defect defects complaint complaints return
returns returned time delay delays late wait waiting duration cycle lead-time months weeks days hours minutes seconds
incident incidents accident accidents injury injuries outage outages downtime rework scrap waste backlog queue
absence sickness turnover churn attrition overtime claim claims refund refunds loss losses wrong failed failure
failures bug bugs ticket tickets escalation escalations misprint misprints latency emission emissions overdue
"""
_WORDS: Mapping[str, int] = {**dict.fromkeys(_UP.split(), UP), **dict.fromkeys(_DOWN.split(), DOWN)}
_AREAS: Mapping[str, int] = {
    "revenue": UP,
    "cost": DOWN,
    "cycle-time": DOWN,
    "customer-satisfaction": UP,
    "employee-productivity": UP,
}
# The head of an English phrase stands before its first preposition: `cost of returns`, `days from order to delivery`.
_TAIL = re.compile(r"\s(?:of|from|to|per|an?|each|every|in|for|with|by|at|on|that|who|until|between|across)\s.*|\(.*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SAVED = re.compile(r"\bsav(?:ed|ings?)\b")
_LONGEST = 200


def good_direction(area: str, metric: str) -> int:
    """Return `UP` or `DOWN` if that is good for a metric, else what is good in its area; `UNKNOWN` if nothing says."""
    folded = metric[:_LONGEST].casefold()
    if _SAVED.search(folded):
        return UP
    head = _WORD.findall(_TAIL.sub("", folded))
    return next((_WORDS[word] for word in reversed(head) if word in _WORDS), _AREAS.get(area, UNKNOWN))


def is_saving(metric: str) -> bool:
    """Return whether a metric is itself a saving, so that its amount is a gain whatever its sign."""
    return bool(_SAVED.search(metric[:_LONGEST].casefold()))
