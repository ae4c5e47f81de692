"""Finds the lessons of a person whose name is the whole query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.lessons.stated import stated
from kb.people.authorship import Author
from kb.people.contact import listed_as
from kb.people.directory import Directory
from kb.people.entry import Entry
from kb.people.known import KnownPeople
from kb.people.meant import meant, named_once, person_meant, respelt, words_of_name
from kb.people.naming import key_of
from kb.wording import counted
from search.engine import Hit, Ranking, Relevance
from search.indexing import LexicalIndex
from search.query import Query, terms

_KEYS = ("people.name", "people")
_NAMES_SHOWN = 3
# So many lessons with the words of a name and without the person make it a word: of one word few, of several more.
_SHARE_OF_ONE_WORD, _SHARE_OF_SEVERAL = 0.25, 1.0


class NamedInQuery(NamedTuple):
    """The people whose name is a query, and their lessons by number."""

    names: tuple[str, ...]
    named: frozenset[int]
    """The lessons that name them."""
    written: frozenset[int]
    """Further lessons, of which they are authors by git."""
    inherited: frozenset[int]
    """Further lessons, which name somebody from whom they took over."""
    is_certain: bool
    """Whether the name is spelt as it is known."""
    listed: tuple[str, ...]
    """What `people.md` says of them."""

    @property
    def lessons(self) -> frozenset[int]:
        return self.named | self.written | self.inherited

    @property
    def note(self) -> str:
        """The reason why their lessons are found, as text."""
        shown = " / ".join(self.names[:_NAMES_SHOWN]) + (" …" if len(self.names) > _NAMES_SHOWN else "")
        spelt = "" if self.is_certain else "nobody has exactly this name; "
        if not self.lessons:
            return f"{spelt}people.md names {', '.join(self.listed) or shown}; no lesson does"
        done = [
            f"{what} {counted(len(lessons), 'lesson')}"
            for what, lessons in (
                ("named in", self.named),
                ("author, by git, of", self.written),
                ("took over from somebody named in", self.inherited),
            )
            if lessons
        ]
        return f"{spelt}{shown}: {' and '.join(done)}"

    def first(self, ranking: Ranking, own: Sequence[Hit], limit: int) -> Ranking:
        """Return a ranking with the lessons of these people first, and others only if they are relevant themselves."""
        others = (hit for hit in ranking.hits if hit.lesson not in self.lessons and hit.relevance.is_relevant)
        return Ranking((*(hit._replace(relevance=self._relevance(hit)) for hit in own), *others)[:limit])

    def _relevance(self, hit: Hit) -> Relevance:
        certain = self.is_certain and hit.lesson in self.named
        return Relevance.ANSWERS if certain or hit.relevance is Relevance.ANSWERS else Relevance.MAY_HELP


class ByName:
    """Recognises the people of one snapshot."""

    def __init__(self, catalogue: Catalogue, outline: Outline, lexical: LexicalIndex, people: KnownPeople) -> None:
        self._catalogue = catalogue
        self._outline = outline
        self._lexical = lexical
        self._people = people
        self._read_for: Directory | None = None
        self._read_names: list[str] = []

    def named_in(self, query: Query, *, is_page: bool) -> NamedInQuery | None:
        """Return the people whose name is the query; None if it is no name, or is rather a word of the lessons."""
        words = () if is_page or query.phrases else words_of_name(query.text)
        if not words or self._people.directory().hides_all:
            return None
        if found := self._found(words, is_certain=True):
            return found if self._is_a_name(words, found.lessons) else None
        if query.exact or any(self._is_known(word) for word in words if len(word) > 1):
            return None
        slips = respelt(words, (*self._names(), *self._listed(), *self._authors()))
        return self._found(slips, is_certain=False) if slips else None

    def _found(self, words: Sequence[str], *, is_certain: bool) -> NamedInQuery | None:
        names, listed, authors = meant(words, self._names()), meant(words, self._listed()), self._authors()
        wrote = meant(words, authors)
        if not (names or listed or wrote):
            return None
        own = self._people.directory().records_of((*names, *listed))
        named = self._naming(names, own)
        written = frozenset(self._written_by(author for name in wrote for author in authors[name])) - named
        inherited = self._naming((), self._people.directory().before(own)) - named - written
        everyone = named_once(person_meant(words, name) for name in (*names, *listed, *wrote))
        return NamedInQuery(
            tuple(everyone), named, written, inherited, is_certain, tuple(map(str, map(listed_as, own)))
        )

    def _naming(self, names: Sequence[str], records: Collection[Entry]) -> frozenset[int]:
        """Return the lessons that have one of some names, or any name of the people with some records."""
        keys = frozenset[str]().union(*(entry.keys for entry in records))
        every = dict.fromkeys((*names, *((name for name in self._names() if key_of(name) in keys) if keys else ())))
        return frozenset(self._numbers(every)) if every else frozenset()

    def _names(self) -> list[str]:
        """Return the names in the lessons."""
        directory = self._people.directory()
        if self._read_for is not directory:  # who must not be named may have changed
            values = self._catalogue.facts.values(self._keys)
            self._read_for, self._read_names = directory, [name for name in values if stated(name) == name]
        return self._read_names

    def _listed(self) -> dict[str, None]:
        """Return the names in `people.md`."""
        entries = self._people.directory().entries
        return dict.fromkeys(name for entry in entries if not entry.opted_out for name in (entry.name, *entry.also))

    def _authors(self) -> dict[str, list[Author]]:
        """Return the authors by git, by name."""
        hidden, found = self._people.directory().has_opted_out, dict[str, list[Author]]()
        for author in self._people.authors().authors:
            if not hidden(author.name, author.address, *author.aliases):
                found.setdefault(author.name, []).append(author)
        return found

    def _written_by(self, authors: Iterable[Author]) -> Iterator[int]:
        paths = (path for author in authors for path in self._people.authors().written_by(author))
        return (number for path in paths if (number := self._outline.paths.find(path)) is not None)

    def _numbers(self, names: Collection[str]) -> Iterator[int]:
        rows = self._catalogue.facts.lessons_saying(self._keys, [*names])
        yield from self._outline.numbers_of(rows).tolist()

    def _is_known(self, word: str) -> bool:
        return any(map(self._lexical.knows, terms(word)))

    def _is_a_name(self, words: Sequence[str], own: frozenset[int]) -> bool:
        """Return whether few lessons but those of the person have the words."""
        having = [{*self._lexical.having(term).tolist()} for word in words for term in terms(word) if len(word) > 1]
        if not having:
            return False
        share = _SHARE_OF_ONE_WORD if len(having) == 1 else _SHARE_OF_SEVERAL
        return len(set.intersection(*having) - own) <= share * len(own)

    @cached_property
    def _keys(self) -> list[int]:
        known = self._catalogue.facts.keys()
        return [known[key] for key in _KEYS if key in known]
