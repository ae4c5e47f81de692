"""What differs between two states of the corpus: a table of before, after and the verdict on each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.changes import Changes, KnownFile, compare
from ingest.files.corpus import FoundFile, Listing
from ingest.problem import Problem, Unreadable
from tests.examples import examples

Content = str | None
"""What a file holds; None where it cannot be read."""
DENIED = "permission denied"


@dataclass(frozen=True)
class Case:
    """Files as `path: (content, time)`, and the groups that are not empty afterwards."""

    name: str
    before: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    after: Mapping[str, tuple[Content, int]] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    """Folders, with `/`, and files that could not be looked at."""
    groups: Mapping[str, list[str]] = field(default_factory=dict)
    read: tuple[str, ...] = ()
    """The files whose bytes had to be read, in order."""


CASES = [
    Case("nothing before, nothing now"),
    Case("the first time", after={"a": ("1", 1), "b": ("2", 1)}, groups={"added": ["a", "b"]}),
    Case(
        "nothing changed",
        {"a": ("1", 1), "b": ("", 2)},
        {"a": ("1", 1), "b": ("", 2)},
        groups={"unchanged": ["a", "b"]},
    ),
    Case("another size", {"a": ("1", 1)}, {"a": ("22", 2)}, groups={"changed": ["a"]}),
    Case("another size at the same time", {"a": ("1", 1)}, {"a": ("22", 1)}, groups={"changed": ["a"]}),
    Case("now empty", {"a": ("1", 1)}, {"a": ("", 2)}, groups={"changed": ["a"]}),
    Case("no longer empty", {"a": ("", 1)}, {"a": ("1", 2)}, groups={"changed": ["a"]}),
    Case("another time", {"a": ("1", 1)}, {"a": ("1", 2)}, groups={"touched": ["a"]}, read=("a",)),
    Case("an earlier time", {"a": ("1", 2)}, {"a": ("1", 1)}, groups={"touched": ["a"]}, read=("a",)),
    Case("another text of the same size", {"a": ("1", 1)}, {"a": ("2", 2)}, groups={"changed": ["a"]}, read=("a",)),
    Case("too fresh to tell", {"a": ("1", 0)}, {"a": ("1", 5)}, groups={"touched": ["a"]}, read=("a",)),
    Case("too fresh and changed", {"a": ("1", 0)}, {"a": ("2", 5)}, groups={"changed": ["a"]}, read=("a",)),
    Case("one gone", {"a": ("1", 1), "b": ("2", 1)}, {"b": ("2", 1)}, groups={"removed": ["a"], "unchanged": ["b"]}),
    Case("all gone", {"b": ("2", 1), "a": ("1", 1)}, groups={"removed": ["a", "b"]}),
    Case("moved", {"a": ("1", 1)}, {"b": ("1", 1)}, groups={"added": ["b"], "removed": ["a"]}),
    Case("names that differ by case", {"a": ("1", 1)}, {"A": ("1", 1)}, groups={"added": ["A"], "removed": ["a"]}),
    Case(
        "unreadable when its time changed",
        {"a": ("1", 1), "b": ("2", 1)},
        {"a": (None, 2), "b": ("2", 2)},
        groups={"kept": ["a"], "unreadable": ["a"], "touched": ["b"]},
        read=("a", "b"),
    ),
    Case("unreadable but unchanged", {"a": ("1", 1)}, {"a": (None, 1)}, groups={"unchanged": ["a"]}),
    Case("unreadable and new", after={"a": (None, 1)}, groups={"added": ["a"]}),
    Case(
        "a folder that cannot be listed",
        {"d/a": ("1", 1), "d/e/b": ("2", 1), "dd": ("3", 1), "d.md": ("4", 1), "c": ("5", 1)},
        {"c": ("5", 1)},
        unlisted=("d/",),
        groups={"kept": ["d/a", "d/e/b"], "unreadable": ["d/"], "removed": ["d.md", "dd"], "unchanged": ["c"]},
    ),
    Case(
        "the whole corpus is gone", {"d/a": ("1", 1)}, unlisted=("d/",), groups={"kept": ["d/a"], "unreadable": ["d/"]}
    ),
    Case("the root cannot be listed", {"a": ("1", 1)}, unlisted=("./",), groups={"kept": ["a"], "unreadable": ["./"]}),
    Case(
        "a file that cannot be looked at",
        {"a": ("1", 1), "ab": ("2", 1)},
        unlisted=("a",),
        groups={"kept": ["a"], "unreadable": ["a"], "removed": ["ab"]},
    ),
    Case("something unknown that cannot be looked at", unlisted=("a", "d/"), groups={"unreadable": ["a", "d/"]}),
    Case(
        "a folder that cannot be listed and a file that cannot be read",
        {"d/a": ("1", 1), "b": ("2", 1)},
        {"b": (None, 2)},
        unlisted=("d/",),
        groups={"kept": ["b", "d/a"], "unreadable": ["d/", "b"]},
        read=("b",),
    ),
    Case(
        "everything at once",
        {"changed": ("1", 1), "gone": ("1", 1), "same": ("1", 1), "touched": ("1", 1), "x/hidden": ("1", 1)},
        {"added": ("1", 1), "changed": ("22", 2), "same": ("1", 1), "touched": ("1", 2)},
        unlisted=("x/",),
        groups={
            "added": ["added"],
            "changed": ["changed"],
            "touched": ["touched"],
            "unchanged": ["same"],
            "removed": ["gone"],
            "kept": ["x/hidden"],
            "unreadable": ["x/"],
        },
        read=("touched",),
    ),
]


def path_of(item: FoundFile | Problem | str) -> str:
    return item if isinstance(item, str) else item.path


def groups_of(changes: Changes) -> dict[str, list[str]]:
    named = {group.name: [path_of(item) for item in getattr(changes, group.name)] for group in fields(changes)}
    return {name: found for name, found in named.items() if found}


class Disk:
    """The bytes of the files, and a record of which were read."""

    def __init__(self, contents: Mapping[str, Content]) -> None:
        self._contents = contents
        self.read: list[str] = []

    def digest(self, path: str) -> str:
        self.read.append(path)
        content = self._contents[path]
        if content is None:
            raise Unreadable(DENIED)
        return f"digest of {content}"


def known_files(before: Mapping[str, tuple[str, int]]) -> dict[str, KnownFile]:
    return {path: KnownFile(path, len(text), time, f"digest of {text}") for path, (text, time) in before.items()}


def listing_of(after: Mapping[str, tuple[Content, int]], unlisted: tuple[str, ...] = ()) -> Listing:
    return Listing(
        tuple(FoundFile(path, 1 if text is None else len(text), time) for path, (text, time) in sorted(after.items())),
        tuple(Problem(path, DENIED) for path in unlisted),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_gets_its_verdict(case: Case) -> None:
    disk = Disk({path: text for path, (text, _) in case.after.items()})
    changes = compare(listing_of(case.after, case.unlisted), known_files(case.before), disk.digest)
    assert groups_of(changes) == case.groups
    assert tuple(disk.read) == case.read, "a file is read only when its time differs and its size does not"


def test_what_was_found_and_why_not_is_handed_on() -> None:
    before = known_files({"a": ("1", 1), "b": ("1", 1)})
    listing = Listing((FoundFile("a", 1, 2), FoundFile("b", 7, 3), FoundFile("c", 9, 4)), (Problem("d/", "gone"),))
    changes = compare(listing, before, Disk({"a": None}).digest)
    assert changes == Changes(
        added=(FoundFile("c", 9, 4),),
        changed=(FoundFile("b", 7, 3),),
        touched=(),
        unchanged=(),
        removed=(),
        kept=("a",),
        unreadable=(Problem("d/", "gone"), Problem("a", DENIED)),
    )


@pytest.mark.parametrize(
    ("case", "count"),
    [
        ("nothing changed", 0),
        ("another time", 0),
        ("the first time", 2),
        ("another size", 1),
        ("all gone", 2),
        ("moved", 2),
        ("a folder that cannot be listed", 2),
        ("unreadable when its time changed", 0),
        ("everything at once", 3),
    ],
)
def test_only_what_the_index_must_follow_is_counted(case: str, count: int) -> None:
    (found,) = (one for one in CASES if one.name == case)
    disk = Disk({path: text for path, (text, _) in found.after.items()})
    assert compare(listing_of(found.after, found.unlisted), known_files(found.before), disk.digest).count == count


def test_once_all_is_carried_out_every_file_that_was_seen_is_as_it_was() -> None:
    files = [FoundFile(f"{number}.md", 1, number) for number in range(4)]
    changes = Changes((files[0],), (files[1],), (files[2],), ("3.md",), ("gone.md",), ("kept.md",), ())
    done = changes.carried_out()
    assert (done.count, done.touched, done.kept) == (0, (), ("kept.md",))
    assert sorted(done.unchanged) == [file.path for file in files]
    listing = Listing(tuple(files), ())
    assert sorted(file.path for file in done.with_all_reread(listing).changed) == [file.path for file in files]


def test_an_error_that_says_nothing_about_the_file_is_not_swallowed() -> None:
    def digest(path: str) -> str:
        raise RuntimeError("out of handles")

    with pytest.raises(RuntimeError, match="out of handles"):
        compare(listing_of({"a": ("1", 2)}), known_files({"a": ("1", 1)}), digest)


PATHS = st.sampled_from(["a", "b", "d/a", "d/b", "d/e/a", "de", "z"])
TEXTS = st.sampled_from(["", "1", "2", "22"])
TIMES = st.integers(0, 3)


@given(
    before=st.dictionaries(PATHS, st.tuples(TEXTS, TIMES)),
    after=st.dictionaries(PATHS, st.tuples(TEXTS | st.none(), TIMES)),
    unlisted=st.lists(st.sampled_from(["d/", "d/e/", "a", "z"]), unique=True),
)
@settings(deadline=None, max_examples=examples(300))
def test_no_file_is_forgotten_and_none_is_removed_that_may_still_be_there(
    before: dict[str, tuple[str, int]], after: dict[str, tuple[Content, int]], unlisted: list[str]
) -> None:
    hidden = {
        path
        for path in before.keys() | after.keys()
        if path in unlisted or any(path.startswith(shut) for shut in unlisted if shut.endswith("/"))
    }
    seen = {path: state for path, state in after.items() if path not in hidden}
    disk = Disk({path: text for path, (text, _) in seen.items()})
    listing = listing_of(seen, tuple(unlisted))
    changes = compare(listing, known_files(before), disk.digest)
    groups = groups_of(changes)
    verdicts = [path for name, found in groups.items() if name != "unreadable" for path in found]
    assert sorted(verdicts) == sorted(before.keys() | seen.keys()), "every file in exactly one group"
    assert set(groups.get("removed", [])) == before.keys() - seen.keys() - hidden
    assert hidden & before.keys() <= set(groups.get("kept", []))
    assert set(groups.get("added", [])) == seen.keys() - before.keys()
    sizes = {file.path: file.size for file in listing.files}
    for path in groups.get("unchanged", []):
        assert (len(before[path][0]), before[path][1]) == (sizes[path], seen[path][1])
    for path in groups.get("touched", []):
        assert before[path][0] == seen[path][0]
    assert all(list(found) == sorted(found) for name, found in groups.items() if name != "unreadable")
    assert len(disk.read) == len(set(disk.read))
