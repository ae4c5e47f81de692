"""The folder of a site: only what kb wrote there is ever replaced or removed, and nothing is half written.

A file of its own names the pages with their digests. It is written before the first page, with what will be there, and
again when all is done; an interrupted run can be repeated.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.problem import Unreadable
from kb.config import Config
from kb.errors import CannotWrite, NoResult
from kb.trust.distrust import leads_through_link
from search.storage import leftovers, remove_leftovers, replace_file

MANIFEST = ".kb-site.json"
_MOST_BYTES = 64_000_000
_PAGE = re.compile(r"(?:[a-z0-9_~-]{1,200}/){0,7}(?:[a-z0-9_~-]{1,200}\.[a-z0-9]{1,5}|\.nojekyll)")
"""What kb writes; of a manifest that names anything else, nothing is believed."""
_IGNORED = frozenset({".git", ".gitignore", ".gitattributes", "CNAME", "README.md"})
"""What a folder that is published may have besides: git's own, and what a host is told."""


class Page(NamedTuple):
    """A file of a site."""

    path: str
    data: bytes


class Known(NamedTuple):
    """What an earlier run wrote."""

    key: str
    """Of all that went into it; empty if the run was not complete."""
    digests: Mapping[str, str]
    """By page; of a run that was not complete, each that it may have, with spaces between."""


class Written(NamedTuple):
    """What a run did."""

    pages: int
    changed: int
    removed: int
    size: int
    """Bytes of all pages; 0 if nothing had to be made."""


def require_folder(folder: Path, config: Config) -> None:
    """Raise `NoResult` if a site must not be written to a folder."""
    if folder.is_symlink() or leads_through_link(folder, config.root):
        raise NoResult(f"{folder}: a link, which is not followed; name what it leads to")
    if folder.exists() and not folder.is_dir():
        raise NoResult(f"{folder}: not a folder; name another")
    place, root = folder.resolve(), config.root.resolve()
    if place == root or root.is_relative_to(place):
        raise NoResult(f"{folder}: the folder of the knowledge base itself; name another, such as {folder / 'site'}")
    own = [root / name for name in (".kb", ".git", *config.paths)]
    if any(place.is_relative_to(one) for one in own):
        raise NoResult(f"{folder}: within {', '.join(('.kb', '.git', *config.paths))}; name another")


def read_known(folder: Path) -> Known:
    """Return what an earlier run wrote; raises `NoResult` if there is anything else in the folder."""
    if not folder.exists():
        return Known("", {})
    known = _manifest(folder)
    if known is None:
        others = [name for name in _names(folder) if name not in _IGNORED]
        if others:
            raise NoResult(f"{folder}: has other things in it, such as {others[0]}; name an empty folder")
        return Known("", {})
    return known


def _names(folder: Path) -> list[str]:
    try:
        left = {path.name for path in leftovers(folder)}
        return sorted(path.name for path in folder.iterdir() if path.name not in left)
    except OSError as error:
        raise CannotWrite(f"{folder}: {reason_of(error)}") from error


def _manifest(folder: Path) -> Known | None:
    try:
        found = json.loads(read_regular(folder / MANIFEST, _MOST_BYTES, links=False))
        key, digests = str(found["key"]), found["pages"]
        if not all(isinstance(one, str) and _PAGE.fullmatch(path) for path, one in digests.items()):
            return None
        return Known(key, digests)
    except (OSError, Unreadable, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_whole(folder: Path, known: Known) -> bool:
    """Return whether all pages that an earlier run wrote are there as it wrote them."""
    return all(_digest_there(folder, path) == digest for path, digest in known.digests.items())


def write_pages(folder: Path, pages: Iterable[Page], known: Known, key: str) -> Written:
    """Write the pages that differ, and remove those of an earlier run that are no more; raises `CannotWrite`."""
    try:
        return _write(folder, [*pages], known, key)
    except OSError as error:
        raise CannotWrite(f"{folder}: {reason_of(error)}") from error


def _write(folder: Path, pages: list[Page], known: Known, key: str) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    digests = {page.path: sha256(page.data).hexdigest() for page in pages}
    assert len(digests) == len(pages), "two pages have one address"
    # Before the first page, so that a run that was stopped has written nothing that is not named: old and new.
    _write_manifest(folder, "", {path: _either(path, known.digests, digests) for path in {**known.digests, **digests}})
    for place in {Path(page.path).parent for page in pages}:
        remove_leftovers(folder / place)
    changed = [page for page in pages if _digest_there(folder, page.path) != digests[page.path]]
    for page in changed:
        _write_page(folder, page)
    gone = [path for path in known.digests if path not in digests and _remove(folder, path, known.digests[path])]
    _write_manifest(folder, key, digests)
    return Written(len(pages), len(changed), len(gone), sum(len(page.data) for page in pages))


def _either(path: str, *digests: Mapping[str, str]) -> str:
    """Return the digests that a page may have until a run is complete, with spaces between."""
    return " ".join(dict.fromkeys(found[path] for found in digests if path in found))


def _write_manifest(folder: Path, key: str, digests: Mapping[str, str]) -> None:
    text = json.dumps({"key": key, "pages": dict(sorted(digests.items()))}, indent=0, ensure_ascii=True)
    replace_file(folder / MANIFEST, f"{text}\n".encode())


def _digest_there(folder: Path, path: str) -> str:
    """Return the digest of a page as it is on disk; empty if there is no such plain file."""
    try:
        _require_real(folder, path)
        return sha256(read_regular(folder / path, _MOST_BYTES, links=False)).hexdigest()
    except (OSError, Unreadable, NoResult):
        return ""


def _write_page(folder: Path, page: Page) -> None:
    place = folder / page.path
    _make_folders(folder, page.path)
    if place.is_dir() and not place.is_symlink():
        raise NoResult(f"{place}: a folder where a page belongs; remove it")
    replace_file(place, page.data)


def _make_folders(folder: Path, path: str) -> None:
    place = folder
    for part in path.split("/")[:-1]:
        place = place / part
        with suppress(FileExistsError):
            place.mkdir()
            continue
        _require_folder(place)


def _require_real(folder: Path, path: str) -> None:
    place = folder
    for part in path.split("/")[:-1]:
        place = place / part
        _require_folder(place)


def _require_folder(place: Path) -> None:
    """Raise `NoResult` for a link on the way to a page: what is behind it is not the site's."""
    if not stat.S_ISDIR(place.lstat().st_mode):
        raise NoResult(f"{place}: not a folder of the site; remove it")


def _remove(folder: Path, path: str, digest: str) -> bool:
    """Remove a page, and the folders that are empty without it; return whether it was there as it was written.

    Any other file stays: what names the pages may have come with a clone, and name files of the user.
    """
    if _digest_there(folder, path) not in digest.split():
        return False
    with suppress(OSError):
        (folder / path).unlink()
        for above in [*Path(path).parents][:-1]:
            (folder / above).rmdir()
    return True
