"""Parses a pasted or saved mail: its headers, quotes, signature and encoded parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kb.codify.sources.html_page import page_as_markdown

_HEADER = re.compile(r"[*_]{0,2}(?P<name>[^\W\d_][\w-]{0,30})\s?:[*_]{0,2}(?:\s+(?P<value>.*)|\s*)")
_NAMES = {
    "von": "from",
    "de": "from",
    "gesendet": "date",
    "datum": "date",
    "sent": "date",
    "envoy\u00e9": "date",
    "enviado": "date",
    "betreff": "subject",
    "objet": "subject",
    "asunto": "subject",
    "an": "to",
    "para": "to",
    "\u00e0": "to",
}
"""Header names that Outlook and others translate in quoted mails."""
MAIL_NAMES = frozenset({*_NAMES, *_NAMES.values(), "cc", "bcc", "reply to", "attachments"})
FORWARDED = re.compile(r"\s*(?:-{2,}\s*forwarded message\s*-{2,}|begin forwarded message:)\s*", re.IGNORECASE)
_NEEDED = {"subject", "from"}
_FEWEST = 2
_MOST_HEADERS = 12
_MOST_BLANK = 5
_ANSWERED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr|rv|rif)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=")
_QUOTE = re.compile(r" {0,3}>")
_SIGNATURE = re.compile(r"-- ?")
_ORIGINAL = re.compile(
    r"\s*-{2,}\s*(?:original (?:message|appointment)|urspr\u00fcngliche nachricht|message d'origine|mensaje original)"
    r"\s*-{2,}\s*|_{20,}\s*",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\s*(?:on|am|le|el)\b.{6,200}\b(?:wrote|schrieb.*|a \u00e9crit|escribi\u00f3)\s*:\s*", re.IGNORECASE
)
_BEGINS_WROTE = re.compile(r"\s*(?:on|am|le|el)\s.*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a mail."""

    row: int
    rows: tuple[str, ...]
    """With its continuation rows."""

    @property
    def name(self) -> str:
        """In lower case, in English."""
        name = self.rows[0].partition(":")[0].strip(" *_").lower()
        return _NAMES.get(name, name)

    @property
    def value(self) -> str:
        return decoded(" ".join(row.strip() for row in "\n".join(self.rows).partition(":")[2].split("\n"))).strip(" *_")


def unanswered(subject: str) -> str:
    """Return a subject without the prefixes of replies and forwarded mails: `Re: Fwd: `."""
    return _ANSWERED.sub("", subject)


def decoded(value: str) -> str:
    """Return the value of a header with its encoded words (RFC 2047) decoded."""
    if not _ENCODED_WORD.search(value):
        return value.strip()
    from email import policy  # a search needs none of it

    return " ".join(str(policy.default.header_factory("subject", value.strip())).split())


def opened(text: str) -> tuple[str, str]:
    """Return the readable text of an HTML page, or of a mail with an encoded or multipart body, and `page` or `mail`.

    Any other text is returned unchanged, with an empty string. Attachments are named at the end of a mail.
    """
    if page := page_as_markdown(text):
        return page, "page"
    headers = headers_of(text.split("\n"))
    encoding = headers["content-transfer-encoding"].value.lower() if "content-transfer-encoding" in headers else ""
    kind = headers["content-type"].value.lower() if "content-type" in headers else ""
    if encoding not in ("quoted-printable", "base64") and not kind.startswith(("multipart/", "text/html")):
        return text, ""
    from email import message_from_bytes, policy

    message = message_from_bytes(text.encode(), policy=policy.default)
    body = message.get_body(("plain", "html"))
    if body is None:
        return text, ""
    try:
        written = body.get_content()
    except (LookupError, KeyError, ValueError):  # an unknown charset
        return text, ""
    if body.get_content_type() == "text/html":
        written = page_as_markdown(written) or written
    attached = [f"Attachment: {part.get_filename()}" for part in message.iter_attachments() if part.get_filename()]
    above = [row for header in headers.values() for row in header.rows]
    return "\n".join([*above, "", *written.replace("\r\n", "\n").split("\n"), *attached]), "mail"


def headers_of(rows: list[str]) -> dict[str, Header]:
    """Return the headers at the beginning of a text by name, the first of each; empty if it is no mail.

    A subject alone, with an empty line after it, is one that was copied without the others.
    """
    start = next((row for row, line in enumerate(rows) if line.strip()), 0)
    begins: list[int] = []
    end = start
    for end, line in enumerate([*rows[start:], ""], start):
        if _HEADER.fullmatch(line):
            begins.append(end)
        elif not (begins and line[:1] in (" ", "\t") and line.strip()):
            break
    found = [Header(row, tuple(rows[row:after])) for row, after in pairwise([*begins, end])]
    headers = {header.name: header for header in reversed(found)}
    is_subject = headers.keys() == {"subject"} and not "".join(rows[end : end + 1]).strip()
    is_mail = len(headers) >= _FEWEST and headers.keys() & _NEEDED
    return headers if is_mail or is_subject else {}


def with_decoded_headers(rows: list[str], headers: Mapping[str, Header]) -> list[str]:
    """Return the rows of a mail with the encoded words of its headers decoded; the number of rows stays the same."""
    rows = list(rows)
    for header in headers.values():
        if any(_ENCODED_WORD.search(row) for row in header.rows):
            name = rows[header.row].partition(":")[0]
            rows[header.row] = f"{name}: {header.value}"
            rows[header.row + 1 : header.row + len(header.rows)] = [" "] * (len(header.rows) - 1)
    return rows


def quoted_rows(rows: list[str]) -> tuple[frozenset[int], int]:
    """Return the rows that are quoted, and the first row of an original message that ends the mail.

    That row is the number of rows if there is none. A forwarded mail is not quoted: the mail is about it.
    """
    end = next((row for row in range(len(rows)) if _begins_original(rows, row)), len(rows))
    quoted = {row for row, line in enumerate(rows) if row >= end or _QUOTE.match(line)}
    for row, line in enumerate(rows[:end]):
        if _WROTE.fullmatch(line):
            quoted.add(row)
        elif row + 1 < end and _BEGINS_WROTE.match(line) and _WROTE.fullmatch(f"{line} {rows[row + 1].strip()}"):
            quoted |= {row, row + 1}
    return frozenset(quoted), end


def _begins_original(rows: list[str], row: int) -> bool:
    """Return whether a mail that was answered begins on a row: by a separator, or by headers within the text."""
    if _ORIGINAL.fullmatch(rows[row]):
        return "-" in rows[row] or bool(headers_of(rows[row + 1 : row + _MOST_HEADERS]))
    header = _HEADER.fullmatch(rows[row])
    if not header or row == 0 or rows[row - 1].strip() or Header(0, (rows[row],)).name != "from":
        return False
    above = next((line for line in reversed(rows[max(0, row - _MOST_BLANK) : row]) if line.strip()), "")
    is_amid = bool(above) and not FORWARDED.fullmatch(above)
    return is_amid and headers_of(rows[row : row + _MOST_HEADERS]).keys() >= {"from", "date", "subject"}


def with_blank_rows(rows: list[str]) -> list[str]:
    """Return the rows with blank ones where Markdown would join an answer to a quote, or make a heading of `--`."""
    spaced: list[str] = []
    for row in rows:
        above = spaced[-1] if spaced else ""
        after_quote = bool(_QUOTE.match(above)) and not _QUOTE.match(row)
        if above.strip() and (after_quote or _SIGNATURE.fullmatch(row)):
            spaced.append("")
        spaced.append(row)
    return spaced


def unsigned(rows: list[str]) -> tuple[list[str], list[str]]:
    """Split the rows of a mail into text and signature, which begins with `--` (RFC 3676)."""
    end = next((row for row, line in enumerate(rows) if _SIGNATURE.fullmatch(line)), len(rows))
    return rows[:end], rows[end:]
