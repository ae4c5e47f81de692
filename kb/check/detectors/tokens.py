"""Tokens and access keys, recognized by the formats of the services that issue them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from kb.check.detectors.placeholder import is_random

_DATA = Path(__file__).parent.parent / "data" / "tokens.json"
"""Patterns of a maintained scanner, named in `NOTICE` beside it; `benchmarks/token_forms.py` makes the file."""
_LEAST = 20
"""Least length of a token; few words of a lesson are as long, so only those are searched."""
_BEFORE = 6
"""Number of words before a long one that may name the service."""
_DIGIT = re.compile(r"\d")


class _Form:
    """The format of one service's tokens."""

    def __init__(self, what: str, pattern: str) -> None:
        self.what = what
        self._pattern = pattern

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled on first use, because compiling all patterns takes a second."""
        return re.compile(self._pattern)


class _Forms(NamedTuple):
    """The formats, with the hints that make it worth trying them."""

    part: tuple[tuple[str, _Form], ...]
    """Pairs of a text that is part of every such token, and the format."""
    before: tuple[tuple[str, _Form], ...]
    """Pairs of a word, in lower case, that precedes such a token, and the format."""


@cache
def _forms() -> _Forms:
    part, before = [], []
    for entry in json.loads(_DATA.read_bytes())["forms"]:
        form = _Form(entry["what"], entry["pattern"])
        part += [(hint, form) for hint in entry.get("hints", ())]
        before += [(word, form) for word in entry.get("before", ())]
    return _Forms(tuple(part), tuple(before))


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and description of each token: `an npm access token`."""
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
