"""A change that is about to be merged or committed, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kb.hooks.problem import problem_of

_MOST_PATHS, _MOST_WORDS = 300, 60
_PARTS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Words of paths and of names of branches that say nothing about the matter.
_SAYS_NOTHING = {
    *("src", "lib", "app", "apps", "pkg", "packages", "test", "tests", "spec", "specs", "doc", "docs", "index", "init"),
    *("setup", "utils", "util", "common", "core", "internal", "github", "workflows", "config", "dist", "build"),
    *("vendor", "node", "modules", "readme", "license", "changelog"),
    *("main", "master", "develop", "dev", "trunk", "feature", "feat", "fix", "bugfix", "hotfix", "chore", "refactor"),
    *("release", "wip", "tmp", "patch", "head", "branch"),
    *("json", "yaml", "yml", "toml", "lock", "txt", "tsx", "jsx", "java", "css", "html", "cfg", "ini", "xml", "sql"),
}
_SHORTEST = 3


class Change(NamedTuple):
    """A change: what its authors say of it, and the files that it changes."""

    title: str = ""
    description: str = ""
    branch: str = ""
    paths: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """What is searched: title, description, and the words in the names of branch and files."""
        words = " ".join(words_of([self.branch, *self.paths[:_MOST_PATHS]]))
        return f"{problem_of(self.title, self.description)}\n\n{words}".strip()


def words_of(names: Iterable[str]) -> list[str]:
    """Return the telling words of names such as `fix/label-printer` or `src/LabelPrinter.py`, each once."""
    return list(dict.fromkeys(word for name in names for word in _words(name)))[:_MOST_WORDS]


def _words(name: str) -> Iterator[str]:
    for word in _PARTS.findall(_CAMEL.sub(" ", name)):
        if len(word) >= _SHORTEST and word.lower() not in _SAYS_NOTHING:
            yield word.lower()
