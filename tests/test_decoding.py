"""Bytes → text: any encoding that is announced, any line ends, and every flaw named with its line."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.decoding import Decoded, decode
from ingest.problem import Unreadable
from tests.examples import examples

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
WIDE_MARKS = tuple(mark for encoding, mark in MARKS.items() if encoding != "utf-8")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"))


def unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\n", "\n"),
        (b"plain", "plain"),
        ("Zoë 🙂 結論\n".encode(), "Zoë 🙂 結論\n"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\r\r\nb\n\rc", "a\n\nb\n\nc"),
        (b"\xef\xbb\xbf# Title\r\n", "# Title\n"),
        (b"\xef\xbb\xbf", ""),
    ],
)
def test_utf_8_is_read_with_any_line_ends_and_without_its_mark(data: bytes, text: str) -> None:
    assert decode(data) == Decoded(text, None, None)


@pytest.mark.parametrize("separator", ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_carriage_return_and_line_feed_end_a_line(separator: str) -> None:
    text = f"one{separator}line"
    assert decode(text.encode()) == Decoded(text)


def test_a_byte_order_mark_inside_the_text_stays() -> None:
    assert decode("a\ufeffb".encode()) == Decoded("a\ufeffb")


@pytest.mark.parametrize("encoding", MARKS)
@given(text=TEXTS)
@settings(deadline=None, max_examples=50)
def test_every_encoding_with_its_mark_gives_the_same_text(encoding: str, text: str) -> None:
    assert decode(MARKS[encoding] + text.encode(encoding)) == Decoded(unified(text))


@given(text=TEXTS)
@settings(deadline=None)
def test_utf_8_needs_no_mark(text: str) -> None:
    assert decode(text.encode()) == Decoded(unified(text))


@pytest.mark.parametrize(
    ("data", "text", "byte", "line"),
    [
        (b"\xff", "ÿ", "ff", 1),
        (b"caf\xe9 au lait\n", "café au lait\n", "e9", 1),
        (b"one\ntwo\nthr\xe9e\nfour \xff\n", "one\ntwo\nthrée\nfour ÿ\n", "e9", 3),
        (b"one\r\ntwo\r\nthr\xe9e\r\n", "one\ntwo\nthrée\n", "e9", 3),
        (b"one\rtwo\rthr\xe9e\r", "one\ntwo\nthrée\n", "e9", 3),
        (b"one\r\n\xe9", "one\né", "e9", 2),
        (b"\x93Br\xfcder\x94 \x96 5 \x80", "\u201cBrüder\u201d \u2013 5 €", "93", 1),
        (b"\xef\xbb\xbfone\ntw\x80", "one\ntw€", "80", 2),
        (b"no character of it: \x81", "no character of it: \ufffd", "81", 1),
    ],
)
def test_bytes_that_are_not_utf_8_are_read_as_windows_1252_and_the_first_is_named(
    data: bytes, text: str, byte: str, line: int
) -> None:
    assert decode(data) == Decoded(
        text, f"not valid UTF-8 (byte 0x{byte}); read as Windows-1252; save it as UTF-8", line
    )


def test_a_flaw_in_utf_16_is_named_with_its_line() -> None:
    half_a_pair = "one\r\ntwo\r\n".encode("utf-16-le") + b"\x3d\xd8" + "x\n".encode("utf-16-le")
    found = decode(codecs.BOM_UTF16_LE + half_a_pair)
    assert found.text.startswith("one\ntwo\n\ufffd")
    assert found.flaw == "not valid UTF-16-LE (byte 0x3d); save it as UTF-8"
    assert found.line == 3


def test_a_byte_too_many_at_the_end_of_utf_16_loses_nothing_else() -> None:
    found = decode(codecs.BOM_UTF16_BE + "one\ntwo".encode("utf-16-be") + b"\0")
    assert found == Decoded("one\ntwo\ufffd", "not valid UTF-16-BE (byte 0x00); save it as UTF-8", 2)


def test_a_stray_nul_is_replaced_and_named_with_its_line() -> None:
    found = decode(b"first line\r\nsecond\r\nthe thi\0rd line\r\n\0 and more words\r\n")
    assert found.text == "first line\nsecond\nthe thi\ufffdrd line\n\ufffd and more words\n"
    assert (found.flaw, found.line) == ("a NUL byte in the text; remove it", 3)


def test_of_two_flaws_the_encoding_is_named() -> None:
    found = decode(b"a long first line with \0 in it\nand caf\xe9 below\n")
    assert found.text == "a long first line with \ufffd in it\nand café below\n"
    assert (found.flaw, found.line) == ("not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8", 2)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_and_named(encoding: str) -> None:
    text = "# The brochure\n\nIt was printed twice, in Köln.\n"
    assert decode(text.encode(encoding)) == Decoded(text, "UTF-16 without a byte order mark; save it as UTF-8", 1)


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf_32_without_a_mark_is_no_text(encoding: str) -> None:
    with pytest.raises(Unreadable, match=r"not a text file.*save it as UTF-8"):
        decode("# The brochure\n\nIt was printed twice.\n".encode(encoding))


@pytest.mark.parametrize("text", ["Мы знали.\n\nДва листа.\n", "我们学到了什么\n两本小册子\n"])  # noqa: RUF001 - Russian
def test_utf_16_without_a_mark_is_never_taken_for_good_text(text: str) -> None:
    try:
        flaw = decode(text.encode("utf-16-le")).flaw
    except Unreadable as error:
        flaw = str(error)
    assert flaw


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"a\0b\0cc" * 100,
        b"\0" * 1000,
        b"\x7fXYZ\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89",
        codecs.BOM_UTF8 + b"\0\x01\0\x02",
    ],
)
def test_a_binary_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="not a text file"):
        decode(data)


@given(data=st.binary(max_size=300) | st.tuples(st.sampled_from([*MARKS.values()]), st.binary()).map(b"".join))
@settings(deadline=None, max_examples=examples(200))
def test_any_bytes_are_a_clean_text_or_unreadable(data: bytes) -> None:
    try:
        found = decode(data)
    except Unreadable:
        found = Decoded("")
    assert not {"\r", "\0"} & set(found.text)
    found.text.encode()
    assert (found.flaw is None) == (found.line is None)
    assert 1 <= (found.line or 1) <= found.text.count("\n") + 1
    if "\ufffd" in found.text and not data.startswith(WIDE_MARKS) and b"\xef\xbf\xbd" not in data:
        assert found.flaw, "what was replaced is reported"
