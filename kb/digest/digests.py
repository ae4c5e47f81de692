"""The digests of one knowledge base: for everybody, or for the readers of its subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kb.config import Config
from kb.digest.comparison import Comparison, compared
from kb.digest.digest import Digest, Gap, What
from kb.digest.making import digest_of, gap_of, restricted
from kb.digest.origin import Origin
from kb.digest.remembered import Remembered
from kb.digest.span import Span, span_of
from kb.errors import IndexUnusable
from kb.system.git import place_in_repository
from kb.system.git_objects import last_changes, root_commits
from kb.wording import counted
from search.errors import DamagedIndex, QueryError

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.demand.shared.merging import Group
    from kb.digest.mail.mailing import Letter
    from kb.digest.subscriptions import Subscription
    from kb.open_index import OpenIndex


class ForReader(NamedTuple):
    """The digest of one reader, or why there is none."""

    reader: str
    """The name of a subscription; empty for everybody."""
    to: str
    """The reader's mail address; empty if there is none."""
    digest: Digest | None
    error: str = ""


@dataclass(frozen=True)
class Digests:
    """Makes the digests; all of them raise `NoRepository` if there is no history to compare."""

    config: Config
    open: Callable[[], AbstractContextManager[OpenIndex]]
    """Opens the index, brought up to date."""
    catalogue: Callable[[], Catalogue]
    """Opens the catalogue of the index; raises `IndexUnusable` if there is none."""
    now: datetime
    shared_gaps: Callable[[], Sequence[Group]] = tuple
    """Returns the needs that the library does not meet, of at least three people, for the digest for everybody."""
    _compared: dict[Span, Comparison] = field(default_factory=dict)

    @cached_property
    def remembered(self) -> Remembered:
        return Remembered(self.config.root)

    @cached_property
    def _place(self) -> str:
        """The folder of the knowledge base in its repository."""
        return place_in_repository(self.config.root)

    @cached_property
    def origin(self) -> Origin:
        """What makes the ids of this library's feeds and mails different from those of others."""
        return Origin(tuple(root_commits(self.config.root)), self._place)

    def for_everybody(self, since: str | None = None) -> ForReader:
        """Return what is new since a date or commit, else since the last digest, else in a week."""
        return ForReader("", "", self._since(since, ""))

    def for_readers(self, name: str | None = None, since: str | None = None) -> Iterator[ForReader]:
        """Yield the digest of each subscription, or of one; a broken one is an error of its own.

        Raises `ConfigError` if there is none of that name.
        """
        from kb.digest.subscriptions import subscriptions_of  # what a search needs, which is slow to import

        found = subscriptions_of(self.config.subscriptions)
        chosen = found.named(name) if name is not None else found
        yield from (ForReader("", "", None, line) for line in chosen.broken)
        if not chosen.sound:
            return
        with self.open() as index:
            for one in chosen.sound:
                try:
                    yield ForReader(one.name, one.to, self._for(one, since, index))
                except QueryError as error:
                    yield ForReader(one.name, one.to, None, f"{one.place} {error}")

    def letters(self, name: str | None = None, since: str | None = None) -> Iterator[Letter]:
        """Yield the mails that the readers would get; nothing is sent."""
        from kb.digest.mail.mailing import letters

        return letters(self, name, since)

    def send(self, name: str | None = None, since: str | None = None) -> Iterator[Letter]:
        """Send the mails as the environment says, and yield each; raises `CannotSend`, `Locked` and `CannotWrite`."""
        from kb.digest.mail.mailing import send_all

        return send_all(self, name, since)

    def remember(self, read: Iterable[ForReader]) -> None:
        """Record that readers have got their digests: the next ones begin there; raises `CannotWrite`."""
        for one in read:
            if one.digest:
                self.remembered.remember(one.reader, one.digest.until, *(_told(one.digest) if one.reader else ()))

    def require_index(self) -> None:
        """Raise `IndexUnusable` if the index lacks changes, which a reader would then never be told of."""
        with self.open() as index:
            if behind := index.changes.count():
                raise IndexUnusable(f"the index is behind by {counted(behind, 'lesson')}; run `kb reindex` first")

    def changed(self, digest: Digest, most: int) -> dict[str, datetime]:
        """Return when the lessons of a digest were last changed, by path; at least of the `most` changed last."""
        since = digest.since.id if digest.since else None
        paths = {one.head.path for one in digest.news}
        enough = min(most, len(paths))
        return last_changes(
            *(self.config.root, since, digest.until.id, self.config.paths),
            lambda found: sum(path in paths for path in found) >= enough,
        )

    def _for(self, subscription: Subscription, since: str | None, index: OpenIndex) -> Digest:
        whole = self._since(since, subscription.name)
        relevances = index.relevances(subscription.request)
        paths = frozenset(path for path, relevance in relevances.items() if subscription.concerns(relevance))
        return restricted(whole, subscription.name, paths, self.remembered.told(subscription.name).has)

    def _since(self, since: str | None, reader: str) -> Digest:
        last = None if since else self.remembered.last(reader)
        span = span_of(self.config.root, since, last, self.now)
        if span not in self._compared:  # most readers got their last digest at the same time
            self._compared[span] = compared(self.config, self._place, span)
        return digest_of(self.config.root.resolve().name, self._compared[span], self._titles, self._gaps)

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        groups = [group for group in self.shared_gaps() if group.words()]
        titles = self._titles() if groups else {}
        return tuple(gap_of(group, titles) for group in groups)

    def _titles(self) -> dict[str, str]:
        """Return the titles of all lessons by id; none if there is no index."""
        with suppress(IndexUnusable, DamagedIndex), closing(self.catalogue()) as catalogue:
            return {id_: title for _, id_, title in catalogue.names()}
        return {}


def _told(digest: Digest) -> tuple[list[str], list[str]]:
    """Return the ids of the lessons of which a digest told: those that are there, and those that were removed."""
    there = [one.head.id for one in digest.news if one.what is not What.REMOVED]
    return there, [one.head.id for one in digest.of(What.REMOVED)]
