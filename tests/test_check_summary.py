"""What is found often, as a person can take it in: examples, and one line that says what to do."""

from __future__ import annotations

from pathlib import Path
from time import process_time

from kb.check.summary import summarised
from tests.checking import files_of, findings


def advice(root: Path, files: dict[str, str], *select: str) -> list[tuple[str, str]]:
    """Return what is said of many findings at once, and what to do about them."""
    return [(one.text, one.advice) for one in summarised(findings(root, files, *select)).repeated]


def test_keys_that_are_not_of_the_format_are_named_as_kb_toml_wants_them(tmp_path: Path) -> None:
    files = {f"{number}.md": f"---\nowner: x\n{'cause: y' * (number % 2)}\n---\n" for number in range(7)}
    [(said, what)] = advice(tmp_path, files, "structure.unknown-key")
    assert said == "7 lessons have a key that is neither in the format nor declared, 10 times in all"
    assert what == 'rename what is misspelt, declare the others in kb.toml: [check] keys = ["owner", "cause"]'


def test_of_very_many_keys_the_most_frequent_are_named(tmp_path: Path) -> None:
    keys = "".join(f"k{number}: x\n" for number in range(20))
    [(_, what)] = advice(tmp_path, {f"{number}.md": f"---\n{keys}---\n" for number in range(6)}, "structure")
    assert what.endswith('"k10", "k11", …]')


def test_what_to_do_is_said_once_where_it_is_the_same_everywhere(tmp_path: Path) -> None:
    files = {f"{number}.md": f"# Labels\n\nAsk w{number}@brightpaper{number}.net.\n" for number in range(6)}
    assert advice(tmp_path, files, "privacy") == [
        ("6 lessons hold e-mail addresses of people they do not name", "take it out, or name the person")
    ]


def test_what_to_do_is_left_to_the_findings_where_it_differs(tmp_path: Path) -> None:
    files = {f"{number}.md": f"---\ndate: 2{number}/05/2006\n---\n" for number in range(6)}
    assert [what for _, what in advice(tmp_path, files, "structure")] == [""]


def test_what_one_lesson_has_dozens_of_times_is_no_wall_either(tmp_path: Path) -> None:
    text = "# Labels\n" + "".join(f"\nAsk w{number}@brightpaper.net.\n" for number in range(60))
    found = findings(tmp_path, {"a.md": text, "b.md": "# Scales\n\nAsk v@brightpaper.net.\n"}, "privacy")
    summary = summarised(found)
    assert [one.text for one in summary.repeated] == ["61 times in 2 lessons"]
    assert [(Path(one.path).name, one.line) for one in summary.shown] == [("a.md", 3), ("a.md", 5), ("b.md", 3)]
    assert len(summarised(found, every=True).shown) == 61


def test_places_in_a_very_long_line_are_found_at_once() -> None:
    [file] = files_of("# Labels\n\n" + "word " * 400_000)
    start = process_time()
    assert all(file.span_of(at, at + 4).column == at - 10 for at in range(10, 1_900_000, 100))
    assert process_time() - start < 1
