"""Writes the site of a knowledge base, if anything that it is made from has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from ingest.files.corpus import MAX_BYTES, Corpus, digest_of
from ingest.files.regular_file import read_regular
from ingest.files.tree import paths_below
from ingest.kinds import KindTable
from kb import __version__
from kb.catalogue.catalogue import Catalogue
from kb.config import PEOPLE_FILE, Config
from kb.digest.digests import Digests
from kb.gains.gains import ImpactRequest
from kb.index.snapshot import CATALOGUE
from kb.open_index import OpenIndex
from kb.overview.overview import Overview
from kb.retrieval.searcher import Searcher
from kb.site.addresses import SiteAddresses
from kb.site.content import Content, content_of
from kb.site.feed import feed_of
from kb.site.folder import Page, Written, is_whole, read_known, require_folder, write_pages
from kb.site.moved import moved_pages
from kb.site.pages import SitePages
from kb.site.pictures import digests_of_pictures
from kb.site.request import SiteRequest
from kb.system.git import commit_of
from kb.topics.facts import MapRequest

_PROGRAM = Path(__file__).parents[1]
_MAKES_PAGES = ("site", "pages", "showing", "topics", "gains", "impact", "people", "lessons", "digest")
"""Rooms of the program that decide what a page says."""


@dataclass(frozen=True)
class Publishing:
    """Writes the site of one knowledge base."""

    config: Config
    corpus: Corpus
    kinds: KindTable
    overview: Overview
    digests: Digests

    def publish(self, opened: Callable[[], OpenIndex], request: SiteRequest, today: date) -> Written:
        """Write the pages that differ from those in the folder; `opened` returns the index, up to date.

        Raises `NoResult` for a folder that must not be written to, before the index is opened, and then `CannotWrite`
        and `DamagedIndex`.
        """
        request.check()
        require_folder(request.folder, self.config)
        known = read_known(request.folder)
        with opened() as index, closing(self.overview.opening.catalogue()) as catalogue:
            searcher = index.searcher
            content = self._content(catalogue, request)
            key = self._key(content, request, today)
            if known.key == key and is_whole(request.folder, known):
                return Written(len(known.digests), 0, 0, 0)
            return write_pages(request.folder, self._pages(content, searcher, request, today), known, key)

    def _content(self, catalogue: Catalogue, request: SiteRequest) -> Content:
        name = request.name or self.config.root.resolve().name
        return content_of(name, catalogue, self.overview.opening, self.corpus, self.kinds, SiteAddresses.of)

    def _pages(self, content: Content, searcher: Searcher, request: SiteRequest, today: date) -> Iterator[Page]:
        topics = self.overview.map(MapRequest(), today, for_others=True)
        address = content.addresses.lesson
        pages = SitePages(
            content,
            topics,
            self.overview.impact(ImpactRequest()),
            searcher.browser_index(),
            moved_pages(self.config, content.addresses),
            feed_of(self.digests, lambda id_: f"{request.base}{address(id_)}" if address(id_) else None),
            request,
        )
        return pages.every()

    def _key(self, content: Content, request: SiteRequest, today: date) -> str:
        """Return a digest of everything that the pages are made from."""
        files = {path: file.digest for path, file in content.catalogue.files().items()}
        made_from = [
            *(__version__, str(today), commit_of(self.config.root), content.name, request.base, request.hidden),
            *(self._index(), files, digests_of_pictures(self.corpus)),
            *(
                content.directory.hides_all,
                _people(self.config.root),
                repr(sorted(content.uses.items())),
                [*_program()],
            ),
        ]
        return sha256(json.dumps(made_from).encode("utf-8", "surrogateescape")).hexdigest()

    def _index(self) -> list[tuple[str, str]]:
        """Return the files of the index with their digests; without the catalogue, which has the times of files."""
        manifest = self.overview.opening.snapshot(CATALOGUE).manifest
        kept = [(name, digest) for name, (_, digest) in sorted(manifest.files.items()) if name != CATALOGUE]
        return [("", manifest.signature), *kept]


def _people(root: Path) -> str:
    with suppress(OSError):
        return digest_of(read_regular(root / PEOPLE_FILE, MAX_BYTES, links=False))
    return ""


def _program() -> Iterator[str]:
    """Yield a digest of each file of the program that makes pages."""
    for room in _MAKES_PAGES:
        for path in sorted(paths_below(_PROGRAM / room)):
            if path.is_file() and path.suffix != ".pyc":
                yield sha256(path.read_bytes()).hexdigest()
