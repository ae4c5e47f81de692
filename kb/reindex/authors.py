"""Reads who wrote the lessons from git, after the index is up to date: only the commits since the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ingest.files.corpus import is_markdown
from ingest.files.reason import reason_of
from kb.config import Config
from kb.index.authors_file import KnownAuthors, read_authors, read_state, write_authors
from kb.people.authorship import NO_AUTHORS, Commit, commits_in, with_commits
from kb.system.git import commit_of, history, is_ancestor
from kb.system.program import ProgramFailed
from kb.system.repository_state import RepositoryState, repository_state


def refresh_authors(file: Path, config: Config, tell: Callable[[str], None]) -> None:
    """Bring the file of authors up to date; if that fails, the user is told, and searches work without it."""
    repository = repository_state(config.root)
    commit = (repository.commit or commit_of(config.root) or "") if repository else ""
    try:
        if repository is None or not commit:  # no repository, or no commit yet
            file.unlink(missing_ok=True)
            return
        known, state = read_state(file), _state(repository, config)
        if (known.state, known.commit) != (state, commit):
            write_authors(file, _read(config, repository, state, commit, read_authors(file)))
    except ProgramFailed as error:
        tell(f"git cannot say who wrote the lessons: {error}")
    except OSError as error:
        tell(f"{file}: {reason_of(error)}; who wrote the lessons is not known")


def _state(repository: RepositoryState, config: Config) -> tuple[str, ...]:
    shallow = hashlib.sha256(" ".join(sorted(repository.shallow)).encode()).hexdigest()
    return (repository.mailmap, shallow, *config.paths)


def _read(
    config: Config, repository: RepositoryState, state: tuple[str, ...], commit: str, known: KnownAuthors
) -> KnownAuthors:
    continues = known.state == state and is_ancestor(config.root, known.commit)
    log = _history(config, known.commit if continues else None, mailmap=bool(repository.mailmap))
    # Where the history of a shallow clone is cut off, a commit seems to add all files that were there before it.
    commits = (_of_lessons(one, config.paths) for one in commits_in(log) if one.id not in repository.shallow)
    return KnownAuthors(state, commit, with_commits(known.authorship if continues else NO_AUTHORS, commits))


def _of_lessons(commit: Commit, folders: Sequence[str]) -> Commit:
    """Return a commit without the files that are no lessons."""
    below = tuple("" if PurePosixPath(folder) == PurePosixPath() else f"{PurePosixPath(folder)}/" for folder in folders)
    lessons = (
        tuple(path if is_markdown(path) and path.startswith(below) else "" for path in pair) for pair in commit.files
    )
    return commit._replace(files=tuple((before, after) for before, after in lessons if before or after))


def _history(config: Config, since: str | None, *, mailmap: bool) -> str:
    with suppress(ProgramFailed):
        return history(config.root, config.paths, since, renames=True, mailmap=mailmap)
    # A partial clone lacks the contents that are compared to recognise a file that was renamed and changed.
    return history(config.root, config.paths, since, renames=False, mailmap=mailmap)
