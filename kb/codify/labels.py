"""Labels: a line such as `ISSUE 2: radios failed`, `**Root cause:** ...` or `sponsor: Jane Doe`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.kinds import Kind, KindTable, normalize
from ingest.markdown import plain_inline

_MARK = r"(?:\*\*|__|\*|_)?"
_LABEL = re.compile(
    rf" {{0,3}}{_MARK}(?P<name>[^\W\d_][^:*_`|\[\]<>.!?;\n]{{0,45}}?)\s?{_MARK}:{_MARK}(?:\s+(?P<rest>\S.*)|\s*)"
)
_ALONE = re.compile(rf" {{0,3}}(?P<mark>{_MARK})(?P<name>[^\W\d_][^:*_`|\[\]<>.!?;\n]{{0,45}}?)(?P=mark)\s*")
_NUMBER = re.compile(r"\s*(?:#|no\.?|nr\.?)?\s*\d+[a-z]?$", re.IGNORECASE)
_LONGEST = 5
"""Words of a label; more are a sentence with a colon in it."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a line says before its colon, and after it."""

    name: str
    """As `normalize` folds it, without a number."""
    text: str


def label_of(line: str) -> Label | None:
    """Read a line of Markdown that begins with a label; a name with no colon is none."""
    found = _LABEL.fullmatch(line) if ":" in line else None
    if not found or len(found["name"].split()) > _LONGEST:
        return None
    name = _folded(found["name"])
    return Label(name, (found["rest"] or "").strip()) if name else None


def heading_in(line: str, kinds: KindTable) -> str:
    """Return the name that stands alone on a line and is that of a kind of section, as `Root Cause`; else nothing."""
    found = _ALONE.fullmatch(line.removesuffix(":"))
    if found and kinds.kind_of([_folded(found["name"])]) is not Kind.OTHER:
        return plain_inline(found["name"])
    label = label_of(line)
    if label and not label.text and kinds.kind_of([label.name]) is not Kind.OTHER:
        return plain_inline(line).strip().removesuffix(":").strip()
    return ""


def name_of(heading: str, kinds: KindTable) -> str:
    """Return that part of a heading by which its kind is known: `Issue 2: radios failed` is an issue."""
    label = label_of(heading)
    names = [heading, _NUMBER.sub("", heading), label.name if label else ""]
    return next((name for name in names if name and kinds.kind_of([name]) is not Kind.OTHER), heading)


def _folded(name: str) -> str:
    return normalize(_NUMBER.sub("", name))
