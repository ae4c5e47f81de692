"""A JSON interface that fails, is slow to allow, or is gone: what is tried again, and how long is waited."""

from __future__ import annotations

import socket

import pytest

from kb.errors import ConfigError
from kb.system.web.api import Api, ApiError, Unanswered
from tests.hooks.forge_server import Forge, Refusal, serving

COMMENTS = "/repos/acme/shop/issues/7/comments"


def test_what_can_be_repeated_is_tried_three_times() -> None:
    pauses: list[float] = []
    with serving(Forge()) as forge:
        forge.refusals += [Refusal(500), Refusal(502)]
        assert Api(forge.address, {}, pauses.append).send("GET", COMMENTS) == []
        assert len(forge.asked) == 3
        forge.refusals += [Refusal(500), Refusal(502), Refusal(503)]
        with pytest.raises(ApiError, match="the server answered 503: no"):
            Api(forge.address, {}, pauses.append).send("GET", COMMENTS)
    assert pauses == [1, 4, 1, 4]


def test_what_cannot_be_repeated_is_tried_once_unless_it_was_not_done() -> None:
    pauses: list[float] = []
    with serving(Forge()) as forge:
        api = Api(forge.address, {}, pauses.append)
        forge.refusals.append(Refusal(500))
        with pytest.raises(Unanswered):
            api.send("POST", COMMENTS, {"body": "x"})
        assert (len(forge.asked), pauses) == (1, [])
        forge.refusals.append(Refusal(429, headers={"Retry-After": "7"}))
        api.send("POST", COMMENTS, {"body": "x"})
    assert pauses == [7]
    assert len(forge.comments) == 1


def test_a_server_that_is_gone_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    pauses: list[float] = []
    with pytest.raises(ApiError, match="cannot be reached: Connection refused"):
        Api(address, {}, pauses.append).send("GET", "/")
    assert pauses == [1, 4]
    with pytest.raises(Unanswered):
        Api(address, {}, pauses.append).send("POST", "/", {})


def test_no_redirect_takes_the_token_elsewhere() -> None:
    with serving(Forge()) as forge, serving(Forge()) as elsewhere:
        forge.refusals.append(Refusal(302, headers={"Location": f"{elsewhere.address}{COMMENTS}"}))
        with pytest.raises(ApiError, match="302"):
            Api(forge.address, {"Authorization": "Bearer x"}).send("GET", COMMENTS)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    "address", ["http://api.example.org", "ftp://127.0.0.1", "file:///etc/passwd", "api.example.org"]
)
def test_only_encrypted_addresses_and_this_machine_are_asked(address: str) -> None:
    with pytest.raises(ConfigError, match="must begin with https"):
        Api(address, {})
