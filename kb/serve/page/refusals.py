"""Errors as pages, in words: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from kb.serve.headers import OF_PAGES
from kb.serve.page.asked import Question
from kb.serve.problems import Refused

if TYPE_CHECKING:
    from kb.serve.page.frame import Place

_MEDIA_TYPE = "text/html"


class _Words(NamedTuple):
    title: str
    advice: str


_OTHERS = _Words("The server failed at this", "It is not your fault. Tell whoever looks after it; its log says how.")
_WORDS: Mapping[HTTPStatus, _Words] = {
    HTTPStatus.BAD_REQUEST: _Words("This address is damaged", "Go to the first page and ask again."),
    HTTPStatus.UNAUTHORIZED: _Words(
        "You need a token", "Whoever looks after this library makes one for you. It is the password; the name is free."
    ),
    HTTPStatus.FORBIDDEN: _Words("Another site asked", "Open this library itself, and ask there."),
    HTTPStatus.NOT_FOUND: _Words(
        "There is nothing here", "The lesson may have another name now, or may have been removed. Search for it:"
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: _Words("This cannot be done here", "Go to the first page and ask again."),
    HTTPStatus.CONFLICT: _Words("Several lessons have this name", "Search for the one that you mean:"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _Words("That is too much text", "Paste the part that says what is wrong:"),
    HTTPStatus.MISDIRECTED_REQUEST: _Words(
        "This server has another name", "Use the address that whoever looks after it gave you."
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: _Words("This cannot be asked", "Change what is named below, or ask again:"),
    HTTPStatus.TOO_MANY_REQUESTS: _Words("Too many are asking at once", "Wait a second, then load the page again."),
    HTTPStatus.SERVICE_UNAVAILABLE: _Words(
        "No answer right now", "Load the page again in some seconds. If it stays so, tell whoever looks after it."
    ),
}


def wants_page(scope: Scope) -> bool:
    """Return whether whoever asks is to see a page: a browser, at an address that is not for programs."""
    is_for_programs = scope["path"].startswith("/api/") or scope["client"] is None
    return not is_for_programs and "text/html" in Headers(scope=scope).get("accept", "")


def error_page(refused: Refused, place: Place, text: str) -> Response:
    """Return a page within the library, from which one can ask on; `text` is what was asked."""
    from kb.pages.page import render_in
    from kb.serve.page.search import box_of

    words = _WORDS.get(refused.status, _OTHERS)
    html = render_in(
        place.shell(has_box=True),
        "served/error.html",
        words.title,
        advice=words.advice,
        detail=_detail(refused),
        box=box_of(Question(q=text)),
    )
    return Response(html, refused.status, {**OF_PAGES, "Cache-Control": "no-store", **refused.headers}, _MEDIA_TYPE)


def plain_page(refused: Refused) -> Response:
    """Return a page that says nothing of the library, for whom it may be closed."""
    from kb.pages.page import policy_of, render

    words = _WORDS.get(refused.status, _OTHERS)
    html = render("served/refused.html", words.title, advice=words.advice, detail=_detail(refused))
    headers = {"Content-Security-Policy": f"{policy_of()}; frame-ancestors 'none'", "Cache-Control": "no-store"}
    return Response(html, refused.status, {**headers, **refused.headers}, _MEDIA_TYPE)


def _detail(refused: Refused) -> str:
    """Return what is wrong; empty if that is only the name of the status."""
    return "" if refused.detail == refused.status.phrase else refused.detail
