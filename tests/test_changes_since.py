"""How many lessons have changed since the index was built: counted when it is shown, and not once for ever."""

from __future__ import annotations

from contextlib import closing

from kb.config import corpus_of, read_config
from kb.knowledge_base import KnowledgeBase
from kb.upkeep.changes_since import ChangesSince
from tests.conftest import Make, write


def test_a_process_that_goes_on_sees_what_changed_meanwhile(make: Make) -> None:
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"})
    knowledge_base = KnowledgeBase(root)
    knowledge_base.reindex()
    searcher = knowledge_base.index.searcher()
    assert searcher is not None
    now = 100.0
    changes = ChangesSince(corpus_of(read_config(root)), searcher, lambda: now)
    with closing(searcher):
        assert changes.count() == 0
        write(root, "plans.md", "# Plans\n")
        now += 1
        assert changes.count() == 0  # queries that follow each other quickly share a count
        now += 2
        assert changes.count() == 1


def test_what_is_indexed_meanwhile_has_still_changed_for_a_reader_of_the_older_snapshot(make: Make) -> None:
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"})
    knowledge_base = KnowledgeBase(root)
    knowledge_base.reindex()
    reader = knowledge_base.index.searcher()
    assert reader is not None
    write(root, "plans.md", "# Plans\n")
    knowledge_base.reindex()
    with closing(reader):
        assert knowledge_base.index.changes_since(reader).count() == 1
