"""The news of the library as an Atom feed, up to its last commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kb.digest.digests import Digests
from kb.digest.pages.feed import MOST_ENTRIES, atom
from kb.errors import NoRepository
from kb.site.folder import Page
from kb.system.git_objects import dated, require_history

FEED = "feed.xml"
_DAYS = 90


def feed_of(digests: Digests, address_of: Callable[[str], str | None]) -> Page | None:
    """Return the feed of what changed in the 90 days before the last commit; None if there is no history."""
    root = digests.config.root
    try:
        last = dated(root, require_history(root))
        digest = digests.for_everybody((last.at - timedelta(days=_DAYS)).date().isoformat()).digest
        if digest is None:
            return None
        changed = digests.changed(digest, MOST_ENTRIES)
        return Page(FEED, f"{atom(digest, digests.origin, changed, address_of)}\n".encode())
    except NoRepository:
        return None
