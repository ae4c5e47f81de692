"""Bytes of a file → its text, with lines that are true to the file."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from ingest.problem import Unreadable

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# One stray NUL is a slip in a text; one byte in ten is a picture, or UTF-16 without its mark.
_BINARY_SHARE_OF_NULS = 0.1


class Decoded(NamedTuple):
    """A text with `\\n` line ends, and the first flaw met while decoding it."""

    text: str
    flaw: str | None = None
    line: int | None = None


def decode(data: bytes) -> Decoded:
    """Decode as UTF-8, or as the byte order mark says.

    Bytes that do not fit become U+FFFD, as does NUL (CommonMark 2.3), and are reported: the rest
    of the file stays findable. Raises `Unreadable` when the bytes are no text at all.
    """
    encoding, start = "utf-8", 0
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding, start = name, len(mark)
            break
    body = data[start:] if start else data
    if encoding == "utf-8" and body.count(0) > _BINARY_SHARE_OF_NULS * len(body):
        raise Unreadable("not a text file (binary, or UTF-16 without a byte order mark); save it as UTF-8")
    try:
        decoded = Decoded(_unify_line_ends(body.decode(encoding)))
    except UnicodeDecodeError as error:
        before = _unify_line_ends(body[: error.start].decode(encoding, "replace"))
        decoded = Decoded(
            _unify_line_ends(body.decode(encoding, "replace")),
            f"not valid {encoding.upper()} (byte 0x{body[error.start]:02x}); save it as UTF-8",
            before.count("\n") + 1,
        )
    if "\0" in decoded.text:
        line = decoded.text[: decoded.text.index("\0")].count("\n") + 1
        text = decoded.text.replace("\0", "\ufffd")
        if decoded.flaw:
            return decoded._replace(text=text)
        return Decoded(text, "a NUL byte in the text; remove it", line)
    return decoded


def _unify_line_ends(text: str) -> str:
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")
