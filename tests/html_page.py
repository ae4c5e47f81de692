"""What every page for a browser must hold: it runs nothing, and asks for nothing from anywhere."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m $x_1$ ]]> \" ' & =1+1"


class Page(HTMLParser):
    """The tags, attributes and style sheets of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.styles: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "style" and data.strip():
            self.styles.append(data)


def check_harmless(text: str) -> None:
    page = Page(text)
    assert {"script", "iframe", "object", "link", "form", "base"}.isdisjoint(page.tags)
    addresses = [value for _, name, value in page.attributes if name in ("src", "href", "srcset", "action")]
    assert all(value.startswith("data:image/svg+xml;base64,") for value in addresses)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    policy = next(value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src"))
    (style,) = page.styles
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:;")
    assert "unsafe" not in policy
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)
