"""Quotes untrusted text in Markdown that a forge or a chat renders.

A reader sees the words of the text and nothing else: no markup, no HTML, no link, and nobody is notified.
"""

from __future__ import annotations

import re

from kb.pages.markdown_line import code, one_line
from kb.visible import visible
from kb.wording import shortened

LONGEST = 400
"""Characters of one quoted text."""
# What GitHub, GitLab and chats make links or mentions of: @name, addresses, #12, !12, %12, &12, ~label, GH-12. They
# look for it in the rendered text, so a backslash does not help; in code they do not look.
_LINKED = re.compile(r"\S*(?:@|://|www\.|[#!%&]\d|~\w|\bGH-\d|\bmailto:)\S*", re.IGNORECASE)
_MARKUP = re.compile(r"[\\`*_\[\]<>~|&$]")
# At its beginning, a text may be taken for a heading, a list, a quote, a table or a command of GitLab.
_BEGINNING = re.compile(r"\A[#+=:/-]")
_NUMBER = re.compile(r"\A(\d{1,9})([.)])")


def quoted(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, at most `longest` characters of it; what a forge would link becomes code."""
    line = shortened(visible(one_line(text)), longest)
    pieces, end = [], 0
    for found in _LINKED.finditer(line):
        pieces += [_escaped(line[end : found.start()]), code(found[0])]
        end = found.end()
    return _opening("".join([*pieces, _escaped(line[end:])]))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _opening(line: str) -> str:
    return _NUMBER.sub(r"\1\\\2", _BEGINNING.sub(r"\\\g<0>", line))
