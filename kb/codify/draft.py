"""What is known of a lesson before it is written, from any source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.front_matter.places import Steps
from ingest.kinds import Kind
from ingest.lesson import Metadata


@dataclass(frozen=True, slots=True)
class Draft:
    """Front matter and sections to fill a template with."""

    values: Metadata = field(default_factory=dict)
    """Front matter as plain data, in its author's order if there is one."""
    comments: Mapping[Steps, str] = field(default_factory=dict)
    """By path of a value, kb's comment without `# kb: `: `("impact", 0)` → `proposed from line 12: "down 48 %"`."""
    sections: Mapping[Kind, str] = field(default_factory=dict)
    """Text by kind of section; `OTHER` goes under *Notes*. Headings in the text have level 3 or deeper."""

    def over(self, below: Draft) -> Draft:
        """Merge two drafts: the values of `self` win, but lists are concatenated.

        Comments on a value that is replaced are dropped.
        """
        own_values = {
            key: value
            for key, value in self.values.items()
            if value not in (None, "", [], {}) or key not in below.values
        }
        values = {**below.values, **{key: _joined(value, below.values.get(key)) for key, value in own_values.items()}}
        comments = {
            steps: remark for steps, remark in below.comments.items() if not _is_replaced(own_values, below, steps)
        }
        return Draft(values, {**comments, **self.comments}, {**below.sections, **self.sections})


def _is_replaced(values: Metadata, below: Draft, steps: Steps) -> bool:
    """Return whether a comment is on a value that is replaced."""
    key = str(steps[0]) if steps else ""
    old = below.values.get(key)
    return key in values and old not in (None, "", [], {}) and not isinstance(old, (list, dict)) and old != values[key]


def _joined(own: Any, below: Any) -> Any:
    if isinstance(own, list) and isinstance(below, list):
        names = {_name(item) for item in own}
        return [*own, *(item for item in below if _name(item) not in names)]
    if isinstance(own, dict) and isinstance(below, dict):
        return {**below, **{key: value for key, value in own.items() if value not in (None, "")}}
    return own


def _name(item: Any) -> str:
    """Return the key by which list items count as equal: for a person, the name."""
    return str(item.get("name", item) if isinstance(item, dict) else item).casefold()
