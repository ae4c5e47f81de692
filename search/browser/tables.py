"""What the analyzer and the ranking know, as plain data, so that their copy in a browser has none of its own."""

from __future__ import annotations

import re
from typing import Any

from search.analysis.accents import WITHOUT_MARKS
from search.analysis.analyzer import MAX_CHARACTERS_FOLDED, MAX_WORD_CHARACTERS, STOP_WORDS
from search.analysis.lesson_terms import Field
from search.analysis.tokens import CLASSES
from search.lexical import bm25f
from search.query.page import MOST_PAIRS, MOST_TERMS
from search.query.wording import WEIGHTS

_LONG_ESCAPE = re.compile(r"\\U0*([0-9a-f]+)")


def tables() -> dict[str, Any]:
    """Return the tables, for JSON; classes of characters are in the syntax of ECMAScript, with its flag `u`."""
    return {
        "classes": {name: _LONG_ESCAPE.sub(r"\\u{\1}", ranges) for name, ranges in CLASSES.items()},
        "stopWords": sorted(STOP_WORDS),
        "bases": {chr(letter): base for letter, base in WITHOUT_MARKS.items()},
        "mostLetters": MAX_WORD_CHARACTERS,
        "mostFolded": MAX_CHARACTERS_FOLDED,
        "weights": [bm25f.WEIGHTS[field] for field in Field],
        "paired": [int(field) for field in bm25f.FIELDS_WITH_PAIRS],
        **{"b": bm25f.B, "k1": bm25f.K1, "k3": bm25f.K3, "pair": bm25f.PAIR_WEIGHT},
        **{"mostTerms": MOST_TERMS, "mostPairs": MOST_PAIRS},
        **{_in_camel_case(name): value for name, value in WEIGHTS.items()},
    }


def _in_camel_case(name: str) -> str:
    first, *others = name.lower().split("_")
    return "of" + first.capitalize() + "".join(map(str.capitalize, others))
