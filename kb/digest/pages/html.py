"""A digest as a page for a browser, and as the body of a mail."""

from __future__ import annotations

from kb.digest.digest import Digest, News
from kb.digest.pages.sections import lines_of, overview, period_of, sections_of, title_of
from kb.pages.page import fragment, render


def html(digest: Digest) -> str:
    """Return the page."""
    return render(
        "digest.html",
        title_of(digest).partition(": ")[0],
        overview=f"{overview(digest)}; {period_of(digest)}",
        notes=digest.notes,
        sections=list(sections_of(digest)),
    )


def html_of_news(news: News) -> str:
    """Return what is said of one lesson, as a piece of HTML for a feed."""
    return fragment("digest_entry.html", lines=lines_of(news), lesson=news.head.id)
