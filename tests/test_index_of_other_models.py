"""An index is published whatever its model compares by, and whoever of a group made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.index.soundness import defects
from kb.index.store import SnapshotStore
from tests.conftest import Make, Run


@pytest.fixture(scope="module")
def dot_model(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static model, told to compare by inner product: its vectors keep their lengths."""
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("models") / "dot"
    SentenceTransformer(str(static_model), similarity_fn_name="dot", device="cpu").save(str(folder))
    return folder


def test_vectors_of_any_length_are_sound_where_the_model_compares_by_inner_product(
    indexed: Make, dot_model: Path
) -> None:
    root = indexed({"labels.md": "# Labels\n\nParcels come back.\n"}, f'[model]\nname = "{dot_model}"')
    live = SnapshotStore(root).live()
    assert live
    assert defects(live) == []


def test_the_vector_cache_can_be_written_by_the_group_that_shares_the_index(make: Make, kb: Run) -> None:
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"})
    store = SnapshotStore(root)
    store.prepare()
    store.folder.chmod(0o2775)
    assert kb(root, "reindex").code == 0
    assert store.vector_cache.stat().st_mode & 0o777 == 0o664
