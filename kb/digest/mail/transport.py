"""Hands mails to a program or a server."""

from __future__ import annotations

import subprocess
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol

from kb.digest.mail.settings import Settings, Smtp
from kb.errors import CannotSend

if TYPE_CHECKING:
    from smtplib import SMTP

_SECONDS = 30
"""Until a program or a server must have answered."""


class Transport(Protocol):
    """A way to send mail."""

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        """Send a mail; raises `CannotSend` if it was not accepted."""


class Sendmail:
    """The command `sendmail`, which all mail servers bring with them."""

    def __init__(self, program: str) -> None:
        self._program = program

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        # The addresses stand after the options, and a line of a single dot ends nothing (-i).
        command = [self._program, "-i", "-f", sender, "--", to]
        data = message.as_bytes(policy=message.policy.clone(linesep="\n"))  # its lines end as the system's do
        try:
            subprocess.run(command, input=data, capture_output=True, check=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise CannotSend(f"{self._program} did not answer within {_SECONDS} s") from error
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout).decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise CannotSend(f"{self._program} failed with {error.returncode}: {said[0][:200]}") from error
        except OSError as error:
            raise CannotSend(f"{self._program}: {error.strerror or error}") from error


class Server:
    """An SMTP server. Each mail has a connection of its own: a mistake with one does not hinder the next."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        from smtplib import SMTPException

        place = f"{self._smtp.host}:{self._smtp.port}"
        try:
            with self._connected() as connection:
                connection.send_message(message, sender, [to])
        except SMTPException as error:
            raise CannotSend(f"{place}: {_reason(error)}") from error
        except OSError as error:  # of the network, of TLS, or time is over
            raise CannotSend(f"{place}: {error.strerror or error}") from error

    def _connected(self) -> SMTP:
        import smtplib
        import ssl

        host, port, security, user, password = self._smtp
        if security == "tls":
            found: SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        else:
            found = smtplib.SMTP(host, port, timeout=_SECONDS)
        try:
            if security == "starttls":
                found.starttls(context=ssl.create_default_context())
            if user:
                found.login(user, password)
        except BaseException:
            found.close()
            raise
        return found


def transport_of(settings: Settings) -> Transport:
    return Server(settings.smtp) if settings.smtp else Sendmail(settings.sendmail)


def _reason(error: Exception) -> str:
    """Return what a server said, on one line, without what was sent to it."""
    refused = getattr(error, "recipients", None)  # there is only one
    said = next(iter(refused.values()))[1] if refused else getattr(error, "smtp_error", None)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return " ".join(text.split())[:200] or type(error).__name__
