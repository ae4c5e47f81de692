"""The documents say what the program does."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ingest import format as lesson_format
from ingest.format import Items, Record
from ingest.kinds import Kind, KindTable
from kb.codify.starter import CONFIG
from kb.commands.summaries import HOOKS, SUMMARIES
from kb.config import Config, read_config
from kb.errors import IndexUnusable
from kb.index.manifest import FORMAT, Manifest
from kb.lessons.evidence import GRADES
from kb.main import kb as group
from kb.reindex.job import SOON_REBUILT
from search.lexical import bm25f, language
from search.query.page import MOST_SLICES, MOST_TERMS
from search.ranking import elsewhere, relevance
from search.ranking.calibration import LEXICAL_WEIGHT
from search.ranking.priors import REUSE, STATUS
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
INSIDE_AN_INDEX = {"outline", "postings", "vectors"}
"""Folders of a snapshot that the architecture describes."""
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = ROOT / "docs" / "commands.md"


def test_the_readmes_two_commands_are_those_that_ci_runs() -> None:
    commands = re.findall(r"```sh\n(python3 -m venv .*)\n```", README)
    assert len(commands) == 2
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line.strip() for line in script if line.strip() in commands] == commands


def test_the_reference_of_the_commands_is_their_help() -> None:
    """Written anew with KB_REWRITE=1 in the environment."""
    context = click.Context(group, info_name="kb", max_content_width=100, terminal_width=100)
    context.help_option_names = ["-h", "--help"]
    parts = ["# Commands\n\nWhat `--help` says; a test keeps this page true.\n", _page("kb", group.get_help(context))]
    for name in sorted(group.commands):
        command = group.commands[name]
        inner = click.Context(command, info_name=name, parent=context)
        parts.append(_page(f"kb {name}", command.get_help(inner)))
        parts += _pages_below(command, inner)
    text = "\n".join(parts)
    if os.environ.get("KB_REWRITE"):
        COMMANDS.write_text(text, "utf-8")
    assert COMMANDS.read_text("utf-8") == text


def _pages_below(command: click.Command, context: click.Context) -> Iterator[str]:
    for name, below in sorted(command.commands.items()) if isinstance(command, click.Group) else ():
        if not below.hidden:
            inner = click.Context(below, info_name=name, parent=context)
            yield _page(inner.command_path, below.get_help(inner))


def test_the_list_of_commands_has_the_first_sentence_of_each_help() -> None:
    said = {name: summary for commands in SUMMARIES.values() for name, summary in commands.items()}
    helps = {name: command.help or "" for name, command in group.commands.items()}
    assert said == {name: help_.partition("\n\n")[0] for name, help_ in helps.items()}
    below = group.commands["hook"]
    assert isinstance(below, click.Group)
    assert {name: (one.help or "").partition("\n\n")[0] for name, one in below.commands.items() if not one.hidden} == {
        **HOOKS
    }
    assert all("Examples:" in (one.epilog or "") for one in below.commands.values())


def _page(title: str, text: str) -> str:
    return f"## `{title}`\n\n```text\n{text}\n```\n"


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_stands_in_the_readme_and_shows_examples(name: str) -> None:
    assert f"`kb {name}" in README
    assert "Examples:" in (group.commands[name].epilog or "")


def test_the_readmes_configuration_is_the_default_one(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    (tmp_path / "kb.toml").write_text(block.group(1), "utf-8")
    read = read_config(tmp_path)
    assert read.sections == {"method": ("Recommendations",)}
    assert read == Config(tmp_path, sections=read.sections)


def test_the_configuration_that_init_writes_names_every_key_of_the_readme() -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    keys = {f"{table}.{key}" for table, values in tomllib.loads(block.group(1)).items() for key in values}
    commented = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", CONFIG, flags=re.MULTILINE))
    assert {f"{table}.{key}" for table, values in commented.items() for key in values} == keys


def test_the_page_on_lessons_names_every_key_of_the_format() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text("utf-8")
    section = page.partition("\n## Front matter\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \| (.*) \|$", section, re.MULTILINE)
    values = {name: value for names, value in rows for name in re.findall(r"\w+", names)}
    assert values.keys() == lesson_format.FORMAT.keys.keys()
    for name, key in lesson_format.FORMAT.keys.items():
        shape = key.shape.of if isinstance(key.shape, Items) else key.shape
        if isinstance(shape, Record):
            assert f"`{{{', '.join(shape.keys)}}}`" in values[name], name


def test_the_headings_that_the_lesson_format_names_are_recognised() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*)\|$", page, re.MULTILINE)
    kinds = {kind for kind, _ in rows}
    assert {kind.value for kind in Kind} <= kinds
    table = KindTable()
    for kind, headings in rows:
        for heading in filter(None, headings.strip().split(", ")):
            assert table.kind_of([heading]).value == kind


def test_what_the_lesson_format_says_of_the_order_is_what_is_added() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("|")]
    said: dict[str, float] = {}
    for names, values in rows:
        numbers = [float(number) for number in re.findall(r"[+-]\.\d+", values)]
        if numbers:
            keys = [name.removeprefix("status: ") for name in re.findall(r"`([^`]*)`", names)]
            keys = keys[-max(len(numbers), names.count("`status: ")) :]
            said |= dict(zip(keys, numbers if len(numbers) > 1 else numbers * len(keys), strict=True))
    assert said == {**STATUS, **{letter: grade.prior for letter, grade in GRADES.items()}, **REUSE}


def test_the_readmes_transcript_is_what_the_program_prints(
    project: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = re.search(r"```console\n\$ kb ([^\n]*)\n(.*?)```", README, re.DOTALL)
    assert transcript
    monkeypatch.setenv("COLUMNS", "80")
    shown = kb(project, "search", "--limit", "1", "brochure errors")
    assert transcript.group(1) == 'search --limit 1 "brochure errors"'
    assert shown.out == transcript.group(2)


def test_every_file_that_the_documents_link_to_is_there() -> None:
    for page in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))):
        text = re.sub(r"^````.*?^````$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)  # examples
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_what_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = {name.rstrip("/") for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]*)`", text)}
    floors = [ROOT / floor for floor in ("ingest", "search", "kb")]
    there = {
        name
        for base in (ROOT, *floors)
        for name in named
        if (base / name).is_dir() or (base / f"{name}.py").is_file() or (base / f"{name}.txt").is_file()
    }
    assert named - there == INSIDE_AN_INDEX
    rooms = {path.parent.relative_to(floor).parts[0] for floor in floors for path in floor.glob("*/__init__.py")}
    assert rooms <= {part for name in named for part in name.split("/")}


def test_the_numbers_of_the_ranking_in_the_architecture_are_those_of_the_code() -> None:
    text = " ".join((ROOT / "ARCHITECTURE.md").read_text("utf-8").split())
    for said in (
        f"k1 = {bm25f.K1:g}, b = {bm25f.B:g}, k3 = {bm25f.K3:g}",
        f"add {bm25f.PAIR_WEIGHT:g} of a term",
        f"the {MOST_TERMS} terms with the most information",
        f"The {MOST_SLICES} slices",
        f"{LEXICAL_WEIGHT:g} for words, {1 - LEXICAL_WEIGHT:g} for meaning",
        f"if {relevance.TERMS_FOR_FULL_WEIGHT} words of the query",
        f"plus {relevance.WORDS_EVIDENCE:g} of the share",
        f"{language.IMAGINED_TEXTS} imagined English texts",
        f"{len(elsewhere.questions())} that no lesson answers",
    ):
        assert said in text


def test_the_files_that_contributors_are_sent_to_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`?((?:[\w.]+/)+[\w.*]*|[A-Z]+\.md|pyproject\.toml|constraints\.txt)", text)) - {
        ".venv/bin/pytest"
    }
    assert named
    for name in named:
        assert list(ROOT.glob(name.rstrip("/"))), name
    rewriting = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").glob("test_*.py")
        if 'environ.get("KB_REWRITE")' in path.read_text("utf-8")
    }
    assert rewriting <= named


def test_what_is_said_of_updates_is_what_the_program_does(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "upgrading.md").read_text("utf-8")
    assert not re.search(r"format \d", text), "a number here would be out of date with the next one"
    assert f"up to {SOON_REBUILT} lessons" in text
    (tmp_path / "manifest.json").write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(IndexUnusable) as newer:
        Manifest.read(tmp_path)
    said = (
        str(newer.value).replace(str(tmp_path), "…").replace(str(FORMAT + 1), "…").replace(f"reads {FORMAT}", "reads …")
    )
    assert f"kb: {said}\n" in text
