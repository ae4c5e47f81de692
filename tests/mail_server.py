"""A mail server on this machine, for tests: it takes what it gets, and refuses whom it is told to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any


@dataclass
class Server:
    """What a server does, and what it got."""

    refused: Collection[str] = ()
    certificate: ssl.SSLContext | None = None
    """With it the server offers STARTTLS."""
    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)
    """The recipient and the text of each mail."""
    secured: list[bool] = field(default_factory=list)
    """Whether each came over TLS."""


class _Handler(StreamRequestHandler):
    does: Server
    secure = False
    recipient = ""

    def handle(self) -> None:
        self.say("220 here")
        while (line := self.rfile.readline()) and self.answered(line.decode()):
            pass

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # after STARTTLS it is not the one that the listener closes

    def answered(self, line: str) -> bool:
        """Answer a command; return whether more may follow."""
        verb = line.split()[0].upper()
        answer = getattr(self, f"on_{verb.lower()}", None)
        if answer:
            answer(line)
        else:
            self.say("250 OK" if verb in ("MAIL", "RSET", "NOOP") else "502 unknown")
        return verb != "QUIT"

    def on_ehlo(self, line: str) -> None:
        self.say("250-here\r\n250 STARTTLS" if self.does.certificate and not self.secure else "250 here")

    def on_starttls(self, line: str) -> None:
        assert self.does.certificate
        self.say("220 go")
        self.connection = self.does.certificate.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.secure = True

    def on_rcpt(self, line: str) -> None:
        self.recipient = line.partition("<")[2].partition(">")[0]
        self.say("550 no such person" if self.recipient in self.does.refused else "250 OK")

    def on_data(self, line: str) -> None:
        self.say("354 go")
        lines = []
        while (text := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(text.decode())
        self.does.mails.append((self.recipient, "".join(lines)))
        self.does.secured.append(self.secure)
        self.say("250 taken")

    def on_quit(self, line: str) -> None:
        self.say("221 bye")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Listener(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of the test."""


@contextmanager
def mail_server(refused: Collection[str] = (), certificate: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server."""
    server = Server(refused, certificate)
    with _Listener(("127.0.0.1", 0), type("Handler", (_Handler,), {"does": server})) as listener:
        server.port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown()
