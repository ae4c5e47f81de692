"""How addresses are taken apart; what other programs would read in another way is refused."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.system.web.address import Address, NotAsked, address_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://kb-one.org", Address("http", "kb-one.org", 80, "/")),
        ("HTTPS://KB-One.ORG./a%20b?c=d&e#f", Address("https", "kb-one.org", 443, "/a%20b?c=d&e")),
        ("https://kb-one.org:443/ä/ö?ü=1", Address("https", "kb-one.org", 443, "/%C3%A4/%C3%B6?%C3%BC=1")),
        ("http://bücher.kb-one.org/", Address("http", "xn--bcher-kva.kb-one.org", 80, "/")),
        ("http://xn--bcher-kva.kb-one.org/", Address("http", "xn--bcher-kva.kb-one.org", 80, "/")),
        ("http://8.8.8.8:80/x(y)", Address("http", "8.8.8.8", 80, "/x(y)")),
        ("http://[2606:4700:0::1111]/", Address("http", "2606:4700::1111", 80, "/")),
        ("http://a_b.kb-one.org/?q=[1]", Address("http", "a_b.kb-one.org", 80, "/?q=[1]")),
        ("http://kb-one.org?q", Address("http", "kb-one.org", 80, "/?q")),
    ],
)
def test_an_address(text: str, expected: Address) -> None:
    assert address_of(text) == expected
    assert address_of(str(expected)) == expected


HOSTILE = {
    "not valid": [
        *("http://.", "http://..", "http://a..org/", "http://-a.org/", "http://a-.org/", "http://kb%2done.org/"),
        *(
            "http://kb-one.org/a b",
            "http://kb-one.org/\r\nHost: inner",
            "http://kb-one.org\t/",
            "\x00http://kb-one.org",
        ),
        *("http://kb-one.org\\@127.0.0.1/", "http://kb-one.org\\.inner/", "http://kb-one.org/{id}", "http://\u2026"),
        *("http://kb-one.org/\u202egnp", "http://kb-one.org/\u200b", "http://kb-one.org/\ud800", "http://a.org\x7f/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://127.0.0.1.0x1/", "http://010.8.8.8/", "http://8.8.8.08/", "http://1.2.3.4.5/", "http://0/"),
        *("http://\uff11\uff12\uff17.0.0.1/", "http://127\u30020\u30020\u30021/", "http://stra\u00dfe.kb-one.org/"),
        *("http://\u2460.kb-one.org/", "http://[::1", "http://::1/", "http://[fe80::1%eth0]/", "http:///x"),
        *("http://[fe80::1%25eth0]/", "http://[v1.x]/", "http://[8.8.8.8]/", "http://[2606:4700::1111]x/"),
        *("http://[::1].kb-one.org/", "http://kb-one.org:+80/", "http://kb-one.org:99999/", "http://kb-one.org:a/"),
        *(f"http://{'a' * 64}.org/", f"http://{'a.' * 130}org/", f"http://kb-one.org/{'a' * 2000}"),
    ],
    "neither http nor https": [
        *("", "ftp://kb-one.org/", "file:///etc/passwd", "javascript:alert(1)", "kb-one.org", "//kb-one.org/"),
    ],
    "with a user name or password": [
        *("http://user@kb-one.org/", "http://user:secret@kb-one.org/", "http://@kb-one.org/"),
    ],
    "not public": [
        *("http://localhost/", "http://wiki/", "http://a.localhost/", "http://printer.local/", "http://a.internal/"),
        *("http://metadata.google.internal/", "http://router.home.arpa/", "http://a.test/", "http://a.invalid/"),
        *(
            "http://example.com/",
            "http://www.example.org/x",
            "http://a.example/",
            "http://LOCALHOST./",
            "http://a.onion/",
        ),
    ],
}


@pytest.mark.parametrize(("text", "why"), [(text, why) for why, texts in HOSTILE.items() for text in texts])
def test_what_is_not_asked(text: str, why: str) -> None:
    with pytest.raises(NotAsked) as refused:
        address_of(text)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/"]
)
def test_an_ip_address_is_known_as_one_so_that_it_can_be_refused(text: str) -> None:
    address = address_of(text)
    assert address.ip == ip_address(address.host)


ENDS = st.sampled_from(["", "/", "?", ":80/"])
URLS = st.builds("{}://{}{}{}".format, st.sampled_from(["http", "HTTPS"]), st.text(), ENDS, st.text())


@given(st.one_of(st.text(), URLS))
@example("http://a.\u3002org/\r\nX: y")
def test_whatever_is_an_address_fits_into_a_request(text: str) -> None:
    try:
        address = address_of(text)
    except NotAsked:
        return
    for part in (address.host, address.place, address.target):
        assert part.isascii()
        assert part.isprintable()
        assert " " not in part
    assert address.target.startswith("/")
    assert address.scheme in ("http", "https")
    assert address_of(str(address)) == address
