"""A knowledge base of two kinds of lessons, and what is read of the answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome

LABELS = """\
---
id: wrong-labels
title: Orders left with the wrong label
date: 2006-05
unit: Warehouse North
status: draft
tags: [shipping, labels]
answers:
  - goods come home again
people:
  - {name: Ann Boss, role: sponsor}
  - {name: Jane Doe, role: contact, contact: jane@example.org}
impact:
  - {area: cost, metric: returned parcels a week, before: 40, after: 6, change: "-85%", design: pre-post}
---
# Orders left with the wrong label

## Problem

Forty parcels a week came back.

## Tools

### Checklist

A checklist of four lines hangs beside the printer. Nobody prints before the address was checked.
"""
PLANS = "# Forty plans\n\nForty teams plan in forty languages.\n"
LESSONS: dict[str, str | bytes] = {"labels.md": LABELS, "plans.md": PLANS}

SENTENCE = "checklist of four lines hangs beside the printer"
"""So near to one passage that any model sees it."""


def answer(done: Outcome) -> dict[str, Any]:
    """Return the one object that was printed."""
    assert done.code in (0, 1), done.err
    assert done.out.count("\n") == 1
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def ids(done: Outcome) -> list[str]:
    return [hit["id"] for hit in answer(done)["hits"]]


def lines(done: Outcome) -> list[str]:
    """Return what was said."""
    return done.err.splitlines()


@pytest.fixture
def base(indexed: Make) -> Path:
    """An indexed knowledge base of two lessons."""
    return indexed(LESSONS)
