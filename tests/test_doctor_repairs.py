"""Each thing that kb doctor can name is damaged for real, named, mended by what it advises, and clean then."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from kb.index.manifest import FORMAT
from kb.index.store import SnapshotStore
from kb.index.writer import Writer
from kb.reindex.ledger import Ledger, Outcome
from kb.system.user_cache import collections_folder, encoders_folder, questions_file, state_folder, verified_folder
from tests.aged import make_aged
from tests.conftest import Run, write
from tests.git import commit, git
from tests.snapshots import POSITIONS, edit_manifest, flip, live_folder, pointer, snapshots

FIX = "kb doctor --fix"
Damage = Callable[[Path], object]
LEFT = ".kb-0123abcd"
"""How the name ends of what is written beside its place."""


@pytest.fixture(scope="module")
def aged(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of three nights, and the user's cache that belongs to it, in one folder."""
    folder = tmp_path_factory.mktemp("aged")
    before = os.environ["XDG_CACHE_HOME"]
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    try:
        make_aged(folder / "base", static_model)
    finally:
        os.environ["XDG_CACHE_HOME"] = before
    return folder


@pytest.fixture
def root(
    aged: Path, tmp_path: Path, installation_seen: None, few_questions: None, monkeypatch: pytest.MonkeyPatch
) -> Path:
    shutil.copytree(aged, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "base"


def index(root: Path) -> Path:
    return root / ".kb"


def export(root: Path) -> Path:
    return next(path for path in encoders_folder().iterdir() if re.fullmatch(r"[0-9a-f]{20}", path.name))


def as_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def as_file(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def left(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f".{path.name}{LEFT}").write_text("half wri")


def of_every_snapshot(root: Path, damage: Callable[[Path], object]) -> None:
    for id_ in snapshots(root):
        damage(index(root) / "snapshots" / id_)


def in_the_vector_cache(root: Path, value: str) -> None:
    with sqlite3.connect(SnapshotStore(root).vector_cache) as connection:
        connection.execute(f"UPDATE vectors SET vector = {value} WHERE rowid = (SELECT min(rowid) FROM vectors)")


def last_run(root: Path, outcome: Outcome) -> None:
    ledger = Ledger(SnapshotStore(root).ledger)
    ledger.end(ledger.begin(Writer.this_process()), outcome, "for a reason")


def killed_run(root: Path) -> None:
    dead = Writer(os.uname().nodename, 2**22 + 1, 1.0, "somebody", "2026-01-01T00:00:00+00:00")
    Ledger(SnapshotStore(root).ledger).begin(dead)


def old_runs(root: Path) -> None:
    ledger = SnapshotStore(root).ledger
    day = Ledger(ledger).runs()[-1].began[:10]
    ledger.write_text(ledger.read_text().replace(day, "2026-01-02"))


def tracked(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "-f", ".kb")
    commit(root)


def moved_behind_a_link(root: Path) -> None:
    (root / ".kb").rename(root.parent / "elsewhere")
    (root / ".kb").symlink_to(root.parent / "elsewhere")


MENDED_BY_FIX: dict[str, Damage] = {
    "a half-built index": lambda root: (index(root) / "snapshots" / ".building-1").mkdir(),
    "a half-removed index": lambda root: (index(root) / "snapshots" / ".removing-1").mkdir(),
    "half a pointer": lambda root: left(pointer(root)),
    "half a lesson": lambda root: left(root / "lessons" / "labels.md"),
    "half a lesson in a folder": lambda root: left(root / "lessons" / "a" / "b" / "new.md"),
    "half a configuration": lambda root: left(root / "kb.toml"),
    "half a template": lambda root: left(root / "templates" / "post-mortem.md"),
    "half a unit": lambda root: left(root.parent / "config" / "systemd" / "user" / "kb-base.timer"),
    "half a prepared model": lambda root: (encoders_folder() / f".abc{LEFT}").mkdir(),
    "half a name of one": lambda root: left(encoders_folder() / "names" / "a.json"),
    "half a record": lambda root: left(verified_folder() / "a.json"),
    "half a test collection": lambda root: left(collections_folder() / "scifact"),
    "half a list of hits": lambda root: left(state_folder() / "hits.json"),
    "a dead writer": lambda root: (index(root) / "lock").write_text(
        json.dumps(asdict(replace(Writer.this_process(), pid=2**22 + 1)))
    ),
    "a flipped byte": lambda root: flip(live_folder(root) / POSITIONS),
    "no manifest": lambda root: (live_folder(root) / "manifest.json").unlink(),
    "a file too many": lambda root: (live_folder(root) / "x").touch(),
    "an earlier one": lambda root: flip(index(root) / "snapshots" / snapshots(root)[0] / POSITIONS),
    "an empty pointer": lambda root: pointer(root).write_text(""),
    "a pointer with NUL": lambda root: pointer(root).write_bytes(b"2026\0"),
    "no pointer": lambda root: pointer(root).unlink(),
    "a lost snapshot": lambda root: shutil.rmtree(live_folder(root)),
    **{
        f"{name} a folder": lambda root, name=name: as_folder(index(root) / name)  # type: ignore[misc]
        for name in ("CURRENT", "lock", ".gitignore", "vectors.sqlite", "vectors.sqlite-journal")
    },
    "what its group may not write": lambda root: index(root).chmod(0o2775),
    "no vector cache": lambda root: SnapshotStore(root).vector_cache.write_bytes(b"no database" * 1000),
    "a vector of zeros": lambda root: in_the_vector_cache(root, "zeroblob(192)"),
    "a vector of no numbers": lambda root: in_the_vector_cache(root, f"x'{'ff' * 192}'"),
    "a short vector": lambda root: in_the_vector_cache(root, "x'00'"),
    "a graph of the model": lambda root: flip(export(root) / "model.onnx"),
    "a card of the model": lambda root: (export(root) / "encoder.json").write_text("["),
    "a seal of the model": lambda root: (export(root) / "seal.json").unlink(),
    "a file for a model": lambda root: as_file(export(root)),
    "a file for all models": lambda root: as_file(encoders_folder()),
    "a file for the names": lambda root: as_file(encoders_folder() / "names"),
    "a file for the records": lambda root: as_file(verified_folder()),
    "a folder for the questions": lambda root: as_folder(questions_file()),
}
MENDED_BY_A_COMMAND: dict[str, tuple[Damage, str]] = {
    "no index": (lambda root: shutil.rmtree(index(root)), "kb reindex"),
    "a file for the index": (lambda root: as_file(index(root)), "rm ROOT/.kb && kb reindex"),
    "a link for the index": (moved_behind_a_link, "rm ROOT/.kb && kb reindex"),
    "a link in the index": (lambda root: (index(root) / "x").symlink_to("/etc"), "rm ROOT/.kb/x && kb reindex"),
    "a pipe in the index": (lambda root: os.mkfifo(index(root) / "x"), "rm ROOT/.kb/x && kb reindex"),
    "an index in git": (tracked, "git -C ROOT rm -rqf .kb && kb reindex"),
    "all damaged": (
        lambda root: of_every_snapshot(root, lambda folder: flip(folder / POSITIONS)),
        "kb reindex --full",
    ),
    "all lost": (lambda root: of_every_snapshot(root, shutil.rmtree), "kb reindex --full"),
    "an older format": (lambda root: edit_manifest(live_folder(root), format=FORMAT - 1), "kb reindex"),
    "a newer format": (lambda root: edit_manifest(live_folder(root), format=FORMAT + 1), "kb reindex --full"),
    "a run that failed": (lambda root: last_run(root, Outcome.FAILED), "kb reindex"),
    "a run that was refused": (lambda root: last_run(root, Outcome.REFUSED), "kb reindex"),
    "a run that was killed": (killed_run, "kb reindex"),
    "runs of long ago": (old_runs, "kb reindex"),
    "no ledger": (lambda root: SnapshotStore(root).ledger.unlink(), "kb reindex"),
    "a ledger too large": (
        lambda root: os.truncate(SnapshotStore(root).ledger, 65_000_000),
        "rm 'ROOT/.kb/ledger.jsonl'",
    ),
    "a folder of lessons less": (
        lambda root: add(root / "kb.toml", '[corpus]\npaths = ["lessons", "more"]\n'),
        "mkdir -p ROOT/more",
    ),
}


def wrong(kb: Run, root: Path) -> list[tuple[str, str]]:
    """Return what is found wrong with a knowledge base and how to mend it, not with this machine."""
    found = json.loads(kb(root, "doctor", "--json").out)["findings"]
    of_the_machine = ("imported from", "installed by", "first in PATH", "nothing on this machine")
    return [
        (one["what"], one["cure"])
        for one in found
        if one["level"] != "ok" and not any(words in one["what"] for words in of_the_machine)
    ]


@pytest.mark.parametrize("case", MENDED_BY_FIX)
def test_what_is_to_be_mended_by_fix_is(root: Path, kb: Run, case: str) -> None:
    MENDED_BY_FIX[case](root)
    found = wrong(kb, root)
    assert found
    assert {cure for _, cure in found} == {FIX}
    assert all("cannot be checked" not in what for what, _ in found)
    assert kb(root, "doctor", "--fix").out.count("repaired: ") >= (case != "a dead writer")
    assert wrong(kb, root) == []
    assert list(root.parent.rglob(f"*{LEFT}")) == []
    assert kb(root, "search", "parcels").code == 0
    assert kb(root, "reindex").code == 0
    assert wrong(kb, root) == []


@pytest.mark.usefixtures("own_git")
@pytest.mark.parametrize("case", MENDED_BY_A_COMMAND)
def test_what_one_command_mends_is_mended_by_it(root: Path, kb: Run, case: str) -> None:
    damage, command = MENDED_BY_A_COMMAND[case]
    damage(root)
    assert command.replace("ROOT", str(root)) in [cure for _, cure in wrong(kb, root)]
    obey(kb, root, command.replace("ROOT", str(root)))
    rest = wrong(kb, root)
    if case in ("all damaged", "a ledger too large", "a folder of lessons less"):  # each leaves a second thing
        assert {cure for _, cure in rest} <= {FIX, "kb reindex"}
        kb(root, "doctor", "--fix")
        kb(root, "reindex")
        rest = wrong(kb, root)
    assert rest == []
    assert kb(root, "search", "parcels").code == 0


def obey(kb: Run, root: Path, command: str) -> None:
    """Do what a command says, our own program in this process."""
    for part in command.split(" && "):
        program, *words = shlex.split(part)
        if program == "kb":
            kb(root, *words)
        else:
            subprocess.run([program, *words], check=True)


def test_lessons_that_could_not_be_read_are_named_with_their_line_and_what_to_do(root: Path, kb: Run) -> None:
    write(root, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    kb(root, "reindex")
    ((what, cure),) = wrong(kb, root)
    assert what.startswith("lessons/odd.md:2: front matter is not YAML: ")
    assert cure == f"correct {root}/lessons/odd.md, then kb reindex"
    assert kb(root, "doctor").code == 3
    write(root, "odd.md", "# Mended\n")
    kb(root, "reindex")
    assert wrong(kb, root) == []


def test_a_lesson_that_has_changed_since_is_no_longer_called_broken(root: Path, kb: Run) -> None:
    write(root, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    kb(root, "reindex")
    write(root, "odd.md", "# Mended\n")
    said = "lessons/odd.md could not be read, or only in part, and has changed since"
    assert wrong(kb, root) == [(said, "kb reindex")]
    assert "not readable" not in kb(root, "status").out


def test_a_lesson_that_could_never_be_read_is_no_longer_called_broken_either(root: Path, kb: Run) -> None:
    write(root, "odd.md", b"\0" * 500)
    kb(root, "reindex")
    assert [cure for _, cure in wrong(kb, root)] == [f"correct {root}/lessons/odd.md, then kb reindex"]
    write(root, "odd.md", "# Mended\n")
    assert [cure for _, cure in wrong(kb, root)] == ["kb reindex"]


def test_a_folder_that_is_misspelt_is_not_to_be_made(root: Path, kb: Run) -> None:
    (root / "kb.toml").write_text('[corpus]\npaths = ["lesons"]\n')
    cure = f"edit {root}/kb.toml: under corpus.paths, perhaps 'lessons' is meant"
    assert cure in [cure for _, cure in wrong(kb, root)]


def test_what_is_being_written_is_not_taken_for_left_over(root: Path, kb: Run) -> None:
    from search.storage.atomic import file_beside

    with file_beside(root / "lessons" / "new.md", b"whole") as aside:
        assert wrong(kb, root) == []
        kb(root, "doctor", "--fix")
        assert aside.read_bytes() == b"whole"


def test_what_only_looks_alike_is_left_alone(root: Path, kb: Run) -> None:
    others = [
        root / "lessons" / name for name in (".notes-deadbeef", ".x.kb-DEADBEEF", "x.kb-deadbeef", ".kb-deadbeef")
    ]
    for path in others:
        path.write_text("mine")
    kb(root, "doctor", "--fix")
    assert all(path.read_text() == "mine" for path in others)


@pytest.mark.parametrize("name", ["templates", "lessons", "lessons/deeper"])
def test_nothing_is_removed_behind_a_link(root: Path, kb: Run, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (mine := outside / f".x{LEFT}").write_text("mine")
    shutil.rmtree(root / name, ignore_errors=True)
    (root / name).symlink_to(outside)
    kb(root, "doctor", "--fix")
    assert mine.read_text() == "mine"


def test_a_configured_model_that_is_not_there_is_named(root: Path, kb: Run) -> None:
    (root / "kb.toml").write_text('[model]\nname = "./nowhere"\n')
    assert wrong(kb, root) == [
        (f"the model './nowhere' cannot be loaded: no folder {root}/nowhere", f"edit {root}/kb.toml")
    ]
