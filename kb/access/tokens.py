"""The tokens of one knowledge base, in a file that only its user can read."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ingest.files.reason import reason_of
from kb.access.token import Role, Token, Written
from kb.errors import CannotWrite, UnknownToken
from kb.system.state_file import read_state
from kb.system.user_cache import state_folder
from search.storage import replace_file

_MOST = 1_000


class Tokens:
    """Makes, lists and revokes tokens; whatever cannot be read allows nothing."""

    def __init__(self, root: Path) -> None:
        key = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:24]
        self._file = state_folder() / "tokens" / f"{key}.json"
        self._stamp: object = None
        self._tokens: dict[str, Token] = {}

    def all(self) -> list[Token]:
        """Return all tokens, oldest first, the expired and revoked ones too."""
        return sorted(self._now().values(), key=lambda token: (token.created, token.id))

    def new(self, name: str, role: str, now: datetime, days: int) -> Written:
        """Store a new token, and return it: the only time that its secret is known. Raises `CannotWrite`."""
        written = Written.new()
        with self._changing() as tokens:
            if len(tokens) >= _MOST:
                raise CannotWrite(f"{self._file}: it has {_MOST:,} tokens; revoke those that nobody needs")
            tokens[written.id] = Token.of(written, name, Role(role), now, days)
        return written

    def rotate(self, id_: str, now: datetime, days: int) -> Written:
        """Replace a token by a new one of the same name and role; raises `UnknownToken`, `CannotWrite`."""
        written = Written.new()
        with self._changing() as tokens:
            before = _known(tokens, id_)
            tokens[before.id] = before._replace(revoked=True)
            tokens[written.id] = Token.of(written, before.name, before.role, now, days)
        return written

    def revoke(self, id_: str) -> Token:
        """Let a token allow nothing from now on; raises `UnknownToken`, `CannotWrite`."""
        with self._changing() as tokens:
            tokens[id_] = revoked = _known(tokens, id_)._replace(revoked=True)
        return revoked

    def valid(self, text: str, now: datetime) -> Token | None:
        """Return the token that was sent; None if it allows nothing."""
        written = Written.read(text)
        if written is None:
            return None
        # A token that is not known is compared too, so that the time does not tell which ids exist.
        token = self._now().get(written.id, _NOBODY)
        return token if token.allows(written, now) else None

    def _now(self) -> dict[str, Token]:
        """Return what the file says now, by id."""
        stamp = _stamp_of(self._file)
        if stamp != self._stamp:
            self._tokens, self._stamp = _read(self._file), stamp
        return self._tokens

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Token]]:
        """Yield the tokens, and store what has become of them; other processes wait."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise CannotWrite(f"{self._file.parent}: {reason_of(error)}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = _read(self._file)
            yield tokens
            replace_file(self._file, _written(tokens), 0o600)
        except OSError as error:
            raise CannotWrite(f"{self._file}: {reason_of(error)}") from error
        finally:
            os.close(lock)


_NOBODY = Token("", "", Role.READ, "0" * 64, datetime.min, datetime.min, revoked=True)


def _known(tokens: dict[str, Token], id_: str) -> Token:
    if id_ not in tokens:
        raise UnknownToken(f"no token {id_!r}; `kb token list` names all")
    return tokens[id_]


def _read(file: Path) -> dict[str, Token]:
    """Return the tokens of a file; none if it is not what kb wrote."""
    try:
        rows = json.loads(read_state(file) or "[]")
        tokens = [
            Token(
                id_, name, Role(role), digest, datetime.fromisoformat(created), datetime.fromisoformat(expires), revoked
            )
            for id_, name, role, digest, created, expires, revoked in rows
        ]
    except (ValueError, TypeError, RecursionError):
        return {}
    if not all(isinstance(value, str) for token in tokens for value in (token.id, token.name, token.digest)):
        return {}
    return {token.id: token for token in tokens if token.expires.tzinfo and token.created.tzinfo}


def _written(tokens: dict[str, Token]) -> bytes:
    rows = [
        (
            token.id,
            token.name,
            token.role,
            token.digest,
            token.created.isoformat(),
            token.expires.isoformat(),
            token.revoked,
        )
        for token in tokens.values()
    ]
    return json.dumps(rows, indent=1).encode()


def _stamp_of(file: Path) -> object:
    try:
        found = os.lstat(file)
    except OSError as error:
        return error.errno
    return found.st_mtime_ns, found.st_size, found.st_ino, stat.S_IMODE(found.st_mode)
