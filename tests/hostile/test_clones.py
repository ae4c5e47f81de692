"""Whatever a clone brings along, no command of kb does anything outside of it, starts anything, or shows a secret."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb.index.manifest import Manifest, describe_files
from kb.knowledge_base import KnowledgeBase
from kb.system.user_cache import encoders_folder
from tests.conftest import Run
from tests.examples import LONG
from tests.git import commit, git
from tests.hostile.conftest import COMMANDS, Clone, Outside

PLACES = ("link.tsv", "folder", "plain.tsv")
CloneOf = Callable[..., Clone]
DEEP = ["[" * 200_000, '{"a":' * 200_000, "[" * 900 + "]" * 900]
"""JSON that is nested deeply."""
REFUSED = 5


def test_the_commands_are_all_there_are() -> None:
    from kb.main import kb as group

    assert {command[0] for command in COMMANDS} >= {*group.commands}


def test_an_honest_clone_is_served(origin: Path, clone_of: CloneOf, outside: Outside) -> None:
    shutil.rmtree(encoders_folder())  # its model is prepared meanwhile
    done = clone_of(origin).run_all()
    assert done["search", "parcels come back"][0] == 0
    assert done["reindex",][0] == 0


# `.kb` and what is in it.


def with_index(origin: Path) -> Path:
    """Commit a whole index, against its own will."""
    KnowledgeBase(origin).reindex()
    git(origin, "add", "--force", ".kb")
    git(origin, "commit", "-q", "-m", "an index")
    return origin


def test_an_index_that_comes_with_a_clone_is_refused_with_the_command_that_mends_it(
    origin: Path, clone_of: CloneOf, kb: Run
) -> None:
    clone = clone_of(with_index(origin))
    done = clone.run_all()
    for command in (("search", "parcels come back"), ("list",), ("status",), ("reindex",), ("gc",), ("rollback",)):
        code, said = done[command]
        assert code == REFUSED, (command, said)
        assert said.endswith(f"run `git -C {clone.root} rm -rqf .kb && kb reindex`, then commit the removal\n"), said
    assert done["doctor",][0] == REFUSED
    git(clone.root, "rm", "-rqf", ".kb")
    assert kb(clone.root, "reindex").code == 0
    assert kb(clone.root, "search", "parcels").code == 0


def test_a_pull_that_brings_an_index_over_ones_own_is_noticed(origin: Path, clone_of: CloneOf, kb: Run) -> None:
    clone = clone_of(origin)
    assert kb(clone.root, "reindex").code == 0
    assert kb(clone.root, "search", "parcels").code == 0
    with_index(origin)
    shutil.rmtree(clone.root / ".kb")  # git replaces what is ignored; what it would leave is in nobody's way
    git(clone.root, "pull", "-q")
    done = kb(clone.root, "search", "parcels")
    assert (done.code, "is in git" in done.err) == (REFUSED, True)


def link_of(place: str, target: str) -> Callable[[Path, Path], None]:
    def put(root: Path, outside: Path) -> None:
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(os.path.relpath(outside / target, path.parent) if not target.startswith("/") else target)

    return put


LINKS = {
    "kb": link_of(".kb", "."),
    "snapshots": link_of(".kb/snapshots", "."),
    "a snapshot": link_of(".kb/snapshots/20260101T000000Z-abcdef", "20260101T000000Z-abcdef"),
    "a leftover": link_of(".kb/snapshots/.building-abc", ".building-abc"),
    "lock": link_of(".kb/lock", "secret"),
    "ledger": link_of(".kb/ledger.jsonl", "secret"),
    "vectors": link_of(".kb/vectors.sqlite", "secret"),
    "authors": link_of(".kb/authors.json", "secret"),
    "uses": link_of(".kb/uses.json", "secret"),
    "people": link_of("people.md", "secret"),
    "endless people": link_of("people.md", "/dev/zero"),
    "mailmap": link_of(".mailmap", "secret"),
    "endless mailmap": link_of(".mailmap", "/dev/zero"),
    "pointer": link_of(".kb/CURRENT", "secret"),
    "ignore": link_of(".kb/.gitignore", "secret"),
    "report": link_of(".kb/report.md", "secret"),
    "endless pointer": link_of(".kb/CURRENT", "/dev/zero"),
    "endless ledger": link_of(".kb/ledger.jsonl", "/dev/zero"),
    "kernel's messages": link_of(".kb/ledger.jsonl", "/proc/kmsg"),
    "rules": link_of(".gitignore", "secret"),
    "endless rules": link_of(".gitignore", "/dev/zero"),
    "configuration": link_of("kb.toml", "secret"),
    "endless configuration": link_of("kb.toml", "/dev/zero"),
    "templates": link_of("templates", "lessons"),
    "a template": link_of("templates/lesson.md", "secret"),
    "an endless template": link_of("templates/lesson.md", "/dev/zero"),
    "a lesson": link_of("lessons/labels.md", "lessons/secret.md"),
    "an endless lesson": link_of("lessons/labels.md", "/dev/zero"),
    "a folder of lessons": link_of("lessons/more", "lessons"),
    "all lessons": link_of("lessons", "lessons"),
}


UNPACKED = list(LINKS) if LONG else list(LINKS)[::6]
"""The links that are tried in an unpacked archive too."""


@pytest.mark.parametrize(
    ("link", "archive"),
    [*((link, False) for link in LINKS), *((link, True) for link in UNPACKED)],
)
def test_no_link_is_followed_out(origin: Path, clone_of: CloneOf, outside: Outside, link: str, archive: bool) -> None:
    LINKS[link](origin, outside.folder)
    git(origin, "add", "--force", "--all")
    git(origin, "commit", "-q", "-m", "harm")
    clone_of(origin, archive=archive).run_all()


@pytest.mark.parametrize("place", ["lessons", "templates", ".gitignore", "kb.toml"])
def test_a_new_knowledge_base_is_not_made_through_a_link(
    origin: Path, clone_of: CloneOf, outside: Outside, place: str
) -> None:
    git(origin, "rm", "-rq", "kb.toml", "lessons")
    link_of(place, "lessons" if place in ("lessons", "templates") else "new")(origin, outside.folder)
    git(origin, "add", "--force", "--all")
    git(origin, "commit", "-q", "-m", "harm")
    clone_of(origin).run_all()


PIPES = (
    *(".kb/CURRENT", ".kb/lock", ".kb/ledger.jsonl", ".gitignore", "lessons/pipe.md", "x"),
    *("people.md", ".mailmap", ".kb/authors.json", ".kb/uses.json"),
)


@pytest.mark.parametrize("place", PIPES)
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(origin: Path, clone_of: CloneOf, place: str) -> None:
    clone = clone_of(origin)
    (clone.root / place).parent.mkdir(exist_ok=True)
    os.mkfifo(clone.root / place)
    done = clone.run_all()
    # For a `.gitignore` git itself waits, which `kb check` asks what has changed.
    waited = {command[0] for command, (_, said) in done.items() if "did not answer" in said}
    assert waited <= ({"check"} if place == ".gitignore" else set())


@pytest.mark.parametrize("name", ["manifest.json", "calibration.json", "known_items.json", "lock", "ledger.jsonl"])
@pytest.mark.parametrize("said", DEEP if LONG else DEEP[:1])
def test_json_of_any_depth_is_only_damage(origin: Path, clone_of: CloneOf, kb: Run, name: str, said: str) -> None:
    clone = clone_of(origin)
    kb(clone.root, "reindex")
    (folder,) = (clone.root / ".kb" / "snapshots").iterdir()
    (folder / name if name.endswith(".json") else clone.root / ".kb" / name).write_text(said)
    if name in ("calibration.json", "known_items.json"):
        replace(Manifest.read(folder), files=describe_files(folder)).write(folder)
    clone.run_all()


@pytest.mark.parametrize("command", [("new", "--from"), ("check",), ("similar",), ("search", "-f")])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_named_must_be_a_file(
    origin: Path, clone_of: CloneOf, kb: Run, command: tuple[str, ...], kind: str
) -> None:
    clone = clone_of(origin)
    kb(clone.root, "reindex")
    path = clone.root / "named"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    assert kb(clone.root, *command, str(path)).code in (2, 3)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{link}"),
        ("similar", "{link}"),
        ("search", "-f", "{link}"),
        ("search", "--batch", "{link}"),
        ("new", "--from", "{link}"),
        ("eval", "{link}", "{plain}"),
        ("eval", "{plain}", "{link}"),
        ("eval", "{plain}", "{plain}", "--baseline", "{link}"),
        ("eval", "{plain}", "{plain}", "--run-out", "{folder}/a.run"),
    ],
)
def test_what_is_named_is_not_read_or_written_through_a_link(
    origin: Path, clone_of: CloneOf, kb: Run, outside: Outside, command: tuple[str, ...]
) -> None:
    (origin / "link.tsv").symlink_to(outside.folder / "secret")
    (origin / "folder").symlink_to(outside.folder)
    (origin / "plain.tsv").write_text("1\tparcels\n")
    commit(origin, "harm")
    clone = clone_of(origin)
    kb(clone.root, "reindex")
    names = {name: str(clone.root / place) for name, place in zip(("link", "folder", "plain"), PLACES, strict=True)}
    done = kb(clone.root, *(word.format(**names) for word in command))
    assert done.code == 2
    assert "which is not followed; name what it leads to" in done.err
    assert not (outside.folder / "a.run").exists()


# What a repository's configuration would have git start: not in a clone, but in an archive with its `.git`.


PROGRAM = "#!/bin/sh\ntouch '{}'\ncat\n"


@pytest.mark.parametrize(
    "settings",
    [
        {"core.fsmonitor": "{program}"},
        {"core.hooksPath": "{hooks}"},
        {"diff.external": "{program}"},
        {"core.pager": "{program}", "pager.diff": "true"},
        {"filter.harm.clean": "{program}", "filter.harm.smudge": "{program}", "filter.harm.required": "true"},
        {"filter.harm.process": "{program}"},
        {"diff.harm.textconv": "{program}", "diff.harm.command": "{program}"},
        {"alias.ls-files": "!{program}", "alias.rev-parse": "!{program}"},
        {"core.sshCommand": "{program}", "core.askPass": "{program}", "core.editor": "{program}"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_git_starts_nothing_that_the_repository_names(
    origin: Path, clone_of: CloneOf, tmp_path: Path, settings: dict[str, str]
) -> None:
    (origin / ".gitattributes").write_text("*.md filter=harm diff=harm\n")
    commit(origin, "attributes")
    clone = clone_of(origin)
    hooks, program, started = tmp_path / "hooks", tmp_path / "hooks" / "program", tmp_path / "started"
    hooks.mkdir()
    program.write_text(PROGRAM.format(started))
    program.chmod(0o755)
    for hook in ("post-index-change", "post-checkout", "fsmonitor-watchman", "pre-commit"):
        shutil.copy(program, hooks / hook)
    for name, value in settings.items():
        git(clone.root, "config", name, value.format(program=program, hooks=hooks))
    started.unlink(missing_ok=True)
    os.utime(clone.root / "lessons" / "labels.md", (1, 1))
    clone.run_all()
    assert not started.exists()


def test_a_repository_that_lies_in_a_folder_is_not_taken_for_ones_own(
    origin: Path, clone_of: CloneOf, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(PROGRAM.format(started))
    program.chmod(0o755)
    git(origin, "clone", "-q", "--bare", str(origin), str(tmp_path / "bare"))
    git(tmp_path / "bare", "config", "core.fsmonitor", str(program))
    for part in ("HEAD", "config", "objects", "refs", "packed-refs"):
        found = tmp_path / "bare" / part
        (shutil.copytree if found.is_dir() else shutil.copy)(found, origin / part)
    for folder in ("objects", "refs"):
        (origin / folder / "kept").write_text("git keeps no empty folder")
    git(origin, "add", "--force", "--all")
    git(origin, "commit", "-q", "-m", "a repository within")
    clone_of(origin, archive=True).run_all()
    assert not started.exists()
