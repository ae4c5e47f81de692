"""What people call a lesson, and which lesson that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import AmbiguousId, UnknownLesson
from kb.lessons.handles import Handles, Name, Place
from kb.system.last_hits import LastHit

NAMES = [
    Name("lessons/2.md", "2", "Two"),
    Name("lessons/2006/talks.md", "2006/talks", "Budget talks took nine weeks"),
    Name("lessons/cafe.md", "cafe", "Café Zürich: STRASSE und Straße"),
    Name("lessons/plans-new.md", "plans-new", "Plans"),
    Name("lessons/plans.md", "plans", "Forty plans"),
    Name("lessons/planting.md", "planting", "Planting trees"),
]


def handles(*hits: LastHit, root: Path = Path("/nowhere"), names: list[Name] = NAMES) -> Handles:
    return Handles(root, names, hits or None)


def path_of(said: str, *hits: LastHit) -> str:
    return handles(*hits).meant(said).path


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("plans", "lessons/plans.md"),
        ("lessons/plans.md", "lessons/plans.md"),
        ("./lessons/plans.md", "lessons/plans.md"),
        ("2006/", "lessons/2006/talks.md"),
        ("plant", "lessons/planting.md"),
        ("PLANT", "lessons/planting.md"),
        ("nine  weeks", "lessons/2006/talks.md"),
        ("cafe zurich", "lessons/cafe.md"),
        ("strasse UND strasse", "lessons/cafe.md"),
        ("zurich - strasse", "lessons/cafe.md"),
        ("forty plans", "lessons/plans.md"),
        ("trees", "lessons/planting.md"),
    ],
)
def test_a_lesson_is_meant_by_its_id_its_file_the_beginning_of_the_id_or_a_part_of_the_title(
    said: str, path: str
) -> None:
    assert path_of(said) == path


def test_a_whole_title_wins_over_a_part_of_another() -> None:
    names = [Name("a.md", "a", "Labels"), Name("b.md", "b", "Wrong labels")]
    assert handles(names=names).meant("labels") == Place("a.md")


def test_an_id_wins_over_the_number_of_a_hit_and_that_over_all_else() -> None:
    hits = (LastHit("plans", 7), LastHit("cafe", 8), LastHit("planting", 9))
    assert handles(*hits).meant("2") == Place("lessons/2.md")
    assert handles(*hits).meant("3") == Place("lessons/planting.md", found_at=9)
    assert handles(*hits).meant("1") == Place("lessons/plans.md", found_at=7)


def test_a_hit_is_found_by_its_id_wherever_its_file_is_now() -> None:
    names = [Name("lessons/2026/moved.md", "labels", "Labels")]
    assert handles(LastHit("labels", 3), names=names).meant("1").path == "lessons/2026/moved.md"


@pytest.mark.parametrize(
    ("said", "hits", "error"),
    [
        ("1", [], "there is no hit 1: nothing was searched for here in this terminal; run `kb search` first, or .*"),
        ("7", ["plans"], "there is no hit 7: the last search in this terminal showed 1 lesson"),
        ("2006", [], "there is no hit 2006: .*"),
        ("0", ["plans", "cafe"], "there is no hit 0: the last search in this terminal showed 2 lessons"),
        ("1", ["gone"], "hit 1 was gone, which is gone from the index or was moved; search again"),
        ("pla", [], "3 lessons fit 'pla': plans-new, plans, planting; name one of them"),
        ("t", [], "5 lessons fit 't': 2, 2006/talks, cafe, plans, planting; name one of them"),
        ("talks", ["plans"], None),
        ("planz", [], "no lesson with the id 'planz'; nearest: plans, planting"),
        ("qqqq", [], "no lesson with the id 'qqqq'; `kb list` shows all"),
        ("", [], "no lesson with the id ''; .*"),
        ("x" * 5000, [], f"no lesson with the id '{'x' * 200}…'; .*"),
        ("\0", [], r"no lesson with the id '\\x00'; .*"),
        ("9" * 5000, [], f"no lesson with the id '{'9' * 200}…'; .*"),
        ("lessons/nope.md", [], "'lessons/nope.md': no such file, and no lesson with that id; `kb list` shows all"),
        ("lessons/planz.md", [], "'lessons/planz.md': no such file, .*; nearest: plans, planting"),
        ("nope.md:92", [], "'nope.md:92': no such file, and no lesson with that id; `kb list` shows all"),
        ("3:4", ["plans", "cafe", "2"], "no lesson with the id '3:4'; .*"),
    ],
)
def test_what_names_no_lesson_or_several_is_one_line_that_says_so(
    said: str, hits: list[str], error: str | None
) -> None:
    last = [LastHit(id_, 1) for id_ in hits]
    if error is None:
        assert path_of(said, *last) == "lessons/2006/talks.md"
        return
    with pytest.raises((UnknownLesson, AmbiguousId), match=f"^{error}$"):
        path_of(said, *last)


def test_of_many_that_fit_the_first_are_named() -> None:
    names = [Name(f"{number}.md", f"plan-{number}", "") for number in range(1200)]
    with pytest.raises(AmbiguousId, match=r"^1,200 lessons fit 'plan': plan-0, .*, plan-4 and 1,195 more; name one"):
        handles(names=names).meant("plan")


@pytest.mark.parametrize("said", ["plans:92", "lessons/plans.md:92", "lessons/plans.md:92:7", "lessons/plans.md:92:7:"])
def test_a_line_may_stand_behind(said: str) -> None:
    assert handles().meant(said) == handles().exact(said) == Place("lessons/plans.md", 92)
    assert handles().meant("forty:92") == Place("lessons/plans.md", 92)


def test_an_id_that_ends_like_a_line_is_an_id() -> None:
    names = [Name("a.md", "talk:10", ""), Name("b.md", "talk", "")]
    assert handles(names=names).meant("talk:10") == Place("a.md")


def test_a_file_is_named_from_the_working_directory_and_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base" / "lessons" / "2006").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "base")
    monkeypatch.chdir(tmp_path / "base" / "lessons" / "2006")
    for root in (tmp_path / "base", tmp_path / "link"):
        here = handles(root=root)
        for said in ("talks.md", "./talks.md", "../2006/talks.md", "lessons/2006/talks.md"):
            assert here.exact(said) == Place("lessons/2006/talks.md")
        assert here.exact("talks.md:3") == Place("lessons/2006/talks.md", 3)
        assert here.exact("../plans.md") == Place("lessons/plans.md")
    assert handles(root=tmp_path / "link").exact(str(tmp_path / "base" / "lessons" / "plans.md"))


def test_a_folder_that_is_gone_or_a_link_to_itself_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownLesson):
        handles(root=tmp_path).meant("loop/plans.md")
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert handles(root=tmp_path).meant("lessons/plans.md").path == "lessons/plans.md"


def test_a_file_that_is_no_lesson_is_not_taken_for_a_part_of_a_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trees").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownLesson, match=r"^trees is no lesson of the index; if it is a new one: `kb reindex`$"):
        path_of("trees")


# For whoever changes a lesson


@pytest.mark.parametrize("said", ["plan", "forty plans", "trees", "PLANS"])
def test_a_part_of_a_name_does_not_do_to_change_a_lesson(said: str) -> None:
    with pytest.raises(UnknownLesson, match=r"^no lesson with the id .*; nearest: "):
        handles().exact(said)


def test_nor_does_a_number_but_its_lesson_is_named() -> None:
    with pytest.raises(UnknownLesson, match=r"^no lesson with the id '1'; to change hit 1, name it by its id: plans$"):
        handles(LastHit("plans", 7)).exact("1")
    assert handles(LastHit("plans", 7)).exact("2") == Place("lessons/2.md"), "an id"
    for number in ("0", "4"):
        with pytest.raises(UnknownLesson):
            handles(LastHit("plans", 7)).exact(number)


def test_a_lesson_that_takes_the_name_of_anothers_file_is_not_changed_in_its_place() -> None:
    names = [Name("lessons/a.md", "lessons/b.md", "Hostile"), Name("lessons/b.md", "b", "Honest")]
    said = "lessons/b.md stands for lessons/a.md and lessons/b.md; name one by its whole path, as /nowhere/lessons/b.md"
    for name in (handles(names=names).exact, handles(names=names).meant):
        with pytest.raises(AmbiguousId, match=f"^{said}$"):
            name("lessons/b.md")
    assert handles(names=names).exact("/nowhere/lessons/b.md").path == "lessons/b.md"
    assert handles(names=names).exact("lessons/a.md").path == "lessons/a.md"


def test_an_id_that_two_files_want_is_refused_and_both_are_named() -> None:
    names = [Name("a.md", "same", ""), Name("b.md", "same", "")]
    with pytest.raises(AmbiguousId, match=r"^the id same is used by a\.md and b\.md; give one of them another$"):
        handles(names=names).exact("same")
    assert handles(names=names).exact("b.md").path == "b.md"
