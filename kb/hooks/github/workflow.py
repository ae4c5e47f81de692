"""What a workflow of GitHub Actions says in its environment: the event that started it, and where to answer."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ingest.files.reason import reason_of
from kb.errors import ConfigError

_MOST_BYTES = 30_000_000
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_OBJECTS = {"issues": "issue", "pull_request": "pull_request", "pull_request_target": "pull_request"}
"""Events, and the object of the event that is meant."""
OWN_ACCOUNT = "github-actions[bot]"
"""The account of a workflow's own token. No person can have this name."""


class Event(NamedTuple):
    """An issue or a pull request that was opened or edited."""

    number: int
    title: str
    description: str
    is_open: bool
    is_change: bool = False
    """Whether it is a pull request."""
    is_foreign: bool = False
    """Whether it is a pull request from a fork whose workflow has a token that may only read."""


class Workflow(NamedTuple):
    """A run of a workflow."""

    event: Event
    api: str
    repository: str
    token: str
    account: str
    outputs: Path | None
    """The file of the step's outputs."""
    summary: Path | None
    """The file of the job's summary, in Markdown."""

    @classmethod
    def of(cls, variables: Mapping[str, str] = os.environ) -> Workflow:
        """Return what the environment says; raises `ConfigError`."""
        repository = _needed(variables, "GITHUB_REPOSITORY")
        if not _REPOSITORY.fullmatch(repository):
            raise ConfigError(f"GITHUB_REPOSITORY is {repository!r}; it must be owner/name")
        return cls(
            _event(_needed(variables, "GITHUB_EVENT_NAME"), Path(_needed(variables, "GITHUB_EVENT_PATH"))),
            variables.get("GITHUB_API_URL") or "https://api.github.com",
            repository,
            _needed(variables, "GITHUB_TOKEN"),
            variables.get("KB_COMMENT_ACCOUNT") or OWN_ACCOUNT,
            _path(variables, "GITHUB_OUTPUT"),
            _path(variables, "GITHUB_STEP_SUMMARY"),
        )


def _needed(variables: Mapping[str, str], name: str) -> str:
    if value := variables.get(name):
        return value
    raise ConfigError(f"{name} is not set; this command is for a workflow of GitHub Actions: docs/decision-points.md")


def _path(variables: Mapping[str, str], name: str) -> Path | None:
    return Path(variables[name]) if variables.get(name) else None


def _event(name: str, path: Path) -> Event:
    if name not in _OBJECTS:
        raise ConfigError(f"the event {name!r} has no problem to search for; start this on {', '.join(_OBJECTS)}")
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except OSError as error:
        raise ConfigError(f"{path}: {reason_of(error)}; GITHUB_EVENT_PATH must name the event's file") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: no JSON; GITHUB_EVENT_PATH must name the event's file") from error
    found = found.get(_OBJECTS[name]) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        found = {}
    number = found.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ConfigError(f"{path}: names no issue and no pull request by its number")
    return Event(
        number,
        _text(found.get("title")),
        _text(found.get("body")),
        is_open=found.get("state") == "open",
        is_change=name != "issues",
        is_foreign=name == "pull_request" and _repository(found, "head") != _repository(found, "base"),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _repository(change: Mapping[str, Any], side: str) -> Any:
    """Return the name of the repository of one side of a pull request; None if that is gone."""
    branch = change.get(side)
    repository = branch.get("repo") if isinstance(branch, dict) else None
    return repository.get("full_name") if isinstance(repository, dict) else None
