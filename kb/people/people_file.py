"""Reads `people.md`, which stands beside `kb.toml`.

It is Markdown with a front matter whose key `people` is a list of records; the text below is for its readers. It must
never be misread so that somebody who opted out is named: if any of it is uncertain, nobody is named until it is put
right. A record that is only odd is reported, and read as far as possible.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from ingest.files.decoding import decode
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.lesson import folded_key, iso_date, items_of, text_of, texts_of
from ingest.problem import Problem, Unreadable
from kb.config import PEOPLE_FILE
from kb.people.directory import NOBODY, Directory
from kb.people.entry import ALL_ROLES, KEYS, Entry

if TYPE_CHECKING:
    from ingest.front_matter.yaml_block import FrontMatter

FILE_NAME = PEOPLE_FILE
_MOST_BYTES = 4_000_000
_TRUTH: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}
_ABOUT_OPTING_OUT = re.compile("opt")
_OPTED_OUT = re.compile(r"\bopt(?:s|ed|ing)?[\W_]*out", re.IGNORECASE)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_LISTS = ("contact", "also")
_WRITE_IT = "write `opted_out: true` or `opted_out: false`"
_NOBODY_IS_NAMED = "nobody is named until it is put right"


class PeopleFile:
    """`people.md` of one knowledge base, read again whenever it has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamp: object = ()
        self._directory = NOBODY

    def now(self) -> Directory:
        """Return what it says now."""
        if (stamp := self._stamp_now()) != self._stamp:
            self._directory, self._stamp = read_directory(self._root), stamp
        return self._directory

    def _stamp_now(self) -> object:
        try:
            found = os.lstat(self._root / FILE_NAME)
        except FileNotFoundError:
            return ()
        except OSError as error:
            return error.errno
        return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read_directory(root: Path) -> Directory:
    """Return what `people.md` says; never raises."""
    try:
        data = read_regular(root / FILE_NAME, _MOST_BYTES, links=False)
    except FileNotFoundError:
        return NOBODY
    except OSError as error:
        return _uncertain(f"{reason_of(error)}")
    return directory_of(data)


def directory_of(data: bytes) -> Directory:
    """Return what the bytes of `people.md` say."""
    from ingest.conflicts import conflicts_in
    from ingest.front_matter.top import read_front

    try:
        decoded = decode(data)
    except Unreadable as error:
        return _uncertain(str(error))
    if decoded.flaw:
        return _uncertain(decoded.flaw, decoded.line)
    if not decoded.text.strip():
        return NOBODY
    if conflicts := list(conflicts_in(decoded.text)):
        return _uncertain("a merge conflict; keep one side", conflicts[0].rows[0] + 1)
    front = read_front(decoded.text.split("\n"), FILE_NAME)
    if front.problems:
        return _uncertain(_QUOTED.sub("\u2026", front.problems[0].reason), front.problems[0].line)
    if not isinstance(front.matter.metadata.get("people"), (list, NoneType)) or "people" not in front.matter.metadata:
        return _uncertain("its front matter has no list `people`; see docs/people.md")
    if len(front.matter.metadata) > 1:
        return _uncertain("its front matter has another key besides `people`")
    return _Records(front.matter).directory()


def _uncertain(reason: str, line: int | None = None) -> Directory:
    return Directory(problems=(Problem(FILE_NAME, f"{reason}; {_NOBODY_IS_NAMED}", line),), hides_all=True)


class _Records:
    """Reads the records of a front matter, and collects what is wrong with them."""

    def __init__(self, matter: FrontMatter) -> None:
        self._items = items_of(matter.metadata["people"])
        self._places = matter.places()
        self._problems: list[Problem] = []
        self._hides_all = False

    def directory(self) -> Directory:
        entries = tuple(entry for number, item in enumerate(self._items) if (entry := self._entry(number, item)))
        self._compare(entries)
        problems = tuple(sorted(self._problems, key=_place))
        return Directory(() if self._hides_all else entries, problems, hides_all=self._hides_all)

    def _entry(self, number: int, item: Any) -> Entry | None:
        if not isinstance(item, dict):
            item = {"name": item}
        given = {folded_key(key): value for key, value in item.items()}
        if not _is_flat(given):
            self._hides_all = True
            self._tell(number, f"a record is a list of keys with one text each; {_NOBODY_IS_NAMED}")
        entry = Entry(
            text_of(given.get("name")),
            ", ".join(texts_of(given.get("contact"))),
            texts_of(given.get("also")),
            text_of(given.get("unit")),
            self._role(number, text_of(given.get("role"))),
            self._until(number, text_of(given.get("until"))),
            text_of(given.get("successor")),
            self._opted_out(number, item),
            self._line(number),
        )
        for key in item:
            if folded_key(key) not in KEYS and not entry.opted_out:
                self._tell(number, f"unknown key {key!r}; the keys are {', '.join(KEYS)}", key)
        if entry.keys or entry.addresses:
            return entry if entry.name else entry._replace(name=next(iter((*entry.also, *entry.addresses))))
        self._nameless(number, entry)
        return None

    def _nameless(self, number: int, entry: Entry) -> None:
        if entry.opted_out:
            self._hides_all = True
            self._tell(number, f"somebody without a name opted out; write the `name`; {_NOBODY_IS_NAMED}")
        else:
            self._tell(number, "a record without a `name`; write it")

    def _role(self, number: int, role: str) -> str:
        if role in ("", *ALL_ROLES):
            return role
        self._tell(number, f"role {role!r}: the roles are {', '.join(ALL_ROLES)}", "role")
        return ""

    def _until(self, number: int, until: str) -> str:
        if until and iso_date(until) is None:
            self._tell(number, f"until {until!r} is no date; write it as 2026-05-01, 2026-05 or 2026", "until")
        return iso_date(until) or ""

    def _opted_out(self, number: int, item: Mapping[str, Any]) -> bool:
        """Return whether a record opts out; whatever may be meant so counts."""
        for key, value in item.items():
            said = text_of(value).casefold()
            is_known, is_truth = folded_key(key) in KEYS, said in _TRUTH
            if folded_key(key) == "opted_out" and is_truth:
                continue
            may_mean_it = _ABOUT_OPTING_OUT.search(key.casefold()) or (is_truth and not is_known)
            if may_mean_it or any(_OPTED_OUT.search(text) for text in texts_of(value)):
                self._tell(number, f"may mean that this person opted out, and is read so; {_WRITE_IT}", key)
                return True
        return any(_TRUTH[text_of(value).casefold()] for key, value in item.items() if folded_key(key) == "opted_out")

    def _compare(self, entries: tuple[Entry, ...]) -> None:
        """Report addresses that two records have, and successors who lead nowhere; who opted out is not named."""
        directory, owners = Directory(entries), dict[str, Entry]()
        for entry in entries:
            for address in sorted(entry.addresses):
                if (other := owners.setdefault(address, entry)) is not entry:
                    shown = "its address" if directory.has_opted_out(address) else address
                    self._at(entry.line, f"{shown} is also in the record on line {other.line}; make one of both")
            self._follow(directory, entry)

    def _follow(self, directory: Directory, entry: Entry) -> None:
        if not entry.successor or entry.opted_out:
            return
        after = directory.named(entry.successor)
        shown = "" if directory.has_opted_out(entry.successor, after.contact) else f" {entry.successor!r}"
        if not after.line:
            self._at(entry.line, f"the successor{shown} has no record; add one with a `contact`")
        elif directory.current(after) is None:
            self._at(entry.line, f"the successor{shown} cannot be asked either; name somebody who can")

    def _line(self, number: int, *key: str) -> int:
        span = self._places.of_key("people", number, *key)
        return span.line + 1 if span else 0

    def _tell(self, number: int, reason: str, *key: str) -> None:
        self._at(self._line(number, *key), reason)

    def _at(self, line: int, reason: str) -> None:
        self._problems.append(Problem(FILE_NAME, reason, line or None))


def _is_flat(given: Mapping[str, Any]) -> bool:
    """Return whether each key has a text, or where several make sense a list of texts."""
    return not any(
        isinstance(value, dict)
        or (isinstance(value, list) and (key not in _LISTS or any(isinstance(one, (dict, list)) for one in value)))
        for key, value in given.items()
    )


def _place(problem: Problem) -> int:
    return problem.line or 0
