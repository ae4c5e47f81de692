"""Whatever a server does, `kb search` answers: by itself, and as if there were none."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from kb.served.place import socket_of
from tests.serve.conftest import Start
from tests.serve.servers import Server, asked_directly, limited, served

ANSWER = b'{"pieces": [["stdout", "Somebody else\\n"]], "code": 0}'


def response(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    return (
        b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status.encode(), len(body) if length is None else length) + body
    )


REPLIES: dict[str, bytes] = {
    "nothing": b"",
    "garbage": b"\x00\xff" * 1000,
    "an unfinished head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "an unfinished body": response(ANSWER, length=len(ANSWER) + 1),
    "a body that is too long": response(ANSWER + b"x", length=len(ANSWER)),
    "no length": b"HTTP/1.1 200 OK\r\n\r\n" + ANSWER,
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + ANSWER,
    "busy": response(ANSWER, "429 Too Many Requests"),
    "another library": response(ANSWER, "409 Conflict"),
    "a failure": response(ANSWER, "500 Internal Server Error"),
    "no JSON": response(b"hello"),
    "not UTF-8": response(b'{"pieces": [["stdout", "\xff"]], "code": 0}'),
    "deep JSON": response(b"[" * 100_000),
    "a list": response(b"[]"),
    "no pieces": response(b'{"code": 0}'),
    "no code": response(b'{"pieces": []}'),
    "a code that is none": response(b'{"pieces": [], "code": "0"}'),
    "a true code": response(b'{"pieces": [], "code": true}'),
    "another stream": response(b'{"pieces": [["stdin", "a"]], "code": 0}'),
    "a piece that is none": response(b'{"pieces": ["ab"], "code": 0}'),
    "a text that is none": response(b'{"pieces": [["stdout", 1]], "code": 0}'),
    "more than it should": response(b'{"pieces": [], "code": 0, "more": 1}'),
}


@pytest.fixture
def path(root: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the socket, in its folder."""
    with monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        found = Path(socket_of(str(root)) or "")
    found.parent.mkdir(mode=0o700, exist_ok=True)
    return found


@contextmanager
def replying(path: Path, reply: bytes, *, closes: bool = True) -> Iterator[list[bytes]]:
    """Listen at a socket, and send each client the same; yields what they sent."""
    asked: list[bytes] = []
    kept: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            head = client.recv(100_000)
            asked.append(head)
            try:
                client.sendall(reply)
            except OSError:
                continue
            if closes:
                client.close()
            else:
                kept.append(client)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield asked
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(30)
            for client in kept:
                client.close()
            path.unlink()


def search(root: Path, environment: Mapping[str, str], **more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "kb", "--root", str(root), "search", "parcels"],
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def alone(root: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """What a search prints without a server."""
    return search(root, environment, KB_NO_SERVER="1")


def test_a_reply_that_is_one_is_printed(root: Path, path: Path, environment: Mapping[str, str]) -> None:
    with replying(path, response(ANSWER)) as asked:
        assert search(root, environment) == (0, "Somebody else\n", "")
        assert search(root, environment, KB_NO_SERVER="1")[1] != "Somebody else\n"
    (request,) = asked
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /command HTTP/1.1\r\n")
    sent = json.loads(body)
    assert (sent["root"], sent["arguments"][-2:]) == (os.path.realpath(root), ["search", "parcels"])
    assert sent["environment"].keys() <= {"TERM", "LANG", "LC_ALL", "COLUMNS", "TZ", "COLORTERM", "TERM_PROGRAM"}


@pytest.mark.parametrize("name", REPLIES)
def test_any_other_reply_is_as_none(
    root: Path, path: Path, environment: Mapping[str, str], alone: tuple[int, str, str], name: str
) -> None:
    with replying(path, REPLIES[name]) as asked:
        assert search(root, environment) == alone
    assert len(asked) == 1


@pytest.mark.parametrize("begun", [b"", response(ANSWER, length=1000)], ids=["nothing", "a part"])
def test_a_server_that_hangs_is_not_waited_for(
    root: Path, path: Path, environment: Mapping[str, str], alone: tuple[int, str, str], begun: bytes
) -> None:
    with replying(path, begun, closes=False):
        assert search(root, environment) == alone


def test_a_server_that_has_stopped_is_not_waited_for(
    own_root: Path, start: Start, environment: Mapping[str, str]
) -> None:
    server, without = start(own_root), search(own_root, environment, KB_NO_SERVER="1")
    server.process.send_signal(signal.SIGSTOP)
    try:
        assert search(own_root, environment) == without
    finally:
        server.process.send_signal(signal.SIGCONT)
    server.stop(signal.SIGKILL)
    assert search(own_root, environment) == without


def test_nobody_listens_at_what_is_there(
    root: Path, path: Path, environment: Mapping[str, str], alone: tuple[int, str, str]
) -> None:
    for make in (
        lambda: path.write_text("a file"),
        path.mkdir,
        lambda: path.symlink_to("/dev/null"),
        lambda: os.mkfifo(path),
        lambda: path.symlink_to(path),
    ):
        make()
        assert search(root, environment) == alone
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_folder_that_others_can_write_to_is_not_looked_into(
    root: Path, path: Path, environment: Mapping[str, str], alone: tuple[int, str, str]
) -> None:
    with replying(path, response(ANSWER)) as asked:
        for mode in (0o777, 0o755, 0o710):
            path.parent.chmod(mode)
            assert search(root, environment) == alone
        path.parent.chmod(0o700)
        aside = path.parent.with_name("aside")
        path.parent.rename(aside)
        path.parent.symlink_to(aside)
        assert search(root, environment) == alone
        path.parent.unlink()
        aside.rename(path.parent)
    assert asked == []
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_server_with_trouble_leaves_it_to_the_client_to_say_so(
    own_root: Path, start: Start, environment: Mapping[str, str]
) -> None:
    start(own_root)
    (own_root / "kb.toml").write_text("[model\n")
    code, out, err = search(own_root, environment)
    assert (code, out) == (2, "")
    assert err.startswith(f"kb: {own_root}/kb.toml: ")


def test_a_server_without_room_is_no_loss(own_root: Path, environment: Mapping[str, str]) -> None:
    server = limited(own_root, environment, threads=1, waiting=-1)
    try:
        assert search(own_root, environment) == search(own_root, environment, KB_NO_SERVER="1")
        assert [line["status"] for line in server.log if line["path"] == "/command"] == [429]
    finally:
        server.stop()


def test_a_server_of_another_library_does_not_answer(
    own_root: Path, root: Path, environment: Mapping[str, str]
) -> None:
    before = {*Path(environment["XDG_RUNTIME_DIR"]).rglob("*.sock")}
    server = served(own_root, environment)
    try:
        (path,) = {*Path(environment["XDG_RUNTIME_DIR"]).rglob("*.sock")} - before
        assert asked_directly(path, root=str(root)).startswith(b"HTTP/1.1 409")
        assert asked_directly(path, root=str(own_root)).startswith(b"HTTP/1.1 200")
        assert asked_directly(path, root=str(own_root), more=1).startswith(b"HTTP/1.1 422")
        assert asked_directly(path, root=str(own_root), columns=-1).startswith(b"HTTP/1.1 200")
        assert asked_directly(path, root=str(own_root), arguments=["serve"]).startswith(b"HTTP/1.1 403")
        assert asked_directly(path, root=str(own_root), arguments=["-q", "reindex"]).startswith(b"HTTP/1.1 403")
    finally:
        assert server.stop() == 0


IMPORTED = """
import json, sys
from kb.entry import run
try:
    run()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def test_a_client_imports_little(server: Server, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", IMPORTED, "--root", str(root), "search", "parcels"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Labels that fall off" in done.stdout
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert {name.split(".")[0] for name in loaded}.isdisjoint(
        {
            "click",
            "rich",
            "numpy",
            "whoosh",
            "faiss",
            "onnxruntime",
            "tokenizers",
            "sqlite3",
            "tomllib",
            "asyncio",
            "email",
        }
    )
    ours = {name for name in loaded if name.split(".")[0] in ("kb", "search", "ingest")}
    assert ours == {
        "kb",
        "kb.entry",
        "kb.stopping",
        "kb.served",
        "kb.served.client",
        "kb.served.place",
        "kb.served.caller",
        "kb.served.exchange",
    }
