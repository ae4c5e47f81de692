"""Terms: the same word in any form, at the place where it is written."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import CharsetFilter, IDTokenizer, LowercaseFilter, StemFilter, StopFilter
from whoosh.lang.stopwords import stoplists
from whoosh.support.charset import accent_map

from search.analysis.analyzer import analyze, indexed, query_terms, terms, terms_in_place, word_starts
from search.analysis.tokens import Piece, pieces_apart
from tests.examples import LONG, examples

# Letters, digits and marks that the tokenizer's rules are about, and anything else that Unicode has.
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "aA1.'\u2019-_/+#@& \n\u3042\u4e2d\u00e9\u0301\u00ad\ud68c\u0e17\u0e33\u304b\u3099\u2192<\u0338"
        ),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
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


@pytest.mark.parametrize("text", ["", " \n\t", "?!… -- ___ $%", "\x00", "「、。」", "・"])
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


@pytest.mark.parametrize(
    ("text", "expected", "apart"),
    [
        ("saved 500,000 USD", ["save", "500000", "usd"], ["500", "000"]),
        ("1,234,567.89", ["1234567.89"], ["1", "234", "567.89"]),
        ("\uff11\uff12,\uff13\uff14\uff15", ["12345"], ["12", "345"]),  # wide digits
        ("1,23 12,3456 1999,2000 ,100", ["1", "23", "12", "3456", "1999", "2000", "100"], []),
    ],
)
def test_a_comma_joins_thousands_whose_parts_can_be_found_too(text: str, expected: list[str], apart: list[str]) -> None:
    assert terms(text) == expected
    assert [term for term, _ in parts(text)] == apart


def test_each_chinese_or_japanese_character_is_a_term() -> None:
    assert terms("宣伝用パンフ、誤り2件xy") == [*"宣伝用パンフ誤り", "2", "件", "xy"]


def names(text: str) -> list[tuple[str, str]]:
    """Return each name with the words that it covers."""
    found = analyze(text)
    return [(name.term, " ".join(word.term for word in found.words[name.first : name.last])) for name in found.names]


def parts(text: str) -> list[tuple[str, str]]:
    """Return each part with the text that it stands for."""
    return [(part.term, text[part.start : part.end]) for part in analyze(text).parts]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("QUEUE_IS_EMPTY", "queueisempti", "queue empti"),
        ("ORA-00942", "ora00942", "ora 00942"),
        ("ora_00942", "ora00942", "ora 00942"),
        ("a.b.c", "abc", "b c"),
        ("MIL-PRF-26356", "milprf26356", "mil prf 26356"),
        ("C++", "c++", "c"),
        ("C++17", "c++17", "c 17"),
        ("C#", "c#", "c"),
        (".NET", ".net", "net"),
        ("(--flag)", "--flag", "flag"),
        ("user@host", "user@host", "user host"),
        ("GPT-4o", "gpt4o", "gpt 4o"),
        ("proof-reading", "proofread", "proof read"),
        ("std::vector", "stdvector", "std vector"),
        ("2026-05-01", "2026-05-01", "2026 05 01"),
        ("3-D", "3d", "3 d"),
    ],
)
def test_what_is_written_in_one_piece_is_a_term_besides_its_words(text: str, name: str, words: str) -> None:
    assert names(text) == [(name, words)]
    assert terms(text) == words.split()


def test_a_path_has_its_names_too() -> None:
    assert names("/var/log/my-app.log") == [("myapplog", "app log"), ("varlogmyapplog", "var log app log")]


def test_a_name_of_stop_words_only_is_a_word() -> None:
    assert terms("AT&T and to-do") == ["at&t", "todo"]
    assert names("AT&T and to-do") == []


@pytest.mark.parametrize(
    "text", ["word", "end. Next", "a -- b", "2.8.3", "**bold**", "_em_", "don't", "x > y", "foo->bar"]
)
def test_what_is_no_name_has_none(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TLS1.3", [("tl", "TLS"), ("1.3", "1.3")]),
        ("v2.1.0", [("v", "v"), ("2.1.0", "2.1.0")]),
        ("50Hz", [("50", "50"), ("hz", "Hz")]),
        ("a1b2c3", []),
        ("4o", []),
        ("회사는", [("회사", "회사"), ("사는", "사는")]),
        ("물이", [("물", "물")]),
        ("회사", [("회", "회")]),
        ("API를", [("api", "API"), ("를", "를")]),
        ("宣伝用", [("宣伝", "宣伝"), ("伝用", "伝用")]),
        ("ดีมาก", [("ดีม", "ดีม"), ("มา", "มา"), ("าก", "าก")]),
    ],
)
def test_parts_of_a_word_stand_where_they_are_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert parts(text) == expected


def test_of_text_without_spaces_neighbours_are_asked_for_and_a_character_by_itself() -> None:
    assert query_terms("宣伝用、誤 errors ไทย") == ["宣伝", "伝用", "誤", "error", "ไท", "ทย"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "Strasse"),
        ("İstanbul", "istanbul"),
        ("bro\u00adchure", "brochure"),
        ("bro\u200bchu\u200dre\ufeff", "brochure"),
        ("ﬁle", "file"),
        ("ＡＢＣ１２", "abc12"),  # noqa: RUF001 - full width
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("TLS‑1.3", "TLS-1.3"),  # noqa: RUF001 - a hyphen that does not break
        ("👍🏽", "👍"),
        ("❤️", "❤"),
    ],
)
def test_ways_to_write_the_same_are_the_same(one: str, other: str) -> None:
    assert indexed(one) == indexed(other)
    assert query_terms(one) == query_terms(other) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🚀 launch", ["🚀", "launch"]),
        ("§ 12", ["§", "12"]),
        ("a → b", ["→", "b"]),
        ("👩\u200d🚀", ["👩", "🚀"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("C or R", ["c", "r"]),
        ("5 °C ≠ 5", ["5", "°", "c", "≠", "5"]),
    ],
)
def test_a_sign_is_a_word(text: str, expected: list[str]) -> None:
    assert terms(text) == query_terms(text) == expected


def test_a_possessive_is_the_word_itself() -> None:
    assert terms("the customer's customer’s customers") == ["custom"] * 3  # noqa: RUF001 - as people type
    assert terms("O'Brien") == ["o", "brien"]


def test_the_place_of_a_term_is_that_of_the_word_as_written() -> None:
    text = "Der  Prüfer\tcaught 3.5 Fehler,宣伝."
    assert [(term.term, text[term.start : term.end]) for term in analyze(text).words] == [
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
    found = analyze(f"see {word} there").words
    assert [(term.start, term.end) for term in found if len(term.term) > 3] == [(4, 4 + len(word))]
    assert all(len(term.term) <= 64 for term in found)
    assert terms(f"see {word} there") == [term.term for term in found]


def test_a_text_of_100_000_short_pieces_keeps_them_all() -> None:
    assert terms("b.1" * 40_000) == ["b", *["1b"] * 39_999, "1"]
    assert terms("." * 100_000 + "end") == ["end"]


MUCH = 1_000_000 if LONG else 250_000
"""Characters in one piece: enough for the square of it to take hours."""
HOSTILE = [
    *("a" * MUCH, "-" * MUCH, "\u0301" * MUCH, "a.a." * (MUCH // 4), "a-" * (MUCH // 2), "a_" * (MUCH // 2)),
    *(
        "a/" * (MUCH // 2),
        "\u00ad" * MUCH,
        "a\u0301\u0316" * (MUCH * 3 // 10),
        "宣" * MUCH,
        "회" * MUCH,
        "1." * (MUCH // 2),
    ),
    *(
        "C++" * (MUCH * 3 // 10),
        "+" * MUCH,
        "🚀" * (MUCH * 3 // 10),
        "宣" * (MUCH * 3 // 10),
        "_" * MUCH,
        "." * MUCH + "a",
        "--a" * (MUCH * 3 // 10),
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:4]!a}")
def test_much_in_one_piece_takes_no_longer_than_much_text(text: str) -> None:
    started = time.process_time()
    indexed(text)
    analyze(text, is_query=True)
    allowed = 30 * MUCH / 1_000_000
    assert time.process_time() - started < allowed, "a megabyte in words takes two seconds"


@settings(deadline=None)
@given(TEXTS)
def test_terms_are_those_in_place(text: str) -> None:
    found, kept = analyze(text), indexed(text)
    assert kept.words == [word.term for word in found.words]
    further = [(name.first, name.term) for name in found.names] + [(part.word, part.term) for part in found.parts]
    assert sorted(kept.further) == sorted(further)


@settings(deadline=None)
@given(TEXTS)
def test_places_are_slices_of_the_text_that_was_written(text: str) -> None:
    found, last = analyze(text), 0
    for term, start, end in found.words:
        assert last <= start < end <= len(text)
        assert term in terms(text[start:end])
        last = end
    for name in found.names:
        words = found.words[name.first : name.last]
        assert words
        assert name.start <= words[0].start <= words[-1].end <= name.end <= len(text)
        assert name.term in [name.term for name in analyze(text[name.start : name.end]).names]
    for part in found.parts:
        assert found.words[part.word].start <= part.start < part.end <= len(text)
    assert {term.term for term in terms_in_place(text)} == {*kept_terms(text)}


def kept_terms(text: str) -> list[str]:
    kept = indexed(text)
    return [*kept.words, *(term for _, term in kept.further)]


@settings(max_examples=examples(200), deadline=None)
@given(TEXTS)
def test_both_compositions_have_the_same_terms(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert indexed(composed) == indexed(decomposed)
    assert query_terms(composed) == query_terms(decomposed)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_soft_hyphen_inside_of_a_word_is_not_there(text: str, data: st.DataObject) -> None:
    text = text.replace("\u00ad", "")
    places = [at for at in range(1, len(text)) if text[at - 1].isalnum() and text[at].isalnum()]
    chosen = data.draw(st.sets(st.sampled_from(places), max_size=4)) if places else set()
    hyphened = "".join(("\u00ad" if at in chosen else "") + character for at, character in enumerate(text))
    assert indexed(hyphened) == indexed(text)


@settings(deadline=None)
@given(TEXTS)
def test_terms_have_no_white_space(text: str) -> None:
    assert all(term and term.split() == [term] for term in kept_terms(text))


@settings(deadline=None)
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
    # Of words that are composed and folded already: whoosh's chain knows nothing of Unicode's other forms.
    every = {unicodedata.normalize("NFKC", word.casefold()) for word in words_of_many_languages() if len(word) <= 64}
    plain = {word for word in every if word == word.casefold() and not any(map(unicodedata.combining, word))}
    words = {word for word in plain if is_one_word(word)}
    assert len(words) > 10_000
    assert {word: terms(word) for word in words} == {word: by_chain(word) for word in words}


def test_text_of_latin_letters_has_the_pieces_that_the_pattern_for_all_scripts_finds() -> None:
    latin = [chr(number) for number in range(0x2100)]
    for text in (f"{one}a1{one}.{one}2{one}{other}=" for one, other in zip(latin, latin[1:] + latin[:1], strict=True)):
        assert shapes(pieces_apart(text)) == shapes(pieces_apart(f"{text} 中"))[:-1], text


def shapes(found: Iterator[Piece]) -> list[tuple[tuple[int, int], str | None]]:
    return [(piece.span(), piece.lastgroup) for piece in found]
