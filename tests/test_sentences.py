"""Sentences: abbreviations and initials end none, and other scripts have marks of their own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.markdown.sentences import ends_a_sentence, sentences
from tests.examples import examples


@pytest.mark.parametrize(
    "text",
    [
        "One came.| Two went!| Did three? |Four: \u201cStop.\u201d |Five (at last.) |Six",
        "M. Morrison and B. Jaworski wrote it. |J. R. R. Tolkien did not.",
        "Errors, e.g. Misprints, i.e. Typos, cf. Smith et al. 2010. |Dr. No, Mr. Yes and Prof. Perhaps agree.",
        "See Fig. 3, Figs. A and B, No. 5, Nos. 6 and 7, Vol. 2, pp. 3-5, Rev. C and Sec. 4. |Nobody did.",
        "Did it work? |No. |We tried.",
        "One U.S. Navy ship sank. |It was in the U.S. |The others were not.",
        "Acme Inc. Boston made it. |It was bought by Acme Inc. |The rest is history.",
        "Nov. 3 and Dec. 4, 2005. |That was in Dec. |We left.",
        "Labels, boxes, etc. |Next came tyres.",
        "1. Find it early. |2. Tell everybody. |(3) Mend it.",
        "It cost 3.5 m. |That was www.example.org and 2.8.3.",
        "it ended... and went on. |Then it ended... |Really?!",
        "第一文。|第二文「有誤。」|第三文！|終わり",  # noqa: RUF001 - Japanese writes them so
        "مرحبا بالعالم؟ |نعم. |هذا جيد.",
        "यह एक वाक्य है। |यह दूसरा है।",
        "ประโยคภาษาไทยไม่มีจุด แต่มีช่องว่าง",
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str) -> None:
    assert list(sentences(text.replace("|", ""))) == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    ("text", "ends"),
    [("It came.", True), ("It came.) ", True), ("有誤。", True), ("It came", False), ("see Fig.", False), ("", False)],
)
def test_a_text_may_be_cut_within_a_sentence(text: str, ends: bool) -> None:
    assert ends_a_sentence(text) is ends


@given(text=st.text(alphabet="aA .!?)\"'。U.S", max_size=60) | st.text(max_size=60))
@settings(deadline=None, max_examples=examples(300))
def test_no_character_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("text", ["x", ".", ". ", "a. ", "e.g. ", '."', "。", "1. "], ids=repr)
def test_a_megabyte_of_anything_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    list(sentences(text * (1_000_000 // len(text))))
    assert time.perf_counter() - started < 20, "in time that grows with its square it would be hours"
