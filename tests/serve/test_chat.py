"""The example for Slack and Teams answers only signed questions, in time, and no lesson in it calls anybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.serve.servers import PATIENCE, Server, library, served

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "slack" / "kb_chat.py"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS = base64.b64encode(b"thirty-two bytes that nobody has").decode()
EVIL = "<!channel> @here <!here|x> & *bold* <https://evil.example|ok> www.evil.example `x`"
LESSONS = {
    "evil.md": f"---\nid: evil\nunit: '{EVIL}'\n---\n# Parcels {EVIL}\n\n## Problem\n\nParcels come back. {EVIL}\n",
    "one.md": "---\nid: one/1 ?#\n---\n# Parcels with old labels\n\n## Problem\n\nParcels come back with labels.\n",
    "two.md": "# Parcels and boxes\n\n## Problem\n\nParcels come back in boxes.\n",
    "three.md": "# Parcels and ships\n\n## Problem\n\nParcels come back by ship.\n",
}


class Chat:
    """The example, in a process of its own."""

    def __init__(self, url: str, **settings: str) -> None:
        environment = {**os.environ, "KB_URL": url, "PORT": "0", **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(EXAMPLE)], env=environment, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        line = self.process.stderr.readline()
        self.port = int(line.rstrip("/\n").rpartition(":")[2])

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body, dict(headers))
            got = connection.getresponse()
            data = got.read()
            return got.status, json.loads(data) if data else None
        finally:
            connection.close()

    def slack(self, text: str, *, now: float | None = None, secret: str = SECRET, **headers: Any) -> tuple[int, Any]:
        body = urlencode({"command": "/lessons", "text": text, "user_id": "U1"}).encode()
        timestamp = str(int(time.time() if now is None else now))
        signed = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        own = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signed}"}
        return self.post("/slack", body, {**own, **{name.replace("_", "-"): text for name, text in headers.items()}})

    def teams(self, message: object, *, secret: str = TEAMS) -> tuple[int, Any]:
        body = json.dumps(message).encode()
        signed = base64.b64encode(hmac.new(base64.b64decode(secret), body, hashlib.sha256).digest()).decode()
        return self.post("/teams", body, {"Authorization": f"HMAC {signed}"})

    def stop(self) -> str:
        """End it, and return what it has logged."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        assert self.process.stderr
        with self.process.stderr as log:
            return log.read()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(library(tmp_path_factory.mktemp("chat") / "base", LESSONS), environment)
    yield found
    assert found.stop() == 0


@pytest.fixture(scope="module")
def chat(server: Server) -> Iterator[Chat]:
    url = f"http://127.0.0.1:{server.port}"
    found = Chat(url, SLACK_SIGNING_SECRET=SECRET, TEAMS_SECRET=TEAMS, KB_PAGES="https://kb.example.org/")
    yield found
    assert found.stop() == ""


def shown(message: Any) -> list[str]:
    """Return the texts of a message for Slack."""
    return [block["text"]["text"] for block in message["blocks"]]


def test_a_question_from_slack_gets_the_verdict_and_three_lessons(chat: Chat) -> None:
    status, message = chat.slack("parcels come back")
    assert (status, message["response_type"]) == (200, "ephemeral")
    verdict, *others = shown(message)
    assert verdict in ("The library answers this: somebody had this problem before.", "These lessons may help.")
    assert message["text"] == verdict
    assert [line[:3] for line in others if re.match(r"\d\. ", line)] == ["1. ", "2. ", "3. "]
    assert "<https://kb.example.org/lessons/one%2F1%20%3F%23|Parcels with old labels>" in "\n".join(others)


def test_nothing_in_a_lesson_calls_or_leads_anybody_in_slack(chat: Chat) -> None:
    _, message = chat.slack("parcels come back channel here bold")
    texts = shown(message)
    assert any("evil.example" in text for text in texts)
    for text in texts:
        assert re.findall(r"<(?!https://kb\.example\.org/lessons/[\w%-]+\|)", text) == []
        assert "@here" not in text
    assert {block["text"]["verbatim"] for block in message["blocks"]} == {True}
    assert max(map(len, texts)) < 3000
    assert "evil" not in message["text"]


def test_a_question_from_teams_gets_the_same_as_html(chat: Chat) -> None:
    text = "<p><at>Lessons</at>&nbsp;parcels come back channel here bold</p>"
    status, message = chat.teams({"type": "message", "text": text})
    assert (status, message["type"], message["textFormat"]) == (200, "message", "xml")
    links = re.findall(r"<[^>]*>", message["text"])
    assert {tag for tag in links if not tag.startswith('<a href="https://kb.example.org/lessons/')} == {"<br>", "</a>"}
    assert "<!channel>" in unescape(message["text"])


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_signature_is_valid_for_five_minutes(chat: Chat, seconds: int) -> None:
    assert chat.slack("parcels", now=time.time() + seconds)[0] == 200
    assert chat.slack("parcels", now=time.time() + 2 * seconds) == (401, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0="},
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": "v0=\u00e9"},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "1e3"},
        {"X_Slack_Request_Timestamp": "-1"},
        {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": str(int(time.time()) - 1)},
    ],
    ids=str,
)
def test_what_slack_has_not_signed_gets_no_word(chat: Chat, headers: dict[str, Any]) -> None:
    assert chat.slack("parcels", **headers) == (401, None)


def test_another_secret_or_body_or_address_gets_no_word(chat: Chat) -> None:
    assert chat.slack("parcels", secret="other") == (401, None)
    assert chat.teams({"text": "parcels"}, secret=base64.b64encode(b"x").decode()) == (401, None)
    assert chat.post("/teams", b"{}", {"Authorization": ""}) == (401, None)
    assert chat.post("/teams", b"{}", {"Authorization": "HMAC \u00e9"}) == (401, None)
    assert chat.post("/", b"", {}) == (401, None)
    assert chat.post("/slack", b"x" * 100_001, {}) == (413, None)


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": 5}, [], "x", {"text": "<at>Lessons</at> "}])
def test_a_message_without_words_is_told_what_to_do(chat: Chat, message: object) -> None:
    assert chat.teams(message)[1]["text"] == "Write the problem behind the command, in your own words."


def test_a_long_question_and_one_in_another_script_are_answered(chat: Chat) -> None:
    for text in ("parcels " * 5000, "\u5305\u88f9\u9000\u56de", "a\x00b", "'; drop table", "<!channel>"):
        assert chat.slack(text)[0] == 200


@pytest.mark.parametrize("kind", ["gone", "silent", "refusing"])
def test_a_server_that_does_not_answer_is_said_in_time_and_nothing_else(kind: str, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as waiting:  # which accepts, and never answers
        hosts = {
            "gone": "127.0.0.1:1",
            "silent": f"127.0.0.1:{waiting.getsockname()[1]}",
            "refusing": f"127.0.0.2:{server.port}",
        }
        url = f"http://{hosts[kind]}"
        found = Chat(url, SLACK_SIGNING_SECRET=SECRET, KB_TOKEN="kb_secret")
        try:
            began = time.monotonic()
            status, message = found.slack("a secret question")
            seconds = time.monotonic() - began
        finally:
            log = found.stop()
    assert (status, shown(message)) == (200, ["The library does not answer now; try again in a minute."])
    assert seconds < 3
    assert log.startswith("kb_chat: ")
    assert "secret" not in log


def test_a_chat_whose_secret_is_not_set_is_closed(server: Server) -> None:
    found = Chat(f"http://127.0.0.1:{server.port}", SLACK_SIGNING_SECRET=SECRET)
    try:
        assert found.teams({"text": "parcels"}, secret="") == (401, None)
        assert found.teams({"text": "parcels"}) == (401, None)
    finally:
        found.stop()
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)], env={"PATH": os.defpath}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "so nobody can be answered" in done.stderr) == (1, True)


def test_it_needs_nothing_but_python() -> None:
    imported = re.findall(r"^(?:from|import) (\w+)", EXAMPLE.read_text(), re.M)
    assert {*imported} <= {*sys.stdlib_module_names, "__future__"}


def test_the_signature_of_slacks_own_example_is_made() -> None:
    """The example of https://api.slack.com/authentication/verifying-requests-from-slack."""
    spec = importlib.util.spec_from_file_location("kb_chat", EXAMPLE)
    assert spec
    assert spec.loader
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert example.slack_signed(SECRET, "1531420618", signature, body, 1531420618)
