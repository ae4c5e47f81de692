"""After any edits the index is that of a full rebuild."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from kb.retrieval.request import Request
from search.query.mode import Mode
from tests.conftest import Make, write
from tests.examples import examples
from tests.reindex.three_lessons import THREE, indexed, live_folder


def state(root: Path) -> dict[str, Any]:
    """Return all that a reader can see of an index."""
    with closing(Catalogue(live_folder(root) / CATALOGUE)) as catalogue:
        lessons = catalogue.outline()
        outline = list(zip(lessons.paths, catalogue.passages_of(), lessons.statements.tolist(), strict=True))
        rows = {path: (catalogue.lesson(path), catalogue.passages(path)) for path in lessons.paths}
        files = {path: (file.size, file.digest, file.problems) for path, file in catalogue.files().items()}
        problems = catalogue.id_problems()
    answers: dict[tuple[str, str], Any] = {}
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None
    with closing(searcher):
        for query in ("parcels with the wrong address", "tools for plans", '"wrong address"', "zebra"):
            for mode in Mode:
                answer = searcher.ask(Request(query, mode=mode, limit=50))
                answers[query, mode] = [result.as_json() for result in answer.results], answer.notes
    return {"outline": outline, "rows": rows, "files": files, "problems": problems, "answers": answers}


TEXTS = (
    "# Labels\n\nParcels come back with the wrong address.\n",
    "---\nid: own\nanswers: [why do parcels come back]\nsummary: Parcels.\n---\n# Plans\n\n## Tools\n\nA list.\n",
    "---\nid: own\ntags: [zebra]\n---\nTools for zebras, and plans.\n",
    "---\ntitle: a: b\n---\n# Broken\n\nParcels of plans.\n",
    "# Long\n\n" + "A plan for the wrong parcels. " * 80,
    "",
)
NAMES = ("a.md", "b.md", "sub/a.md", "z.md")


def apply(root: Path, edits: Sequence[tuple[str, int | None]]) -> None:
    for name, number in edits:
        file = root / "lessons" / name
        if number is not None:
            write(root, name, TEXTS[number].encode())
        elif file.exists():
            file.unlink()


Edits = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.integers(0, len(TEXTS) - 1)), min_size=1, max_size=4)


@settings(max_examples=examples(24), deadline=None)
@given(st.lists(Edits, min_size=1, max_size=4))
def test_after_any_edits_the_index_is_that_of_a_full_rebuild(
    static_model: Path, runs: list[list[tuple[str, int | None]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "lessons").mkdir()
        (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
        KnowledgeBase(root).reindex()
        for edits in runs:
            apply(root, edits)
            KnowledgeBase(root).reindex()
        updated = state(root)
        KnowledgeBase(root).reindex(Orders(full=True))
        assert state(root) == updated


def test_a_knowledge_base_made_in_one_go_gives_the_same_answers(make: Make) -> None:
    grown = make(THREE, name="grown")
    indexed(grown)
    apply(grown, [("a.md", 1), ("b.md", 4), ("plans.md", None)])
    indexed(grown)
    apply(grown, [("b.md", 0), ("sub/a.md", 2)])
    indexed(grown)
    fresh = make({}, name="fresh")
    shutil.copytree(grown / "lessons", fresh / "lessons", dirs_exist_ok=True)
    indexed(fresh)
    ours, theirs = state(grown), state(fresh)
    mine, other = ours.pop("answers"), theirs.pop("answers")
    assert ours == theirs
    assert mine.keys() == other.keys()
    for asked, (hits, notes) in mine.items():
        assert [hit["id"] for hit in hits] == [hit["id"] for hit in other[asked][0]]
        # Vectors of texts that were encoded in another company differ in their last digits.
        scores = [hit["score"] for hit in other[asked][0]]
        assert [hit["score"] for hit in hits] == pytest.approx(scores, abs=1e-5)
        assert notes == other[asked][1]
