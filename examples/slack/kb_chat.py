"""Answers `/lessons parcels come back` in Slack, and `@lessons parcels come back` in Microsoft Teams.

One file, only the standard library. It asks a running `kb serve`, and stands behind a web server that does the
encryption (TLS): see docs/decision-points.md. All settings come from the environment:

    SLACK_SIGNING_SECRET   from the settings of the Slack app, under Basic Information; without it /slack is closed
    TEAMS_SECRET           as Teams shows it when the outgoing webhook is made; without it /teams is closed
    KB_URL                 where kb serve answers; default http://127.0.0.1:8420
    KB_TOKEN               a token of it, if it needs one (`kb token new --name chat`)
    KB_PAGES               the address below which people see its pages, such as https://kb.example.org; may be left out
    PORT                   where this listens, on 127.0.0.1 only; default 8421
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import html
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

SECONDS_TO_ANSWER = 2.5  # Slack waits for 3, Teams for at least 5
SECONDS_A_SIGNATURE_IS_VALID = 300
MOST_BYTES = 100_000
LESSONS = 3
VERDICTS = {
    "answers": "The library answers this: somebody had this problem before.",
    "may-help": "These lessons may help.",
    "nearest": "No lesson answers this. The nearest are:",
}
POOL = ThreadPoolExecutor(8)
Message = dict[str, Any]


# Signatures


def slack_signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Return whether Slack has signed a request within the last five minutes."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > SECONDS_A_SIGNATURE_IS_VALID:
        return False
    expected = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode("utf-8", "replace"))


def teams_signed(secret: str, authorization: str, body: bytes) -> bool:
    """Return whether Teams has signed a request; it has no time, so a copy of it stays valid: it can only read."""
    try:
        key = base64.b64decode(secret, validate=True)
    except binascii.Error:
        return False
    expected = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest())
    return hmac.compare_digest(b"HMAC " + expected, authorization.encode("utf-8", "replace"))


# What is asked


def slack_question(body: bytes) -> str:
    """Return the words behind the command."""
    return " ".join(parse_qs(body.decode("utf-8", "replace")).get("text", [""])[0].split())


def teams_question(body: bytes) -> str:
    """Return the words of a message, without the name of who is mentioned, and without HTML."""
    text = json.loads(body).get("text") or ""
    plain = re.sub(r"<[^>]*>", " ", re.sub(r"<at>.*?</at>", " ", text, flags=re.DOTALL))
    return " ".join(html.unescape(plain).split())


# The search


def search(question: str) -> Message:
    """Return what the server answers; raises `OSError` or `ValueError` if it does not."""
    place = urlsplit(os.environ.get("KB_URL", "http://127.0.0.1:8420"))
    connect = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = connect(place.hostname or "", place.port, timeout=SECONDS_TO_ANSWER)
    token = os.environ.get("KB_TOKEN", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        query = urlencode({"q": question[:2000], "page": "true", "limit": LESSONS, "all": "true"})
        connection.request("GET", f"/api/search?{query}", headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(f"the server answers {response.status}")
        found: Message = json.loads(response.read(5_000_000))
        return found
    finally:
        connection.close()


# What is answered


def slack_text(text: str) -> str:
    """Return a text in which Slack finds no link and no mention; it has no sign that escapes `*`, `_` and the like."""
    line = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"[@*_~`|#]", "\u200b\\g<0>\u200b", line)


def slack_link(address: str, text: str) -> str:
    """Return a link; only its text is from the library."""
    return f"<{address}|{slack_text(text)}>"


def teams_link(address: str, text: str) -> str:
    """Return a link; only its text is from the library."""
    return f'<a href="{html.escape(address)}">{html.escape(text)}</a>'


def lines(answer: Message, quoted: Callable[[str], str], link: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the verdict, then two lines for each lesson; `quoted` and `link` write for one chat."""
    hits = answer["hits"][:LESSONS]
    yield VERDICTS[answer["relevance"]] if hits else "The library has no lesson on this."
    pages = os.environ.get("KB_PAGES", "").rstrip("/")
    for number, hit in enumerate(hits, 1):
        title = shortened(hit["title"], 150)
        named = link(f"{pages}/lessons/{quote(hit['id'], safe='')}", title) if pages else quoted(title)
        facts = [hit["relevance"].replace("-", " "), hit["unit"], hit["date"]]
        yield f"{number}. {named} ({quoted(', '.join(str(fact) for fact in facts if fact))})"
        if snippet := shortened(hit["snippet"], 300):
            yield quoted(snippet)


def shortened(text: str | None, longest: int) -> str:
    """Return a text on one line, without characters that hide or reorder others."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
    return line if len(line) <= longest else line[: longest - 1] + "\u2026"


def slack_answer(texts: Iterable[str]) -> Message:
    """Return a message for the one who asked; `verbatim`: nothing in it becomes a link or a mention by itself."""
    shown = list(texts)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}} for text in shown]
    return {"response_type": "ephemeral", "text": shown[0], "blocks": blocks}


def teams_answer(texts: Iterable[str]) -> Message:
    """Return a message for the channel; its text is HTML."""
    return {"type": "message", "textFormat": "xml", "text": "<br>".join(texts)}


def reply(
    question: str,
    quoted: Callable[[str], str],
    link: Callable[[str, str], str],
    answer: Callable[[Iterable[str]], Message],
) -> Message:
    """Return the message for a chat, within the time for which it waits, also if the server does not answer."""
    if not question:
        return answer(["Write the problem behind the command, in your own words."])
    try:
        found = POOL.submit(search, question).result(SECONDS_TO_ANSWER)
        return answer(list(lines(found, quoted, link)))
    except Exception as error:  # nothing of it is for the chat, and no question is for the log
        print(f"kb_chat: {type(error).__name__}", file=sys.stderr, flush=True)
        return answer(["The library does not answer now; try again in a minute."])


class Chat(BaseHTTPRequestHandler):
    """Answers signed requests of Slack at /slack, and of Teams at /teams."""

    timeout = 5
    server_version, sys_version = "kb", ""

    def do_POST(self) -> None:
        """Answer a request, if somebody who knows the secret has signed it."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MOST_BYTES:
            self.send(413)
            return
        body = self.rfile.read(int(length))
        message = self.message(body)
        self.send(401 if message is None else 200, message)

    def message(self, body: bytes) -> Message | None:
        """Return what is answered; None for a request that nobody has signed."""
        slack, teams = os.environ.get("SLACK_SIGNING_SECRET", ""), os.environ.get("TEAMS_SECRET", "")
        if self.path == "/slack" and slack:
            timestamp = self.headers.get("X-Slack-Request-Timestamp", "")
            if slack_signed(slack, timestamp, self.headers.get("X-Slack-Signature", ""), body, time.time()):
                return reply(slack_question(body), slack_text, slack_link, slack_answer)
        elif self.path == "/teams" and teams and teams_signed(teams, self.headers.get("Authorization", ""), body):
            try:
                question = teams_question(body)
            except (ValueError, AttributeError, TypeError):
                question = ""
            return reply(question, html.escape, teams_link, teams_answer)
        return None

    def send(self, status: int, message: Message | None = None) -> None:
        """Send a status, and a message if there is one."""
        data = json.dumps(message).encode() if message else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Log nothing: an address line has nothing that helps, and a body has questions."""


def main() -> None:
    """Answer until Ctrl-C."""
    if not os.environ.get("SLACK_SIGNING_SECRET") and not os.environ.get("TEAMS_SECRET"):
        sys.exit("kb_chat: neither SLACK_SIGNING_SECRET nor TEAMS_SECRET is set, so nobody can be answered")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8421"))), Chat)
    print(f"kb_chat: http://127.0.0.1:{server.server_port}/", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
