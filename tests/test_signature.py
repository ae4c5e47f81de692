"""An index is made again when what makes it has changed, whoever forgot to say so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kb.config import Config
from kb.index.signature import MAKES_INDEXES, signature_of
from tests.conftest import Make, Run

ROOT = Path(__file__).parent.parent
PRINT = """
import sys
from pathlib import Path
from kb.config import Config
from kb.index.signature import signature_of
print(signature_of(Config(Path("/"))))
"""
IMPORTED = """
import json, sys
import kb.reindex.building
print(json.dumps([name for name, module in sys.modules.items() if getattr(module, "__file__", None)]))
"""
DECIDE_NOTHING = (
    "kb.errors",
    "kb.progress",
    "kb.reindex.encoding",
    "kb.system",
    "kb.wording",
    "search.errors",
    "search.lazy",
)
"""What building an index needs besides: none of it decides what is written of a lesson."""
HAVE_A_FINGERPRINT = ("search.semantic", "search.models")
"""Vectors belong to a model and a text."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's own packages, copied, for a change that nobody announces."""
    for package in ("ingest", "search", "kb"):
        shutil.copytree(ROOT / package, tmp_path / "copy" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def run(copy: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-P", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def change(copy: Path, module: str, before: str, after: str) -> None:
    path = copy / module
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_it_does_not_depend_on_where_the_program_lies(copy: Path) -> None:
    assert run(copy, "-c", PRINT) == signature_of(Config(Path("/")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "before", "after"),
    [
        ("ingest/kinds.py", "what happened; trigger", "what happened; quirk; trigger"),
        ("ingest/passages/splitting.py", "def ", "\n\ndef "),
        ("search/analysis/analyzer.py", "MAX_WORD_CHARACTERS = 64", "MAX_WORD_CHARACTERS = 65"),
        ("search/query/numbers.py", "def ", "\n\ndef "),
        ("kb/catalogue/catalogue.py", "def ", "\n\ndef "),
        ("kb/reindex/building.py", "def ", "\n\ndef "),
    ],
)
def test_a_change_of_what_makes_an_index_changes_it(copy: Path, module: str, before: str, after: str) -> None:
    change(copy, module, before, after)
    assert run(copy, "-c", PRINT) != signature_of(Config(Path("/")))


def test_a_change_of_anything_else_does_not(copy: Path) -> None:
    change(copy, "kb/terminal/console.py", "def ", "\n\ndef ")
    assert run(copy, "-c", PRINT) == signature_of(Config(Path("/")))


def test_all_that_building_an_index_needs_is_in_it() -> None:
    names = json.loads(run(ROOT, "-c", IMPORTED))
    ours = {name for name in names if name.split(".")[0] in ("ingest", "search", "kb")}
    covered = tuple(place.removesuffix(".py").replace("/", ".") for place in MAKES_INDEXES)
    known = (*covered, *DECIDE_NOTHING, *HAVE_A_FINGERPRINT)
    packages = {name for name in ours if (ROOT / name.replace(".", "/")).is_dir()}
    assert {name for name in ours - packages if not f"{name}.".startswith(tuple(f"{one}." for one in known))} == set()


def test_settings_that_say_how_lessons_are_read_change_it() -> None:
    config = Config(Path("/"))
    others = (replace(config, sections={"tool": ("gadgets",)}), replace(config, paths=("cases",)))
    assert len({signature_of(one) for one in (config, *others)}) == 3
    assert signature_of(replace(config, root=Path("/elsewhere"), limit=9, strict=True)) == signature_of(config)


def test_lessons_are_read_again_by_a_program_that_reads_them_otherwise(indexed: Make, kb: Run, copy: Path) -> None:
    root = indexed({"labels.md": "# Labels\n\n## Quirk\n\nParcels come back.\n"})
    assert "1 unchanged" in run(copy, "-m", "kb", "--root", str(root), "reindex")
    change(copy, "ingest/kinds.py", "what happened; trigger", "what happened; quirk; trigger")
    run(copy, "-m", "kb", "--root", str(root), "reindex")
    found = json.loads(run(copy, "-m", "kb", "--root", str(root), "search", "--json", "kind:problem parcels"))
    assert [hit["id"] for hit in found["hits"]] == ["labels"]
