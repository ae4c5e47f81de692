"""Recognises people who must not be named in any text: rather too often than not.

A text is compared word by word, with brackets opened and without accents, case and invisible signs. A name also counts
with its last word first. Who has a record of their own is not hidden by a part of a longer name, nor, beside an address
of that record, by the same name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kb.people.entry import Entry
from kb.people.naming import addresses_in, folded_words

Words = tuple[str, ...]
_TITLES = frozenset("dr prof professor mr mrs ms miss sir dipl ing herr frau mme".split())  # noqa: SIM905
_ADDRESS = re.compile(r"\S+@\S+")


class Hidden:
    """The people who must not be named."""

    def __init__(self, opted_out: Iterable[Entry], others: Iterable[Entry]) -> None:
        """`others`: who may be named, by records of their own."""
        self._hidden, self._named = _Known(opted_out, all_orders=True), _Known(others, all_orders=False)

    def __bool__(self) -> bool:
        return bool(self._hidden.forms or self._hidden.addresses)

    def are_in(self, *texts: str) -> bool:
        """Return whether somebody who must not be named is in texts that belong together."""
        addresses = addresses_in(*texts)
        if addresses & self._hidden.addresses.keys():
            return True
        excused = {form for address in addresses for form in self._named.addresses.get(address, ())}
        found = [form for text in texts for form in self._forms_in(text)]
        return any(form not in excused or found.count(form) > 1 for form in found)

    def has_part(self, word: str) -> bool:
        """Return whether a word alone may be a part of a hidden name."""
        return not self._hidden.parts.isdisjoint(folded_words(word))

    def _forms_in(self, text: str) -> Iterator[Words]:
        """Yield the hidden names in a text, one after the other, without those that are parts of longer names."""
        words = folded_words(_ADDRESS.sub(self._without_known_address, text))
        place = end_of_named = 0
        while place < len(words):
            hidden, named = self._hidden.at(words, place), self._named.at(words, place)
            end = place + len(hidden)
            is_part = end <= end_of_named or len(named) > len(hidden)
            end_of_named = max(end_of_named, place + len(named))
            if hidden and not is_part:
                yield hidden
                place = end
            else:
                place += 1

    def _without_known_address(self, found: re.Match[str]) -> str:
        """Return an address as it is, because it may be made of a name, unless it is that of somebody with a record."""
        return " " if addresses_in(found[0]) & self._named.addresses.keys() else found[0]


class _Known:
    """Names by their first word, and addresses, of some people."""

    def __init__(self, entries: Iterable[Entry], *, all_orders: bool) -> None:
        self.addresses: dict[str, frozenset[Words]] = {}
        self.forms: defaultdict[str, list[Words]] = defaultdict(list)
        for entry in entries:
            own = frozenset(form for name in entry.names for form in _forms(name, all_orders=all_orders))
            self.addresses |= dict.fromkeys(entry.addresses, own)
            for form in own:
                self.forms[form[0]].append(form)
        for forms in self.forms.values():
            forms.sort(key=len, reverse=True)
        self.parts = {word for forms in self.forms.values() for form in forms for word in form} - _TITLES

    def at(self, words: Sequence[str], place: int) -> Words:
        """Return the longest name that begins at a place among some words; empty if there is none."""
        forms: Iterable[Words] = self.forms.get(words[place], ())
        return next((form for form in forms if words[place : place + len(form)] == [*form]), ())


def _forms(name: str, *, all_orders: bool) -> Iterator[Words]:
    """Yield a name as words; in all orders also without titles and initials, and each with the last word first."""
    words = folded_words(name)
    forms = {(*words,)} if words else set()
    plain = [word for word in words if word not in _TITLES and len(word) > 1]
    if all_orders and len(plain) > 1:  # `Doe` alone is not `J. Doe`
        forms.add((*plain,))
    for form in forms:
        yield form
        if all_orders and len(form) > 1:
            yield (form[-1], *form[:-1])
