"""What a page says of a digest, in whatever form it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from kb.digest.digest import Digest, Gap, Head, Helped, Measured, News, What
from kb.pages.lists import Item, ListPage, Section
from kb.wording import counted, shortened

MOST_LISTED = 50
"""Lessons in one section of a page; of more, the number is told. JSON has all."""
_LONGEST_TITLE = 200
_NAMES: Mapping[What, str] = {
    What.NEW: "New",
    What.CHANGED: "Changed",
    What.SUPERSEDED: "Superseded",
    What.RETIRED: "Retired",
    What.REMOVED: "Removed",
}
_OUTCOMES: Mapping[str, str] = {"helped": "helped", "partly": "helped in part", "did-not-help": "did not help"}


def page_of(digest: Digest) -> ListPage:
    """Return the page."""
    title, lead = title_of(digest).partition(": ")[0], f"{overview(digest)}; {period_of(digest)}"
    return ListPage(title, lead, [*sections_of(digest)], digest.notes)


def title_of(digest: Digest) -> str:
    """Return the title of a page, which is the subject of a mail too."""
    reader = f" for {digest.reader}" if digest.reader else ""
    return f"News of {digest.library}{reader}: {overview(digest)}"


def period_of(digest: Digest) -> str:
    """Return from when to when a digest reaches, with the commits."""
    until = f"{digest.until.at:%Y-%m-%d} ({digest.until.id[:12]})"
    if digest.since is None:
        return f"from the beginning until {until}"
    since = f"{digest.since.at:%Y-%m-%d} ({digest.since.id[:12]})"
    return f"since {since}" if digest.since == digest.until else f"since {since}, until {until}"


def overview(digest: Digest) -> str:
    """Return in one phrase what is new."""
    counts = [
        *(f"{count:,} {what.value}" for what in What if (count := len(digest.of(what)))),
        *([f"{len({one.head.id for one in digest.measured}):,} newly measured"] if digest.measured else []),
        *([f"{counted(len(digest.helped), 'use')} of lessons"] if digest.helped else []),
    ]
    return ", ".join(counts) or "nothing new"


def sections_of(digest: Digest) -> Iterator[Section]:
    """Yield the sections that have entries."""
    lists = [
        *((name, [_of_news(one) for one in digest.of(what)]) for what, name in _NAMES.items()),
        ("Newly measured", [*_of_measured(digest.measured)]),
        ("What helped whom", [_of_use(one) for one in digest.helped]),
        ("Asked for, and not found", [_of_gap(one) for one in digest.gaps]),
    ]
    for name, entries in lists:
        if entries:
            left = len(entries) - MOST_LISTED
            more = f"and {left:,} more; `kb digest --json` lists all" if left > 0 else ""
            yield Section(name, tuple(entries[:MOST_LISTED]), more)


def lines_of(news: News) -> tuple[str, ...]:
    """Return what is said of one lesson below its title."""
    return tuple(filter(None, (news.head.unit, news.summary, "; ".join(news.details))))


def _of_news(news: News) -> Item:
    return Item(_title(news.head), news.head.id, lines_of(news))


def _of_measured(every: Iterable[Measured]) -> Iterator[Item]:
    """Yield an entry for each lesson, with all that was measured."""
    for head, measured in groupby(every, key=lambda one: one.head):
        yield Item(_title(head), head.id, [f"{one.result} ({one.evidence})" for one in measured])


def _of_use(use: Helped) -> Item:
    where = f"{use.user.title} ({use.user.unit})" if use.user.unit else use.user.title
    outcome = _OUTCOMES.get(use.outcome, "was used")
    saved = f"saved {use.saved}" if use.saved else ""
    lines = (f"{outcome} in: {shortened(where, _LONGEST_TITLE)}", use.note, saved)
    return Item(_title(use.lesson), use.lesson.id, tuple(filter(None, lines)))


def _of_gap(gap: Gap) -> Item:
    closest = f"closest: {', '.join(head.id for head in gap.closest)}" if gap.closest else ""
    return Item(gap.label, "", tuple(filter(None, (f"asked {counted(gap.times, 'time')}", closest))))


def _title(head: Head) -> str:
    return shortened(head.title, _LONGEST_TITLE)
