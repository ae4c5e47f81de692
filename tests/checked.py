"""What the rules find in a few lessons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from kb.check.finding import Finding
from kb.check.rules import Selection
from kb.check.run import check
from kb.config import read_config
from tests.conftest import write

TODAY = date(2026, 11, 22)


def findings(root: Path, files: Mapping[str, str | bytes], *select: str) -> list[Finding]:
    """Write lessons below a root without a configuration of its own, and check them."""
    (root / "kb.toml").touch()
    for name, text in files.items():
        write(root, name, text)
    return list(check(read_config(root), None, Selection(select), TODAY).findings)


def said(found: list[Finding]) -> list[tuple[str, str]]:
    """Return each finding as the name of its file and its place, and what is said."""
    return [(f"{Path(one.path).name}:{one.line}:{one.column}", f"{one.code}: {one.message}") for one in found]
