"""Recognises encrypted files: by which program, and how to decrypt them. A doubtful file counts as not encrypted."""

from __future__ import annotations

import re

_MARK = b"\xef\xbb\xbf"


def _armored(kind: str) -> str:
    """Return the pattern of an armored block that is the whole file; with text after it, it is an example."""
    return rf"-----BEGIN {kind}-----\s(?:(?!-----).)*+-----END {kind}-----\s*\Z"


def _lock(advice: str, *patterns: str) -> tuple[re.Pattern[bytes], str]:
    return re.compile("|".join(patterns).encode(), re.DOTALL), advice


_REPLACE = "put the decrypted lesson in its place"
_LOCKS = (
    _lock("encrypted by git-crypt; run `git-crypt unlock`", r"\0GITCRYPT\0"),
    _lock(
        f"encrypted by GnuPG (`gpg --decrypt`); {_REPLACE}",
        # The header of the first packet, which holds a key: tag, length, version. Text has no such control characters.
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
    """Return which program encrypted a file and what to do; empty if it is not encrypted, or only in part."""
    rest = data.removeprefix(_MARK).lstrip(b" \t\r\n")
    return next((advice for pattern, advice in _LOCKS if pattern.match(rest)), "")
