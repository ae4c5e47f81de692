"""Edits YAML and keeps what its author wrote around the change. The only module that uses ruamel.yaml."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from kb.edit.same import same, spelled
from kb.edit.yaml_rows import item_rows
from kb.edit.yaml_text import scalar_text

_ENDLESS = 1 << 30
_NOTHING = {"": [("tag:yaml.org,2002:null", re.compile("^$"))]}


class _Spelling(VersionedResolver):
    """Gives no scalar a type, except null to the empty one: `1_000`, `yes` and `2006-5-1` are written unchanged."""

    @property
    def versioned_resolver(self) -> Any:
        return _NOTHING


def rewritten(
    rows: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any], dash: int, step: int
) -> Iterator[list[str]]:
    """Yield candidates for the rows of a mapping with new values, the one closest to the author's text first.

    The caller must check by parsing that a candidate is right. The dashes of a list stand `dash` columns from its key,
    its items `step` columns from the dash.
    """
    yaml = _yaml(dash, step)
    text = "\n".join([*rows, ""])
    try:
        unchanged = _rows(yaml, yaml.load(text))
        changed = _rows(yaml, _merged(yaml.load(text), old, new))
    except YAMLError:
        return
    # Rows that differ even without a change differ in spacing that the library does not preserve.
    if len(unchanged) == len(rows):
        changes = SequenceMatcher(None, unchanged, changed, autojunk=False).get_opcodes()
        kept = (
            rows[start:end] if kind == "equal" else changed[new_start:new_end]
            for kind, start, end, new_start, new_end in changes
        )
        yield [row for part in kept for row in part]
    yield changed


def _rows(yaml: YAML, node: Any) -> list[str]:
    out = io.StringIO()
    yaml.dump(node, out)
    return out.getvalue().rstrip("\n").split("\n")


def _yaml(dash: int = 0, step: int = 2) -> YAML:
    yaml = YAML()
    yaml.Resolver = _Spelling
    yaml.preserve_quotes = True
    yaml.width = _ENDLESS
    yaml.indent(mapping=2, sequence=dash + step, offset=dash)
    return yaml


def _merged(node: Any, old: Any, new: Any) -> Any:
    """Return the author's node with a new value in it."""
    if same(old, new):
        return node
    if isinstance(node, CommentedMap) and isinstance(new, Mapping):
        for name in [name for name in node if name not in new]:
            del node[name]
        for name, value in new.items():
            node[name] = _merged(node[name], old[name], value) if name in node else _fresh(value)
        return node
    if isinstance(node, CommentedSeq) and isinstance(new, list):
        return _merged_items(node, old, new)
    return _fresh(new, _quote_of(node))


def _merged_items(node: CommentedSeq, old: list[Any], new: list[Any]) -> CommentedSeq:
    changes = SequenceMatcher(
        None, [spelled(value) for value in old], [spelled(value) for value in new], autojunk=False
    )
    for _, start, end, new_start, new_end in reversed(changes.get_opcodes()):
        both = min(end - start, new_end - new_start)
        for number in reversed(range(start + both, end)):
            del node[number]
        for number in range(both):
            node[start + number] = _merged(node[start + number], old[start + number], new[new_start + number])
        for number in range(both, new_end - new_start):
            node.insert(start + number, _fresh(new[new_start + number]))
    return node


def _fresh(value: Any, quote: str = "") -> Any:
    """Return a value as a node that looks like written by the author."""
    rows = [f"- {scalar_text(value, quote)}"] if isinstance(value, str) else item_rows(value, 0)
    return _yaml().load("\n".join(rows))[0]


def _quote_of(node: Any) -> str:
    if isinstance(node, SingleQuotedScalarString):
        return "'"
    return '"' if isinstance(node, DoubleQuotedScalarString) else ""
