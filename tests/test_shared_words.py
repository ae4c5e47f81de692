"""Which words of two texts say most of why they are close."""

from __future__ import annotations

import numpy as np

from search.engine.engine import Engine
from search.ranking.calibration import DEFAULT
from search.ranking.priors import Priors
from search.semantic.source import MissingSource
from tests.small_index import Library, Part


def engine(*lessons: str) -> Engine:
    library = Library.of([[Part(words)] for words in lessons], {})
    index, statements = library.ranker().lexical, np.zeros(len(lessons), int)
    source = MissingSource(lambda: "no meaning")
    return Engine(index, source, library.passages, statements, Priors.none(len(lessons)), DEFAULT)


def test_the_rarest_words_of_both_come_first() -> None:
    index = engine("valv leak", "valv leak", "valv", "mast")
    shared = index.shared_words("The Valves are leaking; masts, unheard.", "valve leaks unheard", 5)
    assert shared == ["leaking", "Valves"]
    assert index.shared_words("The valves", "", 5) == []
