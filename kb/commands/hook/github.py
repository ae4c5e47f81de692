"""`kb hook github`."""

from __future__ import annotations

import click

from kb.hooks.github.issue import GitHubIssue
from kb.hooks.github.workflow import Workflow
from kb.output.hooks import report_comment
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb -q hook github                        in a workflow on `issues` or `pull_request_target`
""",
)
@click.pass_obj
def github(session: Session) -> int:
    """Keep a comment with lessons on the issue or pull request of a workflow's event up to date.

    An issue gets the closest lessons, a pull request a checklist of what they advise; both only if a lesson answers
    or may help. There is never more than one comment: it is updated when the text is edited, and withdrawn when no
    lesson fits any more. The environment says what to do: GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_REPOSITORY,
    GITHUB_TOKEN, GITHUB_API_URL, and KB_LESSONS_URL for links. docs/decision-points.md has ready files.

    Exit code 0: done, or nothing fits; 3: the comment could not be written, and why.
    """
    workflow = Workflow.of()
    kept, text = session.knowledge_base().hooks.comment_on(GitHubIssue(workflow), workflow.event)
    return report_comment(workflow, kept, text, session.notify)
