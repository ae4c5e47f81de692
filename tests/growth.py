"""How the time of a function grows with its input, for many shapes of text."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

Read = Callable[[str], object]

SMALL = 4_000
"""Characters; the larger text has `TIMES` as many."""
TIMES = 4
_FLOOR = 0.03
"""Seconds of processor time below which nothing is a nuisance, or would be measured well."""
_MOST = 9.0
"""By how much the time may grow where the text grows `TIMES`-fold; with its square it would be 16."""
_TRIES = 4

_TOKENS = Path(__file__).parent.parent / "kb" / "check" / "data" / "tokens.json"

_MARKS = (
    *("<!--", "<!-- kb:", "<!-- kb: allow ", "-->", "<!-- kb: x -->", "<!-", "<b", "<b>", "</b>", "<script>", "<style", "<?"),
    *("<![CDATA[", "</td><td", "<br", "<h1>", "&amp", "&#", "{{", "}}", "{%", "${", "{", "}", "[", "]", "](", "](<", "[a]:", "[^1]"),
    *("[[", "]]", "[x](y.md", "![", "(", ")", "((", "**", "*", "*a", "__", "_", "_a", "`", "``", "`a", "```", "~~", "~~~", "\\", "\\\\"),
    *("|", "| a ", "|-", ":-", "|--|", "> ", ">", ">>", "- ", "-", "--", "---", "- a", "+ ", "* ", "1. ", "1) ", "# ", "#", "## a", "==="),
    *(":", "a:", "a: b", "a: |", "- a:", "? ", "&a ", "*a ", "!!x ", "'", '"', "\u201c", "\u201d", ",", ";", ".", "..", ". ", "\u2026", "!", "?"),
    *("/", "//", "://", "a://", "http://", "https://a ", "www.", "@", "a@", "a@b.", "a@b.c ", "a.b", "<a@b.c>", "+", "+4", "+49 ", "%", "=", "==", "=>"),
    *("0", "1", "12 ", "1.", "1,", "1,000 ", "1.000", "1-", "1/", "2024-01-02 ", "2024", "12:30 ", "5 % ", "5%", "\u20ac5 ", "$5", "3x ", "(1) "),
    *("4111 ", "4111-", "DE91 ", "DE9110000000", "123-45-", "555-01", "(30) ", " 1", "A", "A.", "A. ", "Ab, A. ", "AB-", "a", "a ", "ab", "a-", "a.", "a_"),
    *("a/", "Z9", "z9Z", "\u00e9", "\u0130", "\u4e2d", "\u3002", "\u0e01", "\u200b", "\u202e", "\x1b", "\x00", "\t", "\t\t", "  ", "    ", " ", "\u00a0", "\f"),
)
_WORDS = (
    *("password", "password=", "password: ", "password is ", "password for ", "the password ", "passwd ", "pwd=", "pass:", "secret=", "secret: "),
    *("token ", "token=", "api_key=", "api key ", "access_key", "mot de passe ", "contrase\u00f1a ", "\u5bc6\u7801", "\u30d1\u30b9\u30ef\u30fc\u30c9", "public token="),
    *("| password ", "| password | a1b2c3d4e ", "Authorization: ", "bearer ", "basic ", "basic aaaaaaaa", "curl -u ", "-u a:", " --user a:", " --password ", " -p"),
    *("mysql ", "mysql -p", "sshpass ", "docker login ", "credentials: ", "login: a/", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "PRIVATE KEY", "AAAA"),
    *("kb: allow", "# kb:", " # kb: proposed", "# kb: allow a: b", "see ", "References: ", "e.g. ", "No. ", "Fig. ", "Journal ", "tel. ", "call me at ", "ssn 123-45-6789 "),
    *("from 5 to 6 ", "from ", "by 5 % ", "doubled ", "half ", "saved $5 ", "fell by ", "reduced ", "between ", "best ", "great ", "I hope ", "not stated ", "n/a "),
    *("Re: ", "From: ", "Subject: ", "Date: ", "On Mon, A wrote:", "-- ", "Problem: ", "Problem ", "**Problem:** ", "# Problem", "1. What? ", "Mr. A ", "A B ", "A B, C "),
    *("January 5, 2024 ", "5 January ", "tags: ", "title: ", "people: ", "related: ", "id: ", "see lessons/a.md ", "eyJ", "ey", "=cut", "$$", "\\(", ":::", "[!NOTE]"),
)


def units() -> list[str]:
    """Return what is repeated: every sign and word that the program looks for begins with one of them."""
    forms = json.loads(_TOKENS.read_bytes())["forms"]
    hints = [hint for form in forms for hint in (*form.get("hints", ()), *(f"{word} = " for word in form.get("before", ())))]
    return list(dict.fromkeys((*_MARKS, *_WORDS, *hints)))


def shapes(repeated: str) -> Iterator[str]:
    """Yield a unit as it may be repeated: as it is, behind blanks, on a line each, as a paragraph each."""
    yield repeated
    yield f"{repeated} "
    yield f"{repeated}\n"
    yield f"{repeated}\n\n"


def pairs(them: list[str]) -> Iterator[str]:
    for one, other in product(them, repeat=2):
        yield one + other


def text_of(shape: str, size: int, before: str = "") -> str:
    return before + shape * (size // len(shape) + 1)


def seconds(read: Read, text: str) -> float:
    """Return the processor time that reading a text takes; a collection of garbage is not its fault."""
    gc.disable()
    try:
        start = time.process_time()
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()


def growth(read: Read, shape: str, before: str = "") -> float:
    """Return by how much the time grows where the text grows `TIMES`-fold, 0 if it is short anyway.

    The least of some tries, because only a slow measurement can be wrong: by what else the machine does.
    """
    small, large = text_of(shape, SMALL, before), text_of(shape, SMALL * TIMES, before)
    best = float("inf")
    for _ in range(_TRIES):
        longer = seconds(read, large)
        if longer < _FLOOR:
            return 0.0
        best = min(best, longer / max(max(seconds(read, small) for _ in range(2)), 1e-4))
        if best <= _MOST:
            break
    return best


def grows_too_much(read: Read, shape: str, before: str = "") -> bool:
    return growth(read, shape, before) > _MOST
