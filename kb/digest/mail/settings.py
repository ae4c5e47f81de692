"""How mail is sent, by the environment only: `kb.toml` comes with a clone, and must not name a server or a program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import NamedTuple

from kb.digest.subscriptions import is_address
from kb.errors import CannotSend
from kb.wording import meant_by

FROM, SENDMAIL = "KB_MAIL_FROM", "KB_SENDMAIL"
HOST, PORT, USER, PASSWORD, SECURITY = (f"KB_SMTP_{name}" for name in ("HOST", "PORT", "USER", "PASSWORD", "SECURITY"))
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port by the way a connection is secured."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SYSTEM_PATH = "/usr/sbin:/usr/lib"


class Smtp(NamedTuple):
    """A mail server."""

    host: str
    port: int
    security: str
    """A key of `PORTS`."""
    user: str
    password: str


class Settings(NamedTuple):
    """Who sends mail, and how."""

    sender: str
    """The address in `From`."""
    sendmail: str
    """Path of the program; empty if a server is used."""
    smtp: Smtp | None


def sender_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return the sender's address; empty if none is set. Raises `CannotSend` for one that is none."""
    sender = environment.get(FROM, "")
    if sender and not is_address(sender):
        raise CannotSend(f"{FROM}: expected one plain mail address, got {sender[:80]!r}")
    return sender


def settings_of(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; raises `CannotSend`, which says what is missing or wrong."""
    sender = sender_of(environment)
    if not sender:
        raise CannotSend(f"nobody is named as the sender; set {FROM} to a mail address")
    if environment.get(HOST):
        return Settings(sender, "", _smtp(environment))
    named = environment.get(SENDMAIL) or "sendmail"
    path = shutil.which(named) or shutil.which(named, path=_SYSTEM_PATH)
    if path is None:
        raise CannotSend(f"there is no program {named!r} to send mail; set {SENDMAIL} to its path, or {HOST}")
    return Settings(sender, path, None)


def _smtp(environment: Mapping[str, str]) -> Smtp:
    host, security = environment[HOST], environment.get(SECURITY) or "starttls"
    if security not in PORTS:
        raise CannotSend(f"{SECURITY}: {security[:80]!r} is unknown; {meant_by(security, PORTS)}")
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if user and security == "none" and host not in _LOOPBACK:
        raise CannotSend(f"{SECURITY}: `none` would send the password unencrypted to {host}; write `starttls` or `tls`")
    try:
        port = int(environment.get(PORT) or PORTS[security])
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise CannotSend(f"{PORT}: expected a number from 1 to 65535, got {environment[PORT][:80]!r}")
    return Smtp(host, port, security, user, password)
