"""The comments on an issue or a pull request of GitHub, by its REST API (version 2022-11-28)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kb.errors import CannotComment
from kb.hooks.forge import Comment, NotSure
from kb.hooks.github.workflow import Workflow
from kb.system.web.api import Api, ApiError, Unanswered

_EACH, _MOST_PAGES = 100, 30
"""Comments of one page, and pages; after that many an own comment is not looked for."""
_MEANING = {
    401: "the token is not valid; give `token` one that is",
    403: "the token may not; the job needs `permissions: issues: write` and `pull-requests: write`, and a pull request "
    "from a fork the event `pull_request_target`",
    404: "not found; the token may not see it, or it was deleted",
    410: "it was deleted",
}


class GitHubIssue:
    """An issue or a pull request; the interface treats both alike. A `Forge`."""

    def __init__(self, workflow: Workflow, pause: Callable[[float], object] = time.sleep) -> None:
        """`pause` waits for some seconds, when the server asks for it."""
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": f"Bearer {workflow.token}",
        }
        self.account = workflow.account
        self._api = Api(workflow.api, headers, pause)
        self._repository = f"/repos/{workflow.repository}"
        self._number = workflow.event.number

    def comments(self) -> Iterator[Comment]:
        for one in self._pages(f"/issues/{self._number}/comments"):
            number, author = one.get("id"), one.get("user")
            login = author.get("login") if isinstance(author, dict) else None  # None for an account that is gone
            if isinstance(number, int):
                yield Comment(number, str(login or ""), str(one.get("body") or ""))

    def add(self, body: str) -> None:
        self._asked("POST", f"/issues/{self._number}/comments", {"body": body})

    def replace(self, number: int, body: str) -> None:
        self._asked("PATCH", f"/issues/comments/{number}", {"body": body})

    def changed_paths(self) -> tuple[str, ...]:
        """Return the files that a pull request changes, at most 3,000: the limit of the interface."""
        return tuple(str(one.get("filename", "")) for one in self._pages(f"/pulls/{self._number}/files"))

    def _pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._asked("GET", f"{path}?per_page={_EACH}&page={page}")
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise CannotComment("the server did not answer with a list; is GITHUB_API_URL right?")
            yield from found
            if len(found) < _EACH:
                return

    def _asked(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            return self._api.send(method, self._repository + path, body)
        except Unanswered as error:
            raise NotSure(str(error)) from error
        except ApiError as error:
            raise CannotComment(_explained(error)) from error


def _explained(error: ApiError) -> str:
    meaning = _MEANING.get(error.status or 0)
    return f"{error}; {meaning}" if meaning else f"{error}; start the job again later"
