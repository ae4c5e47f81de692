"""The habits of the tests themselves: short files, and nothing private of what they test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
TEXTS = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.py"))}
LONGEST = 400
"""Lines of a file; a longer one has more than one subject."""
OURS = ("kb", "search", "ingest", "benchmarks", "tests")
OF_NAMED_TUPLES = {"_replace", "_asdict", "_fields", "_make"}
"""Public, whatever they are called."""


def test_no_file_of_tests_is_long() -> None:
    assert {name: lines for name, text in TEXTS.items() if (lines := len(text.splitlines())) > LONGEST} == {}


def test_every_file_of_tests_says_what_it_holds() -> None:
    assert [name for name, text in TEXTS.items() if not ast.get_docstring(ast.parse(text))] == []


def test_no_test_knows_a_private_name() -> None:
    others = TEXTS.keys() - {"test_habits.py"}  # which has examples
    found = {name: list(private_names(ast.parse(TEXTS[name]))) for name in others}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from kb.index.store import _a",
        "from kb.index import _store",
        "store._a",
        "kb.index.store._a = 1",
        "self.store._a",
        "monkeypatch.setattr(store, '_a', 1)",
        "getattr(store, '_a')",
        "monkeypatch.setattr('kb.index.store._a', 1)",
        "PROGRAM = 'import kb; kb.index._store.a = 1'",
    ],
)
def test_a_private_name_is_seen(code: str) -> None:
    assert list(private_names(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["self._a", "cls._a()", "os._exit(1)", "hit._replace(a=1)", "kb.__version__", "_a = 1"]
)
def test_ones_own_names_and_those_of_python_are_no_private_names(code: str) -> None:
    assert list(private_names(ast.parse(code))) == []


def private_names(tree: ast.AST) -> Iterator[str]:
    """Yield the private names of other modules and objects that are used, also those in texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            yield from (alias.name for alias in node.names if is_private(alias.name))
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and not is_allowed(node):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(rf"\b(?:{'|'.join(OURS)})(?:\.\w+)*\._[a-zA-Z]\w*", node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "getattr", "delattr")):
            yield from (name for name in map(text_of, node.args[1:2]) if is_private(name))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_allowed(node: ast.Attribute) -> bool:
    of = ast.unparse(node.value)
    return of in ("self", "cls", "os") or node.attr in OF_NAMED_TUPLES


def text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
