"""Parses the YAML front matter of a lesson."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import yaml

from ingest.format import FORMAT
from ingest.front_matter.block import Language
from ingest.front_matter.places import Places
from ingest.front_matter.yaml_errors import IN_QUOTES, Slip, odd_colon, odd_sign, slip_of
from ingest.front_matter.yaml_places import MAX_VALUES, Surveyor, tag
from ingest.front_matter.yaml_signs import StandIns, put_back, shielded
from ingest.lesson import Metadata
from ingest.problem import Defect, Problem

# By the type stubs CSafeLoader is not a SafeLoader, but it has everything that is used here.
_Loader: type[yaml.SafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # type: ignore[assignment]

MAX_DEPTH = 50
# From this number of characters that can open a level, the depth is checked before the recursive parser runs.
_MANY_OPENINGS = 200
_OPENINGS = re.compile(r"[\[{]|[-?]\s")

# YAML 1.1 ends a line at these characters; editors only at the first.
_YAML_LINE_ENDS = re.compile("[\n\x85\u2028\u2029]")
_ESCAPED_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A parsed front matter, with the lines of its values in the file."""

    metadata: Metadata = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """For each top-level key, the half-open 0-based line ranges of its value, one per list item."""
    problem: Problem | None = None
    overruled: tuple[tuple[int, int], ...] = ()
    """Half-open 0-based line ranges of keys, at any depth, that are repeated below: the last one counts."""
    language: Language = Language.YAML
    _node: yaml.MappingNode | None = field(default=None, compare=False, repr=False)
    _file_lines: list[int] = field(default_factory=list, compare=False, repr=False)

    def places(self) -> Places:
        """Return the position of each key and value, at any depth; computed at each call."""
        return Surveyor(self._file_lines).places(self._node) if self._node else Places({}, {}, ())


class _Refused(Exception):
    """YAML that is well-formed but not a valid front matter; `line` is the line as YAML counts."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def parse_front_matter(block: str, path: str, first_line: int) -> FrontMatter:
    """Parse YAML between its fences; `first_line` is the block's first line in the file, from 0.

    Never raises: if the block cannot be read, the result has a `Problem`, and the values that could be read.
    A scalar keeps the text that its author sees: `12:30`, `3.10` and `no` are texts, and so is `Order #4711 lost`,
    which YAML reads as `Order` and a comment.
    """
    block = _ESCAPED_PAIR.sub(_join_pair, block)
    guarded, signs = shielded(block)
    found = _parse(guarded, path, first_line, signs)
    if not signs or not found.problem or found.metadata:
        return found
    as_yaml = _parse(block, path, first_line, {})
    if not as_yaml.problem:
        pairs = zip(guarded.split("\n"), block.split("\n"), strict=True)
        line = first_line + next(row for row, (new, old) in enumerate(pairs) if new != old) + 1
        message = "front matter: the text after `#` is a comment; put the value in quotes if it belongs to the value"
        return replace(as_yaml, problem=Problem(path, message, line, Defect.FRONT_MATTER))
    return as_yaml


def _parse(block: str, path: str, first_line: int, signs: StandIns) -> FrontMatter:
    file_lines, rows = _file_lines(block, first_line), _YAML_LINE_ENDS.split(block)

    def problem(reason: str, line: int) -> Problem:
        return Problem(
            path, f"front matter {reason}", file_lines[min(line, len(file_lines) - 1)] + 1, Defect.FRONT_MATTER
        )

    try:
        _refuse_depth(block)
        node = yaml.compose(block, Loader=_Loader)
        if node is None:
            return FrontMatter()
        if signs:
            put_back(node, signs)
        metadata = _Reader().metadata(node)
    except _Refused as refused:
        odd = odd_sign(rows, len(rows) - 1)
        return FrontMatter(problem=problem(*_not_yaml(odd) if odd else (str(refused), refused.line)))
    except yaml.MarkedYAMLError as error:
        return FrontMatter(problem=problem(*_not_yaml(slip_of(error, rows))))
    except yaml.reader.ReaderError:
        return _refuse_character(block, path, first_line)
    assert isinstance(node, yaml.MappingNode)
    lines = _value_lines(node, block, file_lines)
    repeated = list(_repeated_keys(node))
    overruled = _non_overlapping((file_lines[start], file_lines[end - 1] + 1) for start, end, _ in repeated)
    message = next(
        (problem(f"has the key {key.value!r} twice; the last one counts", _row(key)) for *_, key in repeated), None
    )
    message = message or next((problem(reason, row) for row, reason in _odd_keys(node, rows)), None)
    return FrontMatter(metadata, lines, message, tuple(overruled), _node=node, _file_lines=file_lines)


class _Reader:
    """Converts composed YAML to plain data. No constructor of a tag is run."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def metadata(self, node: yaml.Node) -> Metadata:
        if not isinstance(node, yaml.MappingNode) or node.tag != tag("map"):
            kind = _describe(node) if not isinstance(node, yaml.MappingNode) else f"a {node.tag} mapping"
            raise _Refused(f"is {kind}, not `key: value` lines", node.start_mark.line)
        return self._mapping(node, 0)

    def _value(self, node: yaml.Node, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _Refused(f"has more than {MAX_VALUES:,} values", node.start_mark.line)
        if depth > MAX_DEPTH:
            raise _Refused(f"is nested more than {MAX_DEPTH} levels deep", node.start_mark.line)
        if isinstance(node, yaml.MappingNode) and node.tag == tag("map"):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == tag("seq"):
            return [self._item(item, depth + 1) for item in node.value]
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return _SCALARS[node.tag](node.value)
        name = node.tag.removeprefix(tag(""))
        raise _Refused(f"has the tag {name!r}, which kb does not read; {IN_QUOTES}", node.start_mark.line)

    def _item(self, node: yaml.Node, depth: int) -> Any:
        """Return a list item; one that is written as `null` or `~` stays text, only an empty one is None."""
        value = self._value(node, depth)
        return node.value if value is None and node.value else value

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == tag("merge"):
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in reversed(sources):  # the first of several wins
                    found = self._value(source, depth + 1)
                    merged |= found if isinstance(found, dict) else {}
            elif not isinstance(key, yaml.ScalarNode):
                raise _Refused(f"has {_describe(key)} as a key", key.start_mark.line)
            else:
                self._value(key, depth + 1)  # refuses unknown tags, and counts the key
                own[key.value] = self._value(value, depth + 1)
        return merged | own


_INTEGER = re.compile(r"-?[1-9][0-9]{0,17}|0")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")


def _number(text: str) -> int | float | str:
    """Return a number only if it prints as the same text; `3.10`, `1_000` and `0x1F` stay text."""
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) and str(float(text)) == text else text


def _truth(text: str) -> bool | str:
    """Return a boolean as in YAML 1.2; `no` stays text, because it may be a country or an answer."""
    return {"true": True, "false": False}.get(text, text)


def _nothing(text: str) -> str | None:
    """Return None for an empty value, `~` and `null`; `Null` stays text, because it may be a name."""
    return None if text in ("", "~", "null") else text


_SCALARS: dict[str, Callable[[str], Any]] = {
    tag("null"): _nothing,
    tag("bool"): _truth,
    tag("int"): _number,
    tag("float"): _number,
    tag("str"): str,
    tag("timestamp"): str,
    tag("value"): str,
    tag("merge"): str,
}


def _refuse_depth(block: str) -> None:
    if len(_OPENINGS.findall(block)) < _MANY_OPENINGS:
        return
    depth = 0
    for event in yaml.parse(block, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line if event.start_mark else 0
            raise _Refused(f"is nested more than {MAX_DEPTH} levels deep", line)


def _file_lines(block: str, first_line: int) -> list[int]:
    """Return, for each line as YAML counts them, the line in the file, from 0."""
    steps = (int(match.group() == "\n") for match in _YAML_LINE_ENDS.finditer(block))
    return list(accumulate(steps, initial=first_line))


def _join_pair(match: re.Match[str]) -> str:
    """Return the character of two escaped surrogates, as JSON writes characters above U+FFFF."""
    high, low = int(match.group(1), 16), int(match.group(2), 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _refuse_character(block: str, path: str, first_line: int) -> FrontMatter:
    # libyaml gives the position in bytes, PyYAML in characters; searching again is simpler than handling both.
    found = re.search(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", block)
    at = found.start() if found else 0
    message = f"character U+{ord(found.group()):04X} is not allowed" if found else "it cannot be decoded"
    line = first_line + block.count("\n", 0, at) + 1
    return FrontMatter(problem=Problem(path, f"front matter is not YAML: {message}", line, Defect.FRONT_MATTER))


def _not_yaml(slip: Slip) -> tuple[str, int]:
    return f"is not YAML: {slip.reason}", slip.row


def _odd_keys(node: yaml.MappingNode, rows: Sequence[str]) -> Iterator[Slip]:
    """Yield the keys that look like known ones, but into which YAML reads an odd colon or blank."""
    if node.flow_style:
        return
    for key, _ in node.value:
        row = _row(key)
        if isinstance(key, yaml.ScalarNode) and key.value not in FORMAT.keys and (message := odd_colon(rows[row])):
            yield Slip(row, f"has a different key than it seems: {message}")


def _describe(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "plain text" if isinstance(node, yaml.ScalarNode) else "a mapping"


def _repeated_keys(root: yaml.MappingNode) -> Iterator[tuple[int, int, yaml.Node]]:
    """Yield each repeated key, after the half-open row range, as YAML counts, of the entry that it overrules."""
    visited: set[int] = set()  # an alias is the same node again
    left: deque[yaml.Node] = deque([root])
    while left:
        node = left.popleft()
        if id(node) in visited or isinstance(node, yaml.ScalarNode):
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield from _repeated_in(node)
            left.extend(value for _, value in node.value)
        else:
            left.extend(node.value)


def _repeated_in(node: yaml.MappingNode) -> Iterator[tuple[int, int, yaml.Node]]:
    rows = [_row(key) for key, _ in node.value]
    seen: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != tag("merge"):
            if key.value in seen:
                first, message = seen[key.value]
                start = _row(first)
                next_row = bisect_right(rows, start)
                end = rows[next_row] if next_row < len(rows) else start + 1
                yield start, max(end, message.end_mark.line + 1) if node.flow_style else end, key
            seen[key.value] = key, value


def _non_overlapping(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the ranges in ascending order, with overlapping ones merged."""
    last = (0, 0)
    for start, end in sorted(ranges):
        if start < last[1]:
            last = last[0], max(last[1], end)
            continue
        if last[1]:
            yield last
        last = start, end
    if last[1]:
        yield last


def _row(node: yaml.Node) -> int:
    return node.start_mark.line


def _value_lines(node: yaml.MappingNode, block: str, file_lines: list[int]) -> dict[str, list[tuple[int, int]]]:
    # The end mark of a block scalar is on the line of the next token: blank lines before that are not part of it.
    rows = _YAML_LINE_ENDS.split(block)

    def span(value: yaml.Node) -> tuple[int, int]:
        start = min(value.start_mark.line, len(rows) - 1)
        end = min(value.end_mark.line + (value.end_mark.column > 0), len(rows))
        while end > start + 1 and not rows[end - 1].strip():
            end -= 1
        return file_lines[start], file_lines[max(end, start + 1) - 1] + 1

    return {
        str(key.value): [span(item) for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
        for key, value in _merged(node)
    }


def _merged(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the pairs of a mapping, those of merged mappings first, so that its own have priority."""
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        if key.tag == tag("merge"):
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            mappings = [source for source in reversed(sources) if isinstance(source, yaml.MappingNode)]
            pairs += [pair for source in mappings for pair in _merged(source)]
    return pairs + [(key, value) for key, value in node.value if key.tag != tag("merge")]
