"""`kb token`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from kb.access.tokens import Tokens
from kb.errors import Exit
from kb.options.common import json_option
from kb.output.form import Form
from kb.output.upkeep.tokens import print_token, print_tokens
from kb.session import Session

_ACTIONS = ("list", "new", "rotate", "revoke")


@click.command(
    epilog="""\b
Examples:
  kb token new --name wiki              a token for the wiki's server; it is printed once
  kb token list
  kb token rotate 1f2e3d4c              a new one in its place
  kb token revoke 1f2e3d4c              it allows nothing any more, at once
""",
)
@click.argument("action", type=click.Choice(_ACTIONS), metavar=f"[{'|'.join(_ACTIONS)}]", default="list")
@click.argument("id_", metavar="[ID]", default="")
@click.option("--role", type=click.Choice(["read", "write"]), default="read", show_default=True, help="What it allows.")
@click.option("--name", default="", help="For whom or what it is.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long it is valid.")
@json_option
@click.pass_obj
def token(session: Session, action: str, id_: str, role: str, name: str, days: int, form: Form) -> int:
    """Make, list, replace and revoke the tokens for a server that others can reach.

    `kb serve` needs them when it listens to more than this machine. A token is sent as `Authorization: Bearer TOKEN`,
    or as the password of a browser's log-in. Only a digest of it is stored, in a file that only you can read.
    """
    if (action in ("rotate", "revoke")) != bool(id_):
        raise click.UsageError(f"`kb token {action}` takes {'no' if id_ else 'the'} ID.")
    tokens, now = Tokens(session.find_root()), datetime.now(UTC)
    if action == "list":
        print_tokens(tokens.all(), form, now, session.notify)
    elif action == "revoke":
        session.notify(f"{tokens.revoke(id_).id} is revoked")
    else:
        made = tokens.new(name, role, now, days) if action == "new" else tokens.rotate(id_, now, days)
        (own,) = (one for one in tokens.all() if one.id == made.id)
        print_token(made, own.role, session.notify)
    return Exit.DONE
