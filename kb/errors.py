"""What the program says to a person when it cannot go on, and the exit codes."""

from __future__ import annotations

from enum import IntEnum

from search.errors import DamagedIndex, EvaluationError, ModelError, QueryError, SearchError

GIVE_MEMORY = "close other programs, or allow more (`ulimit -v unlimited`)"


class Exit(IntEnum):
    """The exit codes; 1 also means nothing relevant, problems found, below threshold."""

    DONE = 0
    NOTHING = 1
    USAGE = 2
    PARTLY_FAILED = 3
    LOCKED = 4
    NO_INDEX = 5
    INTERRUPTED = 130
    TERMINATED = 143


class KbError(Exception):
    """An error that a person can act on: one line with what, where and what to do."""

    exit_code = Exit.USAGE


class ConfigError(KbError):
    """The configuration, or where it should be."""


class UnknownLesson(KbError):
    """No lesson is called so."""


class UnknownSection(KbError):
    """It is not clear which section of a lesson is meant."""


class AmbiguousId(KbError):
    """More than one lesson may be meant."""


class WrongState(KbError):
    """A lesson is not in a state in which this can be done with it."""


class WrongDate(KbError):
    """What was given is no date, or none that can be meant."""


class IndexUnusable(KbError):
    """There is no index, or none that this program can read."""

    exit_code = Exit.NO_INDEX


class UnknownSnapshot(KbError):
    """No snapshot has this id."""


class UnsoundSnapshot(KbError):
    """A snapshot that must not be made live."""

    exit_code = Exit.NO_INDEX


class Locked(KbError):
    """Another process writes; it is named."""

    exit_code = Exit.LOCKED


class EmptyIndex(KbError):
    """The index holds no lesson, so nothing can be said about its quality."""

    exit_code = Exit.NOTHING


class OlderFormat(IndexUnusable):
    """The index was written by an older program; it is rebuilt by the next reindex."""


class CannotWrite(KbError):
    """A file or folder of the knowledge base cannot be written."""

    exit_code = Exit.PARTLY_FAILED


class UnknownCode(KbError):
    """No check has this code."""


class UnknownTemplate(KbError):
    """No template has this name, or it cannot be read."""


class UnreadableNotes(KbError):
    """What a lesson was to be made from is no text, or says nothing."""


class SecretInNotes(KbError):
    """What a lesson was to be made from holds a key, a token or a password."""


class NoTitle(KbError):
    """A lesson needs one, and nobody is there to be asked."""


class NoEditor(KbError):
    """There is no editor, or no terminal for one."""


class EditorFailed(KbError):
    """The editor cannot be started, or says that it failed; the file stays."""

    exit_code = Exit.PARTLY_FAILED


class NoSuchFile(KbError):
    """A file or folder that was named is not there."""


class CannotInstall(KbError):
    """A schedule that only a person can put in place."""


class NoRepository(KbError):
    """What was asked needs git, and there is none, or it does not know what was named."""


class CannotEdit(KbError):
    """A lesson's front matter cannot be changed without changing what nobody meant."""

    exit_code = Exit.PARTLY_FAILED


class ChangedMeanwhile(KbError):
    """A lesson's file is not what it was when it was read: what was to be written would undo somebody's work."""

    exit_code = Exit.PARTLY_FAILED


def message_of(error: KbError | SearchError) -> str:
    """Return the line for a person, with what to do."""
    if isinstance(error, DamagedIndex):
        return f"the index is damaged: {error}; run `kb reindex`"
    return str(error)


def exit_code_of(error: KbError | SearchError) -> Exit:
    if isinstance(error, KbError):
        return error.exit_code
    if isinstance(error, (DamagedIndex, ModelError)):
        return Exit.NO_INDEX
    assert isinstance(error, (QueryError, EvaluationError)), error
    return Exit.USAGE
