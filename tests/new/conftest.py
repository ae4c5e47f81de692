"""A knowledge base with a known author, and the draft that is made in it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Make

TODAY = date.today().isoformat()
LABELS = "Orders left with the wrong label"
LABELS_FILE = f"lessons/{TODAY}-orders-left-with-the-wrong-label.md"
KNOWN = {
    "labels.md": """\
        ---
        title: Parcels come back because of wrong labels
        unit: Warehouse North
        people: [{name: Ann Roe, role: team, contact: ann@example.org}]
        ---
        Parcels come back, the label on them is wrong.
        """,
    "plans.md": "---\ntitle: Nobody agrees on budgets\n---\nBudgets take nine weeks.\n",
}


@pytest.fixture
def base(make: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base that is the working directory of Jane Doe, without a terminal."""
    root = make()
    monkeypatch.chdir(root)
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jane@example.org")
    return root


def only_lesson(root: Path) -> Path:
    (path,) = (root / "lessons").iterdir()
    return path
