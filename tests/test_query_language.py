"""The query language of a typed line: operators are understood, and what is no operator stays text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis.analyzer import terms
from search.errors import QueryError
from search.query.query import MAX_CHARACTERS, Query, known_field, page_query, parse_query

FIELDS = frozenset(
    {"tags", "title", "id", "path", "date", "unit", "status", "impact", "impact.area", "impact.change", "people.role"}
)


def ask(text: str) -> Query:
    return parse_query(text, FIELDS)


def said(query: Query) -> list[str]:
    return [str(condition) for condition in query.filters]


# Operators.


@pytest.mark.parametrize(
    ("line", "text", "without"),
    [
        ("brochures -errors", "brochures", ("errors",)),
        ("-errors brochures", "brochures", ("errors",)),
        ('brochures -"print shop" -dealers', "brochures", ("print shop", "dealers")),
        ("brochures -“print shop”", "brochures", ("print shop",)),
        ("brochures -proof-reading", "brochures", ("proof-reading",)),
        ('"brochure errors" -print', '"brochure errors"', ("print",)),
    ],
)
def test_a_minus_before_a_word_or_a_phrase_leaves_it_out(line: str, text: str, without: tuple[str, ...]) -> None:
    query = ask(line)
    assert (query.text, query.without) == (text, without)
    assert set(terms(" ".join(without))) & set(terms(query.text)) == set()


@pytest.mark.parametrize(
    ("line", "conditions", "field"),
    [
        ("tag:brochures", ["tag:brochures"], "tags"),
        ("TAG:Brochures", ["TAG:Brochures"], "tags"),
        ('unit:"Toyota Motor Sales"', ['unit:"Toyota Motor Sales"'], "unit"),
        ("unit:“Toyota Motor Sales”", ["unit:“Toyota Motor Sales”"], "unit"),
        ("impact.area:cost", ["impact.area:cost"], "impact.area"),
        ("People.Role:sponsor", ["People.Role:sponsor"], "people.role"),
        ("date:>=2020", ["date:>=2020"], "date"),
        ("date:2019..2021-05", ["date:2019..2021-05"], "date"),
        ("impact.change:<-20%", ["impact.change:<-20%"], "impact.change"),
        ("kind:tool|method", ["kind:tool|method"], "kind"),
        ('tag:"proof reading"|sales', ['tag:"proof reading"|sales'], "tags"),
        ("has:impact", ["has:impact"], "has"),
        ("path:lessons/2020", ["path:lessons/2020"], "path"),
    ],
)
def test_a_field_and_a_value_are_a_condition(line: str, conditions: list[str], field: str) -> None:
    query = ask(f"{line} brochures")
    assert (said(query), query.filters[0].field, query.text) == (conditions, field, "brochures")
    assert (tuple(terms(query.text)), query.notes) == (("brochur",), ())


def test_a_condition_with_a_minus_is_negated() -> None:
    query = ask("brochures -status:draft tag:sales")
    assert said(query) == ["-status:draft", "tag:sales"]
    assert [condition.negated for condition in query.filters] == [True, False]


def test_filters_alone_are_a_query_without_text() -> None:
    query = ask("kind:tool tag:brochures")
    assert (query.text, tuple(terms(query.text)), said(query)) == ("", (), ["kind:tool", "tag:brochures"])


def test_what_was_asked_is_kept_as_it_was_asked() -> None:
    assert ask("  brochures  -errors tag:sales ").display == "brochures  -errors tag:sales"


# What is no operator.

PLAIN = [
    "Re: brochures",
    "Subject: wrong brochures again",
    "Who to place in a business unit: the embedded professional",
    "http://example.org/a?b=c brochures",
    "the meeting at 10:30",
    "std::vector grows",
    "C++ and C:\\brochures",
    "a-b proof-reading",
    "brochures - errors",
    "the --flag of the program",
    "at -20 degrees",
    "(brochures [errors",
    "brochures) errors]",
    "50% fewer | more < >",
]


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_no_language_stays_words(line: str) -> None:
    query = ask(line)
    assert (query.text, tuple(terms(query.text))) == (line, tuple(terms(line)))
    assert (query.without, query.filters, query.phrases, query.notes) == ((), (), (), ())


def test_quotes_make_plain_text_of_operators() -> None:
    query = ask('"tag:brochures" "-errors" "date:>=soon" "tga:brochures"')
    assert (query.filters, query.without) == ((), ())
    assert tuple(terms(query.text)) == tuple(terms("tag brochures errors date soon tga brochures"))


def test_an_unknown_field_that_resembles_none_is_taken_for_words_and_this_is_said() -> None:
    query = ask("xylophone:brochures errors")
    assert (query.text, query.filters) == ("xylophone:brochures errors", ())
    assert query.notes == ("no lesson has a field 'xylophone': xylophone:brochures was read as words",)


@pytest.mark.parametrize(
    "line", ['brochures "errors', 'brochures errors"', '"print shop" brochures "errors', "“errors"]
)
def test_a_quote_that_is_not_closed_parts_words(line: str) -> None:
    query = ask(line)
    assert query.notes == ("a quotation mark that is not closed was read as a space",)
    assert tuple(terms(query.text)) == tuple(terms(line))


def test_a_value_whose_quote_is_not_closed_is_its_first_word() -> None:
    query = ask('brochures unit:"Toyota Motor')
    assert (said(query), query.text) == (["unit:Toyota"], "brochures Motor")


def test_a_word_that_is_too_common_leaves_nothing_out() -> None:
    query = ask("brochures -the")
    assert (query.without, query.text) == ((), "brochures")
    assert query.notes == ("-the excludes nothing: it is too common a word",)


# What cannot be answered as it is put.


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tag:", "tag: needs a value, such as tag:brochures"),
        ("tag: brochures", "tag: needs a value, such as tag:brochures"),
        ("brochures tag:", "tag: needs a value, such as tag:brochures"),
        ("kind:", "kind: needs a value, such as kind:tool"),
        ("brochures unit:?", 'unit: needs a value, such as unit:word or unit:"several words"'),
        ("brochures date:>=", "date:>= needs a number or a date, such as date:>=2020"),
        (
            "date:>=soon brochures",
            "date:>=soon: 'soon' is neither a number nor a date; "
            "write date:>=2020, 2020-05, 2020-05-01, 12, -20% or $500",
        ),
        ("date:2022..2019", "date:2022..2019: the range ends before it begins; write date:2019..2022"),
        ("impact.change:>1.500", "impact.change:>1.500: '1.500' can be read two ways; write 1500 or 1.5"),
        ("impact.change:5..-5", "impact.change:5..-5: the range ends before it begins; write impact.change:-5..5"),
        (
            "date:2020-05..12",
            "date:2020-05..12: a range goes from a date to a date or from a number to a number",
        ),
        ("tga:brochures", "no lesson has a field 'tga'; nearest: tag (in quotes tga:brochures is plain text)"),
        ("titel:x", "no lesson has a field 'titel'; nearest: title (in quotes titel:x is plain text)"),
        ("area:cost", "no lesson has a field 'area'; nearest: impact.area (in quotes area:cost is plain text)"),
        ("-brochures", "'-brochures' says only what to leave out; add what to look for, in a few words"),
        ("-status:draft", "'-status:draft' says only what to leave out; add what to look for, in a few words"),
        ("-the ?", "'-the ?' says only what to leave out; add what to look for, in a few words"),
        ("- ;; -", "the query '- ;; -' has no words; describe the problem in a few words"),
        ("tag:🚀", "tag: needs a value, such as tag:brochures"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_to_do(line: str, message: str) -> None:
    with pytest.raises(QueryError) as refused:
        ask(line)
    assert str(refused.value) == message


def test_an_unknown_field_of_an_option_names_the_nearest() -> None:
    assert known_field("Impact.Area", FIELDS) == "impact.area"
    with pytest.raises(QueryError, match=r"^no lesson has a field 'staus'; nearest: status$"):
        known_field("staus", FIELDS)


# Pages, and texts of any kind.


@pytest.mark.parametrize("page", ['tag:sales -errors "x"\nand more', 'tag:sales -errors "x y" ' + "word " * 60])
def test_a_page_has_words_only(page: str) -> None:
    query = ask(page)
    assert query.text == page.strip()
    assert tuple(terms(query.text)) == tuple(terms(page))
    assert (query.without, query.filters, query.phrases) == ((), (), ())


def test_a_page_is_cut_and_this_is_said() -> None:
    query = page_query("brochure " * 20_000)
    assert len(query.text) == MAX_CHARACTERS
    assert query.notes == ("the query is longer than 100,000 characters; the rest was left out",)
    assert page_query("x" * MAX_CHARACTERS).notes == ()


def test_a_word_of_100_000_characters_is_one_term() -> None:
    query = ask("x" * MAX_CHARACTERS)
    assert (len(tuple(terms(query.text))), query.notes) == (1, ())


def test_words_that_are_written_from_right_to_left_are_words() -> None:
    query = ask("טעויות בעלון -שגיאות")
    assert (query.text, query.without) == ("טעויות בעלון", ("שגיאות",))
    assert len(tuple(terms(query.text))) == 2


def test_nul_and_control_characters_part_words() -> None:
    query = ask("tag:sales\x00brochures\x1b-errors")
    assert (said(query), query.text, query.without) == (["tag:sales"], "brochures", ("errors",))


OPERATORS = ['"', "“", "”", "-", ":", "|", "..", ">=", "<", "tag:", "date:", "kind:", "has:", "impact.area:", "x:"]
OTHERS = ["brochures", "the", "(", "]", "🚀", "é", "שגיאה", "--", "a-b", "\\", "/", "2020", "-5%"]
pieces = st.sampled_from([*OPERATORS, *OTHERS, " ", "\x00", "\ud800", "\u0301"])


@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=40))
@example('tag:"')
@example('-"')
@example("date:..")
@example("date:>..2020")
def test_no_line_raises_anything_but_a_query_error(line: str) -> None:
    try:
        query = ask(line)
    except QueryError:
        return
    assert query.text or query.filters
    query.text.encode("utf-8")


words = st.from_regex(r"[a-zäöü]{1,8}([-'.][a-z]{1,5})?", fullmatch=True)


@given(st.lists(words, min_size=1, max_size=8))
def test_plain_words_survive(line: list[str]) -> None:
    query = ask(" ".join(line))
    assert (query.text, query.filters, query.without, query.notes) == (" ".join(line), (), (), ())


@given(st.lists(pieces.filter(lambda piece: piece not in '"“”\x00\ud800'), min_size=1, max_size=6).map("".join))
def test_whatever_stands_in_quotes_is_text(inner: str) -> None:
    query = ask(f'brochures "{inner}"')
    assert (query.filters, query.without, query.notes) == ((), (), ())
    assert tuple(terms(query.text)) == tuple(terms(f"brochures {inner}"))
