"""What the target of a link names."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]|\d+$", re.IGNORECASE)
"""A scheme, the root of a site, an anchor; a lone number is a footnote that looks like a link."""


def file_named(target: str) -> str:
    """Return the path that a target names, relative to the folder of the lesson; empty if it leads elsewhere."""
    return "" if _ELSEWHERE.match(target) else unquote(re.split("[#?]", target, maxsplit=1)[0])
