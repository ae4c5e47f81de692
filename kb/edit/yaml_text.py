"""Plain values as YAML text that `ingest.front_matter.yaml_block` reads back unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ingest.front_matter.yaml_block import parse_front_matter

_TEXTS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")


def scalar_text(value: Any, quote: str = "") -> str:
    """Return a scalar as YAML, in the requested quotes if they can hold it, else in double quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    double = json.dumps(value, ensure_ascii=False)
    wanted = {"": value, "'": "'" + value.replace("'", "''") + "'"}.get(quote, double)
    readable = (text for text in (wanted, double) if _reads(text, value))
    return next(readable, json.dumps(value))


def flow_text(value: Any, quote: str = "") -> str:
    """Return a value of any type on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar_text(key)}: {flow_text(part, quote)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(part, quote) for part in value) + "]"
    return scalar_text(value, quote)


def _reads(text: str, value: str) -> bool:
    """Return whether a text is parsed as a value in every position: in a block, in brackets, as a list item."""
    block = f"a: {text}\nb: [{text}]\nc:\n- {text}"
    wanted = {"a": value, "b": [value], "c": [value]}
    return "\n" not in text and _reads_anywhere(block, value) and parse_front_matter(block, "", 0).metadata == wanted


def _reads_anywhere(block: str, value: str) -> bool:
    """Return whether every YAML parser reads the text so, also where kb is more tolerant: `no`, `Order #4711`."""
    try:
        scalars = list(_scalars(yaml.compose(block, Loader=yaml.SafeLoader)))
    except yaml.YAMLError:
        return False
    return all(node.value in (value, "a", "b", "c") and node.tag in _TEXTS for node in scalars)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif node is not None:
        for part in node.value:
            for below in part if isinstance(part, tuple) else (part,):
                yield from _scalars(below)
