"""A digest as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kb import __version__
from kb.digest.digest import Digest, News, What, in_utc
from kb.digest.origin import Origin
from kb.digest.pages.html import html_of_news
from kb.digest.pages.sections import lines_of, title_of
from kb.visible import visible

MOST_ENTRIES = 100
"""A reader of feeds asks again and again and keeps what it has read, so the newest are enough (RFC 5005, section 1)."""
_Entry = tuple[News, str]
"""What is new of a lesson, with the key of its id."""
_NAMESPACE = "http://www.w3.org/2005/Atom"
_PREFIXES: Mapping[What, str] = {
    What.NEW: "",
    What.CHANGED: "Changed: ",
    What.SUPERSEDED: "Superseded: ",
    What.RETIRED: "Retired: ",
    What.REMOVED: "Removed: ",
}
# Characters that XML 1.0 does not allow, not even as references (section 2.2).
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(
    digest: Digest,
    origin: Origin,
    changed: Mapping[str, datetime],
    address_of: Callable[[str], str | None] = lambda id_: None,
) -> str:
    """Return the feed, one entry for each of the lessons changed last, which has the same id in each feed.

    `changed` has the time of the last change of lessons, by path; of more than `MOST_ENTRIES` lessons at least of the
    last. If there are fewer, all others changed at the last commit. `address_of` returns where a lesson can be read, by
    its id, relative to the feed or in full; None if nowhere.
    """
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    until = digest.until.at
    _add(feed, "id", origin.id_of(f"feed:{digest.reader}").urn)
    _add(feed, "title", title_of(digest).partition(": ")[0])
    _add(feed, "updated", in_utc(max([until, *(changed.get(one.head.path, until) for one in digest.news)])))
    _add(SubElement(feed, "author"), "name", digest.library)
    _add(feed, "generator", "kb", version=__version__)
    if len(digest.news) > MOST_ENTRIES:
        _add(feed, "subtitle", f"the {MOST_ENTRIES:,} lessons changed last, of {len(digest.news):,}")
    for news, key in _newest(zip(digest.news, _keys(digest.news), strict=True), changed):
        _add_entry(feed, news, origin.id_of(f"lesson:{key}").urn, changed.get(news.head.path, until))
        if address := address_of(news.head.id):
            SubElement(feed[-1], "link", {"rel": "alternate", "type": "text/html", "href": address})
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode")


def _newest(entries: Iterable[_Entry], changed: Mapping[str, datetime]) -> list[_Entry]:
    """Return as many entries as a feed has, those changed last first."""
    begin = datetime.fromtimestamp(0, UTC)
    return sorted(entries, key=lambda one: changed.get(one[0].head.path, begin), reverse=True)[:MOST_ENTRIES]


def _keys(news: Iterable[News]) -> Iterator[str]:
    """Yield a key for each entry; the second lesson of one id, which is a mistake, gets one by its path."""
    seen = set()
    for one in news:
        yield f"{one.key}:{one.head.path}" if one.key in seen else one.key
        seen.add(one.key)


def _add_entry(feed: Element, news: News, id_: str, updated: datetime) -> None:
    entry = SubElement(feed, "entry")
    _add(entry, "id", id_)
    _add(entry, "title", f"{_PREFIXES[news.what]}{news.head.title}")
    _add(entry, "updated", in_utc(updated))
    SubElement(entry, "category", {"term": news.what.value})
    if lines := lines_of(news):
        _add(entry, "summary", "; ".join(lines))
    _add(entry, "content", html_of_news(news), type="html")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _NOT_IN_XML.sub("\ufffd", visible(text))
