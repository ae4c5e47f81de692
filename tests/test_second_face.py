"""Everything that a command can do is done by the KnowledgeBase: a script without click does the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Run
from tests.invented import lessons

SCRIPT = Path(__file__).parent.parent / "examples" / "second_face.py"
WITHOUT_CLICK = """
import runpy, sys
sys.modules["click"] = None  # whoever imports it fails
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def second_face(root: Path, *arguments: str) -> str:
    command = [sys.executable, "-P", "-c", WITHOUT_CLICK, str(SCRIPT), str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def without_times(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: without_times(value) for key, value in said.items() if key not in ("took_ms", "seconds", "stages")}
    return said


@pytest.fixture
def base(make: Make, kb: Run) -> Path:
    root = make(
        {**lessons(8, sections=2), "labels.md": "---\nstatus: unheard-of\n---\n# Labels\n\nParcels come back.\n"}
    )
    assert kb(root, "reindex").code == 0
    return root


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (["ask", "parcels come back"], ["search", "--json", "parcels come back"]),
        (["ask", "title:labels -zebra"], ["search", "--json", "title:labels -zebra"]),
        (["list"], ["list", "--json"]),
        (["check"], ["check", "--format", "json"]),
        (["reindex"], ["reindex", "--json"]),
    ],
    ids=lambda words: " ".join(words),
)
def test_it_says_what_the_command_says(base: Path, kb: Run, asked: list[str], command: list[str]) -> None:
    ours = json.loads(kb(base, *command).out)
    assert without_times(json.loads(second_face(base, *asked))) == without_times(ours)


def test_it_shows_what_the_command_shows(base: Path, kb: Run) -> None:
    assert second_face(base, "show", "labels") == kb(base, "show", "labels").out


def test_where_there_is_no_index_it_builds_one_as_a_search_does(make: Make) -> None:
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"})
    found = json.loads(second_face(root, "ask", "parcels"))
    assert [hit["id"] for hit in found["hits"]] == ["labels"]
