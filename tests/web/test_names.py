"""What the system's resolver says, in our words."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import pytest

from kb.system.web.names import MOST_IPS, NoSuchName, resolve


def answering(monkeypatch: pytest.MonkeyPatch, *ips: str, error: Exception | None = None) -> list[str]:
    """Let the system say this; return the list of what it is asked."""
    asked: list[str] = []

    def getaddrinfo(name: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(name)
        if error:
            raise error
        return [(None, None, None, "", (ip, 0)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_looked_up_without_the_domain_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "8.8.8.8", "2606:4700::1111", "8.8.8.8", "fe80::1%eth0")
    expected = tuple(map(ip_address, ("8.8.8.8", "2606:4700::1111", "fe80::1")))
    assert asyncio.run(resolve("a.kb-one.org")) == expected
    assert asked == ["a.kb-one.org."]


def test_a_name_with_a_thousand_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, *(f"8.8.{number}.8" for number in range(256)))
    assert len(asyncio.run(resolve("a.kb-one.org"))) == MOST_IPS


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), NoSuchName),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), OSError),
        (UnicodeError("label too long"), OSError),
    ],
)
def test_no_answer(monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]) -> None:
    answering(monkeypatch, error=error)
    with pytest.raises(expected):
        asyncio.run(resolve("a.kb-one.org"))
