"""The pages on all lessons at once, and those for the person who keeps the library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page.conftest import Start
from tests.page.reading import HTML, read, text_of
from tests.serve.servers import Server, library

PATHS = ["/", "/lessons", "/map", "/topics/1", "/impact", "/gaps", "/stale", "/status", "/brief", "/who"]
ASKED = [*PATHS, "/?q=labels", "/brief?q=labels", "/who?q=labels", "/?unit=Sales", "/lessons/labels"]


@pytest.mark.parametrize("path", sorted({*ASKED} - {"/status"}))  # which says how long ago the index was built
def test_a_page_that_is_mailed_is_the_same_for_others(server: Server, path: str) -> None:
    page = read(server, path)
    again = read(server, path)
    assert page.answer.body == again.answer.body
    tag = page.answer.headers["etag"]
    assert server.ask(path, Accept=HTML, If_None_Match=tag).status == 304


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_page_leads_somewhere(server: Server, path: str) -> None:
    page = read(server, path)
    for link in {one.get("href", "") for one in page.all("a")}:
        if re.match(r"\.\.?/", link):
            page.follow(link)


def test_all_lessons_are_listed_the_newest_first(server: Server) -> None:
    page = read(server, "/lessons")
    titles = [text_of(link) for row in page.one("table").iter("tr") for link in row.iter("a")]
    assert titles[:2] == ["Labels that packers can read", "Offers that were late"]
    assert len(titles) == 7


def test_a_long_list_has_pages(start: Start, tmp_path: Path) -> None:
    lessons = {f"l{number:03}.md": f"# Lesson number {number:03}\n\nZebra {number}.\n" for number in range(230)}
    own = start(library(tmp_path / "base", lessons))
    first = read(own, "/lessons")
    assert text_of(first.one("h1")) == "All lessons, page 1 of 3"
    third = first.follow(first.link("3"))
    assert third.address == "/lessons?page=3"
    assert len([*third.one("table").iter("tr")]) == 31
    assert read(own, "/lessons?page=9").answer.body == third.answer.body


def test_topics_lead_to_their_lessons(server: Server) -> None:
    page = read(server, "/map")
    assert page.all("svg")
    assert page.all("link", rel="stylesheet")[1].get("href", "").startswith("./files/map-")
    topics = [link for one in page.all("ul", class_="list") for link in one.iter("a")]
    lessons = set()
    for topic in topics:
        of_topic = page.follow(topic.get("href", ""))
        lessons |= {text_of(link) for row in of_topic.all("table") for link in row.iter("a")}
    assert "Labels that packers can read" in lessons
    read(server, "/topics/99", status=404)


def test_what_the_interventions_brought_has_plots(server: Server) -> None:
    page = read(server, "/impact")
    assert "cost of returns" in page.text
    images = page.all("img")
    assert images
    for image in images:
        assert image.get("alt")
        got = server.ask(f"/{image.get('src', '').removeprefix('./')}")
        assert (got.status, got.headers["content-type"]) == (200, "image/svg+xml")
        assert b"<svg" in got.body
    assert server.ask("/plot/00000000000000000000.svg").status == 404


def test_lessons_to_review_are_named_with_their_owner(server: Server) -> None:
    page = read(server, "/stale")
    first = page.all("li", class_="hit")[0]
    assert "Labels that packers can read" in text_of(first)
    assert "Ines Ortega" in text_of(first)
    assert page.follow(page.link("Labels that packers can read")).address == "/lessons/labels"


def test_only_what_several_people_shared_is_a_gap(server: Server) -> None:
    assert "at least three people" in read(server, "/gaps").text


def test_the_state_of_the_index_is_said_without_its_folder(server: Server, root: Path) -> None:
    page = read(server, "/status")
    assert "Lessons 7" in page.text
    assert str(root) not in page.answer.text


def test_people_are_asked_for_by_problem(server: Server) -> None:
    assert "by the lessons that they stand behind" in read(server, "/who").text
    page = read(server, "/who?q=labels+that+packers+read")
    assert "Ines Ortega" in page.hits
    assert page.link("ines@example.org") == "mailto:ines@example.org"


def test_nobody_who_opted_out_is_named(start: Start, tmp_path: Path) -> None:
    people = "people: [{name: Ines Ortega, role: contact, contact: ines@example.org}]"
    lesson = f"---\nid: a\n{people}\n---\n# Labels\n\nFall off.\n"
    root = library(tmp_path / "base", {"a.md": lesson})
    (root / "people.md").write_text("# People\n\n## Ines Ortega\n\n- opted out: yes\n", "utf-8")
    own = start(root)
    for path in ("/", "/?q=labels", "/lessons/a", "/who?q=labels", "/brief?q=labels", "/stale"):
        assert "Ines" not in read(own, path).answer.text, path
