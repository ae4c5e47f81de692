"""`kb site`: the library as pages, which lead to each other and are written again only where they differ."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest

from tests.conftest import Make, Run, write
from tests.git import git
from tests.library import committed, repository
from tests.site.reading import SitePage, call_in, check_site, files_in, pages_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
LESSONS: dict[str, str | bytes] = {
    "labels.md": """\
        ---
        id: labels
        title: Labels that packers can read
        unit: Depot North
        date: 2023-04
        status: validated
        tags: [logistics, labels]
        summary: A label on the goods cut returns.
        related: [old-labels]
        supersedes: [old-labels]
        people:
          - {name: Ines Ortega, role: contact, contact: ines@example.org}
        impact: [{area: cost, metric: cost of returns, before: 310, after: 120, unit: EUR, design: pre-post}]
        answers: [parcels come back]
        ---
        # Labels that packers can read

        ## Problem

        Parcels came back, see [the old way](sub/old.md#problem) and [[offers|the offers]] and [gone](gone.md).
        ![the shelf](shelf.png) ![elsewhere](https://example.org/a.png)

        ## What we learned

        Packers read the shelf label.[^1]

        [^1]: Asked on two days.

        ## Tools

        ```
        print --label
        ```
        """,
    "sub/old.md": "---\nid: old-labels\ntitle: Old labels\nstatus: superseded\n---\n# Old labels\n\n## Problem\n",
    "offers.md": """\
        ---
        title: Offers that were late
        reused: [{lesson: labels, outcome: helped, note: with forms, saved: 3 days}]
        ---
        # Offers that were late

        See [line 10](labels.md#L18). Nobody signed the offers.
        """,
    "shelf.png": PNG,
    "hidden.md": "# Hidden\n\n<!-- a comment -->\n\nText.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


@pytest.fixture
def site(base: Path, kb: Run, tmp_path: Path) -> Path:
    done = kb(base, "site", str(tmp_path / "site"))
    assert done.code == 0, done.err
    assert done.err == f"kb: open {tmp_path / 'site' / 'index.html'} in a browser\n"
    return tmp_path / "site"


def text_of(site: Path, path: str) -> str:
    return " ".join(SitePage((site / path).read_text("utf-8")).text.split())


def test_all_pages_are_sound_and_their_links_lead_somewhere(site: Path) -> None:
    check_site(site)
    expected = {
        *("index.html", "lessons.html", "topics.html", "units.html", "tags.html", "impact.html", "404.html"),
        *("lesson/labels.html", "lesson/old-labels.html", "lesson/offers.html", "tag/logistics.html"),
    }
    assert expected <= pages_in(site).keys()
    assert (site / ".nojekyll").exists()
    assert (site / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"


def test_a_lesson_says_what_it_brought_whom_to_ask_and_who_used_it(site: Path) -> None:
    text = text_of(site, "lesson/labels.html")
    for said in (
        "A label on the goods cut returns.",
        "cost of returns down from 310 to 120 EUR (fair evidence: measured before and after)",
        "C, fair: measured before and after",
        "Ines Ortega, ines@example.org",
        "1 time, helped 1, saved 3 days",
        "Offers that were late helped; with forms; saved 3 days",
        "Depot North",
        "parcels come back",
        "On this page",
    ):
        assert said in text, said
    assert "mailto:ines@example.org" in (site / "lesson/labels.html").read_text()


def test_a_superseded_lesson_keeps_its_page_and_says_what_replaces_it(site: Path) -> None:
    text = text_of(site, "lesson/old-labels.html")
    assert "This lesson is superseded. It is replaced by Labels that packers can read" in text


def test_links_between_lessons_work_and_others_stay_text(site: Path) -> None:
    page = (site / "lesson/labels.html").read_text()
    assert '<a href="../lesson/old-labels.html#s-problem">the old way</a>' in page
    assert '<a href="../lesson/offers.html">the offers</a>' in page
    assert "and gone." in page
    assert '<a href="../lesson/labels.html#L18">line 10</a>' in (site / "lesson/offers.html").read_text()
    assert 'id="L18"' in page


def test_pictures_of_the_library_are_shown_and_none_from_elsewhere(site: Path) -> None:
    page = SitePage((site / "lesson/labels.html").read_text())
    (image,) = page.all("img")
    assert image["alt"] == "the shelf"
    assert (site / "lesson" / image["src"]).read_bytes() == PNG
    (link,) = [one for one in page.all("a") if one["href"] == "https://example.org/a.png"]
    assert link["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.svg", b"<svg/>"), ("a.png", b"<svg onload=alert(1)>"), ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000)],
)
def test_a_picture_that_is_none_or_too_large_is_not_published(
    make: Make, kb: Run, name: str, data: bytes, tmp_path: Path
) -> None:
    base = make({"a.md": f"# A\n\n![the shelf]({name})\n", name: data})
    assert kb(base, "site", str(tmp_path / "site")).code == 0
    assert "[picture: the shelf]" in text_of(tmp_path / "site", "lesson/a.html")
    assert not (tmp_path / "site" / "picture").exists()


def test_a_picture_behind_a_link_or_outside_of_the_lessons_is_not_published(
    make: Make, kb: Run, tmp_path: Path
) -> None:
    (tmp_path / "private.png").write_bytes(PNG)
    base = make({"a.md": "# A\n\n![one](one.png) ![two](../two.png) ![three](folder/private.png)\n"})
    (base / "lessons" / "one.png").symlink_to(tmp_path / "private.png")
    (base / "two.png").write_bytes(PNG)
    (base / "lessons" / "folder").symlink_to(tmp_path)
    assert kb(base, "site", str(tmp_path / "site")).code == 0
    assert not (tmp_path / "site" / "picture").exists()


def test_what_is_hidden_in_markdown_stays_hidden(site: Path) -> None:
    assert "a comment" not in (site / "lesson/hidden.html").read_text()


def test_two_runs_give_the_same_bytes(site: Path, base: Path, kb: Run, tmp_path: Path) -> None:
    assert kb(base, "site", str(tmp_path / "again")).code == 0
    assert files_in(tmp_path / "again") == files_in(site)


def test_a_second_run_writes_only_what_differs_and_removes_what_is_gone(site: Path, base: Path, kb: Run) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    assert kb(base, "site", str(site)).out == f"nothing has changed: {len(before) - 1} files\n"
    assert {path: path.stat().st_mtime_ns for path in before} == before
    (base / "lessons" / "hidden.md").unlink()
    (base / "lessons" / "shelf.png").unlink()
    assert re.search(r"\d+ written, [2-9] removed\n", kb(base, "site", str(site)).out)
    assert not (site / "lesson" / "hidden.html").exists()
    assert not [*(site / "picture").glob("*.png")]
    check_site(site)


def test_a_page_that_was_changed_or_removed_is_written_again(site: Path, base: Path, kb: Run) -> None:
    before = files_in(site)
    (site / "index.html").write_text("broken")
    (site / "lesson" / "labels.html").unlink()
    assert "2 written, 0 removed" in kb(base, "site", str(site)).out
    assert files_in(site) == before


def test_who_has_opted_out_is_in_no_file(make: Make, kb: Run, tmp_path: Path) -> None:
    base = make({"a.md": str(LESSONS["labels.md"]), "b.md": "---\nauthor: Ines Ortega\n---\n# B\n\nText.\n"})
    (base / "people.md").write_text(
        "---\npeople:\n  - {name: Ines Ortega, contact: ines@example.org, opted_out: true}\n---\n"
    )
    assert kb(base, "site", str(tmp_path / "site")).code == 0
    for path, data in files_in(tmp_path / "site").items():
        shards = [b64decode(call_in(data.decode())[1])] if re.fullmatch(r"search/\d+\.js", path) else []
        for text in (data, *shards):
            assert b"ortega" not in text.lower(), path
            assert b"ines@" not in text.lower(), path


def test_an_address_gives_a_site_map_and_hidden_none(base: Path, kb: Run, tmp_path: Path) -> None:
    assert kb(base, "site", str(tmp_path / "a"), "--address", "https://example.org/kb").code == 0
    site_map = (tmp_path / "a" / "sitemap.xml").read_text()
    assert "<loc>https://example.org/kb/lesson/labels.html</loc>" in site_map
    assert "404" not in site_map
    assert "Sitemap: https://example.org/kb/sitemap.xml" in (tmp_path / "a" / "robots.txt").read_text()
    assert kb(base, "site", str(tmp_path / "b"), "--hidden", "--address", "https://example.org/kb").code == 0
    assert not (tmp_path / "b" / "sitemap.xml").exists()
    assert (tmp_path / "b" / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    assert {"name": "robots", "content": "noindex"} in SitePage((tmp_path / "b" / "index.html").read_text()).all("meta")
    for wrong in ("javascript:alert(1)", "example.org", "https://example.org/?a"):
        done = kb(base, "site", str(tmp_path / "c"), "--address", wrong)
        assert done.code == 2
        assert "write it like https://example.org/lessons/" in done.err
    assert not (tmp_path / "c").exists()


def test_the_address_of_a_moved_lesson_leads_to_where_it_is_now(make: Make, kb: Run, tmp_path: Path) -> None:
    base = repository(make({}))
    committed(
        base,
        "2024-01-01",
        {
            "first.md": "# Pumps\n\nThe seal of the pump was worn.\n",
            "kept.md": "---\nid: kept\n---\n# Kept\n\nForms that nobody reads.\n",
        },
    )
    git(base, "mv", "lessons/first.md", "lessons/second.md")
    git(base, "mv", "lessons/kept.md", "lessons/other.md")
    committed(base, "2024-01-02", {"first.md": None} if (base / "lessons/first.md").exists() else {})
    git(base, "mv", "lessons/second.md", "lessons/third.md")
    committed(base, "2024-01-03")
    assert kb(base, "site", str(tmp_path / "site")).code == 0
    for before in ("first", "second"):
        page = SitePage((tmp_path / "site" / "lesson" / f"{before}.html").read_text())
        assert {"http-equiv": "refresh", "content": "0; url=../lesson/third.html"} in page.all("meta")
        assert page.all("link") == [{"rel": "canonical", "href": "../lesson/third.html"}]
    assert "Kept" in text_of(tmp_path / "site", "lesson/kept.html")
    check_site(tmp_path / "site")
    feed = (tmp_path / "site" / "feed.xml").read_text()
    assert '<link rel="alternate" type="text/html" href="lesson/third.html" />' in feed


def test_a_library_without_lessons_has_a_site_too(make: Make, kb: Run, tmp_path: Path) -> None:
    assert kb(make({}), "site", str(tmp_path / "site")).code == 0
    check_site(tmp_path / "site")
    assert "There are no lessons yet." in text_of(tmp_path / "site", "index.html")


def test_the_index_is_brought_up_to_date_first(site: Path, base: Path, kb: Run) -> None:
    write(base, "new.md", "# New\n\nNew.\n")
    assert kb(base, "site", str(site)).code == 0
    assert "New" in text_of(site, "lesson/new.html")


def test_a_wrong_folder_is_refused_before_anything_is_indexed(base: Path, kb: Run) -> None:
    before = (base / ".kb" / "CURRENT").read_text()
    write(base, "more.md", "# More\n\nAn ostrich.\n")
    assert kb(base, "site", str(base)).code == 2
    assert (base / ".kb" / "CURRENT").read_text() == before
