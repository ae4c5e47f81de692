"""`kb stale --urls`: which addresses are asked, what is said of them, and what is remembered."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage
from kb.ageing.addresses import Addresses, NamedAddress, named_addresses
from kb.ageing.asking_addresses import ask_all
from kb.ageing.remembered_answers import DAYS, MOST, RememberedAnswers
from kb.progress import Silent
from kb.system.user_cache import state_folder
from kb.system.web.address import Address, address_of
from kb.system.web.answer import NO_SUCH_NAME, Answer, answer_of
from kb.system.web.asking import Manner
from tests.conftest import Make, Run
from tests.web.sites import manner, site, status

NOW = 1_800_000_000
DAY = 86_400
THERE, GONE = answer_of(200), answer_of(404)


def passage(text: str, line: int = 10) -> Passage:
    return Passage(Origin.BODY, Kind.PROBLEM, (), (line, line + text.count("\n") + 1), text)


def lesson(**metadata: Any) -> Lesson:
    return Lesson("lessons/labels.md", "labels", "Wrong labels", metadata)


def asked(how: Manner, *urls: str, now: int = NOW) -> Addresses:
    return ask_all([NamedAddress(url, 1) for url in urls], how, now, Silent())


def test_a_lesson_names_addresses_in_its_text_and_its_front_matter() -> None:
    metadata = {"source": "https://a.org/s", "links": [{"url": "Seen (https://a.org/l)."}, 7, None], "title": "x"}
    passages = [passage("One\nhttps://a.org/t and\n[x](https://a.org/u)"), passage("https://a.org/t", 20)]
    assert list(named_addresses(lesson(**metadata), passages)) == [
        NamedAddress("https://a.org/u", 13),
        NamedAddress("https://a.org/t", 12),
        NamedAddress("https://a.org/l", 1),
        NamedAddress("https://a.org/s", 1),
    ]


def test_the_answers_are_counted_and_the_dead_have_their_place() -> None:
    text = "[x]({0}/gone)\n\n{0}/there\n\n{0}/no#a {0}/no#b\n\nhttp://10.0.0.1/ https://me:secret@a.org/"
    codes = {"/gone": 410, "/there": 200, "/no": 403}
    with site(lambda method, path: status(codes[path])) as server:
        words = [passage(text.format(server.url("")))]
        found = ask_all(named_addresses(lesson(), words), manner(server), NOW, Silent())
        (dead,) = found.dead(lesson(), words)
    assert (dead.text, dead.line, dead.why) == (server.url("/gone"), 11, "410")
    assert found.in_words == (
        "1 there, 1 gone; 2 could not be asked (2 status 403); "
        "2 not asked (1 not public, 1 with a user name or password)"
    )
    assert found.as_json() == {
        "named": 6,
        "there": 1,
        "gone": {"410": 1},
        "failed": {"status 403": 2},
        "not_asked": {"not public": 1, "with a user name or password": 1},
    }
    assert sum(request.endswith(" /no") for request in server.asked) == 2  # HEAD and GET, for both


def test_what_was_asked_is_remembered_and_what_failed_is_tried_again() -> None:
    codes = {"/there": 200, "/gone": 404, "/no": 403}
    with site(lambda method, path: status(codes[path])) as server:
        urls = [server.url(path) for path in codes]
        first = asked(manner(server), *urls)
        assert len(server.asked) == 5
        server.asked.clear()
        assert asked(manner(server), *urls, now=NOW + DAY - 1) == first
        assert server.asked == ["HEAD /no", "GET /no"]
        server.asked.clear()
        asked(manner(server), *urls, now=NOW + DAY)
        assert {request for request in server.asked if "HEAD" in request} == {"HEAD /gone", "HEAD /no"}
    assert "127.0.0.1" not in (state_folder() / "addresses.json").read_text()


def addresses(count: int) -> list[Address]:
    return [address_of(f"https://a.org/{number}") for number in range(count)]


@pytest.mark.parametrize("answer", [THERE, GONE, NO_SUCH_NAME])
def test_an_answer_is_remembered_for_some_days(answer: Answer) -> None:
    (address,) = addresses(1)
    RememberedAnswers(NOW).remember({address: answer})
    days = DAYS[answer.state]
    assert RememberedAnswers(NOW + days * DAY - 1).of([address]) == {address: answer}
    assert RememberedAnswers(NOW + days * DAY).of([address]) == {}
    assert RememberedAnswers(NOW - 1).of([address]) == {}  # a clock that went back


def test_what_says_nothing_is_not_remembered() -> None:
    (address,) = addresses(1)
    RememberedAnswers(NOW).remember({address: answer_of(403)})
    assert not (state_folder() / "addresses.json").exists()


def test_the_file_is_bounded_and_keeps_the_newest() -> None:
    old, new = addresses(MOST + 5)[:5], addresses(MOST + 5)[5:]
    RememberedAnswers(NOW).remember(dict.fromkeys(old, THERE))
    RememberedAnswers(NOW + 1).remember(dict.fromkeys(new, THERE))
    found = RememberedAnswers(NOW + 2)
    assert (len(found.of(old)), len(found.of(new))) == (0, MOST)
    assert (state_folder() / "addresses.json").stat().st_size < 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"answers": 1}', '{"answers": {"a": 1, "b": [1], "c": ["x", 200], "d": [1, 99999]}}'),
        *("[" * 100_000, "\x00", '{"answers": {"KEY": [1800000000, -404]}}', '{"answers": {"KEY": [true, "404"]}}'),
    ],
)
def test_a_damaged_file_counts_as_none_and_is_replaced(text: str) -> None:
    (address,) = addresses(1)
    RememberedAnswers(NOW).remember({address: GONE})
    file = state_folder() / "addresses.json"
    (key,) = json.loads(file.read_text())["answers"]
    file.write_text(text.replace("KEY", key))
    assert RememberedAnswers(NOW).of([address]) == {}
    RememberedAnswers(NOW).remember({address: THERE})
    assert RememberedAnswers(NOW).of([address]) == {address: THERE}


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    RememberedAnswers(NOW).remember(dict.fromkeys(addresses(1), THERE))


LINKS = "---\nid: {0}\n{1}\n---\n# Labels\n\nText.\n\n[A](https://kb-one.org/gone)\n"


@pytest.fixture
def base(indexed: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library; every name that is looked up fails the test, unless the test says otherwise."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    return indexed({"a.md": LINKS.format("a", ""), "b.md": LINKS.format("b", "status: retired")})


def without_network(*_: Any, **__: Any) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def remember(answer: Answer) -> None:
    RememberedAnswers(int(time.time())).remember({address_of("https://kb-one.org/gone"): answer})


def test_nothing_is_asked_without_the_option(base: Path, kb: Run) -> None:
    done = kb(base, "stale")
    assert (done.code, done.out) == (0, "")
    assert "web" not in done.err
    assert json.loads(kb(base, "stale", "--json").out)["addresses"] is None


def test_a_dead_address_has_its_line_and_the_command_to_begin_with(base: Path, kb: Run) -> None:
    remember(GONE)
    done = kb(base, "stale", "--urls", "--only", "address")
    assert done.code == 1
    assert done.out.splitlines() == [
        "Labels",
        "   address: names 1 address that is gone: https://kb-one.org/gone (404)",
        "   owner: nobody is known",
        "   kb open lessons/a.md:9",
    ]
    assert done.err.splitlines() == [
        "kb: 1 of 2 lessons to look at again: 1 address; the age of 2 lessons is not known, for want of a date",
        "kb: 1 address on the web: 0 there, 1 gone",
    ]
    found = json.loads(kb(base, "stale", "--urls", "--json").out)
    assert found["addresses"] == {"named": 1, "there": 0, "gone": {"404": 1}, "failed": {}, "not_asked": {}}
    assert found["lessons"][0]["reasons"][0]["line"] == 9


def test_without_a_network_one_line_says_so_and_the_list_is_there(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", without_network)
    done = kb(base, "stale", "--urls")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-2:] == [
        "kb: 1 address on the web: 0 there, 0 gone; 1 could not be asked (1 no connection)",
        "kb: no server answered: is there a network? Addresses are asked directly, without a proxy",
    ]


def test_only_the_lessons_that_match_are_asked(base: Path, kb: Run) -> None:
    assert "kb: 0 addresses on the web\n" in kb(base, "stale", "--urls", "id:b").err


def test_addresses_alone_need_the_option(base: Path, kb: Run) -> None:
    done = kb(base, "stale", "--only", "address")
    assert (done.code, done.out) == (2, "")
    assert "needs --urls" in done.err


def test_a_secret_in_an_address_is_not_shown(indexed: Make, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    root = indexed({"a.md": "# Labels\n\nhttps://me:secret@kb-one.org/ http://127.0.0.1/ http://169.254.169.254/\n"})
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    for form in ([], ["--json"], ["--md"]):
        done = kb(root, "stale", "--urls", *form)
        assert done.code == 0
        assert "secret" not in done.out + done.err
