"""A word that no lesson has is searched as those too that it may be a slip of the pen of, and nothing else is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.analyzer import indexed
from search.analysis.lesson_terms import LessonTerms
from search.lexical.index import LexicalIndex
from search.query.correcting import corrected_wording
from search.query.slips import MOST_CANDIDATES, candidates
from search.query.wording import Wording
from tests.conftest import Make, Outcome, Run
from tests.small_index import array_index

BROCHURES = "# Brochures\n\nSome brochures had errors. A proof-reading system found them before print.\n"
TRAINING = "# Training\n\nOne region was trained, a comparable region was not. Management gave support to dealers.\n"
LIBRARY: dict[str, str | bytes] = {"brochures.md": BROCHURES, "training.md": TRAINING}


def library(*texts: str) -> LexicalIndex:
    """Index lessons that say such things."""
    lessons = [indexed(text) for text in texts]
    return array_index([LessonTerms({}, [found.words], spellings=found.spellings) for found in lessons])


INDEX = library(BROCHURES, TRAINING)


def asked(text: str) -> Wording:
    return corrected_wording(text, INDEX)


@pytest.mark.parametrize(
    ("text", "meant", "also"),
    [
        ("broshure erors", "brochures errors", ("brochures", "errors")),
        ("managemnt suport", "management support", ("management", "support")),
        ("Errosr in print", "errors in print", ("errors",)),
        ("dealers in a reigon", "dealers in a region", ("region",)),
        ("BROSHURES", "brochures", ("brochures",)),
        ("the proff-reading system", "the proof-reading system", ("proof",)),
        ("brocures, erors", "brochures, errors", ("brochures", "errors")),
    ],
)
def test_an_unknown_word_is_asked_as_the_words_it_may_be_a_slip_of(
    text: str, meant: str, also: tuple[str, ...]
) -> None:
    wording = asked(text)
    assert (wording.text, wording.also_searched) == (meant, also)


@pytest.mark.parametrize(
    "text",
    [
        *("brochure errors", "trained regions", "printing", "a", "the", "ero", "zzzzzzzz", "brochures 12345", "🚀"),
        *(
            '"erors" in print',
            "“broshure erors” in print",
            "the EROR in print",
            "errorCode in print",
            "EROR_7 in print",
            "ERORS",
        ),
        *(
            "erors.py in print",
            "err0rs in print",
            "prt",
            "trust a region",
            "uncommon errors",
            "proofreading system",
            "proof reading system",
        ),
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert (asked(text).text, asked(text).also_searched) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        *("Der Fehler in unseren Prospekten", "die Kataloge haben viele Fehler", "los folletos tienen errores"),
        *("errores en los folletos", "les erreurs dans nos catalogues", "niemand hat die Region gefragt"),
        *("errori nei volantini", "fouten in onze folders", "Schulung Verkäufer Prospekt"),
    ],
)
def test_a_query_in_another_language_is_left_as_it_is(text: str) -> None:
    assert asked(text).also_searched == ()


@pytest.mark.parametrize(
    ("text", "meant"), [("parcles come back", "parcels come back"), ("bakup per man", "backup per man")]
)
def test_a_word_that_lessons_have_says_nothing_of_another_language(text: str, meant: str) -> None:
    assert corrected_wording(text, library("Parcels come back.", "A backup per week, by one man.")).text == meant


def test_the_likeliest_counts_most_and_none_as_much_as_a_word_that_was_typed() -> None:
    index = library(*["the valves leaked"] * 9, *["a value was wrong"] * 4, "the vales of the north")
    found = candidates("valvs", index)
    assert [candidate.word for candidate in found] == ["valves"], "the other ways take two slips"
    found = candidates("valse", index)
    assert [candidate.word for candidate in found] == ["value", "vales"]
    assert 1 > found[0].weight > found[1].weight > 0
    wording = corrected_wording("the valse", index)
    assert wording.terms == pytest.approx({found[0].term: found[0].weight, found[1].term: found[1].weight})
    assert wording.stands_for == {found[1].term: {found[0].term}}, "a lesson that has the other has what was asked"


def test_a_word_one_slip_from_forty_others_is_asked_as_few_of_them() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [f"{letter}akes" for letter in letters if letter != "q"] + [
        f"qak{letter}s" for letter in letters if letter != "e"
    ]
    index = library(*words, *["qakts", "qakrs"] * 3)
    found = candidates("qakes", index)
    assert 0 < len(found) <= MOST_CANDIDATES
    assert {"qakts", "qakrs"} <= {candidate.word for candidate in found}, "those that most lessons have"
    assert len(corrected_wording("qakes are here", index).also_searched) <= MOST_CANDIDATES


def test_what_hardly_a_lesson_of_a_large_library_has_is_no_likely_meaning() -> None:
    rare = library("krytox grease", *["the pump was oiled"] * 600)
    assert candidates("kritox", rare) == []
    assert candidates("pumps", library("pump")) != []


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(text: str) -> None:
    wording = asked(text)
    assert len(wording.also_searched) <= MOST_CANDIDATES * 12
    assert all(times > 0 for times in wording.terms.values())


@settings(deadline=None)
@given(st.sampled_from(["brochures", "management", "comparable", "reading"]), st.data())
def test_any_one_slip_in_a_long_word_is_seen(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("xqz"))
    slip = data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    found = asked(slip)
    known = INDEX.knows(next(iter(found.terms)))
    assert known, "it is a word of the library, or taken for one"


# At the command line.


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LIBRARY)


def answer(done: Outcome) -> dict[str, Any]:
    assert done.code in (0, 1), done.err
    return dict(json.loads(done.out))


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "semantic"])
def test_every_word_misspelt_finds_its_lesson_and_says_what_was_searched(base: Path, kb: Run, mode: str) -> None:
    done = kb(base, "search", "--json", "--all", "--mode", mode, "broshures erors")
    found = answer(done)
    assert found["hits"][0]["id"] == "brochures"
    assert found["also_searched"] == ["brochures", "errors"]
    assert "kb: also searched: brochures, errors\n" in done.err
    assert found["query"] == "broshures erors"


def test_what_it_may_have_meant_is_marked_and_named_as_the_lesson_writes_it(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--all", "--mode", "lexical", "broshures"))["hits"][0]
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["brochures"]
    assert hit["why"]["terms"] == ["brochures"]


@pytest.mark.parametrize("mode", ["lexical", "semantic"])
def test_exact_takes_every_word_as_it_is_typed(base: Path, kb: Run, mode: str) -> None:
    done = kb(base, "search", "--json", "--all", "--exact", "--mode", mode, "broshures erors")
    assert answer(done)["also_searched"] == []
    assert "also searched" not in done.err
    if mode == "lexical":
        assert answer(done)["hits"] == []


def test_a_page_is_taken_as_it_is(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text("the broshures\nhave erors")
    assert answer(kb(base, "search", "--json", "--all", "-f", str(page)))["also_searched"] == []


def test_a_lesson_that_is_gone_lends_no_words(base: Path, kb: Run) -> None:
    (base / "lessons" / "brochures.md").write_text("# Copies\n\nSome copies were wrong.\n")
    assert kb(base, "reindex").code == 0
    assert answer(kb(base, "search", "--json", "--all", "--mode", "lexical", "broshures"))["also_searched"] == []


def test_a_query_of_known_words_does_not_load_what_compares_words(base: Path) -> None:
    import subprocess

    code = (
        "import sys; from kb.main import main\n"
        f"sys.argv = ['kb', '--root', {str(base)!r}, 'search', '--mode', 'lexical', '--all', 'brochures']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "sys.exit('rapidfuzz' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
