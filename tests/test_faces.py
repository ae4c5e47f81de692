"""The faces of `search`: they name what is used above, and load it only when it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACES = ("query", "engine", "indexing", "evaluation", "storage")
"""The rooms with a face; `search.errors` is one itself."""


def imported_from(package: str, tree: ast.Module) -> set[tuple[str, str]]:
    """Return (module, name) of all that is imported from a package or its modules."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {
        (node.module, alias.name)
        for node in found
        if node.module and f"{node.module}.".startswith(f"{package}.")
        for alias in node.names
    }


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


OFFERED = {
    face: {
        name: module
        for module, name in imported_from("search", parsed(ROOT / "search" / face / "__init__.py"))
        if module != "search.lazy"
    }
    for face in FACES
}
USED = {
    (module, name)
    for folder in ("kb", "examples")
    for path in (ROOT / folder).rglob("*.py")
    for module, name in imported_from("search", parsed(path))
}


@pytest.mark.parametrize(("face", "name"), [(face, name) for face in FACES for name in sorted(OFFERED[face])])
def test_each_name_is_what_its_module_says(face: str, name: str) -> None:
    found = getattr(import_module(f"search.{face}"), name)
    home = OFFERED[face][name]
    assert found is getattr(import_module(home), name)


@pytest.mark.parametrize("face", FACES)
def test_a_face_offers_what_is_used_and_nothing_else(face: str) -> None:
    assert OFFERED[face].keys() == {name for module, name in USED if module == f"search.{face}"}


@pytest.mark.parametrize("face", FACES)
def test_no_name_is_that_of_a_module_of_the_room(face: str) -> None:
    """A module that is imported becomes an attribute of its package, in the place of such a name."""
    modules = {path.stem for path in (ROOT / "search" / face).glob("*.py")}
    assert OFFERED[face].keys() & modules == set()


@pytest.mark.parametrize("face", FACES)
def test_an_unknown_name_is_refused_as_by_any_module(face: str) -> None:
    with pytest.raises(AttributeError, match=rf"module 'search.{face}' has no attribute 'Qeury'"):
        import_module(f"search.{face}").Qeury  # noqa: B018 - it raises


def test_a_face_loads_only_what_is_used() -> None:
    program = """
import sys
def loaded():
    return sorted(name for name in sys.modules if name.startswith("search."))
import search.query
assert loaded() == ["search.lazy", "search.query"], loaded()
from search.query import Mode
assert loaded() == ["search.lazy", "search.query", "search.query.mode"], loaded()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)
