"""What every page for a browser must hold: it runs nothing but a script of ours, and asks for nothing from anywhere."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m $x_1$ ]]> \" ' & =1+1"


class Page(HTMLParser):
    """The tags, attributes, style sheets and scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "style" and data.strip():
            self.styles.append(data)
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


def check_harmless(text: str, *, links: tuple[str, ...] = (), script: str = "") -> None:
    """Check a page that may have a script of ours, and links that begin so."""
    page = Page(text)
    assert {"iframe", "object", "link", "form", "base"}.isdisjoint(page.tags)
    assert page.scripts == ([script] if script else [])
    assert page.tags.count("script") == len(page.scripts)
    addresses = [value for _, name, value in page.attributes if name in ("src", "href", "srcset", "action")]
    assert all(value.startswith(("data:image/svg+xml;base64,", *links)) for value in addresses)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    policy = next(value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src"))
    (style,) = page.styles
    allowed = hash_of(style)
    scripts = re.findall(r"script-src ([^;]*)", policy)
    assert scripts == ([f"'sha256-{hash_of(script)}'"] if script else [])
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:;")
    assert "unsafe" not in policy
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)


def hash_of(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
