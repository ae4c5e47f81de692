"""The container file: what it runs is what kb and Python understand, and it runs as nobody in particular."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kb.main import kb as program

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "examples" / "container" / "Containerfile").read_text("utf-8")
LINES = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.M)).splitlines()
STEPS = [line.split(None, 1) for line in LINES if line.strip()]
"""Each the name of an instruction, and what stands behind it."""


def said(name: str) -> list[str]:
    return [rest for step, rest in STEPS if step == name]


class Health(BaseHTTPRequestHandler):
    """Answers as a server does, with the status of its class."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def health() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def checked(port: int) -> int:
    """Return the exit code of the health check at another port."""
    (check,) = said("HEALTHCHECK")
    _, option, code = json.loads(check.partition("CMD ")[2])
    command = [sys.executable, option, code.replace("8420", str(port))]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (500, 1)])
def test_the_health_check_tells_whether_a_server_lives(
    health: int, status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Health, "status", status)
    assert checked(health) == code


def test_the_health_check_fails_where_nobody_answers() -> None:
    assert checked(1) == 1


def test_what_it_starts_is_understood_and_answers_where_the_check_asks() -> None:
    entry, (command, *options) = json.loads(said("ENTRYPOINT")[0]), json.loads(said("CMD")[0])
    assert (entry, command) == (["kb", "--root", "/library"], "serve")
    with program.commands["serve"].make_context("serve", options, help_option_names=["-h", "--help"]) as given:
        assert (given.params["host"], given.params["port"]) == ("0.0.0.0", 8420)
        assert not given.params["allows_writing"]
    assert said("EXPOSE") == ["8420"]


def test_it_runs_as_a_user_without_rights() -> None:
    assert said("USER") == ["10001:10001"]
    steps = [step for step, _ in STEPS]
    assert max(number for number, step in enumerate(steps) if step in ("RUN", "COPY")) < steps.index("USER")


def test_only_the_build_fetches_anything() -> None:
    assert said("ADD") == []
    build, _, run = TEXT.partition("\nFROM ${BASE}\n")
    assert "pip install" in build
    assert "pip install" not in run
    assert "--constraint /src/constraints.txt /src" in build
    assert (ROOT / "constraints.txt").is_file()


def test_the_shell_line_makes_the_folders_for_their_user(tmp_path: Path) -> None:
    """With the folders and the user of this test in place of those of the image."""
    line = said("RUN")[-1].replace("-o 10001", f"-o {os.getuid()}").replace("-g 10001", f"-g {os.getgid()}")
    for folder in ("/cache", "/state", "/library"):
        line = line.replace(f" {folder}", f" {tmp_path}{folder}")
    subprocess.run(["sh", "-ec", line], check=True)
    modes = {folder.name: oct(folder.stat().st_mode & 0o777) for folder in tmp_path.iterdir()}
    assert modes == {"cache": "0o700", "state": "0o700", "library": "0o755"}
