"""Shared lists of gaps: no word of fewer than three people, merges without loss, and nothing hostile gets in."""

from __future__ import annotations

import re
import sqlite3
import string
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.demand.finding import Need
from kb.demand.gap import Cure, Gap, Remedy
from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.database import VERSION
from kb.demand.noting.log import DemandLog
from kb.demand.noting.place import asker, demand_folder
from kb.demand.shared.entry import Entry, read_entry, sharer_id, unit_code
from kb.demand.shared.gaps_file import read_gaps
from kb.demand.shared.merging import grouped, latest
from kb.demand.shared.sharing import Person, shared_list
from kb.demand.shared.token import Token, clear, faint, read_token, sure
from kb.demand.words import words_of
from kb.errors import NoSuchFile
from tests.conftest import Make, Outcome, Run
from tests.git import commit, git

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Labels\n\nParcels came back with a wrong label.\n",
    "presses.md": "---\nid: presses\n---\n# Presses\n\nAn old press of Miller, no spare parts for the press.\n",
}
Become = Callable[[str], None]


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


@pytest.fixture
def become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Become:
    """Be another person from now on, by name."""
    return lambda name: monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "people" / name))


def ask(base: Path, *texts: str) -> None:
    for text in texts:
        asked = Asked(Command.SEARCH, text, False, False, Verdict.NEAREST, (), "", None)
        assert DemandLog(base, 365).note(asked, "terminal", tells=True).done


def shared(kb: Run, base: Path) -> str:
    assert kb(base, "gaps", "--share").code == 0
    return (base / "gaps.md").read_text("utf-8")


def words_in(text: str) -> set[str]:
    """Return the words in clear of the lists."""
    return {word for line in text.splitlines() if (entry := read_entry(line)) for t in entry.tokens if (word := t.word)}


def rounds(kb: Run, base: Path, become: Become, people: str, count: int) -> str:
    """Let each person share so many times, one after the other; return the file."""
    text = ""
    for _ in range(count):
        for name in people:
            become(name)
            text = shared(kb, base)
    return text


def test_a_word_shows_when_three_people_have_it_and_not_before(base: Path, kb: Run, become: Become) -> None:
    for name, text in {"a": "zebras in the yard", "b": "a zebra in our yard", "c": "yard with zebras"}.items():
        become(name)
        ask(base, text)
    assert words_in(rounds(kb, base, become, "ab", 3)) == set()
    assert "zebra" not in (base / "gaps.md").read_text("utf-8")
    text = rounds(kb, base, become, "abc", 2)
    assert words_in(text) == {"yard", "zebra", "zebras"}
    assert re.search(r"^- \*\*yard, zebras?\*\*: 3 people, asked 3 times", text, re.MULTILINE)


def test_words_of_one_person_stay_hidden_beside_those_of_three(base: Path, kb: Run, become: Become) -> None:
    for name, more in {"a": "redundancy", "b": "giraffes", "c": "kettles"}.items():
        become(name)
        ask(base, f"zebras in the yard {more}")
    assert words_in(rounds(kb, base, become, "abc", 3)) == {"yard", "zebras"}


def test_neither_digits_nor_names_are_shared_unless_the_library_has_the_name(
    base: Path, kb: Run, become: Become
) -> None:
    for name in "abc":
        become(name)
        ask(base, "zebras of Smith and Miller 4711 room B12")
    text = rounds(kb, base, become, "abc", 3)
    assert words_in(text) == {"miller", "room", "zebras"}
    assert str(faint("smith")) not in text


def test_who_opted_out_is_in_no_list(base: Path, kb: Run, become: Become) -> None:
    (base / "people.md").write_text("---\npeople:\n  - name: Smith\n    opted_out: true\n---\n")
    for name in "abc":
        become(name)
        ask(base, "zebras of smith")
    assert words_in(rounds(kb, base, become, "abc", 3)) == {"zebras"}


def test_no_part_of_the_name_of_who_opted_out_is_in_a_list(base: Path, kb: Run, become: Become) -> None:
    (base / "people.md").write_text("---\npeople:\n  - name: Dr. Joan Smith\n    opted_out: true\n---\n")
    for name in "abc":
        become(name)
        ask(base, "zebras of joan smith")
    assert words_in(rounds(kb, base, become, "abc", 3)) == {"zebras"}


def test_a_list_of_the_future_and_more_than_a_list_can_hold_do_not_count(base: Path) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    day, future = "2026-11-28T23:00:00Z", "9999-12-31T23:59:59Z"
    lines = [Entry("1a2b3c4d", day, number, "-", (), "", ()).line() for number in range(1, 60)]
    lines += [Entry(sharer, future, 1, "-", (), "", ()).line() for sharer in ("1a2b3c4d", "00000000")]
    (base / "gaps.md").write_text("\n".join(["<!-- kb gaps --share writes everything below this line -->", *lines]))
    found = read_gaps(base, now).entries
    assert ({entry.shared for entry in found}, len(found)) == ({day}, 50)


def test_a_word_of_one_person_among_very_many_stays_faint() -> None:
    """Among hundreds of people who mean the same, two others have the same ten bits by chance."""
    common, (rare,) = words_of("zebras graze fresh carrots yard"), words_of("redundancy")
    person, meaning = Person("ffffffff", "-", "2026-11-28T02:20:01Z"), "0" * 32
    gap = Gap("zebras", ("zebras",), (), 1, 1, 0, "2026-11-28", 1, 0, (), Remedy(Cure.LESSON))
    need = Need(gap, dict.fromkeys([*common, rare], 1.0), 1.0, meaning)
    tokens = tuple(faint(word.term) for word in common)
    others = [
        Entry(f"{number:08x}", person.now, 1, "-", (), meaning, tokens + (faint(rare.term),) * (number < 2))
        for number in range(400)
    ]
    (own,) = shared_list([need], person, others, lambda word: True)
    assert [token.form for token in own.tokens] == ["#"] * 5 + ["~"]


def test_gaps_of_others_show_from_three_people_on(base: Path, kb: Run, become: Become) -> None:
    for name in "abc":
        become(name)
        ask(base, "zebras in the yard")
    rounds(kb, base, become, "ab", 2)
    become("d")
    assert kb(base, "gaps").out == ""
    assert "kb: 1 gap of others not shown, because fewer than three people have it\n" in kb(base, "gaps").err
    rounds(kb, base, become, "abc", 2)
    become("d")
    found = kb(base, "gaps").out
    assert found.startswith(
        "1. yard zebras\n   asked 3 times, 3 people, found only the nearest lessons, last asked today\n"
    )
    become("a")
    assert kb(base, "gaps").out.startswith("1. zebras in the yard\n   asked 3 times, 3 people,")


def test_units_are_counted_and_a_person_may_be_in_several(
    base: Path, kb: Run, become: Become, own_git: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [("a", "Sales"), ("a", "Planning"), ("b", "Sales"), ("c", "Yards")]
    rows = "".join(f"  - name: P {name}\n    contact: {name}@example.org\n    unit: {unit}\n" for name, unit in records)
    (base / "people.md").write_text(f"---\npeople:\n{rows}---\n")
    for name in "abc":
        become(name)
        ask(base, "zebras in the yard")
    for name in "abc" * 2:
        become(name)
        monkeypatch.setenv("GIT_AUTHOR_NAME", name)
        monkeypatch.setenv("GIT_AUTHOR_EMAIL", f"{name}@example.org")
        text = shared(kb, base)
    assert "3 people, 3 units, asked 3 times" in text
    assert {unit_code(unit) for unit in ("Planning", "Sales", "Yards")} == {one.unit for one in read_gaps(base).entries}
    assert not {"Sales", "Planning", "Yards"} & {*re.findall(r"\w+", text)}


def test_a_person_without_gaps_any_more_leaves_an_empty_line_that_counts(base: Path, kb: Run, become: Become) -> None:
    become("a")
    ask(base, "zebras in the yard")
    shared(kb, base)
    kb(base, "demand", "--forget")
    shared(kb, base)
    assert [entry.asked for entry in read_gaps(base).entries] == [0]


def test_a_log_that_cannot_be_read_takes_nothing_back(base: Path, kb: Run) -> None:
    assert kb(base, "gaps", "--share").err.endswith("there is nothing to share; see `kb demand`\n")
    assert not (base / "gaps.md").exists()
    ask(base, "zebras in the yard")
    before = shared(kb, base)
    log = demand_folder() / "demand.sqlite"
    connection = sqlite3.connect(log)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    assert "a newer version of kb wrote the log" in kb(base, "gaps", "--share").err
    log.unlink()
    log.symlink_to(base)
    assert kb(base, "gaps", "--share").code == 1
    assert (base / "gaps.md").read_text("utf-8") == before


def test_two_clones_that_both_shared_are_merged_without_conflict_or_loss(
    base: Path, kb: Run, become: Become, own_git: None, tmp_path: Path
) -> None:
    git(base, "init", "-q", "-b", "main")
    (base / ".gitignore").write_text(".kb/\n")
    for name, text in {"a": "zebras in the yard", "b": "zebras in our yard", "c": "yard of zebras"}.items():
        become(name)
        ask(base, text)
    become("a")
    assert "commit .gitattributes too" in kb(base, "gaps", "--share").err
    assert (base / ".gitattributes").read_text() == "gaps.md merge=union\n"
    commit(base)
    before = read_gaps(base).entries
    for name in "bc":
        git(base, "checkout", "-q", "-b", name, "main")
        become(name)
        shared(kb, base)
        become("a")
        shared(kb, base)
        commit(base)
    git(base, "merge", "-q", "-m", "both", "b")
    merged = read_gaps(base).entries
    assert {entry.sharer for entry in merged} == {sharer_id(name_of(become, name)) for name in "abc"}
    assert len(merged) == len(before) + 2
    become("a")
    assert "<<<<" not in shared(kb, base)
    assert len(read_gaps(base).entries) == 3


def name_of(become: Become, name: str) -> str:
    become(name)
    return asker()


def test_an_existing_file_of_attributes_is_not_changed_but_named(base: Path, kb: Run, become: Become) -> None:
    (base / ".gitattributes").write_text("*.md text\n")
    ask(base, "zebras")
    done = kb(base, "gaps", "--share")
    assert "kb: add the line `gaps.md merge=union` to " in done.err
    assert (base / ".gitattributes").read_text() == "*.md text\n"
    for line, is_enough in {"gaps.md text": False, "gaps.md -merge": False, "/gaps.md text merge=union": True}.items():
        (base / ".gitattributes").write_text(f"\n{line}\n")
        assert ("kb: add the line" in kb(base, "gaps", "--share").err) is not is_enough


def test_text_above_the_lists_stays_and_what_is_no_list_goes(base: Path, kb: Run) -> None:
    ask(base, "zebras")
    text = shared(kb, base)
    (base / "gaps.md").write_text("# Ours\n\nSee the wiki.\n" + text[text.index("<!-- kb") :] + "\nfree text\n")
    again = shared(kb, base)
    assert again.startswith("# Ours\n\nSee the wiki.\n<!-- kb")
    assert "free text" not in again


def test_a_file_that_is_not_of_kb_is_neither_read_nor_replaced(base: Path, kb: Run) -> None:
    ask(base, "zebras")
    (base / "gaps.md").write_text("# Gaps between the planks\n")
    refused = kb(base, "gaps", "--share").err
    assert refused.endswith("gaps.md: was not written by kb; give it another name, and try again\n")
    assert kb(base, "gaps").out.startswith("1. zebras\n")
    assert (base / "gaps.md").read_text() == "# Gaps between the planks\n"


def test_a_link_is_neither_read_nor_written(base: Path, kb: Run, tmp_path: Path) -> None:
    ask(base, "zebras")
    target = tmp_path / "precious"
    target.write_text("")
    (base / "gaps.md").symlink_to(target)
    done: Outcome = kb(base, "gaps", "--share")
    assert (done.code, target.read_text()) == (2, "")
    assert kb(base, "gaps").out.startswith("1. zebras\n")
    with pytest.raises(NoSuchFile):
        read_gaps(base)


HOSTILE = [
    "- 1a2b3c4d 2026-02-31T02:20:01Z asked 4 unit 3f near a meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words <script>",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning 0f words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a](http://x) meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a,b,c,d meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 99999999 unit 3f near a meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words zebra extra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words zeb\x1bra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words zebra\u202e",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words the",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near -rf meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words "
    + ",".join(string.ascii_lowercase[:7] * 3),
    "- 1A2B3C4D 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked ٣ unit 3f near a meaning - words zebra",
    "* 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words zebra",
    "- 1a2b3c4d 2026-11-28T02:20:01Z asked 4 unit 3f near a meaning - words " + "z" * 3000,
]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_line_that_kb_does_not_write_is_none(line: str) -> None:
    assert read_entry(line) is None


def test_a_hostile_list_costs_neither_the_rest_nor_much_time(base: Path, kb: Run) -> None:
    ask(base, "zebras in the yard")
    good = shared(kb, base)
    many = (f"- {n:08x} 9999-99-99T99:99:99Z asked 9 unit - near - words {'~3ff,' * 5}~000" for n in range(30_000))
    (base / "gaps.md").write_text("\n".join([good, *HOSTILE[:8], *many]), "utf-8", errors="replace")
    assert kb(base, "gaps").code == 0
    assert kb(base, "gaps", "--share").code == 0


def entries() -> st.SearchStrategy[Entry]:
    digits = st.text("0123456789abcdef", min_size=8, max_size=8)
    times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda when: f"{when:%Y-%m-%dT%H:%M:%SZ}")
    words = st.sampled_from(["zebra", "yard", "kettle", "curtains"])
    tokens = st.lists(st.one_of(words.map(faint), words.map(sure), words.map(clear)), max_size=6).map(tuple)
    lessons = st.lists(st.from_regex(r"[a-z0-9_][a-z0-9_./-]{0,20}", fullmatch=True), max_size=3).map(tuple)
    meanings = st.one_of(st.just(""), st.text("0123456789abcdef", min_size=32, max_size=32))
    units = st.sampled_from(["-", "3f"])
    return st.builds(Entry, digits, times, st.integers(0, 999_999), units, lessons, meanings, tokens)


@given(entries())
def test_an_entry_is_read_as_it_was_written(entry: Entry) -> None:
    assert read_entry(entry.line()) == entry


@given(st.text())
def test_any_other_text_is_read_as_none_or_written_the_same(text: str) -> None:
    found = read_entry(text)
    assert found is None or found.line() == text
    token = read_token(text)
    assert token is None or str(token) == text


@given(st.lists(entries(), max_size=12), st.randoms())
def test_the_order_of_lines_does_not_matter_and_no_word_of_two_people_shows(many: list[Entry], chance: object) -> None:
    chosen = latest(many)
    shuffled = [*chosen]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    groups = grouped(chosen)
    assert grouped(shuffled) == groups
    assert sorted(entry for group in groups for entry in group.entries) == sorted(one for one in chosen if one.asked)
    for group in groups:
        for word in group.words():
            has = {one.sharer for one in group.entries if any(token.sure == clear(word).sure for token in one.tokens)}
            assert len(has) >= 3


def test_of_each_person_the_latest_list_counts() -> None:
    old = Entry("1a2b3c4d", "2026-11-27T00:00:00Z", 4, "-", (), "", (faint("zebra"),))
    new, other = old._replace(shared="2026-11-28T00:00:00Z", asked=1), old._replace(sharer="00000000")
    assert latest([old, new, other, new]) == [new, other]


def test_a_faint_word_stands_for_many_and_a_sure_one_for_itself() -> None:
    assert {token.faint for token in (faint("zebra"), sure("zebra"), clear("zebras"))} == {faint("zebra").faint}
    assert faint("zebra").sure is None
    assert clear("Zebras").sure == sure("zebra").sure != sure("zebu").sure
    assert 0 <= faint("zebra").faint < 1024
    assert [token.word for token in (faint("zebra"), sure("zebra"), clear("Zebra"))] == ["", "", "zebra"]
    assert read_token("~3ff") == Token("~", "3ff")


def test_the_file_names_its_reason_when_it_cannot_be_written(base: Path, kb: Run) -> None:
    ask(base, "zebras")
    (base / "gaps.md").mkdir()
    done = kb(base, "gaps", "--share")
    assert done.code != 0
    assert "gaps.md" in done.err
