"""Positions in the file of the keys and values of composed YAML."""

from __future__ import annotations

import yaml

from ingest.front_matter.places import Places, Span, Steps

MAX_VALUES = 20_000
"""Most values of one front matter: with aliases, a few lines can stand for any number of values."""


def tag(name: str) -> str:
    """Return the full name of a standard YAML tag."""
    return f"tag:yaml.org,2002:{name}"


class Surveyor:
    """Collects the positions of keys and values. Merged (`<<`) entries are left out, as they stand elsewhere."""

    def __init__(self, file_lines: list[int]) -> None:
        self._file_lines = file_lines
        self._keys: dict[Steps, Span] = {}
        self._values: dict[Steps, Span] = {}
        self._repeated: list[tuple[Steps, Span]] = []

    def places(self, node: yaml.Node) -> Places:
        self._visit((), node)
        return Places(self._keys, self._values, tuple(self._repeated))

    def _visit(self, steps: Steps, node: yaml.Node) -> None:
        if steps in self._values or len(self._values) >= MAX_VALUES:
            return
        self._values[steps] = self._span(node)
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(steps, node)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self._visit((*steps, number), item)

    def _visit_mapping(self, steps: Steps, node: yaml.MappingNode) -> None:
        last: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != tag("merge"):
                if key.value in last:
                    self._repeated.append(((*steps, key.value), self._span(key)))
                last[key.value] = (key, value)
        for name, (key, value) in last.items():
            self._keys[*steps, name] = self._span(key)
            self._visit((*steps, name), value)

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        lines, last = self._file_lines, len(self._file_lines) - 1
        return Span(lines[min(start.line, last)], start.column, lines[min(end.line, last)], end.column)
