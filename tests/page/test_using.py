"""A reader says on the page of a lesson that it was used, where the server may write."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest

from tests.page.reading import FORM, HTML, Page, read, text_of
from tests.serve.servers import Server, served


@pytest.fixture(scope="module")
def writing(root: Path, environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may write to a copy of the library."""
    copy = shutil.copytree(root, tmp_path_factory.mktemp("writing") / "Company", symlinks=True)
    found = served(copy, environment, "--allow-write")
    yield found
    assert found.stop() == 0, found.lines


def record(server: Server, page: Page, **fields: str) -> Page:
    """Fill in the form of a lesson's page and send it; redirections are followed."""
    form = page.one("form", class_="use")
    hidden = {one.get("name", ""): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}
    address = urljoin(f"http://x{page.address}", form.get("action", "")).removeprefix("http://x")
    answer = server.ask(address, urlencode({**hidden, **fields}).encode(), Accept=HTML, Content_Type=FORM)
    if answer.status == 303:
        return page.follow(answer.headers["location"])
    return Page(server, address, answer)


def test_what_is_recorded_is_on_the_page_at_once(writing: Server) -> None:
    page = read(writing, "/lessons/labels")
    assert page.answer.headers["cache-control"] == "no-store"
    after = record(writing, page, outcome="helped", where="Depot <East>", note="", saved="4 days")
    assert "3 times, helped 2, did not help 1, saved 7 days" in text_of(after.one("dl", class_="facts"))
    assert "Depot <East> helped; saved 4 days" in after.text
    record(writing, page, outcome="helped", where="Depot <East>", note="", saved="4 days")
    assert "3 times" in text_of(read(writing, "/lessons/labels").one("dl", class_="facts")), "sent again by the browser"


def test_what_was_typed_stays_if_it_cannot_be_recorded(writing: Server) -> None:
    refused = record(writing, read(writing, "/lessons/labels"), outcome="partly", where="Depot West", saved="a lot")
    assert refused.answer.status == 422
    assert "is no amount with a unit" in refused.text
    kept = {
        one.get("name"): one.get("value") for one in refused.one("form").iter("input") if one.get("type") != "radio"
    }
    assert (kept["where"], kept["saved"]) == ("Depot West", "a lot")
    assert [one.get("value") for one in refused.all("input", type="radio") if "checked" in one.attrib] == ["partly"]


def test_a_server_that_only_reads_has_no_form(server: Server) -> None:
    page = read(server, "/lessons/labels")
    assert page.all("form", class_="use") == []
    assert page.answer.headers["cache-control"] == "private, no-cache"
