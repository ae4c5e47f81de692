"""What only a browser can show: typing, going back, keys, sizes, colours; and that nothing breaks a rule of access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.page.browser import chromium, launched
from tests.page.lessons import MAIL
from tests.serve.servers import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PAGES = [
    *(
        "/",
        "/?q=labels",
        "/?q=labels&unit=Depot+North",
        "/?unit=Sales",
        "/?q=zebra",
        "/brief?q=labels",
        "/who?q=labels",
    ),
    *(
        "/lessons",
        "/lessons/labels",
        "/lessons/old-labels",
        "/map",
        "/topics/1",
        "/impact",
        "/gaps",
        "/stale",
        "/status",
    ),
    *("/nothing", "/?kind=zebra", "/?q=" + quote("מכתבים"), "/lessons/" + quote("מכתבי-תלונה"), "/who"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """A page of a window as wide as a desk's; it may not complain of anything, nor ask anybody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=f"http://127.0.0.1:{server.port}")
    found = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    found.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("request", lambda request: asked.append(request.url))
    yield found
    assert [one for one in complaints if "Failed to load resource" not in one] == []
    assert [url for url in asked if not url.startswith((f"http://127.0.0.1:{server.port}/", "data:"))] == []
    assert context.cookies() == []
    context.close()


def test_lessons_are_found_while_typing_and_the_address_follows(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("packers cannot read labels")
    page.wait_for_url("**/?q=packers+cannot+read+labels")
    page.get_by_role("link", name="Labels that packers can read").first.click()
    page.wait_for_url("**/lessons/labels*")
    page.go_back()
    page.wait_for_url("**/?q=packers+cannot+read+labels")
    page.get_by_role("link", name="Labels that packers can read").first.wait_for()
    assert page.locator("#words").input_value() == "packers cannot read labels"
    page.go_back()
    page.get_by_role("heading", name="Newest lessons").wait_for()
    assert page.locator("#words").input_value() == ""


HOLDING = """
const ask = window.fetch, held = new Promise((resolve) => (window.release = resolve));
window.fetch = async (to, ...how) => {
  if (String(to).endsWith("?q=offers")) await held;
  return ask(to, ...how);
};
"""
"""Holds the answer to one question until it is released."""


def test_an_older_answer_never_replaces_a_newer_one(page: Any) -> None:
    page.add_init_script(HOLDING)
    page.goto("/")
    page.locator("#words").fill("offers")
    page.wait_for_url("**/?q=offers")
    page.locator("#words").fill("labels")
    page.wait_for_url("**/?q=labels")
    page.locator(".hit").first.wait_for()
    page.evaluate("async () => { release(); for (const q of 'abc') await (await fetch(`./?q=${q}`)).text(); }")
    assert page.url.endswith("/?q=labels")
    assert page.locator(".hit h3").first.inner_text() != "Offers that were late"


def test_a_pasted_mail_is_answered_at_once_and_in_no_address(page: Any) -> None:
    page.goto("/")
    low = page.locator("#words").bounding_box()["height"]
    page.locator("#words").fill(MAIL)
    page.locator(".hit").first.wait_for()
    assert page.url.endswith("/")
    assert page.locator("#words").bounding_box()["height"] > 2 * low
    page.get_by_role("button", name="Whom to ask").click()
    page.wait_for_url("**/who")
    page.get_by_role("link", name="ines@example.org").wait_for()


def test_keys_lead_through_the_lessons_found(page: Any) -> None:
    page.goto("/?q=labels")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.textContent")
    assert first == page.locator(".hit h3").first.inner_text()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".hit h3").nth(1).inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/*")


def test_everything_works_without_scripts(browser: Any, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=f"http://127.0.0.1:{server.port}")
    page = context.new_page()
    page.goto("/")
    page.locator("#words").fill("packers cannot read labels")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/?q=packers+cannot+read+labels")
    page.locator("#narrow").get_by_role("link", name="Depot North").click()
    page.wait_for_url("**&unit=Depot+North")
    page.goto("/")
    page.locator("#words").fill(MAIL)
    page.get_by_role("button", name="Search").click()
    page.locator(".hit").first.wait_for()
    assert page.url.endswith("/")
    page.locator("#narrow").get_by_role("button", name="Depot North").click()
    page.wait_for_url("**/?unit=Depot+North")
    assert page.locator("#words").input_value().startswith("Dear all,")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_breaks_a_rule_of_access_or_scrolls_sideways(
    browser: Any, server: Server, width: int, scheme: str
) -> None:
    axe_of = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=f"http://127.0.0.1:{server.port}"
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = axe_of.run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], path
    context.close()
