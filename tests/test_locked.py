"""Lessons that are encrypted or packed: what they are is named, and what was known of them stays."""

from __future__ import annotations

import bz2
import json
import lzma

import pytest

from ingest.kinds import KindTable
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from tests.conftest import Make, Run, write

PGP = "-----BEGIN PGP MESSAGE-----\n\njA0ECQMC0AKxXJWK3mP/0k8B\n=aB3d\n-----END PGP MESSAGE-----\n"
AGE = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgy\n-----END AGE ENCRYPTED FILE-----\n"
VAULT = "$ANSIBLE_VAULT;1.1;AES256\n61626364656667\n6162\n"
SOPS = '{\n\t"data": "ENC[AES256_GCM,data:p0,iv:x,tag:y,type:str]",\n\t"sops": {"version": "3.8.1"}\n}\n'
REST = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("data", "program"),
    [
        (b"\x85\x01\x0c\x03\x6c\xdd" + REST, "GnuPG"),
        (b"\x84\x5e\x03\x6c\xdd" + REST, "GnuPG"),
        (b"\xc1\xc0\x4c\x03\x6c\xdd" + REST, "GnuPG"),
        (b"\x8c\x0d\x04\x09\x03\x02\xd0\x02" + REST, "GnuPG"),
        (b"\xc3\x0d\x04\x09\x03\x08" + REST, "GnuPG"),
        (PGP.encode(), "GnuPG"),
        (b"\xef\xbb\xbf\r\n" + PGP.replace("\n", "\r\n").encode(), "GnuPG"),
        (b"age-encryption.org/v1\n-> X25519 abc\nxyz\n--- mac\n" + REST, "age"),
        (AGE.encode(), "age"),
        (VAULT.encode(), "Ansible"),
        (VAULT.replace(";AES256", ";AES256;team").encode(), "Ansible"),
        (SOPS.encode(), "SOPS"),
        (b"data: ENC[AES256_GCM,data:p0,iv:x,tag:y,type:str]\nsops:\n    version: 3.8.1\n", "SOPS"),
        (b"Salted__" + REST, "OpenSSL"),
        (b"U2FsdGVkX18xMjM0NTY3OPrnbVQx0cEZ\nKx0=\n", "OpenSSL"),
    ],
)
def test_what_is_encrypted_is_named_with_what_to_do(data: bytes, program: str) -> None:
    with pytest.raises(Unreadable, match=rf"^encrypted by {program}.*; put the decrypted lesson in its place$"):
        read_lesson(data, "lessons/a.md", "a", KindTable())


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bz2.compress(b"# Labels\n" * 9), r"an archive \(bzip2\)"),
        (lzma.compress(b"# Labels\n" * 9), r"an archive \(xz\)"),
        (b"\x28\xb5\x2f\xfd\x25\x08" + REST, r"an archive \(Zstandard\)"),
        (b"SQLite format 3\0\x10\0\1\1" + b"abc " * 400, r"a database \(SQLite\)"),
        (b"\x7fELF\2\1\1" + REST, r"a program \(ELF\)"),
    ],
)
def test_what_is_packed_or_no_text_is_named(data: bytes, what: str) -> None:
    with pytest.raises(Unreadable, match=rf"^{what}, not text; save it as plain text or Markdown$"):
        read_lesson(data, "lessons/a.md", "a", KindTable())


@pytest.mark.parametrize("block", [PGP, AGE, VAULT, SOPS, "age-encryption.org/v1\n-> X25519 abc\n"])
def test_a_lesson_that_shows_such_a_file_is_one(block: str) -> None:
    assert read_lesson(f"# Locks\n\n```\n{block}```\n".encode(), "a.md", "a", KindTable()).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{PGP}\nIs what stands there.\n",
        f"{PGP}\nThis is not a word of it.\n\n{PGP}",
        f"{VAULT}\nIs what stands there.\n",
        PGP.replace("BEGIN PGP MESSAGE", "BEGIN PGP SIGNED MESSAGE"),
        "age-encryption.org/v1 is the first line of such a file.\n",
        "BZh is how bzip2 begins.\n",
        "---\ntitle: ENC[AES256_GCM,data:abc=,type:str]\nsops:\n  version: 3.8\n---\nText that all can read.\n",
    ],
)
def test_a_text_with_open_words_is_a_lesson(text: str) -> None:
    assert read_lesson(text.encode(), "a.md", "a", KindTable()).text == text


def test_what_was_known_of_a_lesson_stays_when_it_is_locked(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n", "b.md": "# B\n"})
    write(root, "a.md", AGE)
    done = kb(root, "reindex")
    assert done.code == 3
    assert "kb: lessons/a.md: encrypted by age (`age --decrypt`); put the decrypted lesson in its place" in done.err
    hits = json.loads(kb(root, "search", "--json", "--mode", "lexical", "parcels").out)["hits"]
    assert [hit["title"] for hit in hits] == ["Labels"]
