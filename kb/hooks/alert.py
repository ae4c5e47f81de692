"""What an alert says, whatever program sends it: Alertmanager, PagerDuty, another with JSON, or plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ingest.files.decoding import decode
from ingest.problem import Unreadable

MOST_BYTES = 1_000_000
_MOST_TEXTS, _LONGEST, _DEEPEST = 40, 2_000, 12
# Keys that tell a person what is wrong, in any program's JSON; the first say most.
_TELLING = ("alertname", "title", "summary", "subject", "message", "description", "reason", "details", "text")
_ALSO = ("service", "component", "job", "source", "class", "group", "body", "name")
# Below these, the text of each value counts, whatever its key.
_ALL_BELOW = ("annotations", "commonannotations", "custom_details")


def text_of_alert(data: bytes) -> str:
    """Return the texts of an alert that describe the problem, the telling ones first; empty if there are none."""
    try:
        text = decode(data[:MOST_BYTES]).text
    except Unreadable:
        return ""
    found = _json(text)
    if found is None:
        return text.strip()
    texts = list(_texts(found, ""))
    order = {key: number for number, key in enumerate((*_TELLING, *_ALSO))}
    first = sorted(texts, key=lambda one: order.get(one[0], len(order)))
    return "\n".join(dict.fromkeys(value for _, value in first[:_MOST_TEXTS]))


def _json(text: str) -> Any:
    """Return an object or list; None for any other text."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, key: str, depth: int = 0, *, every: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each text that describes the problem, with its key."""
    if isinstance(value, str):
        if (every or key in _TELLING or key in _ALSO) and _is_said(value):
            yield key, " ".join(value[:_LONGEST].split())
    elif depth < _DEEPEST and isinstance(value, dict):
        for name, inner in value.items():
            name = name.casefold()
            yield from _texts(inner, name, depth + 1, every=every or name in _ALL_BELOW)
    elif depth < _DEEPEST and isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key, depth + 1, every=every)


def _is_said(value: str) -> bool:
    """Return whether a value has words, and is no address."""
    return "://" not in value[:20] and any(sign.isalpha() for sign in value[:_LONGEST])
