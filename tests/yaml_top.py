"""A YAML block, parsed: its data, one value, or what is wrong."""

from __future__ import annotations

import textwrap
from typing import Any

from ingest.front_matter.yaml_block import FrontMatter, parse_front_matter


def parse(block: str) -> FrontMatter:
    """Parse a block that begins on the file's second line."""
    return parse_front_matter(textwrap.dedent(block), "lessons/a.md", 1)


def value_of(yaml: str) -> Any:
    found = parse(f"key: {yaml}")
    assert found.problem is None
    return found.metadata["key"]


def reason_of(block: str) -> str:
    problem = parse(block).problem
    assert problem is not None
    return problem.reason
