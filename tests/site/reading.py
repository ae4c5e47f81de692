"""Reads the pages of a site, and checks what every one of them must hold."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
MOST_BYTES = 100_000
_RUNS = {"iframe", "object", "embed", "base", "style", "svg", "math", "template", "frame"}
_VOID = {"meta", "link", "img", "input", "br", "hr"}


class SitePage(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def pages_in(folder: Path) -> dict[str, str]:
    """Return the text of each HTML page, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_site(folder: Path) -> None:
    """Check all pages: nothing but our script runs, nothing comes from elsewhere, all links lead to what is there."""
    files = files_in(folder)
    pages = {path: SitePage(text) for path, text in pages_in(folder).items()}
    for path, page in pages.items():
        if not any(attributes.get("http-equiv") == "refresh" for attributes in page.all("meta")):
            check_page(path, page)
        assert len(files[path]) <= MOST_BYTES, path
        for address in _addresses(page):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                assert parts.scheme in ("http", "https", "mailto"), (path, address)
                continue
            target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
            assert target in files, (path, address)
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].ids, (path, address)


def check_page(path: str, page: SitePage) -> None:
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy == POLICY, path
    names = {tag for tag, _ in page.tags}
    assert not names & _RUNS, (path, names & _RUNS)
    assert [script["src"].rpartition("/")[2] for script in page.all("script")] == ["search.js"], path
    assert [a for _, tag in page.tags for a in tag if a.startswith("on") or a == "style"] == [], path
    assert all(
        re.fullmatch(r"(?:\.\./)*(?:picture/[0-9a-f]{20}\.\w+)|data:image/.*", img["src"]) for img in page.all("img")
    ), path
    assert all("alt" in image for image in page.all("img")), path
    assert (page.mistakes, page.open) == ([], []), path
    assert len(page.ids) == len(set(page.ids)), path
    assert [tag for tag, _ in page.tags].count("h1") == 1, path
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels, path
    labelled = {label["for"] for label in page.all("label")}
    assert {field["id"] for field in page.all("input")} <= labelled, path


def _addresses(page: SitePage) -> list[str]:
    found = [tag[name] for _, tag in page.tags for name in ("href", "src") if name in tag]
    return [address for address in found if not address.startswith("data:image/")]


def call_in(text: str) -> list[Any]:
    """Return the arguments with which a file of the search calls back."""
    match = re.fullmatch(r"kbSearch\.\w+\((.*)\);\n", text, re.DOTALL)
    assert match
    found: list[Any] = json.loads(f"[{match[1]}]")
    return found
