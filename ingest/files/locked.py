"""Files that are encrypted: which program locked them, and what to do. Only what is certain is named."""

from __future__ import annotations

import re

_MARK = b"\xef\xbb\xbf"


def _armored(kind: str) -> str:
    """Return the pattern of a block in letters: a text behind it makes the file a lesson that shows one."""
    return rf"-----BEGIN {kind}-----\s(?:(?!-----).)*+-----END {kind}-----\s*\Z"


def _lock(said: str, *patterns: str) -> tuple[re.Pattern[bytes], str]:
    return re.compile("|".join(patterns).encode(), re.DOTALL), said


_REPLACE = "put the decrypted lesson in its place"
_LOCKS = (
    _lock("encrypted by git-crypt; run `git-crypt unlock`", r"\0GITCRYPT\0"),
    _lock(
        f"encrypted by GnuPG (`gpg --decrypt`); {_REPLACE}",
        # The first packet has a key: its tag, its length, its version. No text has such a control character there.
        r"(?:\x84.|\x85..|\xc1(?:[\0-\xbf]|[\xc0-\xdf].))[\x03\x06]",
        r"(?:\x8c.|\xc3[\0-\xbf])[\x04\x05][\x01-\x0d][\0-\x04]",
        _armored("PGP MESSAGE"),
    ),
    _lock(
        f"encrypted by age (`age --decrypt`); {_REPLACE}",
        r"age-encryption\.org/v1\r?\n-> ",
        _armored("AGE ENCRYPTED FILE"),
    ),
    _lock(f"encrypted by Ansible (`ansible-vault decrypt`); {_REPLACE}", r"\$ANSIBLE_VAULT;[^\r\n]++[\s0-9a-f]*+\Z"),
    _lock(
        f"encrypted by SOPS (`sops --decrypt`); {_REPLACE}",
        r'\{\s*"data":\s*"ENC\[AES256_GCM,[^"]*",\s*"sops":',
        r"data:\s*ENC\[AES256_GCM,[^\r\n]*\r?\nsops:",
    ),
    _lock(f"encrypted by OpenSSL; {_REPLACE}", r"Salted__[\s\S]{8}", r"U2FsdGVkX1[A-Za-z0-9+/=\s]{20,}+\Z"),
)


def lock(data: bytes) -> str:
    """Return what encrypted a whole file, and what to do; empty for one that is open, or locked only in part."""
    said = data.removeprefix(_MARK).lstrip(b" \t\r\n")
    return next((advice for pattern, advice in _LOCKS if pattern.match(said)), "")
