"""`gaps.md` beside `kb.toml`: for people the gaps of at least three of them, below it the list of each person.

Each list has lines of its own, so git merges the lists of several people line by line (`merge=union`). Whatever else
stands among them is ignored, and goes when the file is written next; text above kb's part stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from ingest.files.decoding import decode
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.problem import Unreadable
from kb.config import GAPS_FILE
from kb.demand.shared.entry import MOST_SHARED, Entry, read_entry
from kb.demand.shared.merging import Group, latest
from kb.errors import CannotWrite, NoSuchFile
from kb.system.output_file import write_output
from kb.trust.distrust import refuse_link
from kb.wording import counted

MOST_COMPARED = 6_000
"""Entries, the latest, that are merged into gaps: in a second, or two if they have nothing in common."""
_MOST_BYTES = 8_000_000
_MARK = "<!-- kb gaps --share writes everything below this line -->"
_LISTS = "## Lists"
_WORDS_SHOWN = 5
_HEAD = f"""\
# What was asked for and not found

Each person who runs `kb gaps --share` adds a list below. A word shows only when at least three people have it.

{_MARK}
"""


class GapsFile(NamedTuple):
    """The shared lists of a knowledge base."""

    head: str
    """What stands above kb's part."""
    entries: tuple[Entry, ...]
    """Of each person the latest."""
    ahead: tuple[Entry, ...] = ()
    """The same of a time that is still to come: they stay in the file, and do not count."""

    def kept(self, sharer: str) -> list[Entry]:
        """Return the entries that stay when a person writes a new list: those of all others."""
        return [entry for entry in (*self.entries, *self.ahead) if entry.sharer != sharer]

    def problem(self, sharer: str) -> str:
        """Return for a person which lists of others do not count, and why; empty if all do."""
        found = sorted({(entry.sharer, entry.shared) for entry in self.ahead if entry.sharer != sharer})
        if not found:
            return ""
        other, when = found[0]
        more = f" and {counted(len(found) - 1, 'other')}" if found[1:] else ""
        return (
            f"{GAPS_FILE}: not counted, because it is of a time to come, {when}: the list of {other}{more}; a clock is "
            "wrong, theirs or yours: set it, and share again"
        )

    def of_others(self, sharer: str) -> list[Entry]:
        """Return the entries of all others."""
        return [entry for entry in self.entries if entry.sharer != sharer]

    def compared(self, sharer: str) -> list[Entry]:
        """Return those of others that are merged into gaps: the latest, if there are very many."""
        return sorted(self.of_others(sharer), key=lambda entry: entry.shared, reverse=True)[:MOST_COMPARED]


def read_gaps(root: Path, now: datetime | None = None) -> GapsFile:
    """Return the shared lists; raises `NoSuchFile` if `gaps.md` is a link or cannot be read, `CannotWrite` if it is not
    kb's.

    A list that is dated more than a day after `now` does not count: it would be the latest for ever.
    """
    path = root / GAPS_FILE
    refuse_link(path, root)
    try:
        text = decode(read_regular(path, _MOST_BYTES, links=False)).text
    except FileNotFoundError:
        return GapsFile(_HEAD, ())
    except (OSError, Unreadable) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise NoSuchFile(f"{path}: {reason}; put it right, or remove it") from error
    head, mark, below = text.partition(_MARK)
    if not mark and text.strip():
        raise CannotWrite(f"{path}: was not written by kb; give it another name, and try again")
    tomorrow = f"{(now or datetime.now(UTC)) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    entries = [entry for line in below.splitlines() if (entry := read_entry(line))]
    now_and_ahead = ([entry for entry in entries if (entry.shared > tomorrow) is ahead] for ahead in (False, True))
    return GapsFile(f"{head}{_MARK}\n" if mark else _HEAD, *(tuple(_bounded(latest(some))) for some in now_and_ahead))


def _bounded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield of each person as many entries as a list has room for."""
    counts: Counter[str] = Counter()
    for entry in entries:
        counts[entry.sharer] += 1
        if counts[entry.sharer] <= MOST_SHARED:
            yield entry


def write_gaps(root: Path, head: str, entries: Iterable[Entry], shown: Sequence[Group]) -> Path:
    """Write the shared lists, and the gaps that are shown to readers of the file; raises `CannotWrite`."""
    lines = [_line(group) for group in shown] or ["Nothing yet that three people asked for."]
    lists = [entry.line() for entry in sorted(set(entries))]
    path = root / GAPS_FILE
    write_output(path, head + "\n" + "\n".join([*lines, "", _LISTS, "", *lists]) + "\n")
    return path


def _line(group: Group) -> str:
    near = ", ".join(f"`{id_}`" for id_ in group.closest()[:3])
    facts = [counted(len(group.people), "person", "people"), *([counted(len(group.units), "unit")] * bool(group.units))]
    facts = [*facts, f"asked {counted(group.asked, 'time')}"]
    words = ", ".join(group.words()[:_WORDS_SHOWN]) or "words that too few people share yet"
    return f"- **{words}**: {', '.join(facts)}" + (f"; closest: {near}" if near else "")
