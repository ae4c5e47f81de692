"""Notes of any encoding, format and size, and their tables."""

from __future__ import annotations

import re

import pytest

from ingest.files.decoding import decode
from ingest.kinds import Kind, KindTable
from ingest.problem import Unreadable
from kb.codify.notes.notes import notes
from kb.codify.sources.notes_text import notes_text
from kb.errors import UnreadableNotes
from tests.drafting import drafted

_TABLE_OF_PANDOC = """
  ------------------------
  Week    Flasks
          with fungus
  ------- ----------------
  18      48

  22      50
          of 60
  ------------------------

  : Table 1
"""


def test_a_table_whose_columns_are_drawn_keeps_its_last_row() -> None:
    draft = drafted(f"# Fungus\n\n## Data\n{_TABLE_OF_PANDOC}\nMore.\n")
    rows = "| Week | Flasks with fungus |\n|---|---|\n| 18 | 48 |\n| 22 | 50 of 60 |"
    assert draft.sections[Kind.KNOWLEDGE].replace("\n\n\n", "\n\n").startswith(f"### Data\n\n{rows}\n")
    simple = "What    Before  After\n------- ------- ------\nwait    48 min  5 min\ncalls   50      3\n\nMore."
    assert (
        drafted(simple)
        .sections[Kind.OTHER]
        .startswith("| What | Before | After |\n|---|---|---|\n| wait | 48 min | 5 min |\n| calls | 50 | 3 |\n")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Words above a line\n\n---\n\nand below it.\n\n---\n\nMore words.",
        "--- ---\n\nNo table   here\n\n--- ---",
    ],
)
def test_lines_that_are_drawn_elsewhere_make_no_table(text: str) -> None:
    assert drafted(text, title="Other").sections == {Kind.OTHER: text}


def test_line_ends_and_encodings_do_not_matter() -> None:
    text = "# Caf\u00e9\n\n## Impact\n\nnone \u2013 so far\n"
    plain = drafted(text)
    for data in (
        text.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.rstrip().encode(),
    ):
        assert notes(notes_text(data).text, KindTable(), name="notes.md") == plain


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.md: has no text; to begin a lesson without notes leave out --from"),
        (b" \r\n\t\n", "x.md: has no text; to begin a lesson without notes leave out --from"),
        (b"\0\1\2\0\0\0\r", "x.md: not a text file (binary, or UTF-16 without a byte order mark); save it as UTF-8"),
        (b"one\ncaf\xe9\x81", "x.md:2: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
        (b"one\ncaf\xe9\x01", "x.md:2: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableNotes) as refused:
        notes_text(data, "x.md")
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml word/document.xml", "a Word file"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml", "an Excel file"),
        (b"PK\x03\x04\x14mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument text"),
        (b"PK\x03\x04\x14\0\0\0notes.txt", "an archive (ZIP)"),
        (b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "WordDocument".encode("utf-16-le"), "a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + "__substg1.0_0037".encode("utf-16-le"), "a mail of Outlook (.msg)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of Microsoft Office"),
        (b"{\\rtf1\\ansi Problem: worn}", "a Rich Text file (RTF)"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0 JFIF", "a picture (JPEG)"),
        (b"GIF89a", "a picture (GIF)"),
        (b"RIFF\0\0\0\0WEBP", "a picture (WebP)"),
        (b"\0\0\0\x18ftypheic", "a picture or a film"),
        (b"\x1f\x8b\x08\0", "an archive (gzip)"),
    ],
)
def test_a_file_of_another_format_is_named(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableNotes) as refused:
        notes_text(data, "n.bin")
    assert str(refused.value) == (f"n.bin: {what}, not text; save it as plain text or Markdown")
    with pytest.raises(Unreadable, match=rf"^{re.escape(what)}, not text"):
        decode(data)


def test_what_word_and_outlook_write_is_read_and_that_is_said() -> None:
    read = notes_text("Caf\u00e9 \u2013 \u201c12 \u20ac\u201d".encode("cp1252"), "x.txt")
    assert read.text == "Caf\u00e9 \u2013 \u201c12 \u20ac\u201d"
    assert (
        read.remark == "x.txt:1: not valid UTF-8 (byte 0xe9); read as Windows-1252; check whether all letters are right"
    )
    assert notes_text("Caf\u00e9".encode(), "x.txt").remark == ""


def test_what_is_typed_in_is_named_so() -> None:
    with pytest.raises(UnreadableNotes, match=r"^standard input: has no text"):
        notes_text(b"")


@pytest.mark.slow
def test_notes_of_five_megabytes_keep_their_last_word() -> None:
    paragraph = "words and more words, " * 200
    draft = drafted(f"# Long\n\n## Impact\n\n{(paragraph + chr(10) * 2) * 1_200}last")
    assert len(draft.sections[Kind.IMPACT]) > 5_000_000
    assert draft.sections[Kind.IMPACT].endswith("last")


def test_of_very_many_lines_the_last_are_kept_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.codify.notes.notes.MOST_ROWS", 3)
    draft = drafted("Impact: a\n\n# B\nImpact: ```c\n## D\nfell by 30 %")
    assert draft.sections == {Kind.IMPACT: "A", Kind.OTHER: "````text\nImpact: ```c\n## D\nfell by 30 %\n````"}
    assert "impact" not in draft.values
