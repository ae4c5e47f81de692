"""Converts HTML, saved or in the body of a mail, to Markdown, in time linear in its length."""

from __future__ import annotations

import re
from html import unescape

_BEGINS_PAGE = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?<(?:(?P<whole>!doctype html|html|head|body)\b"
    r"|(?:h[1-6]|div|p|article|section|main|table|ul|ol)\b[^<>]*>)",
    re.IGNORECASE,
)
_ENDS_BLOCK = re.compile(r"</(?:h[1-6]|p|div|li|table|body|html)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*+)(?P<rest>[^<>]*+)>|<[!?][^<>]*+>")
_LINK = re.compile(r"\bhref\s*=\s*[\"']?(?P<to>(?:https?:|mailto:)[^\s\"'<>]+)", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*\"(?P<said>[^\"]*)\"", re.IGNORECASE)
_NOT_SEEN = frozenset({"script", "style", "template", "noscript"})
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "header", "hr", "html", "main", "nav", "ol", "p", "section", "table", "tbody"),
        *("thead", "ul"),
    )
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_SIGNS = {"b": "**", "strong": "**", "code": "`", "br": "\n"}
_BLANK_ROWS = re.compile(r"\n{3,}")
_BLANK_ROW = re.compile(r"\n[ \t]*\n")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


def page_as_markdown(text: str) -> str:
    """Return a page as Markdown; empty if the text is not HTML."""
    begins = _BEGINS_PAGE.match(text)
    if not begins or not _ENDS_BLOCK.search(text):
        return ""
    if not begins["whole"] and any(block.lstrip()[:1] not in ("<", "") for block in _BLANK_ROW.split(text)):
        return ""  # Markdown that begins with some HTML
    return _Page().read(_without_comments(text))


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    left = [first]
    for other in others:
        comment, sign, rest = other.partition("-->")
        left.append(rest if sign else f"<!--{comment}")
    return "".join(left)


class _Page:
    """The state of parsing a page."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._hidden = ""
        self._depth = 0
        self._cells: list[list[str]] | None = None
        self._rows_of_table = 0
        self._link = ""
        self._is_verbatim = False

    def read(self, text: str) -> str:
        end = 0
        for tag in _TAG.finditer(text):
            self._append(text[end : tag.start()])
            end = tag.end()
            if tag["name"]:
                self._meet(tag["name"].lower(), tag["rest"], is_end=bool(tag["end"]))
        self._append(text[end:])
        rows = [row.rstrip() for row in "".join(self._parts).replace("****", "").split("\n")]
        return _BLANK_ROWS.sub("\n\n", "\n".join(rows)).strip() + "\n"

    def _append(self, text: str) -> None:
        if self._hidden or not text:
            return
        written = unescape(text)
        self._put(written if self._is_verbatim else _BLANKS.sub(" ", written))

    def _put(self, text: str) -> None:
        if self._cells:
            self._cells[-1].append(text.replace("|", "\\|").replace("\n", " "))
        elif self._cells is None and text:
            last = self._parts[-1] if self._parts else "\n"
            if text.isspace() and last.endswith("- "):  # white space before a paragraph in an item
                return
            begins_row = last.endswith("\n")
            self._parts.append(text.lstrip(" ") if begins_row and not self._is_verbatim else text)

    def _meet(self, name: str, rest: str, *, is_end: bool) -> None:
        if name in _NOT_SEEN or self._hidden:
            self._hidden = "" if is_end and name == self._hidden else self._hidden or ("" if is_end else name)
        elif name in ("tr", "td", "th"):
            self._meet_table(name, is_end=is_end)
        elif name in ("ul", "ol", "li"):
            self._meet_list(name, is_end=is_end)
        elif name == "a":
            self._meet_link(rest, is_end=is_end)
        elif name == "img" and (found := _ALT.search(rest)):
            self._put(unescape(found["said"]))
        else:
            self._put(self._sign_of(name, is_end=is_end))

    def _sign_of(self, name: str, *, is_end: bool) -> str:
        """Return the Markdown for the begin or end of any other tag."""
        if name in _HEADINGS:
            return "\n\n" if is_end else f"\n\n{'#' * int(name[1])} "
        if name == "pre":
            self._is_verbatim = not is_end
            return "\n```\n\n" if is_end else "\n\n```\n"
        if name == "table":
            self._rows_of_table = 0
        if name in _BLOCKS:
            return "\n" if self._depth else "\n\n"
        return "\n\n" if name == "title" and is_end else _SIGNS.get(name, "")

    def _meet_list(self, name: str, *, is_end: bool) -> None:
        if name == "li":
            self._put("" if is_end else f"\n{'  ' * max(0, self._depth - 1)}- ")
            return
        self._depth = max(0, self._depth + (-1 if is_end else 1))
        self._put("\n\n" if not self._depth or (self._depth == 1 and not is_end) else "")

    def _meet_link(self, rest: str, *, is_end: bool) -> None:
        found = None if is_end else _LINK.search(rest)
        if found:
            self._link = unescape(found["to"])
            self._put("[")
        elif is_end and self._link:
            self._put(f"]({self._link})")
            self._link = ""

    def _meet_table(self, name: str, *, is_end: bool) -> None:
        if name != "tr":
            if not is_end:
                self._cells = self._cells or []
                self._cells.append([])
            return
        cells = [" ".join("".join(cell).split()) for cell in self._cells or []]
        self._cells = None
        if cells:
            row = f"| {' | '.join(cells)} |"
            rule = f"\n|{'---|' * len(cells)}" if not self._rows_of_table else ""
            self._put(f"\n{row}{rule}")
            self._rows_of_table += 1
