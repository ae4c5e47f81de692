"""Tags and units as the rest of the library writes them: `vocabulary`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.corpus.usage import Usage
from tests.checking import findings, said
from tests.conftest import Make, Run


def library(*tags: str) -> dict[str, str]:
    return {f"{number}.md": f"---\ntags: [{tag}]\n---\n" for number, tag in enumerate(tags)}


@pytest.mark.parametrize("written", ["proof-reading", "Proof Reading", "proof_readings", "PROOFREADING"])
def test_a_tag_is_written_as_most_lessons_write_it(tmp_path: Path, written: str) -> None:
    [found] = findings(tmp_path, library(*["proofreading"] * 7, written), "vocabulary")
    assert (found.code, found.severity) == ("vocabulary.tag-spelling", "warning")
    assert found.message == f"{written!r} is another form of 'proofreading', which 7 lessons have; write that"
    assert [edit.text for edit in found.edits] == ["proofreading"]


@pytest.mark.parametrize(
    ("one", "other"), [("organisation", "organization"), ("behaviour", "behavior"), ("node.js", "nodejs")]
)
def test_other_spellings_of_one_word(one: str, other: str) -> None:
    assert Usage(Counter({one: 3, other: 1})).other_spelling(other) == one


@pytest.mark.parametrize(("one", "other"), [("process", "proces"), ("c", "c++"), ("v1.2", "v12"), ("bus", "bu")])
def test_words_that_are_not_one(one: str, other: str) -> None:
    assert Usage(Counter({one: 3, other: 1})).other_spelling(other) is None


def test_without_a_clear_majority_somebody_has_to_choose(tmp_path: Path) -> None:
    found = findings(tmp_path, library("label", "labels"), "vocabulary")
    assert [(what, one.edits) for (_, what), one in zip(said(found), found, strict=True)] == [
        ("vocabulary.tag-spelling: 'label' is another form of 'labels', which 1 lesson has; choose one", ()),
        ("vocabulary.tag-spelling: 'labels' is another form of 'label', which 1 lesson has; choose one", ()),
    ]


def test_a_lesson_that_has_a_tag_in_both_ways_is_not_given_it_twice(tmp_path: Path) -> None:
    found = findings(tmp_path, library("labels", "labels", "labels, Labels"), "vocabulary")
    assert [one.edits for one in found] == [()]


def test_a_lone_tag_is_a_note_that_names_its_family_and_only_counted_where_it_has_none(tmp_path: Path) -> None:
    found = findings(tmp_path, library("label-printing", "label-printing", "printers", "harbour"), "vocabulary")
    assert said(found) == [
        (
            "2.md:2:8",
            "vocabulary.lone-tag: no other lesson has the tag 'printers'; "
            "similar tags in use: label-printing (2 lessons)",
        ),
    ]
    assert {one.severity for one in found} == {"note"}


def test_how_many_tags_stand_alone_is_said_once_of_a_library_large_enough(make: Make, kb: Run) -> None:
    root = make({f"{number}.md": f"---\ntags: [printing, {chr(number) * 5}]\n---\n" for number in range(97, 117)})
    said = "; 20 of 21 tags (95%) are in one lesson only\n"
    assert kb(root, "check", "--select", "vocabulary").out == "20 lessons: nothing wrong" + said
    assert said not in kb(root, "check", "--select", "vocabulary", str(root / "lessons/97.md")).out
    assert said not in kb(root, "check", "--ignore", "vocabulary.lone-tag").out
    (root / "lessons" / "97.md").unlink()
    assert "are in one lesson" not in kb(root, "check", "--select", "vocabulary").out


def test_of_a_large_family_the_most_used_are_near() -> None:
    family = Counter({f"production-{number}": number for number in range(1, 20)})
    assert Usage(family).near("production-19") == ["production-18", "production-17", "production-16"]
    assert Usage(family).near("production-1") == ["production-19", "production-18", "production-17"]


def test_thousands_of_tags_of_one_family_take_no_minutes() -> None:
    usage = Usage(Counter(f"production of {number}" for number in range(3_000)))
    start = process_time()
    assert all(len(usage.near(word)) == 3 for word in list(usage.counts)[:300])
    assert process_time() - start < 1


def test_a_unit_is_written_as_most_lessons_write_it(tmp_path: Path) -> None:
    units = ["Motor Sales, U.S."] * 2 + ["motor sales U.S.", "Motors", "not stated"]
    files = {f"{number}.md": f'---\nunit: "{unit}"\n---\n' for number, unit in enumerate(units)}
    [found] = findings(tmp_path, files, "vocabulary")
    assert (found.code, [edit.text for edit in found.edits]) == ("vocabulary.unit-spelling", ['"Motor Sales, U.S."'])


def test_words_in_use_that_stand_in_a_text_are_proposed_the_most_used_first() -> None:
    usage = Usage(Counter({"wrong-labels": 2, "Dealers": 5, "proofreading": 1, "it": 9, "harbour": 3, "dealer": 1}))
    text = "It was a wrong label at the dealer's; better proof-reading helps, and better harbors"
    assert usage.proposed(text) == ["Dealers", "harbour", "wrong-labels"]
    assert Usage(Counter()).proposed(text) == []


@given(st.dictionaries(st.text(max_size=8), st.integers(1, 5), max_size=8), st.text(max_size=20))
def test_any_words_have_at_most_one_clear_spelling(counts: dict[str, int], text: str) -> None:
    usage = Usage(Counter(counts))
    for word in counts:
        other = usage.other_spelling(word)
        assert other is None or counts[other] >= counts[word]
        assert not (other and usage.is_clear(word) and usage.is_clear(other))
    assert set(usage.proposed(text)) <= counts.keys()
