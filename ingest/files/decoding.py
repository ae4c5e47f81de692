"""Decodes the bytes of a file to text; line numbers stay those of the file."""

from __future__ import annotations

import codecs
from functools import cache
from typing import NamedTuple

from ingest.files.file_formats import file_format
from ingest.problem import Unreadable

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MARK = "\ufeff"
"""The byte order mark as a character. A text may begin with several: some programs add one to those there."""

# A few NULs are errors in a text; if one byte in ten is NUL, the file is binary, or UTF-16 without its mark.
_BINARY_SHARE_OF_NULS = 0.1
# In compressed or encrypted data all bytes are equally frequent, so about one in ten is a control character.
_BINARY_SHARE_OF_CONTROLS = 0.04
_FEW_CONTROLS = 4
_BINARY = "not a text file (binary, or UTF-16 without a byte order mark); save it as UTF-8"
# In UTF-16, every second byte of text in Latin script is NUL; in other scripts, at least for blanks and line ends.
_SHARE_OF_NULS_IN_UTF_16 = 0.7
_CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r"})
_LOOKED_AT = 4096


class Decoded(NamedTuple):
    """A text with `\\n` line ends, and the first flaw found while decoding it, with its line from 1."""

    text: str
    flaw: str | None = None
    line: int | None = None


def decode(data: bytes) -> Decoded:
    """Decode as UTF-8, or as the byte order mark says. Raises `Unreadable` if the bytes are not text.

    Invalid bytes are decoded too, and reported: in UTF-8 as Windows-1252, the encoding of most programs that do not
    write UTF-8. NUL becomes U+FFFD (CommonMark 2.3).
    """
    if name_of_format := file_format(data):
        raise Unreadable(f"{name_of_format}, not text; save it as plain text or Markdown")
    encoding, start = next(
        ((name, len(mark)) for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), ("utf-8", 0)
    )
    body = data[start:] if start else data
    flaw, line = None, None
    if encoding == "utf-8" and body.count(0) > _BINARY_SHARE_OF_NULS * len(body):
        encoding = _unmarked_utf_16(body)
        flaw, line = "UTF-16 without a byte order mark; save it as UTF-8", 1
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and _is_packed(body):
            raise Unreadable(_BINARY) from error
        text = _mended(body, encoding)
        line = _unify_line_ends(body[: error.start].decode(encoding, "replace")).count("\n") + 1
        read_as = "; read as Windows-1252" if encoding == "utf-8" else ""
        flaw = f"not valid {encoding.upper()} (byte 0x{body[error.start]:02x}){read_as}; save it as UTF-8"
    text = _unify_line_ends(text.lstrip(_MARK))
    if "\0" in text:
        flaw, line = flaw or "a NUL byte in the text; remove it", line or text[: text.index("\0")].count("\n") + 1
        text = text.replace("\0", "\ufffd")
    return Decoded(text, flaw, line)


def _unmarked_utf_16(body: bytes) -> str:
    """Return the UTF-16 encoding of a text where every second byte is mostly NUL; else raises `Unreadable`."""
    even, odd = body[0:_LOOKED_AT:2], body[1:_LOOKED_AT:2]
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if low and not {*_CONTROLS} & {*low} and high.count(0) >= _SHARE_OF_NULS_IN_UTF_16 * len(high):
            return name
    raise Unreadable(_BINARY)


def _is_packed(body: bytes) -> bool:
    controls = len(body) - len(body.translate(None, _CONTROLS))
    return controls > max(_FEW_CONTROLS, _BINARY_SHARE_OF_CONTROLS * len(body))


def _mended(body: bytes, encoding: str) -> str:
    """Decode despite invalid bytes: in UTF-8 as Windows-1252, in other encodings as U+FFFD."""
    if encoding != "utf-8":
        return body.decode(encoding, "replace")
    return body.decode(encoding, "surrogateescape").translate(_windows_1252())


def _unify_line_ends(text: str) -> str:
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


@cache
def _windows_1252() -> dict[int, str]:
    """Map the surrogate with which Python escapes each invalid UTF-8 byte to its Windows-1252 character."""
    return {0xDC00 + byte: bytes([byte]).decode("windows-1252", "replace") for byte in range(0x80, 0x100)}
