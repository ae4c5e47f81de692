"""What a person expects of notes: which sentence lands where, and what is proposed. `tests/notes/real/*.where`.

One line each: `title:`, `date:`, `unit:`, `tags:`; `person: name | role | contact` and `figure: before -> after unit`
for each that is proposed, and no others; `problem:`, `case:` ... for words that stand in a section of that kind.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.kinds import Kind
from kb.codify.draft import Draft

Expected = Mapping[str, Sequence[str]]
_KEYS = ("title", "date", "unit", "tags", "person", "figure")


def expected_in(path: Path) -> Expected:
    """Read what is expected; a line that names nothing known is a slip."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        key, _, said = line.partition(":")
        assert key in (*_KEYS, *Kind), line
        found[key].append(said.strip())
    return found


def misplaced(draft: Draft, expected: Expected) -> Iterator[str]:
    """Yield in words what a draft does not have as expected."""
    for key, said in _said(draft.values).items():
        if said != list(expected.get(key, ())):
            yield f"{key}: {said}, expected {list(expected.get(key, ()))}"
    sections = {kind: _folded(text) for kind, text in draft.sections.items()}
    for kind in Kind:
        for words in expected.get(kind, ()):
            if _folded(words) not in sections.get(kind, ""):
                where = [str(other) for other, text in sections.items() if _folded(words) in text]
                yield f"{kind}: {words!r} is in {where}"


def _said(values: Mapping[str, Any]) -> dict[str, list[str]]:
    texts = {key: [str(values[key])] if values.get(key) else [] for key in ("title", "date", "unit")}
    tags = [", ".join(values["tags"])] if values.get("tags") else []
    return {**texts, "tags": tags, "person": list(_people(values)), "figure": list(_figures(values))}


def _people(values: Mapping[str, Any]) -> Iterator[str]:
    for person in values.get("people", ()):
        parts = [person["name"], person.get("role", ""), person.get("contact", "")]
        yield " | ".join(parts if parts[2] else parts[:2]).replace("|  |", "| |").strip()


def _figures(values: Mapping[str, Any]) -> Iterator[str]:
    for impact in values.get("impact", ()):
        change = f"{impact['before']} -> {impact['after']}" if "before" in impact else impact["change"]
        yield f"{change} {impact.get('unit', '')}".strip()


def _folded(text: str) -> str:
    return re.sub(r"[\s*_\\]+", " ", text).casefold()
