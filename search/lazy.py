"""Makes a package a face: it names what the floor above may use, and loads each thing only when it is first used.

A face imports its names for type checkers only, one per line: `from search.query.query import Query as Query`. The same
lines tell at run time in which module a name is, so that each name stands once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

_IMPORT = "    from "


def names_of(face: dict[str, Any]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a face (PEP 562), given its `globals()`."""
    modules = _modules(Path(face["__file__"]))

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {face['__name__']!r} has no attribute {name!r}")
        # What `from … import …` calls; it finds modules of a package, too.
        value = getattr(__import__(modules[name], fromlist=[name]), name)
        face[name] = value
        return value

    return load


def _modules(path: Path) -> dict[str, str]:
    """Return the module of each name that a face imports."""
    lines = path.read_text("utf-8").splitlines()
    imports = [line.split() for line in lines if line.startswith(_IMPORT)]
    return {name: module for _, module, _, _, _, name in imports}
