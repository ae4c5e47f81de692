"""A knowledge base that has seen several nights, made once and copied for each test."""

from __future__ import annotations

from pathlib import Path

from kb.knowledge_base import KnowledgeBase
from tests.conftest import write
from tests.snapshots import LESSONS

WORDS = ("addresses", "stickers", "barcodes", "chips")
"""What the parcels have, night after night; the first is in no snapshot any more."""
ANSWER = "nobody fills the form in"


def make_aged(root: Path, model: Path) -> Path:
    """Make three lessons and four snapshots of them, of which three are kept."""
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(f'[model]\nname = "{model}"\n')
    for path, text in LESSONS.items():
        write(root, path, text)
    write(root, "forms.md", f"---\nanswers: [{ANSWER}]\n---\n# Forms\n\nTwo boxes are enough.\n")
    for word in WORDS:
        write(root, "labels.md", f"# Labels\n\nParcels have {word} now.\n")
        KnowledgeBase(root).reindex()
    return root
