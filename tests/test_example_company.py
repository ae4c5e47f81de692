"""The invented company of the examples: complete lessons, with every grade of evidence and a loss."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from kb.lessons.evidence import GRADES
from tests.conftest import Run

COMPANY = Path(__file__).parent.parent / "examples" / "company"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return copytree(COMPANY, tmp_path / "company", ignore=ignore_patterns(".kb"))


def test_its_lessons_have_nothing_wrong(company: Path, kb: Run) -> None:
    done = kb(company, "check")
    assert (done.code, done.out) == (0, "10 lessons: nothing wrong\n")


def test_it_shows_all_that_an_impact_may_be(company: Path, kb: Run, default_model: str) -> None:
    assert kb(company, "reindex").code == 0
    report = json.loads(kb(company, "impact", "--json").out)
    assert report["all"]["grades"].keys() == GRADES.keys()
    assert any(entry["gain"] < 0 for entry in report["entries"])
    assert any(entry["interval"] for entry in report["entries"])
    assert report["not_measured"]
    assert len(report["returns"]) == 3
