"""`kb.toml`: its keys, its defaults, how a mistake in it is named, and how the root is found."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from kb.config import Config, find_root, read_config, root_from
from kb.errors import ConfigError
from kb.limit import Limit
from kb.system.user_cache import state_folder
from tests.conftest import Make, Run, write


def config_of(root: Path, text: str | bytes) -> Config:
    """Write `kb.toml` and read it."""
    root.mkdir(exist_ok=True)
    (root / "kb.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config(root)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert config_of(tmp_path, "") == Config(
        root=tmp_path,
        paths=("lessons",),
        include=("**/*.md", "**/*.MD", "**/*.markdown", "**/*.mdx"),
        exclude=(),
        model="all-MiniLM-L6-v2",
        limit=5,
        sections={},
    )


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """
        [corpus]
        paths = ["lessons", "older/cases"]
        include = ["*.md", "*.markdown"]
        exclude = ["drafts/"]
        [model]
        name = "intfloat/e5-small-v2"
        [search]
        limit = 12
        [reindex]
        max_removed = 0.5
        max_regressions = 3
        [sections]
        method = ["Vorgehen", "So ging es"]
        tool = ["Werkzeug"]
    """
    assert config_of(tmp_path, text) == Config(
        root=tmp_path,
        paths=("lessons", "older/cases"),
        include=("*.md", "*.markdown"),
        exclude=("drafts/",),
        model="intfloat/e5-small-v2",
        limit=12,
        max_removed=Limit(0.5),
        max_regressions=Limit(3),
        sections={"method": ("Vorgehen", "So ging es"), "tool": ("Werkzeug",)},
    )


def test_a_table_without_keys_means_the_defaults(tmp_path: Path) -> None:
    assert config_of(tmp_path, "[corpus]\n[model]\n[search]\n[reindex]\n[sections]\n") == Config(tmp_path)


@pytest.mark.parametrize("limit", [1, 1000])
def test_the_limits_of_the_limit_are_allowed(tmp_path: Path, limit: int) -> None:
    assert config_of(tmp_path, f"[search]\nlimit = {limit}").limit == limit


@pytest.mark.parametrize("most", [0, 0.0, 0.25, 1.0, 1, 100_000])
def test_a_limit_of_the_job_is_a_share_or_a_whole_number(tmp_path: Path, most: float) -> None:
    config = config_of(tmp_path, f"[reindex]\nmax_removed = {most}\nmax_regressions = {most}")
    for limit in (config.max_removed, config.max_regressions):
        assert (limit, type(limit.most)) == (Limit(most), type(most))


@pytest.mark.parametrize(
    "kind",
    ["problem", "case", "knowledge", "method", "tool", "failure", "impact", "applicability", "people", "other"],
)
def test_each_kind_of_section_takes_further_headings(tmp_path: Path, kind: str) -> None:
    assert config_of(tmp_path, f'[sections]\n{kind} = ["Anders"]').sections == {kind: ("Anders",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # unknown keys, with the nearest known one
        ("[modle]\nname = 'x'", "unknown key modle; did you mean model?"),
        ("[corpus]\npath = ['lessons']", "unknown key corpus.path; did you mean paths?"),
        ("[search]\nlimits = 3", "unknown key search.limits; did you mean limit?"),
        ("[sections]\ntools = ['Werkzeug']", "unknown key sections.tools; did you mean tool?"),
        ("[zzz]", "unknown key zzz; known are corpus, model, search, reindex, check, demand, sections, subscriptions"),
        ("[model]\nqqq = 1", "unknown key model.qqq; known are name"),
        (
            "limit = 3",
            "unknown key limit; known are corpus, model, search, reindex, check, demand, sections, subscriptions",
        ),
        # wrong types and values
        ("corpus = 3", "corpus: expected a table, [corpus], got 3"),
        ("search = 'much'", 'search: expected a table, [search], got "much"'),
        ("[corpus]\npaths = 'lessons'", 'corpus.paths: expected a list of one or more folders, got "lessons"'),
        ("[corpus]\npaths = []", "corpus.paths: expected a list of one or more folders, got []"),
        (
            "[corpus]\npaths = ['lessons', 3]",
            "corpus.paths: expected a list of one or more folders, got ['lessons', 3]",
        ),
        ("[corpus]\npaths = ['']", "corpus.paths: expected a list of one or more folders, got ['']"),
        ("[corpus]\ninclude = '*.md'", 'corpus.include: expected a list of texts, got "*.md"'),
        ("[corpus]\nexclude = [true]", "corpus.exclude: expected a list of texts, got [True]"),
        ("[model]\nname = ['a']", "model.name: expected a text, got ['a']"),
        ("[model]\nname = ' '", 'model.name: expected a text, got " "'),
        ("[search]\nlimit = '5'", 'search.limit: expected a whole number from 1 to 1000, got "5"'),
        ("[search]\nlimit = 5.0", "search.limit: expected a whole number from 1 to 1000, got 5.0"),
        ("[search]\nlimit = true", "search.limit: expected a whole number from 1 to 1000, got True"),
        ("[search]\nlimit = 0", "search.limit: expected a whole number from 1 to 1000, got 0"),
        ("[search]\nlimit = 1001", "search.limit: expected a whole number from 1 to 1000, got 1001"),
        ("[sections]\nmethod = 'Vorgehen'", 'sections.method: expected a list of texts, got "Vorgehen"'),
        ("[sections.method]\na = 1", "sections.method: expected a list of texts, got {'a': 1}"),
    ],
)
def test_a_mistake_names_file_key_and_what_was_expected(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match="^" + re.escape(f"{tmp_path / 'kb.toml'}: {message}") + "$"):
        config_of(tmp_path, text)


@pytest.mark.parametrize("value", ["'a quarter'", "true", "-1", "-0.1", "1.5", "nan", "inf", "[1]"])
@pytest.mark.parametrize("key", ["max_removed", "max_regressions"])
def test_what_is_no_limit_of_the_job_is_named(tmp_path: Path, key: str, value: str) -> None:
    expected = re.escape(f"reindex.{key}: expected a share as 0.25, or a whole number, got ")
    with pytest.raises(ConfigError, match=expected):
        config_of(tmp_path, f"[reindex]\n{key} = {value}")


def test_a_long_wrong_value_is_shown_in_part(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"got 1{57}\.\.\.$"):
        config_of(tmp_path, f"[search]\nlimit = {'1' * 4000}")


def test_what_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kb\.toml: not TOML: .*\(at line 2, column 1\)$"):
        config_of(tmp_path, "[search]\nlimit: 5\n".replace("limit", "!limit"))


def test_a_key_that_stands_twice_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kb\.toml: not TOML: .*line 3"):
        config_of(tmp_path, "[search]\nlimit = 5\nlimit = 6\n")


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    assert config_of(tmp_path, b"\xef\xbb\xbf[search]\r\nlimit = 7\r\n").limit == 7


@pytest.mark.parametrize("data", ["[search]\nlimit = 7\n".encode("utf-16"), b"[model]\nname = '\xff'\n"])
def test_another_encoding_than_utf_8_is_named(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"kb\.toml: not UTF-8; save it as UTF-8$"):
        config_of(tmp_path, data)


@pytest.mark.parametrize("folder", ["..", "../elsewhere", "lessons/../../elsewhere", "/etc", "/"])
def test_a_corpus_folder_must_be_below_the_root(tmp_path: Path, folder: str) -> None:
    root = tmp_path / "base"
    said = f"{root / 'kb.toml'}: corpus.paths: {folder!r} is not a folder below {root}"
    with pytest.raises(ConfigError, match="^" + re.escape(said) + "$"):
        config_of(root, f"[corpus]\npaths = ['lessons', '{folder}']")


def test_a_linked_corpus_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "base"
    root.mkdir()
    (tmp_path / "secrets").mkdir()
    (root / "lessons").symlink_to(tmp_path / "secrets")
    with pytest.raises(ConfigError, match=r"corpus\.paths: 'lessons' is not a folder below"):
        config_of(root, "")


def test_a_linked_corpus_folder_that_stays_inside_is_allowed(tmp_path: Path) -> None:
    root = tmp_path / "base"
    (root / "texts").mkdir(parents=True)
    (root / "lessons").symlink_to("texts")
    assert config_of(root, "").paths == ("lessons",)


def test_a_linked_corpus_folder_that_leads_to_itself_is_an_error_for_people(tmp_path: Path, kb: Run) -> None:
    (tmp_path / "lessons").symlink_to("lessons")
    (tmp_path / "kb.toml").touch()
    done = kb(tmp_path, "reindex")
    assert done.code == 2
    assert done.out == ""
    assert re.fullmatch(rf"kb: {re.escape(str(tmp_path / 'kb.toml'))}: corpus\.paths: .*'lessons'.*\n", done.err)


def test_the_root_itself_may_be_the_corpus(tmp_path: Path) -> None:
    assert config_of(tmp_path, "[corpus]\npaths = ['.']").paths == (".",)


def test_a_mistake_stops_every_command_with_exit_2_and_one_line(indexed: Make, kb: Run) -> None:
    root = indexed({"one.md": "# One"})
    (root / "kb.toml").write_text("[serach]\nlimit = 5\n")
    for command in (["search", "one"], ["show", "one"], ["list"], ["status"], ["reindex"]):
        done = kb(root, *command)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"kb: {root / 'kb.toml'}: unknown key serach; did you mean search?\n"


# The settings do what they say.


def test_include_and_exclude_choose_the_lessons(indexed: Make, kb: Run) -> None:
    config = """
        [corpus]
        include = ["**/*.md", "*.txt"]
        exclude = ["drafts/", "*.tmp.md"]
    """
    files: dict[str, str | bytes] = {
        "one.md": "# One",
        "deep/two.md": "# Two",
        "three.txt": "# Three",
        "drafts/four.md": "# Four",
        "five.tmp.md": "# Five",
        "six.rst": "Six",
    }
    root = indexed(files, config)
    assert {lesson["id"] for lesson in json.loads(kb(root, "list", "--json").out)} == {"one", "deep/two", "three.txt"}


def test_several_corpus_folders_are_one_knowledge_base(make: Make, kb: Run) -> None:
    root = make({"one.md": "# One"}, '[corpus]\npaths = ["lessons", "older"]')
    write(root, "../older/two.md", "# Two")
    assert kb(root, "reindex").code == 0
    found = [(lesson["id"], lesson["path"]) for lesson in json.loads(kb(root, "list", "--json").out)]
    assert found == [("one", "lessons/one.md"), ("two", "older/two.md")]


def test_the_configured_limit_holds_unless_the_option_says_otherwise(make: Make, kb: Run) -> None:
    files: dict[str, str | bytes] = {f"{number}.md": f"# Parcels {number}" for number in range(4)}
    root = make(files, "[search]\nlimit = 2")
    found = kb(root, "search", "--mode", "lexical", "parcels", "--json")
    assert [hit["id"] for hit in json.loads(found.out)["hits"]] == ["0", "1"]
    found = kb(root, "search", "--mode", "lexical", "parcels", "--json", "--limit", "3")
    assert [hit["id"] for hit in json.loads(found.out)["hits"]] == ["0", "1", "2"]


def test_further_headings_tell_the_kind_of_a_section_and_win_over_the_built_in_ones(indexed: Make, kb: Run) -> None:
    files: dict[str, str | bytes] = {"one.md": "# One\n\n## Kniff!\n\nSo geht es.\n\n## Recommendation\n\nAsk twice.\n"}
    root = indexed(files, "[sections]\ntool = ['kniff']\nproblem = ['Recommendation']")
    assert kb(root, "show", "one", "--section", "tool").out == "## Kniff!\n\nSo geht es.\n"
    assert kb(root, "show", "one", "--section", "problem").out == "## Recommendation\n\nAsk twice.\n"


def test_new_headings_are_applied_to_lessons_that_did_not_change(make: Make, kb: Run) -> None:
    root = make({"one.md": "# One\n\n## Kniff\n\nSo geht es.\n"})
    before = json.loads(kb(root, "search", "--all", "geht", "--json").out)["hits"][0]
    with (root / "kb.toml").open("a") as file:
        file.write("[sections]\ntool = ['Kniff']\n")
    assert kb(root, "reindex").code == 0
    after = json.loads(kb(root, "search", "--all", "geht", "--json").out)["hits"][0]
    assert (before["kind"], after["kind"]) == ("other", "tool")


def test_a_model_folder_is_relative_to_the_root(
    make: Make, kb: Run, static_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make({"one.md": "# One"}, '[model]\nname = "models/own"')
    shutil.copytree(static_model, root / "models" / "own")
    monkeypatch.chdir(tmp_path)
    assert kb(root, "reindex").code == 0
    assert json.loads(kb(root, "status", "--json").out)["model"] == "models/own"


# The root.


def test_the_root_is_found_upwards_and_the_nearest_wins(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    deep = inner / "lessons" / "2006"
    deep.mkdir(parents=True)
    (tmp_path / "outer" / "kb.toml").touch()
    assert find_root(deep) == tmp_path / "outer"
    (inner / "kb.toml").touch()
    assert find_root(deep) == inner
    assert find_root(inner) == inner


def test_a_folder_named_like_the_file_marks_no_root(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").touch()
    (tmp_path / "inner" / "kb.toml").mkdir(parents=True)
    assert find_root(tmp_path / "inner") == tmp_path


def test_without_a_root_the_message_says_how_to_make_one(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = kb(None, "search", "brochure errors")
    assert (done.code, done.out) == (2, "")
    said = f"no kb.toml in {tmp_path} or above it; name the knowledge base with --root DIR or KB_ROOT"
    assert done.err == f"kb: {said}, or make one with `kb init`\n"


def test_the_one_that_was_used_last_is_named_while_it_is_there(
    tmp_path: Path, make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = make({"a.md": "# A\n"}, name="used")
    monkeypatch.chdir(tmp_path)
    assert kb(used, "reindex").code == 0
    said = kb(None, "search", "brochure errors")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert f"with --root DIR or KB_ROOT (last used: {used}), or make one" in said.err
    kb(make(name="other"), "list")
    assert f"(last used: {tmp_path / 'other'})" in kb(None, "list").err
    (tmp_path / "other" / "kb.toml").unlink()
    assert "last used" not in kb(None, "list").err


@pytest.mark.parametrize("said", ["", "\n", "relative", "/nowhere", "/a\0b", "\x1b[2J/", "/" + "x" * 5000, b"/\xff"])
def test_a_damaged_note_of_what_was_used_last_is_none(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, said: str | bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    state_folder().mkdir(parents=True)
    (state_folder() / "last-root").write_bytes(said if isinstance(said, bytes) else said.encode())
    done = kb(None, "list")
    assert (done.code, done.err.count("\n"), "last used" in done.err) == (2, 1, False)


def test_what_was_used_last_is_for_the_users_own_eyes(make: Make, kb: Run) -> None:
    root = make()
    kb(root, "list")
    file = state_folder() / "last-root"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (str(root), 0o600)


def test_the_option_wins_over_the_environment_and_that_over_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("here", "environment", "option"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kb.toml").touch()
    monkeypatch.chdir(tmp_path / "here")
    assert root_from(None) == tmp_path / "here"
    monkeypatch.setenv("KB_ROOT", str(tmp_path / "environment"))
    assert root_from(None) == tmp_path / "environment"
    assert root_from(str(tmp_path / "option")) == tmp_path / "option"
    monkeypatch.setenv("KB_ROOT", "")
    assert root_from(None) == tmp_path / "here"


def test_a_root_may_be_relative_or_begin_with_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "kb.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert root_from("base") == tmp_path / "base"
    assert root_from("~/base") == tmp_path / "base"


def test_a_named_root_is_not_searched_upwards_and_the_message_says_who_named_it(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kb.toml").touch()
    inner = tmp_path / "inner"
    inner.mkdir()
    said = f"no kb.toml in {inner}; make a knowledge base with `kb init {inner}`\n"
    done = kb(inner, "status")
    assert (done.code, done.err) == (2, f"kb: --root: {said}")
    monkeypatch.setenv("KB_ROOT", str(inner))
    done = kb(None, "status")
    assert (done.code, done.err) == (2, f"kb: KB_ROOT: {said}")
