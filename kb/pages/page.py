"""Renders a page from a template. Everything in it is escaped, and nothing in it can run or fetch anything."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kb.visible import visible

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"
"""Content Security Policy, level 3: only the one style sheet of the page, and pictures that are part of it."""


class Picture(NamedTuple):
    """A picture that is part of a page; the table behind it says the same."""

    svg: bytes
    alternative: str
    """What it shows, in words."""

    @property
    def source(self) -> str:
        return f"data:image/svg+xml;base64,{b64encode(self.svg).decode()}"


def render(template: str, title: str, **values: Any) -> str:
    """Return a page; `template` extends `shell.html`, and gets `title` and the values."""
    style = (_TEMPLATES / "page.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = _POLICY.format(style=f"sha256-{digest}")
    page = _environment().get_template(template)
    return page.render(title=title, policy=policy, style=Markup(style), **values)  # noqa: S704 - a file of ours


def fragment(template: str, **values: Any) -> str:
    """Return a piece of HTML without a shell, for a feed reader that has a page of its own."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: Any) -> Any:
    """Return a text without characters that hide or reorder others."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
