"""The YAML block at the top of a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import yaml

from ingest.lesson import Metadata
from ingest.places import Places, Span, Steps
from ingest.problem import Problem

# The types call CSafeLoader no kind of SafeLoader, but it has all that is used of one here.
_Loader: type[yaml.SafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # type: ignore[assignment]

_MAX_DEPTH = 50
# Aliases make a few lines stand for any number of values.
_MAX_VALUES = 20_000
# With so many signs that can open a level, the depth is counted before anything recurses.
_MANY_OPENINGS = 200
_OPENINGS = re.compile(r"[\[{]|[-?]\s")

# Where YAML 1.1 ends a line and an editor does not.
_YAML_LINE_ENDS = re.compile("[\n\x85\u2028\u2029]")
_ESCAPED_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a YAML block says, and on which lines of the file it says it."""

    metadata: Metadata = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """For each top-level key the half-open 0-based line ranges of its value, one for each list item."""
    problem: Problem | None = None
    _node: yaml.MappingNode | None = field(default=None, compare=False, repr=False)
    _file_lines: list[int] = field(default_factory=list, compare=False, repr=False)

    def places(self) -> Places:
        """Find where each key and each value stands, at any depth; worked out anew at each call."""
        return _Surveyor(self._file_lines).places(self._node) if self._node else Places({}, {}, ())


class _Refused(Exception):
    """YAML that is well-formed and no front matter; the line counts as YAML counts."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def parse_front_matter(block: str, path: str, first_line: int) -> FrontMatter:
    """Parse the text between the fences; `first_line` is the block's first line in the file, from 0.

    Never raises: a block that cannot be read gives its `Problem`, and what could be read beside it.
    A scalar stays what its author sees: `12:30`, `0x1F` and `2021-02-30` are texts.
    """
    block = _ESCAPED_PAIR.sub(_join_pair, block)
    file_lines = _file_lines(block, first_line)

    def refuse(reason: str, line: int) -> FrontMatter:
        return FrontMatter(problem=Problem(path, reason, file_lines[min(line, len(file_lines) - 1)] + 1))

    try:
        _refuse_depth(block)
        node = yaml.compose(block, Loader=_Loader)
        if node is None:
            return FrontMatter()
        metadata = _Reader().metadata(node)
    except _Refused as refused:
        return refuse(f"front matter {refused}", refused.line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return refuse(f"front matter is not YAML: {_explain(error, block)}", mark.line if mark else 0)
    except yaml.reader.ReaderError:
        return _refuse_character(block, path, first_line)
    assert isinstance(node, yaml.MappingNode)
    problem = None
    if duplicate := _find_duplicate_key(node):
        key, line = duplicate
        problem = Problem(path, f"front matter has the key {key!r} twice; the last one counts", file_lines[line] + 1)
    return FrontMatter(metadata, _value_lines(node, block, file_lines), problem, node, file_lines)


class _Reader:
    """Composed YAML → plain data. No constructor of any tag runs."""

    def __init__(self) -> None:
        self._left = _MAX_VALUES

    def metadata(self, node: yaml.Node) -> Metadata:
        if not isinstance(node, yaml.MappingNode) or node.tag != _tag("map"):
            kind = _describe(node) if not isinstance(node, yaml.MappingNode) else f"a {node.tag} mapping"
            raise _Refused(f"is {kind}, not `key: value` lines", node.start_mark.line)
        return self._mapping(node, 0)

    def _value(self, node: yaml.Node, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _Refused(f"has more than {_MAX_VALUES:,} values", node.start_mark.line)
        if depth > _MAX_DEPTH:
            raise _Refused(f"is nested more than {_MAX_DEPTH} levels deep", node.start_mark.line)
        if isinstance(node, yaml.MappingNode) and node.tag == _tag("map"):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == _tag("seq"):
            return [self._value(item, depth + 1) for item in node.value]
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return _SCALARS[node.tag](node.value)
        raise _Refused(
            f"has the tag {node.tag.removeprefix('tag:yaml.org,2002:')!r}, which kb does not read", node.start_mark.line
        )

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == _tag("merge"):
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in reversed(sources):  # the first of several wins
                    found = self._value(source, depth + 1)
                    merged |= found if isinstance(found, dict) else {}
            elif not isinstance(key, yaml.ScalarNode):
                raise _Refused(f"has {_describe(key)} as a key", key.start_mark.line)
            else:
                own[str(self._value(key, depth + 1))] = self._value(value, depth + 1)
        return merged | own


class _Surveyor:
    """Composed YAML → where its keys and values stand. What comes by a merged key stands elsewhere and is left out."""

    def __init__(self, file_lines: list[int]) -> None:
        self._file_lines = file_lines
        self._keys: dict[Steps, Span] = {}
        self._values: dict[Steps, Span] = {}
        self._repeated: list[tuple[Steps, Span]] = []

    def places(self, node: yaml.Node) -> Places:
        self._visit((), node)
        return Places(self._keys, self._values, tuple(self._repeated))

    def _visit(self, steps: Steps, node: yaml.Node) -> None:
        if steps in self._values or len(self._values) >= _MAX_VALUES:
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
            if isinstance(key, yaml.ScalarNode) and key.tag != _tag("merge"):
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


def _tag(name: str) -> str:
    return f"tag:yaml.org,2002:{name}"


_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_TRUTH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def _number(text: str) -> int | float | str:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text.replace(".inf", "inf").replace(".nan", "nan")


_SCALARS: dict[str, Callable[[str], Any]] = {
    _tag("null"): lambda text: None,
    _tag("bool"): lambda text: _TRUTH.get(text.lower(), text),
    _tag("int"): _number,
    _tag("float"): _number,
    _tag("str"): str,
    _tag("timestamp"): str,
    _tag("value"): str,
    _tag("merge"): str,
}


def _refuse_depth(block: str) -> None:
    if len(_OPENINGS.findall(block)) < _MANY_OPENINGS:
        return
    depth = 0
    for event in yaml.parse(block, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            line = event.start_mark.line if event.start_mark else 0
            raise _Refused(f"is nested more than {_MAX_DEPTH} levels deep", line)


def _file_lines(block: str, first_line: int) -> list[int]:
    """Return the file's line, from 0, for each line as YAML counts them."""
    steps = (int(match.group() == "\n") for match in _YAML_LINE_ENDS.finditer(block))
    return list(accumulate(steps, initial=first_line))


def _join_pair(match: re.Match[str]) -> str:
    """Make one character of two escapes, as JSON writes those beyond U+FFFF."""
    high, low = int(match.group(1), 16), int(match.group(2), 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _refuse_character(block: str, path: str, first_line: int) -> FrontMatter:
    # libyaml counts bytes and PyYAML characters; looking again is simpler than telling them apart.
    found = re.search(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", block)
    at = found.start() if found else 0
    said = f"character U+{ord(found.group()):04X} is not allowed" if found else "it cannot be decoded"
    line = first_line + block.count("\n", 0, at) + 1
    return FrontMatter(problem=Problem(path, f"front matter is not YAML: {said}", line))


def _explain(error: yaml.MarkedYAMLError, block: str) -> str:
    problem = error.problem or error.context or "cannot be read"
    if "cannot start any token" in problem or "found a tab character" in problem:
        mark = error.problem_mark
        row = _YAML_LINE_ENDS.split(block)[mark.line] if mark is not None else "\t"
        at_tab = row[mark.column if mark is not None else 0 :].startswith("\t")
        return "a tab where YAML wants spaces" if at_tab else f"{problem}; put the value in quotes"
    if "mapping values are not allowed" in problem:
        return "a second `: ` on the line; put the value in quotes"
    return problem


def _describe(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "plain text" if isinstance(node, yaml.ScalarNode) else "a mapping"


def _find_duplicate_key(node: yaml.MappingNode) -> tuple[str, int] | None:
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != _tag("merge"):
            if key.value in seen:
                return key.value, key.start_mark.line
            seen.add(key.value)
    return None


def _value_lines(node: yaml.MappingNode, block: str, file_lines: list[int]) -> dict[str, list[tuple[int, int]]]:
    # A block scalar's end mark stands on the next token's line: blank lines at the end are not its own.
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
    """Return the pairs of a mapping, those of merged mappings first, so that its own win."""
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        if key.tag == _tag("merge"):
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            mappings = [source for source in reversed(sources) if isinstance(source, yaml.MappingNode)]
            pairs += [pair for source in mappings for pair in _merged(source)]
    return pairs + [(key, value) for key, value in node.value if key.tag != _tag("merge")]


_KEY_LINE = re.compile(r"^[\w-]+\s*:(\s|$)")


def looks_like_a_key(line: str) -> bool:
    """Tell `title: x` from prose: it decides whether a lone `---` opens front matter or is a rule."""
    return bool(_KEY_LINE.match(line))
