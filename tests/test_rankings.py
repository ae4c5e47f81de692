"""Many texts ranked together are ranked as each of them alone."""

from __future__ import annotations

import pytest

from kb.knowledge_base import KnowledgeBase
from search.query.mode import Mode
from tests.conftest import Make

WORDS = ["parcel", "label", "address", "menu", "brochure", "printer", "team", "language"]


@pytest.mark.parametrize("mode", Mode)
def test_many_texts_are_ranked_as_each_of_them_alone(indexed: Make, mode: Mode) -> None:
    pairs = [(one, other) for one in WORDS for other in WORDS]
    root = indexed({f"{one}-{other}.md": f"# The {one}\n\nA {other} and another {one}.\n" for one, other in pairs})
    page = "Where the parcel went nobody knew, and the label said nothing of any address. " * 40
    texts = [*(f"{one} or {other}" for one, other in pairs), page, "?!", "the", pairs[0][0]]
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher
    together = list(searcher.rankings(texts, mode=mode, limit=9))
    assert together == [searcher.ranking(text, mode=mode, limit=9) for text in texts]
    assert max(map(len, together)) == 9
    searcher.close()
