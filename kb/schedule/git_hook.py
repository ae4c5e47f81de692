"""Installs and removes a git hook; a hook of anybody else stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ingest.files.reason import reason_of
from kb.errors import CannotWrite, ConfigError
from kb.system.durable import replace_text


class GitHook(NamedTuple):
    """A hook of a repository."""

    path: Path
    text: str
    mark: str
    """The second line of the text, by which the hook is recognised."""
    printed_by: str
    """The command that prints the text, to be added by hand to another hook."""

    def install(self) -> Path | None:
        """Write the hook and return its path; None if it is already up to date.

        Raises `ConfigError` if there is another hook, and `CannotWrite`.
        """
        try:
            there = self.path.exists() or self.path.is_symlink()
            found = self.path.read_text("utf-8", "surrogateescape") if there else None
            if found is not None and not self._is_ours(found):
                if self.mark in found:
                    return None
                raise ConfigError(f"{self.path} is there already; add to it what `{self.printed_by}` prints")
            if found == self.text:
                return None
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self.path, self.text)
            self.path.chmod(0o755)
        except OSError as error:
            raise self._cannot_write(error) from error
        return self.path

    def uninstall(self) -> Path | None:
        """Remove the hook and return its path; None if this one is not there. Raises `CannotWrite`."""
        try:
            if not self.path.is_file() or not self._is_ours(self.path.read_text("utf-8", "surrogateescape")):
                return None
            self.path.unlink()
        except OSError as error:
            raise self._cannot_write(error) from error
        return self.path

    def _is_ours(self, text: str) -> bool:
        return text.splitlines()[1:2] == [self.mark]

    def _cannot_write(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"{error.filename or self.path}: {reason_of(error)}")
