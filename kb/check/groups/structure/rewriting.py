"""Putting another key or value into a front matter, in the quotes in which its author wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.front_matter.places import Span, Steps
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.edit.yaml_text import scalar_text


def rewritten_key(file: LessonFile, steps: Steps, new: str) -> tuple[Edit, ...]:
    """Return what gives a key another name; nothing when it does not stand there as it reads."""
    return _replaced(file, file.places.keys.get(steps), str(steps[-1]), new)


def rewritten_value(file: LessonFile, steps: Steps, old: str, new: str) -> tuple[Edit, ...]:
    """Return what puts a text in the place of another; nothing when that does not stand there as it reads."""
    return _replaced(file, file.places.values.get(steps), old, new)


def listed(file: LessonFile, steps: Steps, old: str, items: Sequence[str]) -> tuple[Edit, ...]:
    """Return what makes a list of a lone text; nothing when that does not stand there as it reads."""
    span = file.places.values.get(steps)
    quote = _quote_of(file.said(span), old) if span else None
    if not span or quote is None:
        return ()
    said = [scalar_text(text, quote) for text in items]
    if not quote and tuple(items) == (old,) and not set(old) & set(",[]{}"):  # a number stays one
        said = [old]
    return (file.edit(span, f"[{', '.join(said)}]"),)


def _replaced(file: LessonFile, span: Span | None, old: str, new: str) -> tuple[Edit, ...]:
    quote = _quote_of(file.said(span), old) if span else None
    return () if not span or quote is None else (file.edit(span, scalar_text(new, quote)),)


def _quote_of(said: str, text: str) -> str | None:
    """Return in which quotes a text stands, `""` for none; None when what stands there is not simply that text."""
    return next((quote for quote in ("", '"', "'") if said == f"{quote}{text}{quote}"), None)
