"""The page that says why a form was not recorded, with the form as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
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


_IN_WORDS = tuple((outcome, outcome.replace("-", " ")) for outcome in OUTCOMES)


class UseForm(NamedTuple):
    """The form by which a reader says that a lesson was used, as it is shown."""

    action: str
    """The address to which it is sent."""
    permission: Permission
    typed: UsedForm = UsedForm()
    outcomes: Sequence[tuple[str, str]] = _IN_WORDS
    """Each with its words."""
    longest: int = LONGEST
    """Characters of a field."""


def form_page(lesson: str, typed: UsedForm, refusal: Refused, permission: Permission) -> HTMLResponse:
    """Return the page; the form is left out if the request may not write."""
    page = f"/lessons/{quote(lesson, safe='/')}"
    use = UseForm(f"{page}/used", permission, typed)
    text = render(
        "used_form.html", "Not recorded", submits=True, detail=refusal.detail, back=page, lesson=lesson, use=use
    )
    headers = {**refusal.headers, "Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, refusal.status, headers)
