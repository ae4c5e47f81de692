"""An answer is narrowed down by conditions, whose numbers are those of the lessons that meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.page.reading import read, text_of
from tests.serve.servers import Server

LISTED = {
    "Depot North": ["--where", 'unit="Depot North"'],
    "Sales": ["--where", 'unit="Sales"'],
    "a tool": ["--kind", "tool"],
    "cost": ["--where", 'impact.area="cost"'],
    "measured at all": ["--where", "evidence>=E"],
    "2019": ["--since", "2019", "--until", "2019"],
}


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("typed", ["", "status:validated", "-tag:labels"])
def test_each_number_is_that_of_the_lessons_that_kb_list_finds(
    server: Server, root: Path, kb: Run, name: str, typed: str
) -> None:
    page = read(server, f"/?q=labels+{typed}")
    listed = json.loads(kb(root, "list", "--json", *LISTED[name], *(["--", typed] if typed else [])).out)
    count, _ = page.options.get(name, (0, ""))
    assert count == len(listed)


def test_counts_are_right_alone_and_together(server: Server) -> None:
    every = read(server, "/?q=labels").options
    counts = {name: count for name, (count, _) in every.items()}
    assert counts["Depot North"] == 2
    assert counts["Sales"] == 2
    assert counts["a tool"] == 2
    assert counts["a method"] == 1
    assert counts["cost"] == 1
    assert counts["revenue"] == 1
    assert counts["C, fair, or better"] == 1
    assert counts["measured at all"] == 2
    assert (counts["2023"], counts["2021"], counts["2019"], counts["2011"]) == (1, 1, 1, 1)
    sales = read(server, "/?q=labels&unit=Sales").options
    assert sales["a tool"][0] == 1
    assert "a method" not in sales
    assert sales["Depot North"][0] == 2, "the others of the same group stay, to be chosen instead"
    typed = read(server, "/?q=labels+unit:Sales").options
    assert typed["a tool"][0] == 1
    assert "Depot North" not in typed


def test_a_condition_is_chosen_and_left_by_links(server: Server) -> None:
    found = read(server, "/?q=labels")
    chosen = found.follow(found.options["Depot North"][1])
    assert chosen.address == "/?q=labels&unit=Depot+North"
    assert set(chosen.hits) == {"Labels that packers can read", "Checking labels twice"}
    (option,) = chosen.all("a", aria_current="true")
    assert text_of(option) == "Depot North 2"
    assert read(server, chosen.follow(option.get("href", "")).address).address == "/?q=labels"
    (chip,) = chosen.all("a", class_="chip")
    assert chip.get("aria-label") == "Remove unit: Depot North"
    assert chosen.follow(chip.get("href", "")).address == "/?q=labels"


def test_conditions_add_up_and_stay_with_the_next_question(server: Server) -> None:
    page = read(server, "/?q=labels&unit=Depot+North")
    both = page.follow(page.options["2011"][1])
    assert both.hits == ["Checking labels twice"]
    next_ = both.submit("parcels")
    assert next_.address == "/?q=parcels&unit=Depot+North&since=2011&until=2011"
    assert next_.hits == ["Checking labels twice"]


def test_conditions_alone_list_the_newest_first(server: Server) -> None:
    page = read(server, "/?unit=Sales")
    assert page.hits == ["Offers that were late", "Forty plans"]
    assert page.verdict == "2 lessons, the newest first."
    assert not page.all("span", class_="label") or "answers" not in page.text


def test_dates_are_typed_in_a_form(server: Server) -> None:
    page = read(server, "/?q=labels")
    found = page.submit("labels", since="2020", until="")
    assert found.address == "/?q=labels&since=2020"
    assert "Checking labels twice" not in found.hits
    assert "since: 2020" in [one.get("aria-label", "").removeprefix("Remove ") for one in found.all("a", class_="chip")]


def test_the_query_language_works_in_the_box(server: Server) -> None:
    found = read(server, "/").submit("labels -twice status:validated")
    assert found.hits == ["Labels that packers can read"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?q=a&kind=zebra", "zebra"),
        ("/?q=a&evidence=Z", "evidence"),
        ("/?q=a&since=neverday", "neverday"),
        ("/?q=a&where=nokey", "nokey"),
        ("/?q=a&limit=0", "limit"),
        ("/?q=a&lmit=1", "lmit"),
        ("/?q=a&unit=b&unit=c", "unit"),
        ("/?q=xunit:a", "xunit"),
        ("/lessons?page=0", "page"),
        ("/map?q=a", "q"),
    ],
)
def test_a_wrong_condition_is_named_on_a_page_from_which_one_can_ask_on(
    server: Server, address: str, said: str
) -> None:
    page = read(server, address, status=422)
    assert text_of(page.one("h1")) == "This cannot be asked"
    assert said in page.text
    assert page.all("textarea", id="words")


def test_an_unknown_unit_finds_nothing_and_says_what_is_near(server: Server) -> None:
    page = read(server, "/?q=labels&unit=Depot+Nroth")
    assert page.hits == []
    assert "Depot North" in page.text
