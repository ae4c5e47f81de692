"""Makes the list of one person: each word as hidden as it must be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.shared.entry import MOST_LESSONS, MOST_SHARED, MOST_WORDS, Entry, is_shareable_id
from kb.demand.shared.merging import Group, grouped
from kb.demand.shared.token import FAINT_VALUES, PEOPLE, Token, clear, faint, read_token, sure
from kb.demand.words import Word

if TYPE_CHECKING:
    from kb.demand.finding import Need

_MOST_ASKED = 999_999


class Person(NamedTuple):
    """Who shares a list, and when."""

    sharer: str
    unit: str
    now: str


def own_entries(needs: Sequence[Need], person: Person, may_share: Callable[[Word], bool]) -> list[Entry]:
    """Return an entry for each need, with all words hidden.

    `may_share`: whether a word may be in a list at all, in whatever form.
    """
    return [_entry(need, person, [faint(word.term) for word in _words(need, may_share)]) for need in needs]


def shared_list(
    needs: Sequence[Need], person: Person, others: Sequence[Entry], may_share: Callable[[Word], bool]
) -> list[Entry]:
    """Return the entries of a person, each word as clear as the entries of the `others` allow.

    A person without gaps has one empty entry.
    """
    needs = needs[:MOST_SHARED]
    hidden = own_entries(needs, person, may_share)
    group_of = {entry: group for group in grouped([*others, *hidden]) for entry in group.entries}
    return [
        _entry(need, person, [_token(word, group_of[entry], person.sharer) for word in _words(need, may_share)])
        for need, entry in zip(needs, hidden, strict=True)
    ] or [Entry(person.sharer, person.now, 0, person.unit, (), "", ())]


def _entry(need: Need, person: Person, tokens: Iterable[Token]) -> Entry:
    near = tuple(close.id for close in need.gap.closest if is_shareable_id(close.id))[:MOST_LESSONS]
    asked = min(need.gap.asked, _MOST_ASKED)
    return Entry(person.sharer, person.now, asked, person.unit, near, need.meaning, tuple(tokens))


def _words(need: Need, may_share: Callable[[Word], bool]) -> list[Word]:
    """Return the words that say most and may be shared."""
    return [word for word in need.words if _can_be_read(word) and may_share(word)][:MOST_WORDS]


def _can_be_read(word: Word) -> bool:
    """Return whether the word is read back from a list as the same."""
    token = read_token(str(clear(word.written)))
    return token is not None and token.sure == sure(word.term).sure


def _token(word: Word, group: Group, own: str) -> Token:
    """Return a word in the clearest form that it may have among the entries of a gap."""
    exact, hidden = sure(word.term), faint(word.term)
    tokens = {(entry.sharer, token) for entry in group.entries if entry.sharer != own for token in entry.tokens}
    if len({sharer for sharer, token in tokens if token.sure == exact.sure}) >= PEOPLE - 1:
        return clear(word.written)
    if len({sharer for sharer, token in tokens if token.faint == hidden.faint}) >= PEOPLE - 1 + _by_chance(tokens):
        return exact
    return hidden


def _by_chance(tokens: Collection[tuple[str, Token]]) -> int:
    """Return how many people may have the same ten bits with another word: twice as many as expected."""
    return int(2 * len(tokens) / FAINT_VALUES + 0.5)
