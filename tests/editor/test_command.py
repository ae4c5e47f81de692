"""`kb lsp` without its library: one line with what to install."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules["pygls"] = sys.modules["lsprotocol"] = None  # as if they were not installed
from kb.main import main
main(["lsp"])
"""


@pytest.mark.slow
def test_without_its_library_it_says_how_to_install_it() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", WITHOUT], capture_output=True, text=True, check=False)
    line = "kb: the library pygls is not installed, and this command needs it; run `pip install 'kb-lessons[editor]'`\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
