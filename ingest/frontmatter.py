"""The YAML block at the top of a lesson."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from ingest.lesson import Metadata
from ingest.problem import Problem

_MAX_DEPTH = 50
_MAX_VALUES = 20_000


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML in which a date stays the text that its author wrote."""


# 2021-02-30 would be an exception and 12:30 the number 750; both are text to the reader of a lesson.
_READ_AS_TEXT = {"tag:yaml.org,2002:timestamp"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _READ_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a YAML block says, and on which lines of the file it says it."""

    metadata: Metadata = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """For each top-level key the half-open 0-based line ranges of its value, one for each list item."""
    problem: Problem | None = None


def parse_front_matter(block: str, path: str, first_line: int) -> FrontMatter:
    """Parse the text between the fences; `first_line` is the block's first line in the file, from 0.

    Never raises: a block that cannot be read gives its `Problem`, and what could be read beside it.
    """
    loader = _Loader(block)
    try:
        node = loader.get_single_node()
        if node is None:
            return FrontMatter()
        if not isinstance(node, yaml.MappingNode):
            reason = f"front matter is {_describe(node)}, not `key: value` lines"
            return FrontMatter(problem=Problem(path, reason, first_line + 1))
        duplicate = _find_duplicate_key(node)
        metadata = _Plain().of(loader.construct_document(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + 1 + (mark.line if mark else 0)
        return FrontMatter(problem=Problem(path, f"front matter is not YAML: {_explain(error)}", line))
    except yaml.reader.ReaderError as error:
        line = first_line + 1 + block[: error.position].count("\n")
        reason = f"front matter is not YAML: character U+{ord(_character(error)):04X} is not allowed"
        return FrontMatter(problem=Problem(path, reason, line))
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        reason = f"front matter is not YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        return FrontMatter(problem=Problem(path, reason, first_line + 1))
    finally:
        loader.dispose()
    problem = None
    if duplicate is not None:
        key, line = duplicate
        reason = f"front matter has the key {key!r} twice; the last one counts"
        problem = Problem(path, reason, first_line + line + 1)
    return FrontMatter(metadata, _value_lines(node, block, first_line), problem)


def _character(error: yaml.reader.ReaderError) -> str:
    character = error.character
    return chr(character) if isinstance(character, int) else str(character)[:1]


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "cannot be read"
    if "character '\\t'" in problem or "found a tab character" in problem:
        return "a tab where YAML wants spaces"
    if "mapping values are not allowed" in problem:
        return "a second `: ` on the line; put the value in quotes"
    return problem


def _describe(node: yaml.Node) -> str:
    return "a list" if isinstance(node, yaml.SequenceNode) else "plain text"


def _find_duplicate_key(node: yaml.MappingNode) -> tuple[str, int] | None:
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value != "<<":
            if key.value in seen:
                return key.value, key.start_mark.line
            seen.add(key.value)
    return None


def _value_lines(node: yaml.MappingNode, block: str, first_line: int) -> dict[str, list[tuple[int, int]]]:
    # A block scalar's end mark stands on the next token's line: blank lines at the end are not its own.
    rows = block.split("\n")

    def span(value: yaml.Node) -> tuple[int, int]:
        start, end = value.start_mark.line, value.end_mark.line + (value.end_mark.column > 0)
        while end > start + 1 and not rows[end - 1].strip():
            end -= 1
        return first_line + start, first_line + max(end, start + 1)

    return {
        str(key.value): [span(item) for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
        for key, value in node.value
    }


class _Plain:
    """Reduces what YAML can express to what JSON can; odd values become their text.

    Aliases make a few lines stand for any number of values, so the values are counted.
    """

    def __init__(self) -> None:
        self._left = _MAX_VALUES

    def of(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"more than {_MAX_VALUES:,} values")
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested more than {_MAX_DEPTH} levels deep")
        if isinstance(value, dict):
            return {_join_surrogates(str(key)): self.of(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple, set)):
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return _join_surrogates(str(value))


def _join_surrogates(text: str) -> str:
    """Make one character of each escaped pair, as JSON writes it; a lone half becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


_KEY_LINE = re.compile(r"^[\w-]+\s*:(\s|$)")


def looks_like_a_key(line: str) -> bool:
    """Tell `title: x` from prose: it decides whether a lone `---` opens front matter or is a rule."""
    return bool(_KEY_LINE.match(line))
