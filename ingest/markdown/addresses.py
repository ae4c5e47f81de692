"""Finds the addresses on the web in a Markdown text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it.token import Token

from ingest.markdown.plain import inline_parser

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"`|\[\]]{1,2001}", re.IGNORECASE)
"""Longer ones are not asked; without a limit, removing what is not part of one would take long."""
_IS_ADDRESS = re.compile(r"https?:", re.IGNORECASE)
_NOT_AT_THE_END = "?!.,:;*_~'\u2019\u201d\u00bb\u3001\u3002\uff09\uff0c"
"""Punctuation that belongs to the sentence, as in GitHub's autolinks, and its like in other languages."""


def addresses_in(text: str) -> list[str]:
    """Return the `http` and `https` addresses of links, images and link definitions, and those written in the text.

    Each once; not those in code. Addresses of links are percent-encoded.
    """
    if "http" not in text.lower():
        return []
    definitions: dict[str, Any] = {}
    found: list[str] = []
    for token in inline_parser().parse(text, definitions):
        found += _in_line(token.children or ())
    found += [str(each["href"]) for each in definitions.get("references", {}).values()]
    return [each for each in dict.fromkeys(found) if _IS_ADDRESS.match(each)]


def addresses_in_words(text: str) -> Iterator[str]:
    """Yield the addresses in a text without markup, without the punctuation around them."""
    for match in _ADDRESS.finditer(text):
        yield _without_end(match[0])


def _in_line(tokens: Sequence[Token]) -> Iterator[str]:
    words: list[str] = []
    depth = 0
    for token in tokens:
        if target := token.attrGet("href") or token.attrGet("src"):
            yield str(target)
        depth += token.nesting if token.type.startswith("link_") else 0
        # The text of a link often is an address too, shortened.
        is_shown = depth == 0 and token.type not in ("code_inline", "link_close", "image")
        words.append(token.content or token.markup or "\n" if is_shown else " ")
    yield from addresses_in_words("".join(words))


def _without_end(address: str) -> str:
    while True:
        shorter = address.rstrip(_NOT_AT_THE_END)
        if shorter.endswith(")") and shorter.count("(") < shorter.count(")"):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
