"""Links to the files of lessons, for readers who have no copy of the library."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import quote

from kb.errors import ConfigError
from kb.hooks.quoting import quoted
from kb.pages.markdown_line import code

VARIABLE = "KB_LESSONS_URL"
"""The environment variable with the address below which the files are."""
_ADDRESS = re.compile(r"https?://[^\s()<>\"'\\`]+")


class Links(NamedTuple):
    """Where the files of the lessons can be read."""

    base: str = ""
    """The address of the root, such as `https://github.com/acme/lessons/blob/main`; empty if there is none."""

    @classmethod
    def of_environment(cls) -> Links:
        """Return the links that `KB_LESSONS_URL` names; raises `ConfigError` if that is no address."""
        base = os.environ.get(VARIABLE, "").strip().rstrip("/")
        if base and not _ADDRESS.fullmatch(base):
            raise ConfigError(
                f"{VARIABLE} is no address; write one such as https://github.com/acme/lessons/blob/main, or unset it"
            )
        return cls(base)

    def address(self, path: str, line: int) -> str:
        """Return the address of a line of a file, which GitHub and GitLab show unrendered, so that they find it."""
        return f"{self.base}/{quote(path, errors='surrogateescape')}?plain=1#L{line}" if self.base else ""

    def place(self, path: str, line: int) -> str:
        """Return `path:line` in Markdown, as a link if there is an address."""
        address = self.address(path, line)
        return f"[{quoted(f'{path}:{line}')}]({address})" if address else code(f"{path}:{line}")
