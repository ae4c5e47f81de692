"""A token: a secret that a program or a person sends with each request."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kb.forms.keep.tokens import ListedToken

_BYTES_OF_ID, _BYTES_OF_SECRET = 4, 32
_WRITTEN = re.compile(r"kb_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", re.ASCII)


class Role(StrEnum):
    """What a token allows."""

    READ = "read"
    WRITE = "write"
    """Also to record uses of lessons and to begin drafts, if the server allows that at all."""


class Written(NamedTuple):
    """A token as it is sent: `kb_ID_SECRET`."""

    id: str
    secret: str

    @classmethod
    def new(cls) -> Written:
        return cls(secrets.token_hex(_BYTES_OF_ID), secrets.token_urlsafe(_BYTES_OF_SECRET))

    @classmethod
    def read(cls, text: str) -> Written | None:
        found = _WRITTEN.fullmatch(text)
        return cls(*found.groups()) if found else None

    def __str__(self) -> str:
        return f"kb_{self.id}_{self.secret}"

    @property
    def digest(self) -> str:
        """SHA-256: a secret of 256 random bits cannot be guessed, so that no slow hash is needed."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


class Token(NamedTuple):
    """What is stored of a token."""

    id: str
    name: str
    """For whom or what it is."""
    role: Role
    digest: str
    created: datetime
    expires: datetime
    revoked: bool = False

    @classmethod
    def of(cls, written: Written, name: str, role: Role, now: datetime, days: int) -> Token:
        return cls(written.id, name, role, written.digest, now, now + timedelta(days=days))

    def allows(self, written: Written, now: datetime) -> bool:
        """Return whether a token that was sent is this one, and valid; the time does not tell how much is equal."""
        is_equal = hmac.compare_digest(self.digest, written.digest)
        return is_equal and not self.revoked and self.created <= now < self.expires

    def as_json(self) -> ListedToken:
        """Return what may be shown: all but the digest."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role.value,
            "created": self.created.isoformat(timespec="seconds"),
            "expires": self.expires.isoformat(timespec="seconds"),
            "revoked": self.revoked,
        }
