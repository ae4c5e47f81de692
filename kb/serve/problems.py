"""Errors over HTTP: problem details (RFC 9457), with a status for each exit code of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from kb.errors import (
    AmbiguousId,
    Exit,
    KbError,
    UnknownLesson,
    UnknownSection,
    UnknownTopic,
    exit_code_of,
    message_of,
)
from kb.visible import json_text
from search.errors import SearchError

MEDIA_TYPE = "application/problem+json"
_NOT_THERE = (UnknownLesson, UnknownSection, UnknownTopic)


class Refused(Exception):
    """A request that is not answered, with its status and what to do."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def problem(refused: Refused) -> Response:
    """Return a response with problem details."""
    status = refused.status
    body = json_text({"type": "about:blank", "title": status.phrase, "status": status.value, "detail": refused.detail})
    return Response(body + "\n", status, refused.headers, MEDIA_TYPE)


def refusal_of(error: KbError | SearchError) -> Refused:
    """Return the refusal for an error that the command line would turn into one line and an exit code."""
    if isinstance(error, _NOT_THERE):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(error, AmbiguousId):
        status = HTTPStatus.CONFLICT
    elif exit_code_of(error) == Exit.USAGE:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return Refused(status, message_of(error))
