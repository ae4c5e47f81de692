"""A digest as a page for a browser, and as the body of a mail."""

from __future__ import annotations

from kb.digest.digest import Digest, News
from kb.digest.pages.sections import lines_of, page_of
from kb.pages.lists import html_of
from kb.pages.page import fragment


def html(digest: Digest) -> str:
    """Return the page."""
    return html_of(page_of(digest))


def html_of_news(news: News) -> str:
    """Return what is said of one lesson, as a piece of HTML for a feed."""
    return fragment("digest_entry.html", lines=lines_of(news), lesson=news.head.id)
