"""The JSON object has the keys that were promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.search_command.conftest import SENTENCE, answer


def test_the_object_has_the_keys_that_were_promised(base: Path, kb: Run) -> None:
    found = answer(kb(base, "search", "--json", SENTENCE))
    assert found.keys() == {
        *("query", "mode", "took_ms", "index", "notes", "relevance", "relevant", "unknown_words", "also_searched"),
        *("hits", "as_of"),
    }
    assert found["index"].keys() == {"snapshot", "built", "lessons", "passages", "changed_since"}
    for hit in found["hits"]:
        assert hit.keys() == {
            *("rank", "id", "title", "summary", "path", "line", "end_line", "kind", "headings", "score", "snippet"),
            *(
                "marks",
                "nearest",
                "date",
                "status",
                "status_because",
                "superseded_by",
                "tags",
                "unit",
                "people",
                "ask",
                "impact",
                "reuse",
                "evidence",
                "why",
                "front_matter",
                "helped",
                "more",
                "relevance",
                "relevant",
            ),
        }
        assert hit["why"].keys() == {"lexical", "semantic", "terms", "parts", "weights", "evidence"}
        for leg in ("lexical", "semantic"):
            assert hit["why"][leg] is None or hit["why"][leg].keys() == {"rank", "score"}
        for more in hit["more"]:
            assert more.keys() == {"line", "end_line", "kind", "headings", "snippet", "marks", "nearest"}


def test_a_hit_says_what_the_lesson_says(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", SENTENCE))["hits"][0]
    score = hit.pop("score")
    why = hit.pop("why")
    assert score == pytest.approx(sum(why["parts"].values()))
    assert score > 0
    assert why["lexical"] == {"rank": 1, "score": why["parts"]["words"]}
    assert why["semantic"] is None
    assert why["parts"].keys() == {"words", "draft", "evidence"}
    words = ["checklist", "four", "lines", "hangs", "beside", "printer"]
    assert {*why["terms"]} == {*words}
    assert {*words, "checklist four", "beside printer"} <= {*why["weights"]}
    assert [word for word in why["weights"] if " " not in word] == why["terms"]
    assert list(why["weights"].values()) == sorted(why["weights"].values(), reverse=True)
    marked = [hit["snippet"][start:end] for start, end in hit.pop("marks")]
    assert marked == words
    more = hit.pop("more")
    assert hit.pop("helped") == {}, "the best passage is the tool"
    assert hit.pop("front_matter") == {}, "the snippet has all words"
    assert hit == {
        "rank": 1,
        "relevance": "answers",
        "relevant": True,
        "id": "wrong-labels",
        "title": "Orders left with the wrong label",
        "summary": None,
        "path": "lessons/labels.md",
        "line": 24,
        "end_line": 26,
        "kind": "tool",
        "headings": ["Orders left with the wrong label", "Tools", "Checklist"],
        "snippet": "A checklist of four lines hangs beside the printer. Nobody prints before the address was checked.",
        "nearest": None,
        "date": "2006-05",
        "status": "draft",
        "status_because": None,
        "superseded_by": [],
        "tags": ["shipping", "labels"],
        "unit": "Warehouse North",
        "ask": {
            "name": "Jane Doe",
            "role": "contact",
            "contact": "jane@example.org",
            "unit": "Warehouse North",
            "stands_in": None,
            "instead_of": None,
        },
        "people": [
            {"name": "Ann Boss", "role": "sponsor"},
            {"name": "Jane Doe", "role": "contact", "contact": "jane@example.org"},
        ],
        "impact": [
            {
                "area": "cost",
                "metric": "returned parcels a week",
                "before": "40",
                "after": "6",
                "change": "-85%",
                "design": "pre-post",
            }
        ],
        "reuse": None,
        "evidence": {"grade": "C", "words": "fair: measured before and after"},
    }
    assert [(passage["line"], passage["kind"], passage["snippet"]) for passage in more] == [
        (18, "problem", "Forty parcels a week came back.")
    ]


def test_the_lines_of_a_hit_are_those_of_the_file(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", SENTENCE))["hits"][0]
    rows = (base / hit["path"]).read_text().splitlines()
    assert rows[hit["line"] - 1] == "### Checklist"
    assert rows[hit["end_line"] - 1] == hit["snippet"]


def test_a_lesson_without_front_matter_has_empty_values_not_missing_keys(base: Path, kb: Run) -> None:
    hit = answer(kb(base, "search", "--json", "--mode", "lexical", "languages"))["hits"][0]
    assert (hit["id"], hit["title"], hit["kind"]) == ("plans", "Forty plans", "other")
    assert [hit[key] for key in ("date", "status", "unit")] == [None, None, None]
    assert [hit[key] for key in ("tags", "people", "impact", "more")] == [[], [], [], []]


def test_the_object_says_which_index_answered(base: Path, kb: Run) -> None:
    status = json.loads(kb(base, "status", "--json").out)
    found = answer(kb(base, "search", "--json", SENTENCE))
    assert found["index"] == {
        **{key: status[key] for key in ("snapshot", "built", "lessons", "passages")},
        "changed_since": 0,
    }
    assert (found["query"], found["mode"], found["notes"]) == (SENTENCE, "hybrid", [])
    assert found["took_ms"] > 0


def test_the_words_of_the_query_are_joined(base: Path, kb: Run) -> None:
    one, several = kb(base, "search", "--json", "forty languages"), kb(base, "search", "--json", "forty", "languages")
    assert answer(several)["query"] == "forty languages"
    assert answer(one)["hits"] == answer(several)["hits"]
