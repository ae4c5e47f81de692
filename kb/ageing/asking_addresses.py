"""Asks the addresses that lessons name; what was asked in the last days is not asked again."""

from __future__ import annotations

from collections.abc import Iterable

from kb.ageing.addresses import Addresses, NamedAddress
from kb.ageing.remembered_answers import RememberedAnswers
from kb.progress import Progress
from kb.system.web.address import Address, NotAsked, address_of
from kb.system.web.answer import Answer, not_asked
from kb.system.web.asking import Manner
from kb.system.web.asking_many import ask_many, is_cut_off


def ask_all(named: Iterable[NamedAddress], manner: Manner, now: int, progress: Progress) -> Addresses:
    """Ask each address once, except those whose answer is remembered; `now` is in seconds since 1970."""
    texts = dict.fromkeys(each.text for each in named)
    known = {text: _understood(text, manner) for text in texts}
    addresses = dict.fromkeys(found for found in known.values() if isinstance(found, Address))
    remembered = RememberedAnswers(now)
    answers = remembered.of(addresses)
    asked = _asked([each for each in addresses if each not in answers], manner, progress)
    remembered.remember(asked)
    answers |= asked
    by_text = {text: found if isinstance(found, Answer) else answers[found] for text, found in known.items()}
    return Addresses(by_text, is_cut_off(asked))


def _asked(addresses: list[Address], manner: Manner, progress: Progress) -> dict[Address, Answer]:
    if not addresses:
        return {}
    progress.stage("asking addresses", len(addresses))
    try:
        return ask_many(addresses, manner, progress.advance)
    finally:
        progress.finish()


def _understood(text: str, manner: Manner) -> Address | Answer:
    try:
        address = address_of(text)
        manner.reach.check(address)
        return address
    except NotAsked as error:
        return not_asked(str(error))
