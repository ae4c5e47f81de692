"""A real browser, where one is installed: `pip install kb-lessons[browser]`, and Chromium."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest


def chromium() -> str:
    """Return the program; skips the test if it or Playwright is not installed."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install 'kb-lessons[browser]'")
    names = (os.environ.get("KB_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or pytest.skip("no Chromium on the path; KB_CHROMIUM may name it")


def launched(playwright: Any) -> Any:
    # Without its own sandbox, which containers rarely allow; it only sees our own server.
    return playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
