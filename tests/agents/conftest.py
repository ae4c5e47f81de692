"""A library, and agents that ask it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.agents.agent import Agent
from tests.serve.servers import library

Start = Callable[..., Agent]


@pytest.fixture(scope="module")
def environment(_own_cache: None) -> Iterator[Mapping[str, str]]:
    """The environment of a user; the path of a socket must be short."""
    folder = Path(tempfile.mkdtemp(prefix="kb-"))
    (folder / "run").mkdir(mode=0o700)
    names = {"XDG_RUNTIME_DIR": str(folder / "run"), "XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}
    left_out = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "KB_ROOT", "KB_NO_SERVER")
    yield {name: value for name, value in os.environ.items() if name not in left_out} | names
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with an index by words."""
    return library(tmp_path_factory.mktemp("asked") / "base")


@pytest.fixture
def own_root(root: Path, tmp_path: Path) -> Path:
    """The same library, for a test alone."""
    return shutil.copytree(root, tmp_path / "own", symlinks=True)


@pytest.fixture(scope="module")
def agent(root: Path, environment: Mapping[str, str]) -> Iterator[Agent]:
    """An agent for all tests of a file."""
    with Agent(root, environment) as found:
        yield found
        assert found.end() == 0
    assert found.log == []


@pytest.fixture
def start(environment: Mapping[str, str]) -> Iterator[Start]:
    """Start an agent that ends with the test."""
    with ExitStack() as stack:

        def start(root: Path, *options: str, begins: bool = True) -> Agent:
            return stack.enter_context(Agent(root, environment, *options, begins=begins))

        yield start
