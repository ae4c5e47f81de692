"""What a file says never drives the terminal that shows it."""

from __future__ import annotations

import io
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.visible import VisibleStream, json_text, visible
from tests.conftest import Make, Run

ESCAPES = "\x1b]0;owned\x07\x1b[31m\x9b31m\x7f\b\r"
HIDDEN = "\u202e\u2066\u200b\ufeff\u2060\U000e0041"
EVIL = f"""\
---
title: "Labels \\e[31mred \\x9b\\u202e\\a"
date: 2006-05
tags: ["tag\\e[2J"]
people: [{{name: "Jane\\e[0m", contact: "j\\u200b@example.org"}}]
answers: ["parcels \\e[5m come back"]
---
# Evil {ESCAPES}

The labels came off {ESCAPES} the {HIDDEN} parcels.

## Tools {ESCAPES}

A checklist {ESCAPES}.
"""
DRIVING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
SEEN = re.compile(r"[^\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@given(st.text())
def test_a_text_keeps_its_length_and_whatever_is_seen(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not DRIVING.search(shown)
    for before, after in zip(text, shown, strict=True):
        assert before == after or unicodedata.category(before)[0] in "CZ" or not SEEN.match(before)


@pytest.mark.parametrize(
    "text",
    ["", "plain\n\ttext", "Ünïcödé – “quotes”", "می‌خواهم", "👩‍💻 🏳️‍🌈", "क्‍ष", "soft\u00adhyphen", "שלום \u200fעולם"],  # noqa: RUF001 - as people write
)
def test_what_a_script_needs_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("\u115f\u1161", "\u1100\u1160\u11a8", "\u28ff\u2800\u2800\u28ff", "u\u034f\u0308"),
        *("\u845b\U000e0100", "1\ufe0f\u20e3"),
    ],
)
def test_what_fills_a_place_stays_where_it_does_its_work(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\rb\x00\x7f", "a␍b␀␡"),
        ("\x9b", "\ufffd"),
        ("pay\u202epal", "pay\ufffdpal"),
        ("pay\u200bpal", "pay\ufffdpal"),
        ("pay\u200dpal", "pay\ufffdpal"),
        ("a\u200d\u05d0", "a\ufffd\u05d0"),
        ("\u05d0\u200da", "\u05d0\ufffda"),
        ("pay\u200e\u200f", "pay\ufffd\ufffd"),
        ("pay\u3164pal \uffa0", "pay\ufffdpal \ufffd"),
        ("pay\u115f\u1160pal", "pay\ufffd\ufffdpal"),
        ("pay\u034fpal\u180e", "pay\ufffdpal\ufffd"),
        ("pay\u2800\u2800pal", "pay\ufffd\ufffdpal"),
        ("pay\ufe0fpal\U000e0101", "pay\ufffdpal\ufffd"),
        ("pay\U0001d173pal\U000e01f0", "pay\ufffdpal\ufffd"),
    ],
)
def test_what_drives_or_hides_is_a_mark(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.slow
def test_each_sign_alone_becomes_what_it_becomes_among_all_others() -> None:
    signs = [
        chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000 and code not in (0x61C, 0x200E, 0x200F)
    ]
    together = visible("".join(f"a{sign}a" for sign in signs))[1::3]
    assert [sign for sign, shown in zip(signs, together, strict=True) if visible(f"a{sign}a")[1] != shown] == []


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_json_says_the_same_and_drives_nothing(value: object) -> None:
    said = json_text(value)
    assert json.loads(said) == value
    assert not DRIVING.search(said)
    assert not re.search("[\u061c\u200e\u200f]", said)


def test_marks_of_direction_are_escaped_in_json() -> None:
    assert json_text("a\u200eb\u061c") == '"a\\u200eb\\u061c"'


def test_a_stream_makes_lines_visible_as_it_does_texts() -> None:
    stream = io.StringIO()
    VisibleStream(stream).writelines(["a\x1b[31m\n", "b\u202e\n"])
    assert stream.getvalue() == "a␛[31m\nb\ufffd\n"


COMMANDS = [
    ("search", "labels"),
    ("search", "--explain", "parcels come back"),
    ("search", "--json", "labels"),
    ("search", "--why-not", "evil", "nothing"),
    ("search", f"labels {ESCAPES}"),
    ("list",),
    ("list", "--json"),
    ("show", "evil", "--json"),
    ("show", f"evil{ESCAPES}"),
    ("similar", "evil"),
    ("check",),
    *(("check", "--format", form) for form in ("json", "github", "gitlab", "sarif", "markdown")),
    ("status",),
    ("status", "--json"),
    ("doctor",),
    ("-v", "reindex", "--full"),
    ("reindex", "--report", "-"),
    ("new", f"Labels {ESCAPES}", "--no-edit"),
]


def test_no_command_prints_what_drives_a_terminal(make: Make, kb: Run) -> None:
    root = make({"evil.md": EVIL, f"evil{ESCAPES.replace('/', '')}.md": "# Another\n\nLabels.\n", "torn.md": "\x1b\0"})
    assert kb(root, "reindex").code in (0, 3)
    for command in COMMANDS:
        done = kb(root, *command)
        for said in (done.out, done.err):
            found = DRIVING.search(said)
            assert not found, (command, said[found.start() - 60 : found.end() + 20])


def test_marks_stay_where_they_belong(indexed: Make, kb: Run) -> None:
    root = indexed({"evil.md": EVIL})
    (hit,) = json.loads(kb(root, "search", "--json", "labels").out)["hits"]
    assert {hit["snippet"][start:end].casefold() for start, end in hit["marks"]} == {"labels"}


def test_a_lesson_goes_into_a_file_as_it_was_written(indexed: Make, kb: Run) -> None:
    root = indexed({"evil.md": "# Evil\n\nThe labels \x1b[31m came off.\n"})
    assert "The labels \x1b[31m came off." in kb(root, "show", "evil").out
