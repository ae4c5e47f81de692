"""`kb map` at the command line: as text, as JSON and as a page, on libraries of any size."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.pages import page as pages
from kb.reindex.reindex import Orders
from kb.topics.facts import MapRequest
from kb.topics.wording import thin_line
from tests.conftest import Make, Run
from tests.html_page import HOSTILE, check_harmless
from tests.invented import lessons

PUMP = "---\ntitle: {title}\nunit: Plant\ndate: {year}\n---\n# {title}\n\nThe pump leaked because its seal was worn.\n"
OFFER = (
    "---\ntitle: {title}\nunit: Sales\ndate: {year}\n---\n# {title}\n\nThe offer was late because nobody signed it.\n"
)
MEASURED = """\
---
title: A pump that leaked no more
unit: Plant
date: 2024
review_by: 2020
people: [{name: Jun Sato, contact: jun@example.org}]
impact: [{area: cost, metric: costs, before: 12, after: 7, unit: USD, design: pre-post}]
---
# A pump that leaked no more

The pump leaked because its seal was worn.
"""
LESSONS: dict[str, str | bytes] = {
    "m.md": MEASURED,
    **{f"p{year}.md": PUMP.format(title=f"Pump of {year}", year=year) for year in range(2001, 2006)},
    **{f"o{year}.md": OFFER.format(title=f"Offer of {year}", year=year) for year in range(2021, 2025)},
    "old.md": "---\nstatus: superseded\n---\n# Old\n\nThe pump.\n",
}
TWO_TOPICS = {name: text for name, text in LESSONS.items() if name in ("m.md", "p2001.md", "o2021.md", "o2022.md")}
TODAY = date(2026, 11, 28)
SCRIPT = (Path(pages.__file__).parent / "templates" / "map.js").read_text("utf-8")


@pytest.fixture
def base(indexed: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    return indexed(LESSONS)


def topics(kb: Run, base: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(kb(base, "map", "--json", *options).out)["topics"]
    return found


def test_it_names_topics_says_what_they_have_and_where_they_are_thin(base: Path, kb: Run) -> None:
    done = kb(base, "map", "--by", "unit")
    assert (done.code, done.err) == (0, "kb: not on the map: 1 superseded\n")
    assert done.out.startswith("10 lessons in 3 topics\n\n1. ")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "by unit: Plant" in done.out
    assert "by unit: Sales" in done.out
    assert re.search(r"^\d\. Offer of 20\d\d\n   - Offer of 20", done.out, re.MULTILINE)
    assert "no measured impact; nobody to ask" in done.out
    assert "1 with a measured impact; somebody to ask about 1" in done.out


def test_a_program_gets_all_of_it(base: Path, kb: Run) -> None:
    found = json.loads(kb(base, "map", "--json").out)
    assert (found["lessons"], found["made"], found["subjects"]) == (10, "first", [])
    ids = sorted(name for topic in found["topics"] for name in topic["ids"])
    assert ids == sorted(name.removesuffix(".md") for name in LESSONS if name != "old.md")
    (pump,) = [topic for topic in found["topics"] if "m" in topic["ids"]]
    assert (pump["measured"], pump["can_be_asked"], pump["overdue"]) == (1, 1, 1)
    assert pump["by_unit"] == {"Plant": pump["lessons"]}
    assert pump["by_area"]["cost"] == 1
    (offer,) = [topic for topic in found["topics"] if "o2021" in topic["ids"]]
    assert "offer" in " ".join(offer["terms"]).casefold()
    assert offer["label"] == offer["example"]
    assert offer["example"] == f"Offer of {offer['ids'][0][1:]}"
    assert {spot["weakness"] for spot in offer["thin"]} >= {"no-impact", "nobody-to-ask"}


def test_it_is_the_same_again_also_when_a_file_has_another_name(base: Path, kb: Run) -> None:
    first = topics(kb, base)
    assert json.loads(kb(base, "map", "--json").out)["made"] == "kept"
    assert topics(kb, base) == first
    (base / "lessons" / "p2001.md").rename(base / "lessons" / "renamed.md")
    assert kb(base, "reindex").code == 0
    assert [topic["lessons"] for topic in topics(kb, base)] == [topic["lessons"] for topic in first]
    (of,) = [topic["number"] for topic in topics(kb, base) if "renamed" in str(topic["ids"])]
    assert of == next(topic["number"] for topic in first if "p2001" in str(topic["ids"]))


def test_one_topic_is_shown_with_its_lessons_by_number_or_name(base: Path, kb: Run) -> None:
    (offer,) = [topic for topic in topics(kb, base) if "o2021" in str(topic["ids"])]
    by_number = kb(base, "map", "--topic", str(offer["number"]))
    assert "2021  o2021: Offer of 2021" in by_number.out
    assert "m: A pump" not in by_number.out
    assert kb(base, "map", "--topic", "OFFER").out == by_number.out
    assert json.loads(kb(base, "map", "--json", "--topic", "offer").out) == offer


def test_an_unknown_topic_is_refused(base: Path, kb: Run) -> None:
    done = kb(base, "map", "--topic", "nothing like it")
    assert (done.code, done.out) == (2, "")
    assert done.err == "kb: there is no topic 'nothing like it'; `kb map` names all\n"


def test_conditions_restrict_the_lessons_and_leave_the_topics(base: Path, kb: Run) -> None:
    every = {topic["number"]: topic["label"] for topic in topics(kb, base)}
    some = topics(kb, base, "unit:sales", "--since", "2023")
    assert [topic["ids"] for topic in some] != []
    assert sorted(name for topic in some for name in topic["ids"]) == ["o2023", "o2024"]
    assert all(every[topic["number"]] == topic["label"] for topic in some)
    none = kb(base, "map", "unit:nowhere")
    assert (none.code, none.out) == (1, "0 lessons\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "x.html"), "--out needs --html or --json"),
        (("--html", "--topic", "1"), "--html shows all topics, without --topic"),
        (("--by", "people"), "'people' is not one of"),
        (("unit:",), "unit"),
    ],
)
def test_wrong_use_is_refused(base: Path, kb: Run, options: tuple[str, ...], said: str) -> None:
    done = kb(base, "map", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_an_empty_library_says_what_to_do(indexed: Make, kb: Run) -> None:
    base = indexed({})
    done = kb(base, "map")
    assert (done.code, done.out) == (0, "0 lessons\n")
    assert "write the first one with `kb new`" in done.err
    assert json.loads(kb(base, "map", "--json").out)["topics"] == []
    check_harmless(kb(base, "map", "--html").out, script=SCRIPT)


def test_without_an_index_it_says_what_to_do(make: Make, kb: Run) -> None:
    done = kb(make(LESSONS), "map")
    assert (done.code, done.out) == (5, "")
    assert "run `kb reindex`" in done.err


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": "# Labels\n\nThe label came off.\n"},
        {"a.md": ""},
        {f"{number}.md": "# Labels\n\nThe label came off.\n" for number in range(7)},
        {f"{number}.md": "" for number in range(3)},
        {f"{number}.md": f"# {number}\n\n标签掉了。{number}\n" for number in range(5)},
    ],
    ids=["one", "one without words", "equal", "without words", "Chinese"],
)
def test_any_library_has_a_map(indexed: Make, kb: Run, files: dict[str, str | bytes]) -> None:
    base = indexed(files)
    found = topics(kb, base)
    assert sum(topic["lessons"] for topic in found) == len(files)
    assert topics(kb, base) == found
    check_harmless(kb(base, "map", "--html").out, links=("#t", "#all", "./lessons/"), script=SCRIPT)


def test_an_index_of_words_has_a_map_too(make: Make, kb: Run) -> None:
    base = make({**LESSONS, **lessons(30)})
    assert KnowledgeBase(base).reindex(Orders(words_only=True)).published
    done = kb(base, "map", "--json")
    assert done.code == 0
    assert "the topics are by words only; run `kb reindex`" in done.err
    (offer,) = [topic for topic in json.loads(done.out)["topics"] if "o2021" in topic["ids"]]
    assert {"o2021", "o2022", "o2023", "o2024"} <= {*offer["ids"]}


def test_nothing_that_lessons_or_a_forged_map_say_runs_in_the_page(indexed: Make, kb: Run) -> None:
    hostile = json.dumps(HOSTILE)
    base = indexed(
        {
            "javascript:alert(1).md": f"---\ntitle: {hostile}\nunit: {hostile}\ntags: [{hostile}]\n---\n{HOSTILE}\n",
            "b.md": f"---\ntitle: {hostile}\nid: {hostile}\n---\n{HOSTILE}\n",
            **TWO_TOPICS,
        }
    )
    kb(base, "map")
    path = base / ".kb" / "map.json"
    known = json.loads(path.read_bytes())
    known["topics"] = {
        key: [0, [HOSTILE, "call me"], *place, "call me"] for key, (_, _, *place, _) in known["topics"].items()
    }
    path.write_text(json.dumps(known))
    page = kb(base, "map", "--html").out
    check_harmless(page, links=("#t", "#all", "./lessons/"), script=SCRIPT)
    assert "call me" not in page
    assert 'href="./lessons/javascript%3Aalert%281%29.md"' in page


def test_the_page_is_written_and_its_links_lead_to_the_lessons(base: Path, kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "pages" / "map.html"
    out.parent.mkdir()
    assert f"written to {out}" in kb(base, "map", "--html", "--out", str(out)).err
    links = re.findall(r'<li id="l\d+"><a href="([^"]+)">', out.read_text("utf-8"))
    assert {(out.parent / link).resolve() for link in links} == {
        (base / "lessons" / name).resolve() for name in LESSONS if name != "old.md"
    }
    assert len(re.findall(r'data-n="\d+"', out.read_text("utf-8"))) == 10
    refused = kb(base, "map", "--html", "--out", str(base / "lessons" / "m.md"))
    assert (refused.code, (base / "lessons" / "m.md").read_text()) == (2, MEASURED)


def test_links_inside_the_page_lead_somewhere(base: Path, kb: Run) -> None:
    page = kb(base, "map", "--html").out
    there = re.findall(r'href="#([^"]+)"', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len({*ids}) == len(ids)
    assert {*there} == {"all", *(topic for topic in ids if re.fullmatch(r"t\d+", topic))}
    # Inside the details, so that a browser opens them also without the script.
    assert len(re.findall(r'<details><summary>[^<]*</summary>(?:\s*<p[^>]*>[^<]*</p>)*\s*<ul id="t\d+">', page)) == 3


def test_the_picture_of_a_small_library_is_in_the_middle(indexed: Make, kb: Run) -> None:
    page = kb(indexed(TWO_TOPICS), "map", "--html").out
    circles = [(int(x), int(r)) for x, r in re.findall(r'class="topic" cx="(\d+)" cy="\d+" r="(\d+)"', page)]
    left, right = min(x - r for x, r in circles), max(x + r for x, r in circles)
    assert abs((left + right) / 2 - 500) <= 1


@pytest.mark.parametrize(
    ("asked", "is_much"),
    [
        ({"o2021": 90, "m": 1, "gone": 5}, True),
        ({"o2021": 4}, False),
        ({name.removesuffix(".md"): 9 for name in LESSONS if name != "old.md"}, False),
        ({}, False),
    ],
)
def test_what_is_much_asked_and_little_there_is_thin(base: Path, asked: dict[str, int], is_much: bool) -> None:
    found = KnowledgeBase(base).overview.map(MapRequest(asked=asked), TODAY)
    assert sum(lesson.facts.asked for lesson in found.lessons) == sum(asked.values()) - asked.get("gone", 0)
    (offer,) = [topic for topic in found.topics if "o2021" in str(topic.lessons)]
    words = f"much asked, little there: asked {asked.get('o2021')} times"
    assert [spot.words for topic in found.topics for spot in topic.thin if "asked" in spot.words] == [words] * is_much
    assert (words in thin_line(offer, ())) == is_much


def test_a_library_of_one_topic_is_asked_no_more_than_elsewhere(indexed: Make) -> None:
    base = indexed({"a.md": "The label came off."})
    found = KnowledgeBase(base).overview.map(MapRequest(asked={"a": 90}), TODAY)
    assert "much asked" not in thin_line(found.topics[0], ())


def test_a_map_that_cannot_be_stored_is_shown(base: Path, kb: Run) -> None:
    (base / ".kb" / "map.json").mkdir()
    done = kb(base, "map")
    assert done.code == 0
    assert "10 lessons in 3 topics" in done.out
    assert "the map cannot be stored" in done.err


def test_a_link_in_place_of_the_map_is_refused_or_replaced_and_its_target_stays(base: Path, kb: Run) -> None:
    target = base / "target.json"
    target.write_text("mine")
    (base / ".kb" / "map.json").symlink_to(target)
    kb(base, "map")
    assert target.read_text() == "mine"
