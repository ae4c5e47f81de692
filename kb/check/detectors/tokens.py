"""Tokens and access keys, by the forms in which services issue them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from kb.check.detectors.placeholder import is_random

_DATA = Path(__file__).parent.parent / "data" / "tokens.json"
"""From a maintained scanner: `benchmarks/token_forms.py` makes it anew, `NOTICE` beside it says whose it is."""
_LEAST = 20
"""No token is shorter; few words of a lesson are as long, so it is those that are looked at."""
_BEFORE = 6
"""So many words in front of a long one may say whose it is."""
_DIGIT = re.compile(r"\d")


class _Form:
    """How a service writes one of its tokens."""

    def __init__(self, what: str, pattern: str) -> None:
        self.what = what
        self._pattern = pattern

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a hint is met: all together take a second."""
        return re.compile(self._pattern)


class _Forms(NamedTuple):
    """The forms by what points to them."""

    part: tuple[tuple[str, _Form], ...]
    """One of these texts is part of each such token."""
    before: tuple[tuple[str, _Form], ...]
    """One of these words stands before it, in any case."""


@cache
def _forms() -> _Forms:
    part, before = [], []
    for said in json.loads(_DATA.read_bytes())["forms"]:
        form = _Form(said["what"], said["pattern"])
        part += [(hint, form) for hint in said.get("hints", ())]
        before += [(word, form) for word in said.get("before", ())]
    return _Forms(tuple(part), tuple(before))


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each token begins and ends, and what it looks like: `an npm access token`."""
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= _LEAST]
    if not long:
        return
    parts = "\n".join({words[at] for at in long})
    spans = [words[max(at - _BEFORE, 0) : at + 1] for at in long if _DIGIT.search(words[at])]
    near = "\n".join(map(" ".join, spans))
    lower = near.lower()
    forms = [form for hint, form in _forms().part if hint in parts and form.pattern.search(f"{parts}\n{near}")]
    forms += [form for word, form in _forms().before if word in lower and form.pattern.search(near)]
    for form in dict.fromkeys(forms):
        for match in form.pattern.finditer(text):
            group = 1 if match.re.groups else 0
            if is_random(match[group]):
                yield *match.span(group), form.what
