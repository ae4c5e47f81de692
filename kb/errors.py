"""The errors that are shown to users, and the exit codes."""

from __future__ import annotations

from enum import IntEnum

from search.errors import DamagedIndex, EvaluationError, ModelError, QueryError, SearchError

GIVE_MEMORY = "close other programs, or allow more (`ulimit -v unlimited`)"


class Exit(IntEnum):
    """The exit codes; 1 means nothing relevant found, problems found, or below a threshold."""

    DONE = 0
    NOTHING = 1
    USAGE = 2
    PARTLY_FAILED = 3
    LOCKED = 4
    NO_INDEX = 5
    INTERRUPTED = 130
    TERMINATED = 143


class KbError(Exception):
    """An error for the user: one line with what is wrong, where, and what to do."""

    exit_code = Exit.USAGE


class ConfigError(KbError):
    """The configuration is missing or invalid."""


class MissingExtra(KbError):
    """A command needs libraries that are installed only on request."""

    def __init__(self, extra: str, library: str) -> None:
        install = f"pip install 'kb-lessons[{extra}]'"
        super().__init__(f"{library} is not installed, and this command needs it; run `{install}`")


class UnknownLesson(KbError):
    """No lesson has this name."""


class UnknownSection(KbError):
    """The section of a lesson is not named unambiguously."""


class AmbiguousId(KbError):
    """Several lessons match a name."""


class UnknownTopic(KbError):
    """No topic of the map has this name, or several have."""


class WrongState(KbError):
    """The status of a lesson does not allow this action."""


class WrongDate(KbError):
    """A given date is invalid or not plausible."""


class IndexUnusable(KbError):
    """There is no index that this program can read."""

    exit_code = Exit.NO_INDEX


class UnknownSnapshot(KbError):
    """No snapshot has this id."""


class UnsoundSnapshot(KbError):
    """A snapshot has defects and must not be made live."""

    exit_code = Exit.NO_INDEX


class Locked(KbError):
    """Another process, which is named, is writing."""

    exit_code = Exit.LOCKED


class EmptyIndex(KbError):
    """The index has no lessons, so its quality cannot be measured."""

    exit_code = Exit.NOTHING


class OlderFormat(IndexUnusable):
    """The index was written by an older program; it is rebuilt by the next reindex."""


class CannotWrite(KbError):
    """A file or folder of the knowledge base cannot be written."""

    exit_code = Exit.PARTLY_FAILED


class NoResult(KbError):
    """A file named for a result must not be written."""


class UnknownCode(KbError):
    """No check has this code."""


class NoDemand(KbError):
    """The log of questions has nothing that is needed."""

    exit_code = Exit.NOTHING


class UnknownGap(KbError):
    """The last list of gaps has none with this number or label."""


class UnknownToken(KbError):
    """No token has this id."""


class UnknownTemplate(KbError):
    """No template has this name, or it cannot be read."""


class UnreadableNotes(KbError):
    """The notes for a new lesson are not text, or are empty."""


class SecretInNotes(KbError):
    """The notes for a new lesson contain a key, a token or a password."""


class NoTitle(KbError):
    """A new lesson has no title, and the user cannot be asked for one."""


class NoEditor(KbError):
    """There is no editor, or no terminal for one."""


class EditorFailed(KbError):
    """The editor cannot be started, or exits with an error; the file is kept."""

    exit_code = Exit.PARTLY_FAILED


class NoSuchFile(KbError):
    """A named file or folder does not exist, or may not be read."""


class CannotInstall(KbError):
    """A schedule can only be installed by hand."""


class NoRepository(KbError):
    """A command needs a git repository, and there is none, or it does not know a named commit."""


class CannotServe(KbError):
    """A server cannot listen where it should."""


class CannotSend(KbError):
    """A mail cannot be sent: a setting is missing or wrong, or the program or server refuses it."""


class CannotComment(KbError):
    """The server of an issue or a change refuses a comment, or cannot be reached."""

    exit_code = Exit.PARTLY_FAILED


class CannotEdit(KbError):
    """The front matter of a lesson cannot be edited without other, unwanted changes."""

    exit_code = Exit.PARTLY_FAILED


class ChangedMeanwhile(KbError):
    """A lesson's file was changed after it was read; writing it would overwrite that change."""

    exit_code = Exit.PARTLY_FAILED


def message_of(error: KbError | SearchError) -> str:
    """Return the line for the user, with what to do."""
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
