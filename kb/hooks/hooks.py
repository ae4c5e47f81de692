"""The lessons for a problem where it is met, from the index as it is: nothing is built or brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.config import Config
from kb.hooks.links import Links
from kb.retrieval.answer import Answer
from kb.retrieval.request import Request
from search.errors import QueryError

if TYPE_CHECKING:
    from kb.hooks.change import Change
    from kb.hooks.checklist import Checklist
    from kb.hooks.comment import Kept
    from kb.hooks.github.issue import GitHubIssue
    from kb.hooks.github.workflow import Event
    from kb.retrieval.searcher import Searcher
    from kb.schedule.git_hook import GitHook


SECONDS = 2.0
"""How long a commit waits for a lesson, if the user does not say otherwise."""


class Hooks(NamedTuple):
    """What is done at decision points. What searches raises `IndexUnusable` without an index."""

    config: Config
    searcher: Callable[[], Searcher]
    """Opens the index; raises `IndexUnusable`."""

    def lessons(self, text: str, limit: int) -> Answer:
        """Return the lessons closest to a text; raises `QueryError` if it has no words."""
        with closing(self.searcher()) as searcher:
            return searcher.ask(Request(text, is_page=True, limit=limit))

    def checklist(self, change: Change) -> Checklist:
        """Return what to consider before a change; raises `QueryError` if nothing is said of it."""
        from kb.hooks.checklist import checklist

        with closing(self.searcher()) as searcher:
            return checklist(searcher, change)

    def branch(self, folder: Path, base: str | None) -> Change:
        """Return what the branch that is checked out in a folder changes since it left another, `base` if it is given.

        Raises `NoRepository`, and `QueryError` if it changes nothing.
        """
        from kb.hooks.change import Change
        from kb.hooks.git.branch import base_of, branch_of, messages_since, paths_since

        fork = base_of(folder, base)
        messages, paths = messages_since(folder, fork), paths_since(folder, fork)
        if not messages and not paths:
            raise QueryError(f"nothing is committed or staged here since {base or 'main'}; name another --base")
        return Change(description="\n\n".join(messages), branch=branch_of(folder), paths=paths)

    def comment_on(self, issue: GitHubIssue, event: Event) -> tuple[Kept | None, str]:
        """Keep the comment on an issue or a pull request up to date; return what was done and what it says.

        Nothing is done for one that is closed, or if the token may only read. Raises `CannotComment`.
        """
        from kb.hooks.comment import keep

        if not event.is_open:
            return None, ""
        text = self._comment(issue, event)
        return (None if event.is_foreign else keep(issue, text)), text

    def _comment(self, issue: GitHubIssue, event: Event) -> str:
        from kb.hooks import comment_text
        from kb.hooks.change import Change
        from kb.hooks.problem import problem_of

        links = Links.of_environment()
        try:
            if event.is_change:
                change = Change(event.title, event.description, paths=issue.changed_paths())
                return comment_text.of_change(self.checklist(change), links)
            text = problem_of(event.title, event.description)
            return comment_text.of_issue(self.lessons(text, comment_text.MOST_LESSONS), links)
        except QueryError:  # nothing is described: the same as if nothing was found
            return ""

    def annotate(self, message: Path, change: Change) -> bool:
        """Add the closest lesson to a commit message in a file, if one helps; return whether it was added.

        Raises `OSError`, `UnicodeDecodeError` and `QueryError`.
        """
        from kb.hooks.git.commit_message import CommitMessage, said_of

        found = CommitMessage.read(message)
        if not found or not (said := said_of(self.lessons(change._replace(title=found.text).query, 1))):
            return False
        found.write(message, said)
        return True

    def message_hook(self, folder: Path, seconds: float = SECONDS) -> GitHook:
        """Return the hook that annotates commit messages in a folder's repository; raises `ConfigError`.

        `seconds`: how long a commit may wait for it.
        """
        from kb.hooks.git.message_hook import message_hook

        return message_hook(self.config, folder, seconds)
