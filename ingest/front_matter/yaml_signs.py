"""Characters that YAML reads as syntax where the author means text: `Order #4711 lost`, `- #valves`, `&Partner Ltd`.

Before the YAML is parsed, each is replaced by one other character, so that all columns stay correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

import yaml

from ingest.format import FORMAT, Choice, Day, Items, Record, Shape

StandIns = Mapping[int, str]
"""Table for `str.translate` that restores the replaced characters."""

_LINE = re.compile(r"(?P<dash>\s*(?:-\s+)*)(?:(?P<key>[^\s:#'\"\[\]{},-][^:#'\"]*):(?=\s|$)\s*)?(?P<value>.*)")
# A `#` that is text: `# ` and `##` begin a comment, and so does `#` after a closing quote or bracket.
_HASH = re.compile(r"(?<![\"'\]}]\s)(?<![\"'\]}]\s\s)(?:(?<=[\s\[,{])|^)#(?=[^\s#])")
_ALIAS = re.compile(r"\*([\w.-]+)")
_ANCHOR = re.compile(r"&(?P<name>[\w.-]+)\s+(?=[^\s\[{\"'|>#])")
_NOT_PLAIN = ("'", '"', "|", ">", "*", "!", "&", "%", "@", "`")
_PRIVATE_USE = range(0xE000, 0xF8FF)


def _exact_keys(shape: Shape, name: str = "") -> Iterator[str]:
    """Yield the keys whose values cannot contain `#`, dates and fixed words: after these, `#` begins a comment."""
    if isinstance(shape, (Choice, Day)):
        yield name
    elif isinstance(shape, Items):
        yield from _exact_keys(shape.of, name)
    elif isinstance(shape, Record):
        for key, definition in shape.keys.items():
            yield from _exact_keys(definition.shape, key)


_EXACT = frozenset(_exact_keys(FORMAT))


def shielded(block: str) -> tuple[str, StandIns]:
    """Return a block with the characters that are text replaced, and the table to restore them, empty if none."""
    if "#" not in block and "&" not in block:
        return block, {}
    hash_, ampersand = _unused(block)
    rows, aliases = block.split("\n"), set(_ALIAS.findall(block))
    below = [*rows[1:], ""]
    new = "\n".join(
        _row(row, hash_, ampersand, aliases) if ("#" in row or "&" in row) and not _heads(row, next_row) else row
        for row, next_row in zip(rows, below, strict=True)
    )
    return (new, {ord(hash_): "#", ord(ampersand): "&"}) if new != block else (block, {})


def put_back(node: yaml.Node, signs: StandIns) -> None:
    """Restore the replaced characters in all scalars of a composed block, in place."""
    left, seen = [node], set()
    while left:
        here = left.pop()
        if id(here) in seen:  # an alias
            continue
        seen.add(id(here))
        if isinstance(here, yaml.ScalarNode):
            here.value = here.value.translate(signs)
        elif isinstance(here, yaml.MappingNode):
            left += [part for pair in here.value for part in pair]
        else:
            left += here.value


def _unused(block: str) -> tuple[str, str]:
    found = (chr(point) for point in _PRIVATE_USE if chr(point) not in block)
    return next(found), next(found)


def _heads(row: str, below: str) -> bool:
    """Return whether a row is a key with a comment, and its value is on the rows below."""
    parts = _LINE.fullmatch(row)
    is_bare = parts is not None and parts["key"] is not None and parts["value"].startswith(("#", "&"))
    deeper = len(below) - len(below.lstrip()) > len(row) - len(row.lstrip())
    return is_bare and bool(below.strip()) and (deeper or below.lstrip().startswith("- "))


def _row(row: str, hash_: str, ampersand: str, aliases: Set[str]) -> str:
    parts = _LINE.fullmatch(row)
    if not parts or (parts["key"] or "").strip() in _EXACT:
        return row
    start, value = row[: parts.start("value")], parts["value"]
    is_comment = value.startswith("#") and parts["key"] is None and "-" not in parts["dash"]
    if not value or is_comment:
        return row
    anchor = _ANCHOR.match(value)
    if anchor and anchor["name"] not in aliases:
        return f"{start}{ampersand}{_HASH.sub(hash_, value[1:])}"
    if value.startswith(_NOT_PLAIN):
        return row
    if value[0] in "[{":
        end = max(value.rfind("]"), value.rfind("}")) + 1 or len(value)
        return start + _HASH.sub(hash_, value[:end]) + value[end:]
    return start + _HASH.sub(hash_, value)
