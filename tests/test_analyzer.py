"""Terms: the same word in any form, at the place where it is written."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import CharsetFilter, IDTokenizer, LowercaseFilter, StemFilter, StopFilter
from whoosh.lang.stopwords import stoplists
from whoosh.support.charset import accent_map

from search.analyzer import terms, terms_in_place, word_starts

# Letters, digits and marks that the tokenizer's rules are about, and anything else that Unicode has.
TEXTS = st.text(
    st.one_of(st.sampled_from("aA1.'\u2019-_ \n\u3042\u4e2d\u00e9\u0301"), st.characters(codec="utf-8")), max_size=60
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Proof-reading systems caught errors", ["proof", "read", "system", "caught", "error"]),
        ("brochure Brochures BROCHURES", ["brochur", "brochur", "brochur"]),
        ("frustrated dealers' frustrations", ["frustrat", "dealer", "frustrat"]),
        ("snake_case __init__", ["snake", "case", "init"]),
        ("C++, C# (and .NET)!", ["c", "c", "net"]),
    ],
)
def test_a_word_and_its_inflections_are_one_term(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("text", ["the of and", "It was NOT there, and we had it.", "Don't", "don’t"])  # noqa: RUF001 - as people type
def test_stop_words_have_no_terms(text: str) -> None:
    assert terms(text) == []


@pytest.mark.parametrize("text", ["", " \n\t", "?!… -- ___ §$%", "\x00", "「、。」", "・"])
def test_what_has_no_words_has_no_terms(text: str) -> None:
    assert terms(text) == []


def test_accents_do_not_tell_words_apart() -> None:
    assert terms("Überprüfung naïve café Ångström") == ["uberprufung", "naiv", "cafe", "angstrom"]


def test_an_accent_written_as_a_character_of_its_own_does_not_cut_the_word() -> None:
    composed = "Überprüfung naïve café"
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    assert terms(decomposed) == terms(composed)
    assert [decomposed[term.start : term.end] for term in terms_in_place(decomposed)] == decomposed.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Version 2.8.3 of it", ["version", "2.8.3"]),
        ("3.5mm, 1.", ["3.5mm", "1"]),
        ("1.2.3.4.5", ["1.2.3.4.5"]),
        ("the end.Next line", ["end", "next", "line"]),
        ("2.b a.1", ["2", "b", "1"]),  # "a" is a stop word
        ("12,5 % in 10:30", ["12", "5", "10", "30"]),
    ],
)
def test_a_dot_joins_digits_and_nothing_else(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_each_chinese_or_japanese_character_is_a_term() -> None:
    assert terms("宣伝用パンフ、誤り2件xy") == [*"宣伝用パンフ誤り", "2", "件", "xy"]


def test_a_possessive_is_the_word_itself() -> None:
    assert terms("the customer's customer’s customers") == ["custom"] * 3  # noqa: RUF001 - as people type
    assert terms("O'Brien") == ["o", "brien"]


def test_the_place_of_a_term_is_that_of_the_word_as_written() -> None:
    text = "Der  Prüfer\tcaught 3.5 Fehler,宣伝."
    assert [(term.term, text[term.start : term.end]) for term in terms_in_place(text)] == [
        ("der", "Der"),
        ("prufer", "Prüfer"),
        ("caught", "caught"),
        ("3.5", "3.5"),
        ("fehler", "Fehler"),
        ("宣", "宣"),
        ("伝", "伝"),
    ]


@pytest.mark.parametrize("word", ["x" * 100_000, "1" * 100_000, "1.1" * 40_000, "ü" * 100_000, "1x" * 50_000])
def test_an_endless_word_is_one_short_term_that_stands_where_the_whole_word_does(word: str) -> None:
    found = terms_in_place(f"see {word} there")
    assert [(term.start, term.end) for term in found if len(term.term) > 3] == [(4, 4 + len(word))]
    assert all(len(term.term) <= 64 for term in found)
    assert terms(f"see {word} there") == [term.term for term in found]


def test_a_text_of_100_000_short_pieces_keeps_them_all() -> None:
    assert terms("b.1" * 40_000) == ["b", *["1b"] * 39_999, "1"]
    assert terms("." * 100_000 + "end") == ["end"]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_terms_and_terms_in_place_agree(text: str) -> None:
    assert terms(text) == [term.term for term in terms_in_place(text)]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_places_are_in_order_apart_and_lead_to_the_same_term(text: str) -> None:
    last = 0
    for term, start, end in terms_in_place(text):
        assert last <= start < end <= len(text)
        assert terms(text[start:end]) == [term]
        last = end


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_the_terms_of_two_paragraphs_are_those_of_each(one: str, other: str) -> None:
    assert terms(f"{one}\n\n{other}") == terms(one) + terms(other)


# The filters are whoosh's: its chain is slow to import, so it is put together of its parts.

CHAIN = (
    IDTokenizer()
    | LowercaseFilter()
    | CharsetFilter(accent_map)
    | StopFilter(stoplists["en"], minsize=1)
    | StemFilter(cachesize=0)
)


def by_chain(word: str) -> list[str]:
    return [token.text for token in CHAIN(unicodedata.normalize("NFC", word))]


def words_of_many_languages() -> set[str]:
    """Return the stop words of all languages that whoosh has, every letter, and all words of our own pages."""
    pages = Path(__file__).parent.parent
    texts = [path.read_text("utf-8") for path in (*pages.glob("*.md"), *pages.glob("docs/*.md"), *pages.glob("*/*.py"))]
    words = {word for text in texts for word in re.findall(r"[^\W_]+", text)}
    letters = (chr(number) for number in range(0x3000) if chr(number).isalpha())
    return words.union(*stoplists.values(), *((f"{letter}ning", letter) for letter in letters))


def is_one_word(word: str) -> bool:
    return word_starts(word) == [0] and not re.search(r"[\W_]$", word)


def test_a_term_is_what_whooshs_chain_of_filters_makes_of_a_word() -> None:
    words = {word for word in words_of_many_languages() if len(word) <= 64 and is_one_word(word)}
    assert len(words) > 10_000
    assert {word: terms(word) for word in words} == {word: by_chain(word) for word in words}
