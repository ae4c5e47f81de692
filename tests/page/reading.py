"""Reads pages as a browser does, and checks what every one of them must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element, SubElement

from kb.serve.headers import OF_PAGES
from tests.serve.servers import Answer, Server

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 100_000
_VOID = {"meta", "link", "img", "input", "br", "hr", "circle"}
_LEADING = ("href", "src", "action", "formaction")
_RUNS = {"iframe", "object", "embed", "base", "style", "math", "template", "frame"}


class Tree(HTMLParser):
    """The elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Element("page")
        self.mistakes: list[str] = []
        self._open = [self.root]
        self.feed(html)
        self.mistakes += [f"<{element.tag}>" for element in self._open[1:]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.mistakes.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        last = self._open[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + data
        else:
            last.text = (last.text or "") + data


class Page:
    """A page that was answered."""

    def __init__(self, server: Server, address: str, answer: Answer) -> None:
        self.address = address
        self.answer = answer
        self._server = server
        self._tree = Tree(answer.text)
        self.mistakes = self._tree.mistakes

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with a tag and attributes; a class may be one of several."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one for one in self._tree.root.iter(tag) if all(_has(one, name, value) for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        return text_of(self.one("main"))

    @property
    def hits(self) -> list[str]:
        """The titles of the lessons found."""
        return [text_of(heading) for hit in self.all("li", class_="hit") for heading in hit.iter("h3")]

    @property
    def verdict(self) -> str:
        return text_of(self.one("h2", id="verdict"))

    @property
    def options(self) -> dict[str, tuple[int, str]]:
        """What the answer can be narrowed down to: the number of lessons, and the address."""
        found = {}
        for item in (item for aside in self.all("aside", id="narrow") for item in aside.iter("li")):
            (control,) = item
            name, count = text_of(control[0]), text_of(control[1])
            found[name] = (int(count.replace(",", "")), control.get("href") or control.get("formaction") or "")
        return found

    def link(self, text: str) -> str:
        """Return where a link leads, by its text."""
        return next(one.get("href", "") for one in self.all("a") if text_of(one) == text)

    def follow(self, address: str) -> Page:
        """Follow a link of this page."""
        return read(self._server, _path(urljoin(f"http://x{self.address}", address)))

    def submit(self, text: str, action: str = "", **fields: str) -> Page:
        """Fill in the box and send it, as a browser without JavaScript does; redirections are followed."""
        form = self.one("form", id="ask")
        address = _path(urljoin(f"http://x{self.address}", action or form.get("action", "")))
        body = urlencode({"q": text.replace("\n", "\r\n"), **fields}).encode()
        answer = self._server.ask(address, body, Accept=HTML, Content_Type=FORM)
        if answer.status == 303:
            return self.follow(urljoin(f"http://x{address}", answer.headers["location"]))
        return Page(self._server, address, answer)


def read(server: Server, address: str, *, status: int = 200) -> Page:
    """Return the page at an address, which may be written as people do; it must be sound."""
    path = _path(urljoin("http://x", address))
    page = Page(server, path, server.ask(path, Accept=HTML))
    assert page.answer.status == status, page.answer.text
    check(page)
    return page


def check(page: Page) -> None:
    """Check that a page is sound: small, well formed, without anything that could run or comes from elsewhere."""
    headers = page.answer.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    for name, value in OF_PAGES.items():
        assert headers[name.lower()] == value
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    assert len(page.answer.body) <= MOST_BYTES, page.address
    assert page.mistakes == [], page.address
    names = {element.tag for element in page.all("*")}
    assert not names & _RUNS, names & _RUNS
    for element in page.all("*"):
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"], element.attrib
    for script in page.all("script"):
        assert re.fullmatch(r"(?:\./|(?:\.\./)+)files/page-[0-9a-f]{12}\.js", script.get("src", "")), script.attrib
        assert not script.text
    for address in _addresses(page):
        assert re.match(r"(?:\.\.?/|#|mailto:|tel:|https?:|data:,|data:image/)", address) or not address, address
    for image in page.all("img"):
        assert re.match(r"(?:\./|(?:\.\./)+)(?:picture|plot)/[0-9a-f]{20}\.\w+", image.get("src", ""))
        assert "alt" in image.attrib
    ids = [element.get("id") for element in page.all("*") if element.get("id")]
    assert len(ids) == len(set(ids)), page.address
    assert len(page.all("h1")) == 1, page.address
    labelled = {label.get("for") for label in page.all("label")}
    inside = {id(field) for label in page.all("label") for field in label.iter()}
    fields = [one for tag in ("input", "textarea") for one in page.all(tag) if one.get("type") != "hidden"]
    assert all(one.get("id") in labelled or id(one) in inside for one in fields)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", page.answer.text)


def text_of(element: Element) -> str:
    """Return what a reader sees of an element, on one line."""
    return " ".join(" ".join(element.itertext()).split())


def _addresses(page: Page) -> Iterator[str]:
    for element in page.all("*"):
        yield from (element.attrib[name] for name in _LEADING if name in element.attrib)


def _has(element: Element, name: str, value: str) -> bool:
    found: Mapping[str, str] = element.attrib
    return value in found.get(name, "").split() if name == "class" else found.get(name) == value


def _path(address: str) -> str:
    parts = urlsplit(address)
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=?~')}" if parts.query else path
