"""Asks many addresses at the same time, few of each host."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from kb.system.web.address import Address
from kb.system.web.answer import NO_SUCH_NAME, Answer, State, failed, not_asked
from kb.system.web.asking import Manner, ask
from kb.system.web.names import Resolve
from kb.system.web.reach import IP

_NEXT_TIME = not_asked("left for the next time")
_GIVEN_UP = not_asked("its host does not answer")
_NAME_NOT_FOUND = failed("name not found")


def ask_many(
    addresses: Iterable[Address], manner: Manner, on_answer: Callable[[], object] = lambda: None
) -> dict[Address, Answer]:
    """Return the answer of each address; `on_answer` is called after each that was asked."""
    asking = _Asking(manner, on_answer)
    asyncio.run(asking.run(dict.fromkeys(addresses)))
    return _believed(asking.answers)


def is_cut_off(answers: Mapping[Address, Answer]) -> bool:
    """Return whether addresses were tried and no server answered at all: then there is no network."""
    return any(one.state is State.FAILED for one in answers.values()) and not _was_heard(answers)


def _was_heard(answers: Mapping[Address, Answer]) -> bool:
    return any(answer.status for answer in answers.values())


def _believed(answers: dict[Address, Answer]) -> dict[Address, Answer]:
    """Believe that a name does not exist only if the network is there, which is known when some server answered."""
    if _was_heard(answers):
        return answers
    return {address: _NAME_NOT_FOUND if one == NO_SUCH_NAME else one for address, one in answers.items()}


class _Asking:
    """One run: the answers so far, and what is used in common."""

    def __init__(self, manner: Manner, on_answer: Callable[[], object]) -> None:
        self.answers: dict[Address, Answer] = {}
        self._manner = manner._replace(resolve=_once(manner.resolve))
        self._on_answer = on_answer
        self._slots = asyncio.Semaphore(manner.at_once)

    async def run(self, addresses: Iterable[Address]) -> None:
        self.answers = dict.fromkeys(addresses, _NEXT_TIME)
        by_host: defaultdict[str, list[Address]] = defaultdict(list)
        for address in islice(self.answers, self._manner.most):
            by_host[address.host].append(address)
        try:
            async with asyncio.timeout(self._manner.seconds):
                await asyncio.gather(*map(self._ask_host, by_host.values()))
        except TimeoutError:
            return

    async def _ask_host(self, addresses: list[Address]) -> None:
        host = _Host(iter(addresses[: self._manner.most_of_a_host]))
        await asyncio.gather(*(self._work_off(host) for _ in range(self._manner.at_once_of_a_host)))

    async def _work_off(self, host: _Host) -> None:
        for address in host.addresses:
            if host.failures >= self._manner.failures_of_a_host:
                self.answers[address] = _GIVEN_UP
                continue
            async with self._slots:
                answer = self.answers[address] = await ask(address, self._manner)
            host.note(answer, self._manner.failures_of_a_host)
            self._on_answer()


class _Host:
    """What is left of a host, and how it does."""

    def __init__(self, addresses: Iterator[Address]) -> None:
        self.addresses = addresses
        """Shared by the workers of this host."""
        self.failures = 0
        """In a row."""

    def note(self, answer: Answer, most: int) -> None:
        """Count an answer; who says that there are too many requests is left alone."""
        if answer.status == 429:
            self.failures = most
        elif answer.state is State.FAILED and not answer.status:
            self.failures += 1
        else:
            self.failures = 0


def _once(resolve: Resolve) -> Resolve:
    """Resolve each name once in a run."""
    known: dict[str, asyncio.Future[tuple[IP, ...]]] = {}

    async def remembered(name: str) -> tuple[IP, ...]:
        if name not in known:
            known[name] = asyncio.ensure_future(resolve(name))
        # Shielded: who waits for a name and runs out of time must not stop the others that wait for it.
        return await asyncio.shield(known[name])

    return remembered
