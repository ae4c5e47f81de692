"""The page that says why a form was not recorded, with the form as it was typed."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import HTMLResponse

from ingest.format import OUTCOMES
from kb.pages.page import render
from kb.reuse.recorded import LONGEST
from kb.serve.problems import Refused
from kb.serve.writing.permission import Permission
from kb.serve.writing.requests import UsedForm

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
"""The page's own policy allows its one style sheet by hash; a browser applies both."""


def form_page(lesson: str, typed: UsedForm, refusal: Refused, permission: Permission) -> HTMLResponse:
    """Return the page; the form is left out if the request may not write."""
    text = render(
        "used_form.html",
        "Not recorded",
        submits=True,
        detail=refusal.detail,
        address=f"/lessons/{quote(lesson, safe='/')}",
        lesson=lesson,
        typed=typed,
        outcomes=[(outcome, outcome.replace("-", " ")) for outcome in OUTCOMES],
        longest=LONGEST,
        permission=permission,
    )
    headers = {**refusal.headers, "Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, refusal.status, headers)
