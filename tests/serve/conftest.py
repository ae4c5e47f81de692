"""A library, and servers of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serve.servers import Server, library, limited, served

Start = Callable[..., Server]


def user_environment() -> Iterator[Mapping[str, str]]:
    """Yield the environment of a user; the path of a socket must be short."""
    folder = Path(tempfile.mkdtemp(prefix="kb-"))
    (folder / "run").mkdir(mode=0o700)
    names = {"XDG_RUNTIME_DIR": str(folder / "run"), "XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}
    left_out = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "KB_ROOT", "KB_NO_SERVER")
    yield {name: value for name, value in os.environ.items() if name not in left_out} | names
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def environment(_own_cache: None) -> Iterator[Mapping[str, str]]:
    yield from user_environment()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with an index by words."""
    return library(tmp_path_factory.mktemp("served") / "base")


@pytest.fixture
def own_root(root: Path, tmp_path: Path) -> Path:
    """The same library, for a test alone."""
    return shutil.copytree(root, tmp_path / "own", symlinks=True)


@pytest.fixture(scope="module")
def server(root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A server of the library, for all tests of a file."""
    found = served(root, environment)
    yield found
    assert found.stop() == 0, found.lines
    assert [line for line in found.log if "traceback" in line] == []


@pytest.fixture
def start(environment: Mapping[str, str]) -> Iterator[Start]:
    """Start a server that ends with the test, as `served` does, or with limits as `limited` does."""
    with ExitStack() as stack:

        def start(root: Path, *options: str, **limits: float) -> Server:
            made = limited(root, environment, **limits) if limits else served(root, environment, *options)
            stack.callback(made.stop)
            return made

        yield start
