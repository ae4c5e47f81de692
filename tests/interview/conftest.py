"""A fresh draft, and the interview with its answers typed in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.kinds import KindTable
from kb.codify.draft import Draft
from kb.codify.interview.interview import open_questions, questions_for
from kb.codify.interview.written import LessonInProgress
from kb.codify.template import template_named
from tests.conftest import Make, Outcome, Run

KINDS = KindTable()
FRESH = template_named("lesson", Path("/nonexistent"), KINDS).filled(
    Draft({"title": "T", "people": [{"name": "Jane Doe", "role": "learning-professional"}]}), KINDS
)
ANSWERS = """\
Forty parcels a week came back.
# of complaints: 12

Ann Roe, ann@example.org
yes: every return costs 12 EUR

We walked along with ten parcels.

Labels were printed too early.

.
"""


@pytest.fixture
def ask(make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Outcome]:
    """Hold an interview with what stands in a file as stdin."""
    monkeypatch.chdir(make())
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jane@example.org")

    def ask(typed: str, *arguments: str) -> Outcome:
        (tmp_path / "typed").write_text(typed)
        with monkeypatch.context() as patch, (tmp_path / "typed").open() as stdin:
            patch.setattr(sys, "stdin", stdin)
            return kb(None, "new", "--ask", *arguments)

    return ask


def still_open(lesson: LessonInProgress) -> list[int]:
    return open_questions(lesson, questions_for(lesson))


def only_lesson() -> Path:
    (path,) = Path("lessons").iterdir()
    return path
