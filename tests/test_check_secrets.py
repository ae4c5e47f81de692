"""Secrets are found by the forms that services document; what only shows where one goes is none.

Every secret is made up, and put together here from pieces, so that this repository holds none.
"""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checking import codes, found

NOISE = "q7Zt4Lw9Xe2Rk8Vb5Nm1Hc6Jd3Fg0Ps" * 4
LOWER = NOISE.lower()


def joined(*pieces: str) -> str:
    return "".join(pieces)


def web_token(head: object, said: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, said)]
    return ".".join([*parts, NOISE[:43]])


TOKENS = {
    "AWS access key": joined("AK", "IA", "Q3ZT7LW5XE2RK6VB"),
    "GitHub token": joined("gh", "p_", NOISE[:36]),
    "GitHub token ": joined("github", "_pat_", NOISE[:22], "_", NOISE[22:81]),
    "GitLab token": joined("gl", "pat-", NOISE[:20]),
    "Slack token": joined("xo", "xb-", "2481337712-", NOISE[:24]),
    "Slack webhook": joined("https://hooks.", "slack.com/services/T", "0Q7ZT4LW9/B", "0E2RK8VB5/", NOISE[:24]),
    "Google API key": joined("AI", "za", NOISE[:35]),
    "Google client secret": joined("GOC", "SPX-", NOISE[:28]),
    "Google access token": joined("ya", "29.", NOISE[:60]),
    "Stripe key": joined("sk_", "live_", NOISE[:24]),
    "npm token": joined("np", "m_", NOISE[:36]),
    "PyPI token": joined("py", "pi-AgE", NOISE[:70]),
    "JSON web token": web_token({"alg": "HS256"}, {"sub": "orders"}),
}
PRIVATE = joined("-----BEGIN ", "PRIVATE KEY", "-----")


@pytest.mark.parametrize("what", TOKENS)
def test_a_token_is_found_by_its_form_and_never_repeated(what: str) -> None:
    token = TOKENS[what]
    (finding,) = found(f"# Labels\n\nThe job logs in with {token} every night.\n", "secrets")
    assert (finding.code, finding.severity, finding.line) == ("secrets.token", "error", 3)
    assert finding.column == len("The job logs in with ") + 1 + token.removeprefix("https://").startswith("hooks") * 8
    assert f" {what.strip()}; revoke it" in finding.message
    assert not any(token[start : start + 5] in finding.message for start in range(len(token) - 4))


@pytest.mark.parametrize("label", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", ""])
def test_a_private_key_is_found_whatever_its_label(label: str) -> None:
    block = PRIVATE.replace("PRIVATE", f"{label}PRIVATE")
    assert codes(f"# Key\n\n```\n{block}\n{NOISE[:64]}\n```\n", "secrets") == ["key"]
    assert codes(json.dumps({"key": f"{block}\n{NOISE[:64]}"}), "secrets") == ["key"]
    assert codes(f"# Key\n\n> {block}\n> {NOISE[:64]}\n", "secrets") == ["key"]


@pytest.mark.parametrize("body", ["...", "<your key>", "(removed)", "MII..."])
def test_a_private_keys_frame_without_a_key_is_none(body: str) -> None:
    assert codes(f"# Key\n\n{PRIVATE}\n{body}\n", "secrets") == []


@pytest.mark.parametrize(
    "line",
    [
        "password: {}",
        "Password = '{}'",
        "DB_PASSWORD={}",
        '"password": "{}"',
        "the password is {}",
        "**passwd:** {}",
        "--password={} \\",
        "client_secret: `{}`",
        "api-key => {}",
        "postgres://orders:{}@db.brightpaper.net/orders",
        "https://:{}@cache.brightpaper.net",
    ],
)
def test_a_password_is_found_where_it_is_called_one(line: str) -> None:
    value = joined("Tr0ub4", "dor-9q")
    written = line.format(value)
    (finding,) = found(f"# Labels\n\n{written}\n", "secrets")
    assert (finding.code, finding.line, finding.column) == ("secrets.password", 3, written.index(value) + 1)
    assert value[:5] not in finding.message


PLACEHOLDERS = (
    *("<password>", "***", "********", "xxxxxxxx1", "$DB_PASSWORD", "${DB_PASSWORD}", "%(password)s", "changeme123"),
    *(
        "{{ vault.password }}",
        "your-password-1",
        "example123",
        "hunter2",
        "in the vault",
        "my-secret-token-2",
        "12345678",
    ),
    *("S3cr3t-example", "os.environ['PW1']", "get_password(42)", "014fbff9a07c...", "REDACTED-2024", "aaaa1111", "n/a"),
    *(
        "T4pe9light[the rest]",
        "lib/pass/word2",
        "null",
        "true",
        "kubernetes.io/service-account-token",
        base64.b64encode(b"changeme").decode(),
    ),
)


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_stands_for_a_password_is_none(value: str) -> None:
    assert codes(f"# Labels\n\npassword: {value}\n", "secrets") == []


@pytest.mark.parametrize(
    "text",
    [
        joined("AK", "IA", "IOSFODNN7EXAMPLE"),
        joined("gh", "p_", "x" * 36),
        joined("gl", "pat-", "<your token here>"),
        joined("xo", "xb-", "your-token-here-1"),
        joined("sk_", "live_", "..."),
        "publicKeyToken=6595b64144ccf1df",
        "password policy: 12 characters, at least 2 digits",
        "secretName: orders-tls-2024",
        "https://user:password@host/path",
        "http://orders:orders@localhost:8080",
        "http://orders-48x1:orders-48x1@localhost:8080",
        "ssh://git@brightpaper.net:2222/orders",
        "tokens: 4096",
        "The token bucket holds 128kB",
    ],
)
def test_published_examples_and_other_uses_of_the_words_are_none(text: str) -> None:
    assert codes(f"# Labels\n\n{text}\n", "secrets") == []


def test_a_password_may_hold_the_signs_that_begin_a_variable() -> None:
    assert codes(f"# Labels\n\npassword: {joined('Tr0ub$4', 'dor%9q*')}\n", "secrets") == ["password"]


def test_one_secret_is_found_once_by_its_best_name() -> None:
    text = f"# Labels\n\ntoken: {TOKENS['GitHub token']}\n"
    assert codes(text, "secrets") == ["token"]


def test_a_secret_in_the_front_matter_is_found_too() -> None:
    assert codes(f"---\nlogin: {TOKENS['GitLab token']}\n---\n# Labels\n", "secrets") == ["token"]


def test_letters_that_lower_to_two_do_not_move_the_place() -> None:
    (finding,) = found(f"# \u0130stanbul\n\npassword: {joined('Tr0ub4', 'dor-9q')}\n", "secrets")
    assert (finding.line, finding.column) == (3, 11)


@given(st.text(alphabet="abc -=:@/<>`'\"\n.eyJxogp_tkpassword", max_size=200))
def test_any_text_is_looked_at_and_places_are_in_it(text: str) -> None:
    rows = text.split("\n")
    for finding in found(text, "secrets", "privacy", "allowance"):
        assert finding.line <= len(rows)
        assert finding.column <= len(rows[finding.line - 1]) + 1
