"""`kb hook`."""

from __future__ import annotations

import click

from kb.commands.summaries import HIDDEN_HOOKS, HOOKS
from kb.options.lazily import LazyCommands, LazyGroup


class _Hooks(LazyGroup):
    summaries = HOOKS


@click.group(
    cls=_Hooks,
    commands=LazyCommands(dict.fromkeys((*HOOKS, *HIDDEN_HOOKS), "kb.commands.hook")),
    invoke_without_command=True,
    epilog="""\b
Examples:
  kb hook pre-mortem                       what to consider before this branch is merged
  kb hook install                          a lesson in the commit messages of this repository
  kb hook alert < alert.json               the lessons for an alert
  kb hook github                           in a workflow: a comment on its issue or pull request
""",
)
@click.pass_context
def hook(ctx: click.Context) -> None:
    """Bring lessons to where a problem is met: issues, pull requests, commits, alerts.

    The index is used as it is: keep it up to date with `kb schedule`. docs/decision-points.md has ready files for
    GitHub, GitLab, git and on-call pages.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
