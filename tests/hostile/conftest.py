"""A library that is cloned from somebody who means harm, what lies outside of it, and a watch on both."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Run
from tests.git import commit, git
from tests.models import put_into_cache

LESSON = """\
---
title: Labels came off
date: 2006-05
status: validated
tags: [shipping]
answers: [parcels come back]
---
# Labels came off

The wrong address on forty parcels.

## Tools

A checklist of four lines.
"""
COMMANDS: list[tuple[str, ...]] = [
    ("demand", "--on"),
    ("search", "parcels come back"),
    ("search", '"wrong address"'),
    ("search", "--refresh", "--explain", "checklist"),
    ("search", "--json", "--mode", "lexical", "parcels"),
    ("search", "--why-not", "labels", "brochure"),
    ("brief", "parcels come back"),
    ("brief", "--json", "labels"),
    ("brief", "--html", "labels"),
    ("impact",),
    ("impact", "--json", "--by", "year"),
    ("impact", "--html"),
    ("weekly",),
    ("weekly", "--html"),
    ("map",),
    ("map", "--json", "--by", "unit"),
    ("map", "--html"),
    ("near-duplicates",),
    ("who", "parcels come back"),
    ("who", "--json", "anybody"),
    ("list",),
    ("show", "labels"),
    ("show", "lessons/labels.md:12"),
    ("open", "labels"),
    ("similar", "labels"),
    ("similar", "lessons/labels.md"),
    ("status",),
    ("check",),
    ("check", "lessons/labels.md"),
    ("check", "--changed"),
    ("doctor",),
    ("search", "--as-of", "HEAD", "parcels come back"),
    ("show", "--as-of", "HEAD", "labels"),
    ("digest", "--since", "2020-01-01"),
    ("digest", "--since", "2020-01-01", "--atom"),
    ("digest", "--mail"),
    ("digest", "--send"),
    ("doctor", "--fix"),
    ("reindex",),
    ("reindex", "--full"),
    ("reindex", "--report", ".kb/report.md"),
    ("rollback",),
    ("rollback", "--list"),
    ("gc",),
    ("gc", "--dry-run"),
    ("eval",),
    ("eval", "--from-demand"),
    ("gaps",),
    ("gaps", "--json"),
    ("gaps", "--share"),
    ("correct", "why do parcels come back", "labels"),
    ("new", "--for", "1", "--no-edit"),
    ("demand", "--forget"),
    ("schema",),
    ("lsp",),
    ("serve", "--help"),  # what it does to a clone is in tests/serve
    ("mcp", "--help"),  # what it does to a clone is in tests/agents
    ("token",),
    ("site", "--help"),  # what it writes is in tests/site
    ("hook", "pre-mortem"),
    ("schedule",),
    ("schedule", "hook"),
    ("new", "Something new", "--template", "lesson"),
    ("new", "--from", "lessons/labels.md"),
    ("reuse", "labels", "--in", "Depot East", "--outcome", "helped"),
    ("stale",),
    ("stale", "--md"),
    ("review", "labels"),
    ("promote", "labels"),
    ("retire", "labels", "--because", "it is old"),
    ("supersede", "labels", "--by", "labels"),
    ("init",),
    ("--help",),
]
"""Every command, as people call it."""


@dataclass
class Outside:
    """A folder beside the clone that nobody may touch: a private file, and what looks like an index."""

    folder: Path
    before: dict[str, tuple[int, int, bytes]] = field(default_factory=dict)

    def look(self) -> dict[str, tuple[int, int, bytes]]:
        """Return modes, times and content of all there is."""
        return {
            path.relative_to(self.folder).as_posix(): (
                path.lstat().st_mode,
                path.lstat().st_mtime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in sorted([self.folder, *self.folder.rglob("*")])
        }


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """What must be as it was when a test ends."""
    folder = tmp_path / "outside"
    for name in (
        "secret",
        "20260101T000000Z-abcdef/manifest.json",
        ".building-abc/half",
        "lessons/secret.md",
        "lessons/lesson.md",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("A secret: correct horse battery staple.\n")
    (folder / "secret").chmod(0o600)
    found = Outside(folder)
    found.before = found.look()
    yield found
    assert found.look() == found.before


_CHANGING = ("os.remove", "os.rmdir", "os.rename", "os.chmod", "os.chown", "os.symlink", "shutil.rmtree")


class Watch:
    """What this process does that it must not: sockets, programs, files written elsewhere."""

    def __init__(self) -> None:
        self.allowed: list[Path] = []
        self.seen: list[str] = []
        self.on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event.startswith("socket.") and event not in ("socket.gethostname", "socket.__new__"):
            self.seen.append(f"{event} {arguments[1:]!r}")
        elif event == "open" and isinstance(arguments[0], (str, bytes)) and _writes(arguments[1], arguments[2]):
            self._note("writes", Path(os.fsdecode(arguments[0])).absolute())
        elif event in _CHANGING and isinstance(arguments[0], (str, bytes, os.PathLike)):
            self._note(event, Path(os.fsdecode(arguments[0])))

    def _note(self, event: str, path: Path) -> None:
        is_compiled = "__pycache__" in path.parts  # Python's own: what a module was compiled to
        if path.is_absolute() and not is_compiled and not any(path.is_relative_to(place) for place in self.allowed):
            self.seen.append(f"{event} {path}")


def _writes(mode: str | None, flags: int) -> bool:
    return any(sign in (mode or "") for sign in "wax+") or bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


_WATCH = Watch()
sys.addaudithook(_WATCH)  # there is no way to take one away: it is switched off


@pytest.fixture
def watch(tmp_path: Path, prepared: Path, installation_seen: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Allow writing to the clone, and to this user's cache and state; what else is done stands in `seen`."""
    for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    put_into_cache(prepared)
    monkeypatch.setenv("EDITOR", "true")
    _WATCH.seen.clear()
    _WATCH.allowed = [
        *(tmp_path / name for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "clone")),
        *(Path(name) for name in ("/dev", "/proc")),
    ]
    yield _WATCH
    _WATCH.on = False


@pytest.fixture
def origin(make: Make) -> Path:
    """A repository with a library, to which harm can be added before it is cloned."""
    root = make({"labels.md": LESSON, "plans.md": "# Forty plans\n\nForty languages.\n"}, name="origin")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


@dataclass
class Clone:
    """A clone, in which every command can be run."""

    root: Path
    kb: Run
    watch: Watch

    def run_all(self) -> dict[tuple[str, ...], tuple[int, str]]:
        """Run every command in it; each ends with one of the codes that there are, and without a traceback."""
        before = Path.cwd()
        os.chdir(self.root)
        done = {}
        try:
            for command in COMMANDS:
                self.watch.on = True
                found = self.kb(None, *command)
                self.watch.on = False
                assert found.code in range(6), (command, found)
                assert "Traceback" not in found.err, (command, found.err)
                assert "staple" not in found.out + found.err, (command, "a secret is shown")
                done[command] = found.code, found.err
        finally:
            self.watch.on = False
            os.chdir(before)
        assert self.watch.seen == []
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_symlink() and ".git" not in path.parts:
                assert b"staple" not in path.read_bytes(), path
        return done


@pytest.fixture
def clone_of(tmp_path: Path, kb: Run, watch: Watch) -> Any:
    """Clone a repository: `clone_of(origin)`; as an archive, without `.git`, if told so."""

    def made(origin: Path, *, archive: bool = False) -> Clone:
        root = tmp_path / "clone"
        git(tmp_path, "clone", "-q", str(origin), str(root))
        if archive:
            shutil.rmtree(root / ".git")
        return Clone(root, kb, watch)

    return made
