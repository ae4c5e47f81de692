"""The files that pages need besides their text: style sheets and the script, under names that change with them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from kb.pages.page import file_of_ours, library_style

_DIGITS = 12


class File(NamedTuple):
    """A file of ours."""

    name: str
    data: bytes
    media_type: str


def _file(stem: str, suffix: str, text: str) -> File:
    data = text.encode()
    media_type = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}[suffix]
    return File(f"{stem}-{sha256(data).hexdigest()[:_DIGITS]}.{suffix}", data, media_type)


STYLE = _file("style", "css", library_style("served/served.css"))
MAP_STYLE = _file("map", "css", file_of_ours("map.css"))
SCRIPT = _file("page", "js", file_of_ours("served/page.js"))
FILES: Mapping[str, File] = {file.name: file for file in (STYLE, MAP_STYLE, SCRIPT)}
