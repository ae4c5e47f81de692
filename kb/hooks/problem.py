"""The problem that a person describes in an issue or a change, without what its form and its template add."""

from __future__ import annotations

import re

# GitHub writes this for a field of an issue form that was left empty.
_EMPTY = re.compile(r"^_No response_\s*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# The labels of a form become headings; what a person writes below them is the problem.
_HEADING = re.compile(r"^ {0,3}#{1,6} .*$", re.MULTILINE)
_TASK = re.compile(r"^\s*[-*+] \[[ xX]\].*$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")
MOST = 20_000
"""Characters of a description that are read."""


def problem_of(title: str, description: str) -> str:
    """Return title and description without comments, form labels, check boxes and addresses."""
    text = description[:MOST]
    for noise in (_COMMENT, _EMPTY, _TASK, _HEADING):
        text = noise.sub("", text)
    return f"{title.strip()}\n\n{_ADDRESS.sub('', text).strip()}".strip()
