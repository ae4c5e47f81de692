"""Names for files that are not text, recognised by their first bytes, for the message that refuses them."""

from __future__ import annotations

_ZIPPED = (
    (b"word/", "a Word file"),
    (b"xl/", "an Excel file"),
    (b"ppt/", "a PowerPoint file"),
    (b"opendocument.text", "an OpenDocument text"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet"),
    (b"opendocument", "an OpenDocument file"),
    (b"epub+zip", "an e-book (EPUB)"),
)
"""Formats that are ZIP archives, by a string in the file; the first that matches counts."""
_COMPOUND = (
    ("WordDocument", "a Word file"),
    ("Workbook", "an Excel file"),
    ("PowerPoint", "a PowerPoint file"),
    ("__substg1.0", "a mail of Outlook (.msg)"),
)
"""The same for Microsoft's compound files, where the string is in UTF-16."""
_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a Rich Text file (RTF)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"\x1f\x8b", "an archive (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    *((b"BZh%d1AY&SY" % size, "an archive (bzip2)") for size in range(1, 10)),
    (b"\xfd7zXZ\0", "an archive (xz)"),
    (b"\x28\xb5\x2f\xfd", "an archive (Zstandard)"),
    (b"\x04\x22\x4d\x18", "an archive (LZ4)"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\x7fELF", "a program (ELF)"),
)
_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_MARK = b"\xef\xbb\xbf"


def file_format(data: bytes) -> str:
    """Return the name of a binary file's format, with its article; empty if the file may be text."""
    data = data.removeprefix(_MARK)
    if data.startswith(_ZIP):
        return next((name for part, name in _ZIPPED if part in data), "an archive (ZIP)")
    if data.startswith(_COMPOUND_FILE):
        names = ((part.encode("utf-16-le"), name) for part, name in _COMPOUND)
        return next((name for part, name in names if part in data), "a file of Microsoft Office")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "a picture (WebP)"
    if data.startswith(b"\0\0\0") and data[4:8] == b"ftyp":
        return "a picture or a film"
    return next((name for beginning, name in _BEGINNINGS if data.startswith(beginning)), "")
