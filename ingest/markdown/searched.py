"""Converts a Markdown text to the text that is indexed: words without the markup inside them."""

from __future__ import annotations

import re

from ingest.markdown.plain import plain_blocks

_MARKS = "&\\*~<[`"
_TAG = (
    "</?(?:abbr|a|bdi|bdo|big|b|cite|code|del|dfn|em|font|ins|i|kbd|mark|q|rp|rt|ruby|samp|small|span|strike|strong|sub"
    "|sup|s|tt|u|var|wbr)(?:[ /][^<>]*+)?>"
)
_STRESSED = rf"`*(?:[*~]|{_TAG})(?:[*~`]|{_TAG})*+"
_ESCAPED = r"\\[!-/:-@\[-`{-~]"
_LINK = r"\[[^\[\]\n]{1,300}\]\([^()\s]{0,300}\)"
_BETWEEN_WORDS = "(?:nbsp|lt|gt|quot|ndash|mdash|hellip|bull|middot|[lr][ds]quo|[lr]aquo);"
_IN_WORDS = re.compile(
    rf"&(?!{_BETWEEN_WORDS})#?\w+;|\w{_ESCAPED}|{_ESCAPED}\w|\w{_STRESSED}\w|[a-z]`+[a-z]|\w!?{_LINK}|{_LINK}\w",
    re.IGNORECASE,
)
r"""Markup inside a word, which readers do not see: `caf&eacute;`, `a\_name`, `H<sub>2</sub>O`."""
_WORD = re.compile(r"\w+(?:\.\w+)*+")
"""A word; with dots inside it is one word, so that `3` does not count as seen because of `6.3`."""


def searched_text(text: str) -> str:
    """Return a text in which each paragraph with markup inside words is replaced by its plain text.

    Parts that are not in the plain text, such as the address of a link, follow after it.
    """
    if not any(mark in text for mark in _MARKS) or not _IN_WORDS.search(text):
        return text
    return "\n\n".join(_seen(part) if _IN_WORDS.search(part) else part for part in text.split("\n\n"))


def _seen(paragraph: str) -> str:
    seen = "\n".join(block.text for block in plain_blocks(paragraph))
    words = set(_WORD.findall(seen))
    unseen = (chunk for chunk in paragraph.split() if not words.issuperset(_WORD.findall(chunk)))
    return "\n".join((seen, *unseen))
