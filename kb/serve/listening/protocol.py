"""HTTP/1.1 for clients that are slow on purpose, and a socket that only its owner may use."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_ARRIVING = (h11.IDLE, h11.SEND_BODY)


class ImpatientProtocol(H11Protocol):
    """Closes a connection on which a request does not arrive in time, for which uvicorn has no limit."""

    def __init__(self, seconds: float, *given: Any, **named: Any) -> None:
        """`seconds`: within which head and body of a request must have arrived."""
        super().__init__(*given, **named)
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if _is_of_another_user(transport.get_extra_info("socket")):
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for it, uvicorn returns none
        """Keep the connection open if an answer is owed: a client that sends no more may still wait for it."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state not in _ARRIVING:
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(self._seconds, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _is_of_another_user(connected: Any) -> bool:
    """Return whether a Unix socket was connected by another user."""
    if connected is None or connected.family != socket.AF_UNIX or not hasattr(socket, "SO_PEERCRED"):
        return False
    credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _process, user, _group = struct.unpack("3i", credentials)
    return bool(user != os.getuid())
