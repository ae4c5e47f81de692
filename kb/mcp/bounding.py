"""Keeps an answer below a number of tokens, and names what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from kb.errors import KbError
from kb.mcp.estimate import tokens_in
from kb.visible import json_text

Record = dict[str, Any]
Render = Callable[[Record], str]

_CUT = " […]"
_STEPS = ((2_000, 40), (600, 15), (200, 6), (80, 3))
"""The longest text and the longest list, more and more of them cut."""
_MOST_KEYS = 60
"""Only front matter has more."""
_DETAILS: Mapping[str, Any] = {"marks": [], "weights": {}, "parts": {}, "more": [], "front_matter": {}}
"""What few need of a search, with what stands there instead."""


class TooLittle(KbError):
    """The answer does not fit, however much is left out."""


class Fitted(NamedTuple):
    """An answer that is short enough."""

    record: Record
    """With the keys `next_offset` and `left_out`."""
    text: str


def fitted(record: Record, items: str, render: Render, most: int, offset: int = 0, *, is_last: bool = True) -> Fitted:
    """Return an answer of which record and text each have at most about `most` tokens.

    `items` is the key of the list of which the end is left out first; `offset` is the number of its first item, and
    `is_last` tells whether no item follows in the library. Raises `TooLittle`.
    """
    for fewer in _versions(record, items):
        shown, all_items = len(fewer.record.get(items, ())), len(record.get(items, ()))
        goes_on = shown < all_items or not is_last
        left_out = [*fewer.left_out]
        if shown < all_items:
            left_out.append(f"{items} {offset + shown + 1} to {offset + all_items}: ask again with `offset`")
        found = _completed(fewer.record, left_out, offset + shown if goes_on and shown else None, render)
        if _costs(found) <= most:
            return found
    raise TooLittle("this does not fit into `max_tokens`; ask with a larger one, or for a part")


def fitted_text(record: Record, render: Render, most: int, offset: int) -> Fitted:
    """Return a lesson of which text and record each have at most about `most` tokens, from a character of its text."""
    text = str(record["text"])[offset:]
    for front, said in _shortened_fronts({**record, "text": ""}):
        spent = _costs(_completed(front, [*said, "the rest"], 0, render))
        kept = _beginning(text, most - spent)
        if not kept and text:
            continue
        while True:
            end = offset + len(kept)
            rest = len(text) - len(kept)
            left_out = [*said]
            if rest:
                left_out.append(f"{rest:,} characters of the text: ask again with `offset`, or for a `section`")
            found = _completed({**front, "text": kept}, left_out, end if rest else None, render)
            if _costs(found) <= most:
                return found
            if len(kept) < _LEAST_KEPT:
                break
            kept = _at_line_end(kept[: len(kept) * 4 // 5])
    raise TooLittle("this does not fit into `max_tokens`; ask with a larger one, or for a `section`")


_LEAST_KEPT = 40


def _completed(record: Record, left_out: list[str], following: int | None, render: Render) -> Fitted:
    whole = {**record, "next_offset": following, "left_out": left_out}
    lines = [render(whole)]
    if left_out:
        lines += ["", "Left out: " + "; ".join(left_out) + "."]
    if following is not None:
        lines += ["", f"There is more: offset={following}."]
    return Fitted(whole, "\n".join(lines))


def _costs(found: Fitted) -> int:
    return max(tokens_in(found.text), tokens_in(json_text(found.record)))


class _Version(NamedTuple):
    record: Record
    left_out: tuple[str, ...] = ()


def _versions(record: Record, items: str) -> Iterator[_Version]:
    """Yield the record, then ever shorter ones."""
    yield _Version(record)
    plain, said = _without_details(record), tuple[str, ...]()
    if plain != record:
        said = ("details of each passage (`more`, `marks`, `why.weights`): `show` the lesson",)
        yield _Version(plain, said)
    count = len(plain.get(items, ()))
    for number in range(count - 1, 0, -1):
        yield _Version({**plain, items: plain[items][:number]}, said)
    one = {**plain, items: plain[items][:1]} if count else plain
    for longest, longest_list in _STEPS:
        short = f"texts after {longest} characters, lists after {longest_list} entries: `show` the lesson"
        yield _Version(_shortened(one, longest, longest_list), (*said, short))


def _shortened_fronts(front: Record) -> Iterator[tuple[Record, tuple[str, ...]]]:
    yield front, ()
    for longest, longest_list in _STEPS:
        said = f"values of `metadata` after {longest} characters, lists after {longest_list} entries"
        yield _shortened(front, longest, longest_list), (said,)
    yield _shortened({**front, "metadata": {}, "reused_by": []}, *_STEPS[-1]), ("`metadata` and `reused_by`",)


def _without_details(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _DETAILS[key] if key in _DETAILS else _without_details(one) for key, one in value.items()}
    return [*map(_without_details, value)] if isinstance(value, list) else value


def _shortened(value: Any, longest: int, longest_list: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= longest else value[:longest] + _CUT
    if isinstance(value, list):
        return [_shortened(one, longest, longest_list) for one in value[:longest_list]]
    if isinstance(value, dict):
        pairs = list(value.items())[:_MOST_KEYS]
        return {key[:longest]: _shortened(one, longest, longest_list) for key, one in pairs}
    return value


def _beginning(text: str, tokens: int) -> str:
    """Return as much of the beginning of a text as has at most so many tokens, up to the end of a line."""
    if tokens_in(text) <= tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tokens_in(text[:middle]) <= tokens else (low, middle - 1)
    return _at_line_end(text[:low])


def _at_line_end(text: str) -> str:
    whole = text[: text.rfind("\n") + 1]
    return whole if len(whole) > len(text) // 2 else text
