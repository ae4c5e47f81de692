"""Where there is no safe folder for its socket, a server works over HTTP and says so, and no client asks anybody there."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kb.served.place import is_private, socket_of
from tests.serve.servers import served

CANNOT = "kb: `kb search` cannot use this server: "


@pytest.fixture
def runtime(environment: Mapping[str, str]) -> Iterator[Path]:
    """An empty runtime folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="kb-"))
    yield folder
    shutil.rmtree(folder)


def in_folder(environment: Mapping[str, str], runtime: Path) -> dict[str, str]:
    return {**environment, "XDG_RUNTIME_DIR": str(runtime)}


def works_over_http_only(root: Path, environment: Mapping[str, str]) -> str:
    """Start a server, see that it answers over HTTP and that no client asks it, and return why not."""
    server = served(root, environment)
    try:
        assert server.ask("/api/search?q=parcels").json["hits"]
        done = server.kb("--root", str(root), "search", "parcels", capture_output=True)
        assert (done.returncode, b"Labels that fall off" in done.stdout) == (0, True)
        assert server.commands == 0
        return server.line_with(CANNOT).removeprefix(CANNOT)
    finally:
        assert server.stop() == 0


def test_the_socket_is_for_its_user_alone(own_root: Path, environment: Mapping[str, str], runtime: Path) -> None:
    server = served(own_root, in_folder(environment, runtime))
    (path,) = runtime.rglob("*.sock")
    assert [stat.S_IMODE(one.lstat().st_mode) for one in (path.parent, path)] == [0o700, 0o600]
    assert server.stop() == 0
    assert not path.exists()


@pytest.mark.parametrize("mode", [0o777, 0o750, 0o701])
def test_a_folder_that_is_open_to_others(
    own_root: Path, environment: Mapping[str, str], runtime: Path, mode: int
) -> None:
    (runtime / "kb-lessons").mkdir()
    (runtime / "kb-lessons").chmod(mode)
    said = works_over_http_only(own_root, in_folder(environment, runtime))
    assert said.endswith(".sock: the folder is not yours alone; remove it, or close it to others")


def test_a_folder_that_is_a_link(own_root: Path, environment: Mapping[str, str], runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (runtime / "kb-lessons").symlink_to(tmp_path / "elsewhere")
    assert "not yours alone" in works_over_http_only(own_root, in_folder(environment, runtime))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_place_of_the_folder(own_root: Path, environment: Mapping[str, str], runtime: Path) -> None:
    (runtime / "kb-lessons").write_text("mine")
    assert "file exists" in works_over_http_only(own_root, in_folder(environment, runtime))
    assert (runtime / "kb-lessons").read_text() == "mine"


def test_a_path_that_is_too_long(own_root: Path, environment: Mapping[str, str], runtime: Path) -> None:
    long = runtime / ("x" * 100)
    long.mkdir(mode=0o700)
    said = works_over_http_only(own_root, in_folder(environment, long))
    assert said == "the path of the runtime folder is too long"


def test_something_else_in_place_of_the_socket(
    own_root: Path, environment: Mapping[str, str], runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = in_folder(environment, runtime)
    (path, other) = place(own_root, there, monkeypatch), runtime / "mine"
    other.write_text("mine")
    path.parent.mkdir(mode=0o700)
    path.symlink_to(other)
    assert "not a socket; remove it" in works_over_http_only(own_root, there)
    path.unlink()
    path.write_text("mine")
    assert "not a socket; remove it" in works_over_http_only(own_root, there)
    assert (path.read_text(), other.read_text()) == ("mine", "mine")
    path.unlink()
    Path(f"{path}.lock").unlink()
    Path(f"{path}.lock").symlink_to(other)
    assert "too many levels of symbolic links" in works_over_http_only(own_root, there)


def place(root: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the socket for a user with an environment."""
    with monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        found = socket_of(str(root))
    assert found
    return Path(found)


def test_each_library_state_and_day_has_a_socket_of_its_own(
    own_root: Path, tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(own_root)
    here = place(own_root, environment, monkeypatch)
    assert place(tmp_path / "link", environment, monkeypatch) == here
    others = [{"XDG_STATE_HOME": "/x"}, {"XDG_CACHE_HOME": "/x"}, {"HOME": "/x"}, {"TZ": "Asia/Tokyo"}]
    found = {place(own_root, {**environment, **other}, monkeypatch) for other in others}
    assert len({*found, here, place(tmp_path, environment, monkeypatch)}) == 6


def test_without_a_runtime_folder_there_is_one_of_the_users_own(
    own_root: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for named in ("", "relative", "/nowhere/at/all"):
        found = place(own_root, {**environment, "XDG_RUNTIME_DIR": named}, monkeypatch)
        assert found.parent in (Path(f"/tmp/kb-lessons-{os.getuid()}"), Path(f"/run/user/{os.getuid()}/kb-lessons"))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user(own_root: Path, environment: Mapping[str, str], runtime: Path) -> None:
    (runtime / "kb-lessons").mkdir(mode=0o700)
    assert is_private(str(runtime / "kb-lessons"))
    os.chown(runtime / "kb-lessons", 12345, 12345)
    assert not is_private(str(runtime / "kb-lessons"))
    assert "not yours alone" in works_over_http_only(own_root, in_folder(environment, runtime))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_is_not_answered(own_root: Path, environment: Mapping[str, str], runtime: Path) -> None:
    server = served(own_root, in_folder(environment, runtime))
    (path,) = runtime.rglob("*.sock")
    for one, mode in ((runtime, 0o755), (path.parent, 0o755), (path, 0o666)):  # let it come as far as the socket
        one.chmod(mode)
    assert asked_as(12345, path) == b""
    assert asked_as(os.getuid(), path).startswith(b"HTTP/1.1 200")
    assert server.stop() == 0


def asked_as(user: int, path: Path) -> bytes:
    program = (
        "import os, socket, sys; os.setuid(int(sys.argv[1])); s = socket.socket(socket.AF_UNIX)\n"
        "s.connect(sys.argv[2])\n"
        "try:\n s.sendall(b'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n')\n"
        " sys.stdout.buffer.write(s.recv(1000))\nexcept OSError: pass"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(user), str(path)], capture_output=True, check=True, timeout=60
    ).stdout
