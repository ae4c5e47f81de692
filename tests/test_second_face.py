"""Everything that a command can do is done by the KnowledgeBase: a script without click does the same."""

from __future__ import annotations

import json
import os
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
    for path in root.rglob("*.md"):
        os.utime(path, (0, 0))  # what has just been written is looked at twice
    assert kb(root, "reindex").code == 0
    return root


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (["ask", "parcels come back"], ["search", "--json", "parcels come back"]),
        (["ask", "title:labels -zebra"], ["search", "--json", "title:labels -zebra"]),
        (["brief", "parcels come back"], ["brief", "--json", "parcels come back"]),
        (["show", "labels"], ["show", "labels", "--json"]),
        (["show", "lessons/labels.md:5"], ["show", "lessons/labels.md:5", "--json"]),
        (["similar", "labels"], ["similar", "labels", "--json"]),
        (["list"], ["list", "--json"]),
        (["list", "status:unheard-of"], ["list", "status:unheard-of", "--json"]),
        (["check"], ["check", "--format", "json"]),
        (["reindex"], ["reindex", "--json"]),
        (["eval", "{queries}", "{judgements}"], ["eval", "{queries}", "{judgements}", "--json"]),
    ],
    ids=lambda words: " ".join(words),
)
def test_it_says_what_the_command_says(
    base: Path, kb: Run, tmp_path: Path, asked: list[str], command: list[str]
) -> None:
    files = {"queries": tmp_path / "queries.tsv", "judgements": tmp_path / "judgements.tsv"}
    files["queries"].write_text("1\tparcels come back\n2\tzebra\n")
    files["judgements"].write_text("query-id\tcorpus-id\tscore\n1\tlabels\t1\n2\tlabels\t1\n")
    ours = json.loads(kb(base, *(word.format(**files) for word in command)).out)
    theirs = json.loads(second_face(base, *(word.format(**files) for word in asked)))
    assert without_times(theirs) == without_times(ours)


def test_where_there_is_no_index_it_builds_one_as_a_search_does(make: Make) -> None:
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"})
    found = json.loads(second_face(root, "ask", "parcels"))
    assert [hit["id"] for hit in found["hits"]] == ["labels"]
