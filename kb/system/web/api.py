"""Asks a JSON interface over HTTP that the user has named and trusts with a token."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from kb import __version__
from kb.errors import ConfigError

_SECONDS = 20
_MOST_BYTES = 20_000_000
_PAUSES = (1.0, 4.0)
"""Seconds before each further try."""
_LONGEST_PAUSE = 60.0
"""Seconds; a server that asks for more is not waited for."""
_REPEATABLE = ("GET", "PATCH", "PUT")
_SELF = ("127.0.0.1", "::1", "localhost")


class ApiError(Exception):
    """The server refuses, or cannot be reached."""

    def __init__(self, message: str, status: int | None = None) -> None:
        """`status` is the reason for which it refuses; None if it did not answer, or only asks for a pause."""
        super().__init__(message)
        self.status = status


class Unanswered(ApiError):
    """It is not known whether the server did what was asked; it must not be repeated blindly."""


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the token to another server."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Api:
    """A server's interface at an address."""

    base: str
    headers: Mapping[str, str]
    """Sent with each request, the token among them."""
    pause: Callable[[float], object] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _SELF):
            raise ConfigError(f"{self.base!r} is no address of an interface; it must begin with https://")

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Return what the server answers, as JSON.

        What may be repeated is repeated twice if the server fails or asks for a pause. Raises `ApiError`, and
        `Unanswered` for what may not be repeated.
        """
        repeatable = method in _REPEATABLE
        for pause in (*_PAUSES, None):
            try:
                return self._sent(method, path, body)
            except HTTPError as error:
                wait = None if pause is None else _wait(error, pause, repeatable=repeatable)
                if wait is None:
                    raise _refusal(error, repeatable=repeatable) from error
            except (OSError, HTTPException) as error:
                wait = pause if repeatable else None
                if wait is None:
                    raise _unreached(error, repeatable=repeatable) from error
            self.pause(wait)
        raise AssertionError("the last try returns or raises")

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"User-Agent": f"kb-lessons/{__version__}", "Content-Type": "application/json", **self.headers}
        request = Request(self.base.rstrip("/") + path, data, headers, method=method)  # noqa: S310 - see __post_init__
        with build_opener(_NoRedirect()).open(request, timeout=_SECONDS) as answer:
            return _json(answer.read(_MOST_BYTES + 1))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data[:_MOST_BYTES]) if data.strip() else None
    except (ValueError, RecursionError) as error:
        raise ApiError("the server did not answer with JSON") from error


def _wait(error: HTTPError, pause: float, *, repeatable: bool) -> float | None:
    """Return how many seconds to wait before the next try; None if there is none.

    What was refused for its rate was not done, so that can be repeated whatever it is.
    """
    if (asked := _asked_pause(error)) is not None:
        return asked if asked <= _LONGEST_PAUSE else None
    return pause if error.code >= 500 and repeatable else None


def _asked_pause(error: HTTPError) -> float | None:
    """Return the seconds for which a server that limits the rate of requests asks; None if it does not."""
    headers = error.headers
    if error.code not in (403, 429, 503):
        return None
    if (after := headers.get("Retry-After", "")).isdigit():
        return float(after)
    if error.code != 503 and headers.get("X-RateLimit-Remaining") == "0":
        reset = headers.get("X-RateLimit-Reset", "")
        return max(float(reset) - time.time(), 0.0) if reset.isdigit() else _LONGEST_PAUSE + 1
    return None


def _refusal(error: HTTPError, *, repeatable: bool) -> ApiError:
    if _asked_pause(error) is not None:
        return ApiError("the server limits how often it may be asked")
    if error.code >= 500 and not repeatable:
        return Unanswered(f"the server answered {error.code}", error.code)
    return ApiError(f"the server answered {error.code}{_reason(error)}", error.code)


def _reason(error: HTTPError) -> str:
    """Return the message of the server, as far as it is one line of plain text."""
    try:
        said = json.loads(error.read(10_000)).get("message", "")
    except (ValueError, AttributeError, OSError, HTTPException, RecursionError):
        return ""
    line = "".join(sign for sign in str(said)[:200] if sign.isprintable())
    return f": {line}" if line else ""


def _unreached(error: Exception, *, repeatable: bool) -> ApiError:
    reason = error.reason if isinstance(error, URLError) else error
    message = f"the server cannot be reached: {getattr(reason, 'strerror', None) or reason or type(reason).__name__}"
    return ApiError(message) if repeatable else Unanswered(message)
