"""Lessons that replace and use each other in a circle: everything answers, and each lesson is there once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run

LESSON = """\
---
id: {new}
title: Parcels number {new}
date: 2024-05
status: superseded
supersedes: [{old}]
reused:
  - {{lesson: {old}, outcome: helped}}
people:
  - {{name: Ann {new}, role: team, contact: {new}@x.example}}
---
# Parcels number {new}

## Problem

Parcels came back number {new}.
"""
REPLACES = {"a": "b", "b": "c", "c": "a", "itself": "itself"}
COMMANDS = [
    *(("brief", "parcels"), ("who", "parcels"), ("similar", "a"), ("list",), ("stale",), ("map",), ("weekly",)),
    *(("near-duplicates",), ("impact",), ("check",), ("reindex",), ("gaps",)),
    ("retire", "b", "--because", "it is old"),
    ("reuse", "c", "--in", "Depot East", "--outcome", "helped"),
]


@pytest.fixture
def root(indexed: Make) -> Path:
    return indexed({f"{new}.md": LESSON.format(new=new, old=old) for new, old in REPLACES.items()})


def test_each_is_found_once_and_none_is_called_the_newer_one(root: Path, kb: Run) -> None:
    found = json.loads(kb(root, "search", "--json", "parcels came back").out)["hits"]
    assert sorted((hit["id"], hit["superseded_by"]) for hit in found) == [(id_, []) for id_ in sorted(REPLACES)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_ends(root: Path, kb: Run, command: tuple[str, ...]) -> None:
    done = kb(root, *command)
    assert (done.code in (0, 1), "Traceback" in done.err) == (True, False), done.err


def test_a_site_of_them_is_written(root: Path, kb: Run, tmp_path: Path) -> None:
    assert kb(root, "site", str(tmp_path / "site")).code == 0
    assert len(list((tmp_path / "site").rglob("a*.html"))) >= 1
