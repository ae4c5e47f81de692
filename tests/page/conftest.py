"""A library of a company, and a server of it for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.library import committed, repository
from tests.page.lessons import LESSONS, PNG
from tests.serve.conftest import Start as Start
from tests.serve.conftest import start as start
from tests.serve.conftest import user_environment
from tests.serve.servers import WORDS_ONLY, Server, publish, served, write


@pytest.fixture(scope="session")
def environment(_own_cache: None) -> Iterator[Mapping[str, str]]:
    """The environment of a user."""
    yield from user_environment()


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library in a git repository, with an index by words."""
    root = tmp_path_factory.mktemp("page") / "Company"
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(WORDS_ONLY, "utf-8")
    write(root, LESSONS)
    (root / "lessons" / "shelf.png").write_bytes(PNG)
    committed(repository(root), "2026-03-01")
    publish(root)
    return root


@pytest.fixture(scope="session")
def server(root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(root, environment)
    yield found
    assert found.stop() == 0, found.lines
    assert [line for line in found.log if "traceback" in line] == []
