"""Checks on replaced YAML rows: their values, and the comments that are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.front_matter.yaml_block import parse_front_matter
from kb.edit.same import same
from kb.edit.written import comments_in


def reads(rows: Sequence[str], values: Mapping[str, Any]) -> bool:
    """Return whether rows parse to exactly these keys and values."""
    return same(parse_front_matter("\n".join(rows), "", 0).metadata, values)


def comments_lost(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the comments in the old rows that are missing in the new ones."""
    return [*(Counter(comments_in(old)) - Counter(comments_in(new))).elements()]
