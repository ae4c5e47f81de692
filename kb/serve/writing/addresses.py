"""The addresses that write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.format import OUTCOMES
from kb.errors import KbError, WrongState
from kb.forms.keep.draft import NewDraft
from kb.forms.keep.reuse import RecordedUse
from kb.reuse.request import ReuseRequest
from kb.serve.api.parameters import from_json, from_query
from kb.serve.body import body_of
from kb.serve.problems import Refused, refusal_of
from kb.serve.writing.form_page import form_page
from kb.serve.writing.permission import Permissions, key_of, name_of
from kb.serve.writing.requests import NewLesson, UsedForm, UsedLesson
from kb.serve.writing.same_site import refuse_other_content, refuse_other_sites
from kb.serve.writing.writer import Writer
from kb.visible import json_text
from search.errors import SearchError

KEY = "Idempotency-Key"
"""The header by which a client names a request, so that it can repeat it."""
_LONGEST_KEY = 200
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


class Written(NamedTuple):
    """An address of the API that writes."""

    summary: str
    parameters: type[msgspec.Struct]
    form: type
    """The type of the answer."""
    names_lesson: bool = False


REUSE, DRAFTS, USED = "/api/lessons/{id:path}/reuse", "/api/drafts", "/lessons/{id:path}/used"
WRITTEN: Mapping[str, Written] = {
    REUSE: Written(
        "Record that a lesson was used, and whether it helped.",
        UsedLesson,
        RecordedUse,
        names_lesson=True,
    ),
    DRAFTS: Written("Begin a lesson: a draft with headings, prompts and what is known.", NewLesson, NewDraft),
}
"""Path → what it writes."""


class Addresses:
    """Answers the requests that write."""

    def __init__(self, writer: Writer, permissions: Permissions) -> None:
        self._writer = writer
        self._permissions = permissions

    @property
    def routes(self) -> Sequence[Route]:
        return [
            Route(REUSE, self._reuse, methods=["POST"]),
            Route(DRAFTS, self._draft, methods=["POST"]),
            Route(USED, self._used, methods=["POST"]),
        ]

    async def _reuse(self, request: Request) -> Response:
        self._refuse(request, _JSON)
        asked = from_json(await body_of(request), UsedLesson)
        named = asked.of(request.path_params["id"], name_of(request.scope), _key_in(request))
        recorded = await self._writer.record(named)
        return _answer(json_text(recorded), HTTPStatus.CREATED if recorded["recorded"] else HTTPStatus.OK)

    async def _draft(self, request: Request) -> Response:
        self._refuse(request, _JSON)
        wanted = from_json(await body_of(request), NewLesson)
        begun, is_new = await self._writer.begin(wanted, name_of(request.scope), _key_in(request))
        return _answer(json_text(begun), HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    async def _used(self, request: Request) -> Response:
        lesson, typed = request.path_params["id"], UsedForm()
        try:
            self._refuse(request, _FORM)
            typed = from_query(await body_of(request), UsedForm)
            await self._writer.record(self._use_typed(request, lesson, typed))
        except (Refused, KbError, SearchError) as error:
            return form_page(lesson, typed, _refusal(error), self._permissions.of(request.scope))
        return Response(
            status_code=HTTPStatus.SEE_OTHER, headers={"Location": f"/lessons/{quote(lesson, safe='/')}#used-by"}
        )

    def _use_typed(self, request: Request, lesson: str, typed: UsedForm) -> ReuseRequest:
        if not self._permissions.has_made(typed.token, request.scope):
            raise Refused(HTTPStatus.FORBIDDEN, "the server was started anew since this page was opened; send it again")
        if typed.outcome not in OUTCOMES:
            raise WrongState("say whether it helped")
        if not typed.where.strip():
            raise WrongState("say where it was used")
        return typed.of(lesson, name_of(request.scope), key_of(request.scope, typed.token))

    def _refuse(self, request: Request, content: str) -> None:
        self._permissions.require(request.scope)
        refuse_other_sites(request.headers)
        refuse_other_content(request.headers, content)


def _refusal(error: Refused | KbError | SearchError) -> Refused:
    return error if isinstance(error, Refused) else refusal_of(error)


def _answer(text: str, status: HTTPStatus) -> Response:
    return Response(text + "\n", status, {"Cache-Control": "no-store"}, _JSON)


def _key_in(request: Request) -> str:
    """Return the key of what a request writes, from its header; empty if there is none."""
    given = request.headers.getlist(KEY)
    if not given:
        return ""
    if len(given) > 1 or not given[0].isprintable() or not 0 < len(given[0]) <= _LONGEST_KEY:
        detail = f"{KEY}: give one, of 1 to {_LONGEST_KEY} printable characters"
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return key_of(request.scope, given[0])
