"""A new lesson's file: any title makes a name, valid YAML and one heading; nobody's file is overwritten."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable
from ingest.reading import Reading, read_lesson
from kb.codify.beginning import as_title
from kb.codify.draft import Draft
from kb.codify.file_name import create, slug
from kb.codify.template import template_named, template_names
from kb.errors import CannotWrite
from tests.test_bad_worlds import files_up_to

KINDS = KindTable()
NOWHERE = Path("/nonexistent")
TEMPLATES = ("after-action-review", "experiment", "lesson", "post-mortem")

texts = st.text() | st.text("#*_`[]<>&~\\:-!'\"{}|>%@ \n\tab1.=", max_size=20)


def read(text: str) -> Reading:
    return read_lesson(text.encode(), "a.md", "a", KINDS)


def filled(draft: Draft, name: str = "lesson") -> Reading:
    reading = read(template_named(name, NOWHERE, KINDS).filled(draft, KINDS))
    assert not reading.problems
    return reading


# Names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Orders left with the wrong label", "orders-left-with-the-wrong-label"),
        ("  It's 50 % cheaper -- really?! ", "its-50-cheaper-really"),
        ("订单贴错标签", "订单贴错标签"),
        ("الطلبات خرجت بملصق خاطئ", "الطلبات-خرجت-بملصق-خاطئ"),
        ("Straße nach Übersee", "strasse-nach-übersee"),
        ("Cafe\u0301 closed", "caf\u00e9-closed"),
        ("🚒 fire 🚒", "fire"),
        ("🚒🚒🚒", "lesson"),
        ("?!... / \\ :", "lesson"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON\x00\x1b[31m", "con-31m"),
    ],
)
def test_a_title_in_any_script_makes_a_name(title: str, name: str) -> None:
    assert slug(title) == name


def test_a_long_title_is_cut_at_a_word_in_the_name() -> None:
    assert slug("word " * 60) == "-".join(["word"] * 12)
    assert slug("x" * 300) == "x" * 60
    assert len(slug("订" * 300)) == 60


@given(texts)
def test_every_name_is_one_that_file_systems_take(title: str) -> None:
    name = slug(title)
    assert name == unicodedata.normalize("NFC", name)
    assert 0 < len(name) <= 60
    assert len(name.encode()) <= 180
    assert not re.search(r"[\s/\\:*?\"<>|\x00-\x1f]|^[-.]|-$|--", name)


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    made = [create(tmp_path / "new", "a", lambda stem: f"I am {stem}\n") for _ in range(3)]
    assert [path.name for path in made] == ["a.md", "a-2.md", "a-3.md"]
    assert [path.read_text() for path in made] == ["I am a\n", "I am a-2\n", "I am a-3\n"]


def test_many_at_once_have_a_file_each(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: (create(tmp_path, "a", lambda stem: str(number)), number), range(24)))
    assert len({path for path, _ in made}) == 24
    assert all(path.read_text() == str(number) for path, number in made)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    with files_up_to(100), pytest.raises(CannotWrite, match=re.escape(f"{tmp_path / 'a.md'}: file too large")):
        create(tmp_path, "a", lambda stem: "x" * 101)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=re.escape(f"{tmp_path / 'file'}: file exists; nothing was written")):
        create(tmp_path / "file", "a", str)


# What stands in it


@given(texts)
def test_any_title_is_read_back_and_is_one_heading(text: str) -> None:
    title = as_title(text)
    reading = filled(Draft({"title": title or "x"}))
    assert reading.lesson.title == (title or "x")
    assert reading.sections[1].headings == (title or "x",)
    assert [section.headings[-1] for section in reading.sections[1:]][1:] == [
        section.headings[-1] for section in filled(Draft({"title": "x"})).sections[2:]
    ]


values = (
    st.text() | st.integers(-(10**17), 10**17) | st.booleans() | st.lists(st.text(min_size=1), min_size=1, max_size=3)
)


@given(st.dictionaries(st.sampled_from(sorted(FORMAT.keys)), values), st.text(), st.data())
def test_any_values_and_remarks_are_valid_yaml(known: dict[str, object], remark: str, data: st.DataObject) -> None:
    known = {key: as_title(str(value)) if key == "title" else value for key, value in known.items()}
    known = {key: value for key, value in known.items() if value not in ("", [])}
    commented = data.draw(st.sets(st.sampled_from([(key,) for key in known])) if known else st.just(set()))
    reading = filled(Draft(known, dict.fromkeys(commented, remark)))
    found = {key: value for key, value in reading.lesson.metadata.items() if key in known}
    assert found == known


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_fresh_draft_asks_under_each_heading_and_says_nothing_yet(name: str) -> None:
    reading = filled(Draft({"id": "a", "title": "T", "date": "2026-11-22", "status": "draft"}), name)
    assert reading.blocks == ()
    kinds = [section.kind for section in reading.sections[2:]]
    assert set(kinds) >= {Kind.PROBLEM, Kind.KNOWLEDGE, Kind.TOOL, Kind.FAILURE, Kind.IMPACT, Kind.PEOPLE}
    assert Kind.OTHER not in kinds
    prompts = re.findall(r"^## .+\n\n<!-- kb: .+ -->$", reading.text, re.MULTILINE)
    assert len(prompts) == reading.text.count("\n## ")
    assert max(map(len, reading.text.splitlines())) <= 120


def test_sections_go_below_their_headings_and_what_has_none_comes_last() -> None:
    draft = Draft({"title": "T"}, {}, {Kind.OTHER: "the rest", Kind.TOOL: "a list\n\n### More\n\nof it"})
    reading = filled(draft)
    assert "## Tools\n\na list\n\n### More\n\nof it\n\n## What did not work\n" in reading.text
    assert reading.text.endswith("## Notes\n\nthe rest\n")


def test_prompts_of_keys_that_are_known_are_not_put_there() -> None:
    text = filled(Draft({"title": "T", "unit": "North", "screening": {"strategic": "yes"}})).text
    assert "\nunit: North\n" in text
    assert re.search(r"^  strategic: (\"yes\"|yes)\n  reusable: # kb: ", text, re.MULTILINE)


def test_lists_of_template_and_notes_are_one() -> None:
    assert filled(Draft({"title": "T", "tags": ["dns"]}), "post-mortem").lesson.tags == ("dns", "post-mortem")


def test_remarks_stand_beside_or_above() -> None:
    draft = Draft(
        {"unit": "North", "impact": [{"metric": "days", "before": 12}], "tags": ["a", "b"]},
        {("unit",): "proposed", ("impact", 0): 'proposed from line 12: "x"', ("tags", 1): "proposed\nfrom 2"},
    )
    text = filled(draft).text
    assert "\nunit: North # kb: proposed\n" in text
    assert '\nimpact:\n  # kb: proposed from line 12: "x"\n  - metric: days\n    before: 12\n' in text
    assert "\ntags:\n  - a\n  - b # kb: proposed from 2\n" in text


def test_the_built_in_templates_are_there() -> None:
    assert template_names(NOWHERE) == list(TEMPLATES)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def text_for(stem: str) -> str:
        assert list(tmp_path.iterdir()) == [], "whoever is killed now leaves nothing"
        return f"I am {stem}\n"

    assert create(tmp_path, "a", text_for).read_text() == "I am a\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
