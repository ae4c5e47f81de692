"""What is typed in one piece is found as that, however Unicode writes it; its words are the fall-back."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from kb.index.store import SnapshotStore
from search.indexing.opening import open_lexical
from search.query.wording import wording_of
from tests.conftest import Make, Outcome, Run

AROUND = "The team looked at the printer for a while and then somebody called the dealer about the delivery. " * 3

NAMES = [
    ("QUEUE_IS_EMPTY", "Queue is empty"),
    ("ORA-00942", "ORA errors such as 00942"),
    ("x.y.z", "x, y and z"),
    ("/var/log/boot", "var, log and boot"),
    ("MIL-PRF-26356", "MIL, PRF 26356"),
    ("TLS1.3", "TLS without 1.3"),
    ("AT&T", "At the letter T"),
    ("C++", "C"),
    ("C#", "The C of sharp"),
    (".NET", "The net"),
    ("--flag", "A flag"),
    ("user@host", "A user of a host"),
    ("GPT-4o", "GPT and 4o"),
    ("v2.1.0", "v 2.1.0"),
]


@pytest.fixture
def names(indexed: Make) -> Path:
    """A lesson for each name, somewhere in it, and one with the name's words for a title."""
    files: dict[str, str | bytes] = {}
    for number, (name, words) in enumerate(NAMES):
        files[f"typed-{number}.md"] = f"# Case {number}\n\n{AROUND}Then {name} came up. {AROUND}\n"
        files[f"words-{number}.md"] = f"# {words}\n\n{words}. {words}.\n"
    return indexed(files)


def answered(done: Outcome) -> list[dict[str, Any]]:
    assert done.code in (0, 1), done.err
    return list(json.loads(done.out)["hits"])


def look(kb: Run, root: Path, *query: str, mode: str = "lexical") -> list[str]:
    hits = answered(kb(root, "search", "--json", "--all", "-n", "50", "--mode", mode, "--", *query))
    return [hit["id"] for hit in hits]


@pytest.mark.parametrize("number", range(len(NAMES)), ids=[name for name, _ in NAMES])
def test_a_lesson_that_has_it_as_typed_stands_above_one_with_its_words(names: Path, kb: Run, number: int) -> None:
    found = look(kb, names, NAMES[number][0])
    assert found[0] == f"typed-{number}"


@pytest.mark.parametrize("number", [0, 1, 3, 4, 7, 9, 11, 12], ids=lambda number: NAMES[number][0])
def test_its_words_are_found_behind_it(names: Path, kb: Run, number: int) -> None:
    assert f"words-{number}" in look(kb, names, NAMES[number][0])


def test_a_name_in_quotes_keeps_those_that_have_it_and_with_a_minus_leaves_only_them_out(names: Path, kb: Run) -> None:
    assert look(kb, names, '"C++"') == ["typed-7"]
    assert look(kb, names, '"QUEUE_IS_EMPTY"') == ["typed-0"]
    assert {"typed-7", "words-7"} & set(look(kb, names, "C -C++")) == {"words-7"}


WAYS = [
    ("TLS 1.3", "TLS1.3"),
    ("proof reading", "proofreading"),
    ("proof-reading", "proofreading"),
    ("proof reading", "proof-reading"),
    ("MIL PRF 26356", "MIL-PRF-26356"),
    ("GPT 4o", "GPT-4o"),
    ("GPT4o", "GPT-4o"),
    ("e-mail", "email"),
    ("50 Hz", "50Hz"),
    ("2.1.0", "v2.1.0"),
    ("Strasse", "Straße"),
    ("istanbul", "İstanbul"),
    ("brochure", "bro\u00adchure"),
    ("brochure", "bro\u200bchure"),
    ("office", "o\ufb03ce"),
    ("brochure", "ｂｒｏｃｈｕｒｅ"),  # noqa: RUF001 - full width
    ("naïve", unicodedata.normalize("NFD", "naïve")),
    ("ガイド", "ｶﾞｲﾄﾞ"),
]


@pytest.fixture
def ways(indexed: Make) -> Path:
    files: dict[str, str | bytes] = {"other.md": "# Other\n\nNothing of all this.\n"}
    for number, (one, other) in enumerate(WAYS):
        files[f"{number}-one.md"] = f"# Case {number}\n\nThen {one} came up.\n"
        files[f"{number}-other.md"] = f"# Case {number}\n\nThen {other} came up.\n"
    return indexed(files)


@pytest.mark.parametrize("number", range(len(WAYS)), ids=[f"{one!a} {other!a}" for one, other in WAYS])
def test_ways_to_write_the_same_meet(ways: Path, kb: Run, number: int) -> None:
    both = {f"{number}-one", f"{number}-other"}
    for way in WAYS[number]:
        assert both <= set(look(kb, ways, way)), way


@pytest.mark.parametrize("sign", ["🚀", "→", "§ 12", "C", "R", "€", "❤", "🇩🇪"])
def test_a_sign_by_itself_can_be_searched(indexed: Make, kb: Run, sign: str) -> None:
    root = indexed({"with.md": f"# With\n\nThe plan {sign} of the team.\n", "without.md": "# Without\n\nThe plan.\n"})
    assert look(kb, root, sign) == ["with"]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Then QUEUE_IS_EMPTY came.", "QUEUE_IS_EMPTY", ["QUEUE_IS_EMPTY"]),
        ("Then the queue was empty.", "QUEUE_IS_EMPTY", ["queue", "empty"]),
        ("Then C++ came.", "C++", ["C++"]),
        ("Then bro\u00adchures came.", "brochure", ["bro\u00adchures"]),
        ("Die Straße dort.", "strasse", ["Straße"]),
        ("Then TLS1.3 came.", "TLS 1.3", ["TLS1.3"]),
        ("Then TLS 1.3 came.", "TLS1.3", ["TLS", "1.3"]),
        ("宣伝用パンフの誤り", "パンフ 宣伝", ["宣伝", "パンフ"]),
        ("회사는 데이터를 잃었다", "데이터", ["데이터"]),
        ("ข้อผิดพลาดในโบรชัวร์", "โบรชัวร์", ["โบรชัวร์"]),
        ("Launched 🚀 today", "🚀", ["🚀"]),
    ],
)
def test_what_matches_is_marked_as_it_was_written(
    indexed: Make, kb: Run, text: str, query: str, marked: list[str]
) -> None:
    root = indexed({"a.md": f"# A\n\n{text}\n", "b.md": "# B\n\nNothing.\n"})
    (hit,) = answered(kb(root, "search", "--json", "--all", "--mode", "lexical", "--", query))
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == marked


def test_what_a_lesson_is_found_by_is_named_as_it_was_typed(names: Path, kb: Run) -> None:
    hits = answered(kb(names, "search", "--json", "--all", "--mode", "lexical", "--", "QUEUE_IS_EMPTY"))
    assert hits[0]["why"]["terms"][0] == "QUEUE_IS_EMPTY"


def test_of_a_page_no_more_identifiers_are_asked_than_words(indexed: Make) -> None:
    names = [f"ORA-{number:05}" for number in range(1000)]
    root = indexed({"codes.md": "# Codes\n\n" + "\n".join(names) + "\n"})
    live = SnapshotStore(root).live()
    assert live
    asked = wording_of(" ".join(names), open_lexical(live.folder))
    assert 128 < len(asked.terms) <= 2 * 128


def test_what_lessons_write_together_or_apart_is_named_as_they_write_it(ways: Path, kb: Run) -> None:
    for query, named in (("proof reading", "proofreading"), ("proofreading", "proof reading")):
        found = kb(ways, "search", "--json", "--all", "--limit", "50", "--mode", "lexical", query)
        hits = json.loads(found.out)["hits"]
        assert any(named in hit["why"]["weights"] for hit in hits)
        for hit in hits:
            assert sum(hit["why"]["weights"].values()) == pytest.approx(hit["why"]["parts"]["words"], abs=1e-4)
