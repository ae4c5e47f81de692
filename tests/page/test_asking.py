"""A problem is described in the box, and lessons are found: by links and forms alone."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.page.lessons import MAIL
from tests.page.reading import Page, read, text_of
from tests.serve.servers import Server


def test_a_first_time_visitor_finds_what_helped_and_whom_to_call(server: Server) -> None:
    start = read(server, "/")
    assert text_of(start.one("label", for_="words")) == "What is the problem?"
    found = start.submit("packers cannot read labels")
    assert found.hits[0] == "Labels that packers can read"
    assert found.verdict.startswith(("answers the library", "may help judge"))
    first = found.all("li", class_="hit")[0]
    said = text_of(first)
    for part in (
        *("A label on the goods themselves cut returns.", "Depot North", "2023-04"),
        *("cost of returns", "2 times, helped 1, did not help 1", "Ines Ortega"),
    ):
        assert part in said
    assert found.link("Ines Ortega, ines@example.org") == "mailto:ines@example.org"
    assert {text_of(mark).lower() for mark in first.iter("mark")} & {"label", "labels", "packers"}
    lesson = found.follow(found.link(found.hits[0]))
    assert text_of(lesson.one("h1")) == "Labels that packers can read"


def test_a_short_question_has_an_address_that_answers_the_same_for_others(server: Server) -> None:
    found = read(server, "/").submit("labels & parcels #1?")
    parts = urlsplit(found.address)
    assert (parts.path, parse_qs(parts.query)) == ("/", {"q": ["labels & parcels #1?"]})
    again = read(server, found.address)
    assert again.answer.body == found.answer.body
    assert text_of(again.one("textarea", id="words")) == "labels & parcels #1?"


def test_a_pasted_mail_is_answered_and_stands_in_no_address(server: Server) -> None:
    found = read(server, "/").submit(MAIL)
    assert (found.answer.status, found.address) == (200, "/")
    assert found.hits[0] == "Labels that packers can read"
    assert (found.one("textarea").text or "").lstrip("\n") == MAIL
    for element in found.all("*"):
        assert not [value for value in element.attrib.values() if "angry" in value]
    assert found.all("mark")
    assert "no lesson has" not in found.text.lower()


def test_what_leads_on_from_a_mail_sends_it_again(server: Server) -> None:
    found = read(server, "/").submit(MAIL)
    assert [text_of(one) for one in found.all("button", form="ask")][:2] == ["One page", "Whom to ask"]
    narrowed = found.submit(MAIL, found.options["Depot North"][1])
    assert (narrowed.answer.status, narrowed.address) == (200, "/?unit=Depot+North")
    assert set(narrowed.hits) <= {"Labels that packers can read", "Checking labels twice"}
    people = found.submit(MAIL, found.one("button", formaction="./who").get("formaction", ""))
    assert "Ines Ortega" in people.text
    brief = found.submit(MAIL, found.one("button", formaction="./brief").get("formaction", ""))
    assert "We followed ten parcels" in brief.text


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_box_leads_to_the_first_page(server: Server, text: str) -> None:
    found = read(server, "/").submit(text)
    assert found.address == "/"
    assert "Newest lessons" in found.text


def test_a_question_without_words_stays_in_the_box_with_what_to_do(server: Server) -> None:
    page = read(server, "/?q=%3F%21", status=422)
    assert text_of(page.one("textarea")) == "?!"
    assert "describe the problem in a few words" in page.text


def test_words_that_no_lesson_has_are_named(server: Server) -> None:
    found = read(server, "/?q=zebra+labels+xylophone")
    assert "No lesson has: zebra, xylophone." in found.text or found.verdict.startswith("answers")
    nothing = read(server, "/?q=zebra+xylophone")
    assert nothing.hits == []
    assert "No lesson found." in nothing.text
    assert "Try other words" in nothing.text


def test_the_verdict_is_one_of_three_words_before_all_else(server: Server) -> None:
    words = {
        read(server, f"/?q={query}").verdict.split(" the ")[0].split(" nothing")[0].split(" judge")[0]
        for query in ("packers+cannot+read+labels", "dealers+of+a+night+in+spring+who+wrote+lorry")
    }
    assert words <= {"answers", "may help", "nearest"}


def test_a_lesson_that_is_only_near_is_shown_in_brief(server: Server) -> None:
    found = read(server, "/?q=packers+cannot+read+labels+of+parcels")
    for hit in found.all("li", class_="hit"):
        label = text_of(next(hit.iter("span")))
        assert label in ("answers", "may help", "nearest")
        assert (label == "nearest") <= (not [*hit.iter("dl")])


def test_the_state_of_a_lesson_and_what_replaces_it_are_said(server: Server) -> None:
    found = read(server, "/?q=checking+labels+twice")
    hit = found.all("li", class_="hit")[found.hits.index("Checking labels twice")]
    assert "superseded" in [text_of(label) for label in hit.iter("span")]
    assert "superseded by Labels that packers can read" in text_of(hit)
    assert "lessons/labels" in [link.get("href", "").removeprefix("./") for link in hit.iter("a")]
    draft = read(server, "/?q=offers+to+dealers")
    assert "draft" in text_of(draft.all("li", class_="hit")[0])
    assert draft.link("Tom Baker, +44 20 7946 0018") == "tel:+442079460018"


def test_more_lessons_are_one_link_away(server: Server) -> None:
    few = read(server, "/?q=parcels+dealers+labels&limit=1")
    assert len(few.hits) == 1
    more = few.follow(few.link("More lessons"))
    assert len(more.hits) > 1
    assert more.hits[0] == few.hits[0]


def test_right_to_left_and_chinese_signs_are_read_as_they_are(server: Server) -> None:
    hebrew = read(server, "/?q=מכתבים")
    assert hebrew.hits[0] == "מכתבי תלונה: מענה תוך יומיים"
    heading = next(hebrew.all("li", class_="hit")[0].iter("h3"))
    assert heading.get("dir") == "auto"
    lesson = hebrew.follow(hebrew.link(hebrew.hits[0]))
    assert "לקוחות חיכו" in lesson.text
    assert {one.get("dir") for one in lesson.one("article").iter("p")} == {"auto"}
    japanese = read(server, "/?q=誤出荷")
    assert japanese.hits[0] == "夜間の誤出荷を半分にした"
    assert "夜間シフト" in japanese.follow(japanese.link(japanese.hits[0])).text


def _views(page: Page) -> list[str]:
    return [text_of(item) for nav in page.all("nav", class_="views") for item in nav.iter("li")]


def test_a_problem_can_be_looked_at_in_three_ways(server: Server) -> None:
    found = read(server, "/?q=packers+labels&unit=Depot+North")
    assert _views(found) == ["Lessons", "One page", "Whom to ask"]
    brief = found.follow(found.link("One page"))
    assert brief.address == "/brief?q=packers+labels&unit=Depot+North"
    cite = text_of(brief.all("cite")[0])
    path, _, line = cite.removeprefix("labels, ").partition(":")
    assert path == "lessons/labels.md"
    lesson = brief.follow(brief.link(cite))
    assert lesson.address == "/lessons/labels"
    assert lesson.all("*", id=f"L{line}")
    who = brief.follow(brief.link("Whom to ask"))
    assert "Ines Ortega" in who.text
    assert who.link("ines@example.org") == "mailto:ines@example.org"
