"""Replaces a key or value in a front matter, and keeps its author's quotes."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.front_matter.places import Span, Steps
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.edit.yaml_text import scalar_text


def rewritten_key(file: LessonFile, steps: Steps, new: str) -> tuple[Edit, ...]:
    """Return the edit that renames a key; empty if it is not written plainly."""
    return _replaced(file, file.places.keys.get(steps), str(steps[-1]), new)


def rewritten_value(file: LessonFile, steps: Steps, old: str, new: str) -> tuple[Edit, ...]:
    """Return the edit that replaces a text; empty if the old one is not written plainly."""
    return _replaced(file, file.places.values.get(steps), old, new)


def listed(file: LessonFile, steps: Steps, old: str, items: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that makes a list of a single text; empty if that is not written plainly."""
    span = file.places.values.get(steps)
    quote = _quote_of(file.text_in(span), old) if span else None
    if not span or quote is None:
        return ()
    rewritten = [scalar_text(text, quote) for text in items]
    if not quote and tuple(items) == (old,) and not set(old) & set(",[]{}"):  # so that a number stays a number
        rewritten = [old]
    return (file.edit(span, f"[{', '.join(rewritten)}]"),)


def _replaced(file: LessonFile, span: Span | None, old: str, new: str) -> tuple[Edit, ...]:
    quote = _quote_of(file.text_in(span), old) if span else None
    return () if not span or quote is None else (file.edit(span, scalar_text(new, quote)),)


def _quote_of(written: str, text: str) -> str | None:
    """Return the quotes around a text, `""` for none; None if it is written in another way, such as with escapes."""
    return next((quote for quote in ("", '"', "'") if written == f"{quote}{text}{quote}"), None)
