"""A library, and a workflow of GitHub Actions whose server runs on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome, Run
from tests.hooks.forge_server import Forge, serving
from tests.hooks.lessons import FILES


@pytest.fixture
def library(indexed: Make) -> Path:
    return indexed(FILES)


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serving(Forge()) as served:
        yield served


@pytest.fixture
def event(tmp_path: Path, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the environment of a workflow: `event("title", "body", name="issues")`."""
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    monkeypatch.setenv("GITHUB_API_URL", forge.address)
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))

    def happened(title: str, body: str | None = None, name: str = "issues", **more: Any) -> None:
        key = "issue" if name == "issues" else "pull_request"
        described = {"number": 7, "state": "open", "title": title, "body": body, **more}
        (tmp_path / "event.json").write_text(json.dumps({"action": "opened", key: described}))
        monkeypatch.setenv("GITHUB_EVENT_NAME", name)

    return happened


Comment = Callable[[], Outcome]


@pytest.fixture
def comment(kb: Run, library: Path) -> Comment:
    """Run what the action runs."""
    return lambda: kb(library, "hook", "github")
