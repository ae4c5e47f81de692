"""No library that is used reports home or keeps records of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_what_encodes_leaves_nothing_in_the_users_folders(tmp_path: Path) -> None:
    modules = "search.models.encoder, search.models.export, search.models.hub, search.models.model"
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    folders = {name: str(tmp_path / name) for name in names}
    subprocess.run([sys.executable, "-c", f"import {modules}"], check=True, env=os.environ | folders)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
