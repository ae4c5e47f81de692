"""What must not be in a library: keys, tokens, passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.check.census import Census
from kb.check.finding import Finding
from kb.check.groups.placeholder import is_example, looks_real
from kb.check.lesson_file import LessonFile
from kb.check.rule import Rule
from kb.check.severity import Severity

KEY = Rule(
    "secrets.key",
    Severity.ERROR,
    "A private key is written down.",
    "hold a private key",
    "Whoever can read the library, or its git history, can use it. Revoke it, make a new one, remove it from the file "
    "and from the history (`git filter-repo`); a lesson needs only the name of the key.",
    f"# Login to the print server\n\n-----BEGIN RSA {'PRIVATE'} KEY-----\nMIIEpAIBAAKCAQEA7bq98xOvJ1mQnSKdoM4Tz2Yc\n",
    "# Login to the print server\n\nThe key is in the vault under `print-server`.\n",
)
TOKEN = Rule(
    "secrets.token",
    Severity.ERROR,
    "A token or an access key of a service is written down.",
    "hold a token or an access key",
    "Whoever can read the library, or its git history, can use it. Revoke it where it was issued, remove it from the "
    "file and from the history (`git filter-repo`), and write where it is kept instead.",
    f"# Telling the team\n\nThe bot posts with {'xox'}b-2481-48f1c0-brightpaper.\n",
    "# Telling the team\n\nThe bot posts with the token that is in the vault under `print-bot`.\n",
)
PASSWORD = Rule(
    "secrets.password",
    Severity.ERROR,
    "A password is written down.",
    "hold a password",
    "Whoever can read the library, or its git history, can use it. Change the password, remove it from the file and "
    "from the history (`git filter-repo`), and write where it is kept instead.",
    "# Proofs for dealers\n\npassword: T4pe-l1ght-Ra1n\n",
    "# Proofs for dealers\n\npassword: <the one in the vault>\n",
)
RULES: tuple[Rule, ...] = (KEY, TOKEN, PASSWORD)


@dataclass(frozen=True, slots=True)
class _Form:
    """How a service writes its secrets."""

    what: str
    hints: tuple[str, ...]
    """One of them stands in every text that holds such a secret: looking for them first is quick."""
    pattern: re.Pattern[str]
    rule: Rule = TOKEN


_BASE64 = r"[A-Za-z0-9+/]"
_FORMS = (
    # RFC 7468, RFC 9580 and OpenSSH's PROTOCOL.key: the label, then lines of base64; in JSON the line ends are `\n`.
    _Form(
        "a private key",
        ("PRIVATE KEY",),
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
            rf"(?:\s|\\n|>|[\w-]+: ?[^\n]*\n)*(?=(?P<secret>{_BASE64}{{32,}}))"
        ),
        KEY,
    ),
    # AWS, "IAM identifiers": AKIA is a long-term key, ASIA a temporary one; 20 characters of base32.
    _Form("an AWS access key", ("AKIA", "ASIA"), re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    # GitHub, "About authentication to GitHub", *GitHub's token formats*.
    _Form(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"),
    ),
    # GitLab, "GitLab token overview", *Token prefixes*.
    _Form(
        "a GitLab token",
        ("glpat-", "gloas-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-"),
        re.compile(r"\bgl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat)-[\w-]{20,}(?:\.[\w.-]+)?"),
    ),
    # Slack, "Tokens" and "Sending messages using incoming webhooks".
    _Form(
        "a Slack token",
        ("xox", "xapp-"),
        re.compile(r"\b(?:xox[abeoprs](?:\.xox[bp])?-(?=[\w-]*\d)[\w-]{10,}|xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]+)"),
    ),
    _Form(
        "a Slack webhook",
        ("hooks.slack.com",),
        re.compile(r"hooks\.slack\.com/(?:services|workflows)/T\w{6,}/[AB]\w{6,}/\w{16,}"),
    ),
    # Google, "Using API keys" and "OAuth 2.0": their prefixes and lengths as its own client libraries show them.
    _Form("a Google API key", ("AIza",), re.compile(r"\bAIza[\w-]{35}(?![\w-])")),
    _Form("a Google client secret", ("GOCSPX-",), re.compile(r"\bGOCSPX-[\w-]{28}(?![\w-])")),
    _Form("a Google access token", ("ya29.",), re.compile(r"\bya29\.[\w-]{20,}")),
    # Stripe, "API keys": secret and restricted keys; publishable ones (pk_) are public.
    _Form(
        "a Stripe key",
        ("k_live_", "k_test_"),
        re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    ),
    # npm, "About access tokens", and PyPI's secret-reporting format (a macaroon that begins with `pypi.org`).
    _Form("an npm token", ("npm_",), re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    _Form("a PyPI token", ("pypi-AgE",), re.compile(r"\bpypi-AgE[\w-]{50,}")),
    # RFC 7519: two JSON objects and a signature in base64url; a JSON object begins with `eyJ`.
    _Form("a JSON web token", ("eyJ",), re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}")),
)

# RFC 3986, 3.2.1: `user:password@` before the host.
_IN_URL = re.compile(r"://(?P<user>[^\s/:@\"'`<>]*):(?P<value>[^\s/@\"'`<>]+)@")
_NAMES = (
    *("password", "passwd", "passphrase", "pwd", "secret", "token"),
    *("api_key", "api-key", "apikey", "access_key", "access-key", "accesskey"),
)
_SAID = re.compile(
    r"""["'`*]*\s?(?::=|=>|[:=]|\sis\s)["'`*]*[ \t]*["'`]?(?P<value>[^\s"'`,;<>(){}\[\]|]++)(?![<(\[{])"""
)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the secrets of known forms, then what is called a password or token and looks like one."""
    text = file.text
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        if any(hint in text for hint in form.hints):
            for match in form.pattern.finditer(text):
                if not is_example(match.groupdict().get("secret") or match.group()):
                    taken.append(match.span())
                    yield _found(form.rule, file, match.span(), form.what)
    for start, end in _passwords(text):
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            taken.append((start, end))
            yield _found(PASSWORD, file, (start, end), "a password")


def _passwords(text: str) -> Iterator[tuple[int, int]]:
    if "://" in text:
        for match in _IN_URL.finditer(text):
            if match["value"] != match["user"] and looks_real(match["value"]):
                yield match.span("value")
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two
        lower = text
    for name in _NAMES:
        at = lower.find(name)
        while at >= 0:
            is_public = "public" in lower[max(at - 12, 0) : at]  # `publicKeyToken` of .NET
            said = None if is_public else _SAID.match(text, at + len(name))
            if said and looks_real(said["value"]):
                yield said.span("value")
            at = lower.find(name, at + 1)


def _found(rule: Rule, file: LessonFile, where: tuple[int, int], what: str) -> Finding:
    message = f"looks like {what}; revoke it, then remove it from the file and from git's history"
    return rule.at(file, file.span_of(*where), message)
