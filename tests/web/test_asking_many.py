"""Many addresses: how many at a time, which hosts are left alone, and what is believed about names."""

from __future__ import annotations

import asyncio
import threading
import time
from ipaddress import ip_address

from kb.system.web.address import address_of
from kb.system.web.answer import NO_ANSWER, NO_SUCH_NAME, Answer, State
from kb.system.web.asking_many import ask_many, is_cut_off
from kb.system.web.reach import IP
from tests.web.sites import ask, manner, site, status

LATER = Answer(State.NOT_ASKED, "left for the next time")
GIVEN_UP = Answer(State.NOT_ASKED, "its host does not answer")


def test_a_thousand_addresses_of_one_host_two_at_a_time_and_not_all_on_one_day() -> None:
    together = threading.Barrier(2)

    def say(method: str, path: str) -> bytes:
        together.wait(10)
        return status(200)

    with site(say) as server:
        answers = ask(manner(server), *(server.url(f"/{number}") for number in range(1000)))
    assert server.most_at_once == 2
    assert sorted(server.asked) == sorted(f"HEAD /{number}" for number in range(500))
    assert answers == [Answer(State.THERE, "status 200", 200)] * 500 + [LATER] * 500


def test_of_many_hosts_so_many_at_a_time() -> None:
    now, most = 0, 0

    async def resolve(name: str) -> tuple[IP, ...]:
        nonlocal now, most
        now += 1
        for _ in range(50):  # all others that may come meanwhile do
            await asyncio.sleep(0)
            most = max(most, now)
        now -= 1
        return (ip_address("10.0.0.1"),)

    ask(manner(at_once=4)._replace(resolve=resolve), *(f"http://a{number}.kb-one.org/" for number in range(20)))
    assert most == 4


def test_the_same_address_is_asked_once() -> None:
    with site(lambda method, path: status(200)) as server:
        ask_many([address_of(server.url(f"/a#{part}")) for part in range(5)], manner(server))
    assert server.asked == ["HEAD /a"]


def test_no_more_than_so_many_in_all() -> None:
    with site(lambda method, path: status(200)) as server:
        answers = ask(manner(server, most=3), *(server.url(f"/{number}") for number in range(5)))
    assert (len(server.asked), answers[3:]) == (3, [LATER, LATER])


def test_a_host_that_does_not_answer_is_given_up() -> None:
    with site(lambda method, path: [None]) as server:
        how = manner(server, seconds_each=0.1, at_once_of_a_host=1)
        answers = ask(how, *(server.url(f"/{number}") for number in range(6)))
    assert answers == [NO_ANSWER] * 3 + [GIVEN_UP] * 3


def test_a_host_that_is_asked_too_much_is_left_alone() -> None:
    with site(lambda method, path: status(429)) as server:
        answers = ask(manner(server, at_once_of_a_host=1), *(server.url(f"/{number}") for number in range(3)))
    assert answers == [Answer(State.FAILED, "status 429", 429), GIVEN_UP, GIVEN_UP]


def test_errors_of_single_pages_are_no_reason_to_give_up_a_host() -> None:
    with site(lambda method, path: status(500)) as server:
        answers = ask(manner(server), *(server.url(f"/{number}") for number in range(6)))
    assert [answer.status for answer in answers] == [500] * 6


def test_when_the_time_is_up_what_is_known_is_kept() -> None:
    hosts = [f"a{number}.kb-one.org" for number in range(30)]
    with site(lambda method, path: status(404) if path == "/fast" else [None]) as server:
        how = manner(server, names=dict.fromkeys(hosts, ("127.0.0.1",)), seconds=1, seconds_each=60)
        began = time.monotonic()
        first, *others = ask(how, server.url("/fast"), *(server.url("/", host) for host in hosts))
    assert time.monotonic() - began < 10
    assert (first.state, set(others)) == (State.GONE, {LATER})


def test_a_name_that_takes_forever() -> None:
    async def never(name: str) -> tuple[IP, ...]:
        await asyncio.Event().wait()
        raise AssertionError

    with site(lambda method, path: status(200)) as server:
        how = manner(server, seconds_each=0.1)._replace(resolve=never)
        slow, there = ask(how, server.url("/", "a.kb-one.org"), server.url())
    assert (slow, there.state) == (NO_ANSWER, State.THERE)


def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_connected_to() -> None:
    asked: list[str] = []

    async def rebinding(name: str) -> tuple[IP, ...]:
        asked.append(name)
        return (ip_address("127.0.0.1" if len(asked) == 1 else "10.0.0.1"),)

    with site(lambda method, path: status(404)) as server:
        how = manner(server)._replace(resolve=rebinding)
        answers = ask(how, *(server.url(f"/{number}", "a.kb-one.org") for number in range(4)))
    assert {answer.state for answer in answers} == {State.GONE}
    assert asked == ["a.kb-one.org"]
    assert f"Host: a.kb-one.org:{server.port}".encode() in server.heads[0]


def test_of_a_name_only_public_addresses_are_connected_to() -> None:
    names = {"mixed.kb-one.org": ("10.0.0.1", "::1", "127.0.0.1"), "inner.kb-one.org": ("10.0.0.1", "fd00::1")}
    with site(lambda method, path: status(200)) as server:
        mixed, inner, empty = ask(
            manner(server, names={**names, "empty.kb-one.org": ()}),
            *(server.url("/", f"{name}.kb-one.org") for name in ("mixed", "inner", "empty")),
        )
    assert (mixed.state, inner) == (State.THERE, Answer(State.NOT_ASKED, "not public"))
    assert empty.state is State.NOT_ASKED
    assert len(server.asked) == 1


def test_that_a_name_does_not_exist_is_believed_if_some_server_answers() -> None:
    with site(lambda method, path: status(403)) as server:
        missing, _ = ask(manner(server), server.url("/", "gone.kb-one.org"), server.url())
    assert missing == NO_SUCH_NAME
    addresses = [address_of("http://gone.kb-one.org/"), address_of("http://10.0.0.1/")]
    answers = ask_many(addresses, manner(server))
    assert list(answers.values()) == [Answer(State.FAILED, "name not found"), Answer(State.NOT_ASKED, "not public")]
    assert is_cut_off(answers)


def test_there_is_a_network_if_anything_answered_or_nothing_was_tried() -> None:
    with site(lambda method, path: status(500)) as server:
        assert not is_cut_off(ask_many([address_of(server.url())], manner(server)))
    assert is_cut_off(ask_many([address_of(server.url())], manner(server)))
    assert not is_cut_off(ask_many([address_of("http://10.0.0.1/")], manner()))
    assert not is_cut_off(ask_many([], manner()))
