"""The answers of `kb show` and `kb list`."""

from typing import Any, TypedDict

from kb.forms.lesson import Ask, Evidence, Tally


class Use(TypedDict):
    """The use of a lesson in a later intervention. Texts that are not known are empty."""

    lesson: str
    """The id of the later lesson; empty if the intervention has none."""
    title: str
    """Its title, or the words that say where the lesson was used."""
    outcome: str
    """`helped`, `partly` or `did-not-help`, or as written."""
    note: str
    saved: str
    """What it saved, as written."""
    date: str
    by: str
    """Who recorded it."""


class ShownLesson(TypedDict):
    """A lesson, or some sections of it; `kb show --json`."""

    id: str
    title: str
    path: str
    metadata: dict[str, Any]
    """The whole front matter, unknown keys too: `kb schema` describes it."""
    evidence: Evidence | None
    ask: Ask | None
    reuse: Tally | None
    reused_by: list[Use]
    """The latest first."""
    text: str
    """The Markdown that is shown."""


class ListedLesson(TypedDict):
    """A lesson of a list; `kb list --json` prints an array of them."""

    id: str
    title: str
    path: str
    date: str | None
    status: str | None
    tags: list[str]
    unit: str | None
    evidence: Evidence | None
