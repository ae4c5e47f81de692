"""A digest as a page of Markdown, which is readable in a terminal too."""

from __future__ import annotations

from kb.digest.digest import Digest
from kb.digest.pages.sections import page_of
from kb.pages.lists import markdown_of


def markdown(digest: Digest) -> str:
    """Return the page."""
    return markdown_of(page_of(digest))
