"""The page of a lesson: what it says, what leads on, and at which addresses it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library import committed, repository
from tests.page.conftest import Start
from tests.page.lessons import LABELS, LESSONS, PNG
from tests.page.reading import HTML, Page, read, text_of
from tests.serve.servers import Server, eventually, library, publish, write


def _part(page: Page, id_: str) -> list[str]:
    """Return the list below a heading of the lesson."""
    children = [*page.one("article")]
    at = next(number for number, one in enumerate(children) if one.get("id") == id_)
    return [text_of(item) for item in children[at + 1].iter("li")]


def test_it_says_what_it_brought_whom_to_ask_who_used_it_and_who_wrote_it(server: Server) -> None:
    page = read(server, "/lessons/labels")
    facts = text_of(page.one("dl", class_="facts"))
    assert "cost of returns" in facts
    assert "Ines Ortega, ines@example.org" in facts
    assert "2 times, helped 1, did not help 1, saved 3 days" in facts
    assert page.link("Ines Ortega, ines@example.org") == "mailto:ines@example.org"
    assert _part(page, "used-by") == [
        "Offers that were late helped; with forms; saved 3 days",
        "A second depot did not help",
    ]
    assert _part(page, "replaces") == ["Checking labels twice"]
    assert _part(page, "answers") == ["parcels come back because the wrong size was packed"]
    assert _part(page, "history") == ["2026-03-01 written or changed by Ann Writer"]
    assert "Checking labels twice" in " ".join(_part(page, "similar"))


def test_a_superseded_lesson_says_first_what_replaces_it(server: Server) -> None:
    page = read(server, "/lessons/old-labels")
    notice = page.one("p", class_="notice")
    assert text_of(notice) == "This lesson is superseded. It is replaced by Labels that packers can read"
    assert page.follow(page.link("Labels that packers can read")).address == "/lessons/labels"


def test_lines_and_sections_have_addresses(server: Server) -> None:
    page = read(server, "/lessons/labels")
    line = LABELS.split("\n").index("A label that can be read from the aisle.") + 1
    assert text_of(page.one("*", id=f"L{line}")) == "A label that can be read from the aisle."
    assert text_of(page.one("h2", id="s-tools")) == "Tools"
    cited = server.ask(f"/lessons/labels:{line}", Accept=HTML)
    assert (cited.status, cited.headers["location"]) == (307, f"../lessons/labels#L{line}")


@pytest.mark.parametrize("name", ["lessons/sub/old.md", "old", "lessons%2Fsub%2Fold.md"])
def test_other_names_of_a_lesson_lead_to_its_one_address(server: Server, name: str) -> None:
    answer = server.ask(f"/lessons/{name}", Accept=HTML)
    assert answer.status == 307
    up = "../" * (f"/lessons/{name}".count("/") - 1)
    assert answer.headers["location"] == f"{up}lessons/old-labels"


def test_links_between_lessons_work_at_any_depth(server: Server) -> None:
    page = read(server, "/lessons/labels")
    assert page.follow(page.link("the old way")).address == "/lessons/old-labels"
    assert page.follow(page.link("Offers that were late")).address == "/lessons/offers"
    deep = read(server, "/lessons/2006/plans")
    assert deep.follow(deep.link("Company")).address == "/"
    assert deep.follow(deep.link("Sales")).hits == ["Offers that were late", "Forty plans"]


def test_pictures_of_the_library_are_shown_and_none_from_elsewhere(server: Server) -> None:
    page = read(server, "/lessons/labels")
    (image,) = page.one("article").iter("img")
    assert image.get("alt") == "the shelf"
    got = server.ask(f"/{image.get('src', '').removeprefix('../')}")
    assert (got.status, got.headers["content-type"], got.body) == (200, "image/png", PNG)
    assert page.link("[picture: elsewhere]") == "https://example.org/a.png"


def test_no_other_file_is_a_picture(server: Server) -> None:
    for name in ("lessons%2Fshelf.png", "shelf.png", "0" * 20 + ".png", "..%2F..%2Fkb.toml", "%00.png"):
        assert server.ask(f"/picture/{name}").status == 404


def test_a_lesson_that_is_not_there_is_answered_with_a_box(server: Server) -> None:
    for path in ("/lessons/zebra", "/lessons/..%2Fkb.toml", "/lessons/%00", "/lessons/"):
        page = read(server, path, status=404)
        assert text_of(page.one("h1")) == "There is nothing here"
        assert page.all("textarea", id="words")
        assert page.follow(page.link("Search")).address == "/"


def test_names_that_lead_elsewhere_have_pages_too(server: Server, start: Start, tmp_path: Path) -> None:
    ids = ["a/../b", "a//b", "/etc/passwd", "../up", "x?y#z", "a%2fb", "100 %", "é/中", "a b+c", "CON", "ab:12"]
    lessons = {f"l{n}.md": f"---\nid: '{id_}'\n---\n# Number {n}\n\nZebras of {n}.\n" for n, id_ in enumerate(ids)}
    own = start(library(tmp_path / "base", lessons))
    listed = read(own, "/lessons")
    for number in range(len(ids)):
        page = listed.follow(listed.link(f"Number {number}"))
        assert text_of(page.one("h1")) == f"Number {number}"
        assert page.follow(page.link("base")).address == "/"


def test_a_new_text_is_shown_at_once_and_a_new_lesson_once_it_is_published(start: Start, tmp_path: Path) -> None:
    root = library(tmp_path / "base", LESSONS)
    own = start(root)
    tag = read(own, "/lessons/labels").answer.headers["etag"]
    assert own.ask("/lessons/labels", Accept=HTML, If_None_Match=tag).status == 304
    write(root, {"zebra.md": "---\nid: zebra\n---\n# Zebras\n\nStripes.\n"})
    publish(root)
    eventually(lambda: own.ask("/lessons/zebra", Accept=HTML).status == 200)
    assert read(own, "/?q=stripes").hits == ["Zebras"]
    assert "8 lessons" in text_of(read(own, "/").one("footer"))


def test_a_lesson_that_moved_is_found_at_its_address_before(start: Start, tmp_path: Path) -> None:
    root = library(tmp_path / "base", {"old/zebra.md": "# Zebras\n\nThey have stripes, on all of the body.\n"})
    committed(repository(root), "2026-01-01")
    (root / "lessons" / "new").mkdir()
    (root / "lessons" / "old" / "zebra.md").rename(root / "lessons" / "new" / "zebra.md")
    committed(root, "2026-01-02")
    publish(root)
    own = start(root)
    answer = own.ask("/lessons/old/zebra", Accept=HTML)
    assert (answer.status, answer.headers["location"]) == (307, "../../lessons/new/zebra")
    read(own, "/lessons/old/lion", status=404)
