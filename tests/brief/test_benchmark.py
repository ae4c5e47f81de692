"""The benchmark of briefs: over the project's own lessons every quoted line is where the page says, and whole."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import briefs


def test_every_line_is_cited_of_its_kind_whole_and_new(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["briefs.py", f"project={project}", "--show"])
    briefs.main()
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines() if line}
    lines, _, cited, kind, whole, new = rows["all"]
    assert int(lines) > 100
    assert (cited, kind, whole) == ("1.00", "1.00", "1.00")
    assert float(new) > 0.95
