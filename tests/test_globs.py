"""Patterns for paths mean what they mean to git, and take no longer for being hostile."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.files.corpus import Corpus
from ingest.files.globs import Glob, Globs

NAMES = ["a", "b", "ab", "a-b", "a b", "a]b", "!a", "#a", "a*", "a\\b", "ba.md", "7", "x y.md"]
FOLDERS = ["", "a/", "b/", "ab/", "a/b/", "a/a/", "b/ab/a/", "a b/a/b/"]
FILES = [folder + name for folder in FOLDERS for name in NAMES]

PIECES = [
    "a",
    "b",
    "*",
    "**",
    "/",
    "?",
    "[ab]",
    "[!a]",
    "[^b]",
    "[a-b]",
    "[]a]",
    "[[:digit:]]",
    "[!]-b]",
    "\\",
    " ",
    "!",
    "#",
]
PATTERNS = st.lists(st.sampled_from([*PIECES, ".md", "-", "[b-a]", "[", "]"]), min_size=1, max_size=7).map("".join)
# `a**/b` is `a*/b` by git's own words, and `a/**/b` to the code that compares what stands in front of the first `*`.
PATTERNS = PATTERNS.filter(lambda said: not any("**" in part.strip("!") != "**" for part in said.split("/")))
# A slash in a class matches nothing anywhere, and makes of the pattern one for paths.
PATTERNS = PATTERNS.filter(lambda said: not re.search(r"\[[^\]]*/", said))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    for folder in FOLDERS:
        (top / folder).mkdir(parents=True, exist_ok=True)
    for path in FILES:
        if not (top / path).is_dir():
            (top / path).write_text("x")
    return top


@given(rules=st.lists(PATTERNS, min_size=1, max_size=4), inner=st.lists(PATTERNS, max_size=2))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(rules=["a/**", "!a/b"], inner=[])
@example(rules=["/a/**/b", "*.md "], inner=["!ba.md"])
@example(rules=["a\\ b", "x y.md\\ "], inner=["\\!a", "\\#a"])
@example(rules=["*", "!*/", "!**/a"], inner=["*\\b"])
def test_what_git_ignores_is_ignored_and_nothing_else(repository: Path, rules: list[str], inner: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(rules) + "\n")
    (repository / "a" / ".gitignore").write_text("\n".join(inner) + "\n")
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-files", "--others", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    expected = sorted(path for path in listed.split("\0") if path and not path.endswith(".gitignore"))
    assert [file.path for file in Corpus(repository, ["."], ["*"]).find().files] == expected


HOSTILE = {
    "stars": lambda size: ("*a" * size, "a" * size + "b"),
    "questions and stars": lambda size: ("*?" * size, "a" * size),
    "folders": lambda size: ("**/a/" * size + "b", "a/" * size + "c"),
    "classes": lambda size: ("*[ab]" * size, "a" * size + "c"),
    "open classes": lambda size: ("[" * size, "a"),
    "classes within": lambda size: ("[[:" * size + "]", "a"),
    "escapes": lambda size: ("\\a" * size, "a" * size),
}


@pytest.mark.parametrize("shape", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("read", [Glob.of_ignore_line, Glob.of_setting])
def test_a_pattern_of_any_shape_takes_no_more_than_its_length(shape, read) -> None:  # type: ignore[no-untyped-def]
    pattern, path = shape(400)
    *folders, name = path.split("/")
    began = time.process_time()
    globs = Globs.at_the_top([read(pattern)])
    for folder in folders:
        globs = globs.below(folder)
    globs.rules().verdict(name)
    assert time.process_time() - began < 2  # with a way to go back to it would be years
