"""What must not be in a library: keys, tokens, passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.check.detectors.passwords import passwords
from kb.check.detectors.placeholder import is_key
from kb.check.detectors.tokens import tokens
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile

KEY = Rule(
    "secrets.key",
    Severity.ERROR,
    "A private key is written down.",
    "hold a private key",
    "Anybody who can read the library, or its git history, can use it. Revoke it, make a new one, remove it from the "
    "file and from the history (`git filter-repo`); a lesson needs only the name of the key.",
    f"# Login to the print server\n\n-----BEGIN RSA {'PRIVATE'} KEY-----\nMIIEpAIBAAKCAQEA7bq98xOvJ1mQnSKdoM4Tz2Yc\n",
    "# Login to the print server\n\nThe key is in the vault under `print-server`.\n",
)
TOKEN = Rule(
    "secrets.token",
    Severity.ERROR,
    "A token or an access key of a service is written down.",
    "hold a token or an access key",
    "Anybody who can read the library, or its git history, can use it. Revoke it where it was issued, remove it from "
    "the file and from the history (`git filter-repo`), and write where it is kept instead.",
    f"# Telling the team\n\nThe bot posts with {'xox'}b-248133771204-2Kd81mZq0Lw7Rt5V.\n",
    "# Telling the team\n\nThe bot posts with the token that is in the vault under `print-bot`.\n",
)
PASSWORD = Rule(
    "secrets.password",
    Severity.ERROR,
    "A password is written down.",
    "hold a password",
    "Anybody who can read the library, or its git history, can use it. Change the password, remove it from the file "
    "and from the history (`git filter-repo`), and write where it is kept instead.",
    "# Proofs for dealers\n\npassword: T4pe-l1ght-Ra1n\n",
    "# Proofs for dealers\n\npassword: <the one in the vault>\n",
)
RULES: tuple[Rule, ...] = (KEY, TOKEN, PASSWORD)


# RFC 7468, RFC 9580 and OpenSSH's PROTOCOL.key: the label, then lines of base64; in JSON the line ends are `\n`.
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:\s|\\n|>|[\w-]{1,40}: ?[^\n]{0,200}\n){0,200}(?=(?P<key>[A-Za-z0-9+/]{32,128}))"
)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the secrets in a lesson, each once."""
    for secret in secrets_in(file.text):
        span = file.span_of(*secret.place)
        message = f"looks like {secret.what}; revoke it, then remove it from the file and from git's history"
        yield secret.rule.at(file, span, message)


@dataclass(frozen=True, slots=True)
class Secret:
    """A possible secret and its place in the text; the secret itself is not stored."""

    rule: Rule
    place: tuple[int, int]
    what: str
    """A description with an article: `a private key`."""


def secrets_in(text: str) -> Iterator[Secret]:
    """Yield secrets of known formats, then values called a password or token that look like one."""
    taken = bytearray(len(text))
    for secret in _all(text):
        start, end = secret.place
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            yield secret


def _all(text: str) -> Iterator[Secret]:
    if "PRIVATE KEY" in text:
        for match in _PRIVATE_KEY.finditer(text):
            if is_key(match["key"]):
                yield Secret(KEY, match.span(), "a private key")
    for start, end, what in tokens(text):
        yield Secret(TOKEN, (start, end), what)
    for place in passwords(text):
        yield Secret(PASSWORD, place, "a password")
