"""Renders a page from a template. Everything in it is escaped, and nothing in it can fetch anything.

Nothing can run either, except the one script of ours that a page may have.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kb.visible import visible

if TYPE_CHECKING:
    from kb.pages.library import Shell

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action {forms}"
"""Content Security Policy, level 3: only the one style sheet of the page, and pictures that are part of it."""
_SCRIPT = "; script-src '{script}'"
"""Added for a page with a script: only this one, by its hash; none in attributes or links."""


class Picture(NamedTuple):
    """A picture that is part of a page; the table behind it says the same."""

    svg: bytes
    alternative: str
    """What it shows, in words."""

    @property
    def source(self) -> str:
        return f"data:image/svg+xml;base64,{b64encode(self.svg).decode()}"


def render(
    template: str, title: str, *, style: str = "", script: str = "", submits: bool = False, **values: Any
) -> str:
    """Return a page; `template` extends `shell.html`, and gets `title` and the values.

    `style` and `script` name files of ours beside the templates: one is added to the style sheet of all pages, the
    other makes a page easier to use, which must say all without it. `submits`: whether it has a form for its server.
    """
    sheet, code = file_of_ours("page.css") + file_of_ours(style), file_of_ours(script)
    policy = policy_of(style, script, submits=submits)
    page = _environment().get_template(template)
    ours = {"style": Markup(sheet), "script": Markup(code)}  # noqa: S704 - files of ours
    return page.render(title=title, policy=policy, submits=submits, **ours, **values)


def policy_of(style: str = "", script: str = "", *, submits: bool = False) -> str:
    """Return the Content Security Policy of a page that `render` returns."""
    sheet, code = file_of_ours("page.css") + file_of_ours(style), file_of_ours(script)
    forms = "'self'" if submits else "'none'"
    return _POLICY.format(style=_hash(sheet), forms=forms) + (_SCRIPT.format(script=_hash(code)) if code else "")


def render_in(shell: Shell, template: str, title: str, **values: Any) -> str:
    """Return a page of a library; `template` extends the one of the shell's frame."""
    page = _environment().get_template(template)
    return page.render(title=title, policy=shell.frame.policy, shell=shell, **values)


def library_style(*more: str) -> str:
    """Return the style sheet of the pages of a library; `more` are files of ours that are added."""
    return "".join(map(file_of_ours, ("page.css", "library.css", *more)))


def file_of_ours(name: str) -> str:
    """Return a file beside the templates; nothing for no name."""
    return (_TEMPLATES / name).read_text("utf-8") if name else ""


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


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
