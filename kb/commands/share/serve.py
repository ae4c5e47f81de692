"""`kb serve`."""

from __future__ import annotations

from typing import Any

import click

from kb.errors import Exit
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  kb serve                      http://127.0.0.1:8420, for this machine only
  kb serve --port 0             any port that is free; it is printed
  kb serve --allow-host kb.example.org    behind a proxy with TLS: see docs/serve.md
  curl 'http://127.0.0.1:8420/api/search?q=brochure+errors'
""",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="0: any that is free.")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--allow-host", "allowed_hosts", multiple=True, metavar="NAME", help="A name by which others ask it; needs tokens."
)
@click.option("--allow-write", "allows_writing", is_flag=True, help="Let others record uses, and begin drafts.")
@click.option("--no-log", is_flag=True, help="Do not print a line for each request.")
@click.option("--log-queries", "logs_queries", is_flag=True, help="Log what is asked, too: tell those who ask.")
@click.pass_obj
def serve(session: Session, /, *, no_log: bool, **given: Any) -> int:
    """Answer searches over HTTP, and make `kb search` faster: one process keeps index and model ready.

    It follows the nightly job: a new index answers as soon as it is published. `kb search`, `show`, `similar`, `brief`
    and `who` of the same user ask it by themselves, and print the same as without it.

    It listens to this machine only. With another --host, or with --allow-host behind a proxy, each request needs a
    token: see `kb token`. Agents ask it at /mcp: see docs/mcp.md. It only reads, unless --allow-write lets those who
    reach it record uses and begin drafts; where tokens are needed, those of role `write`.
    """
    start_no_threads()
    root = session.find_root()
    from kb.mcp.over_http import OverHttp
    from kb.serve.serving import Settings, serve

    settings = Settings(**given, logs=not no_log)
    serve(root, settings, session.answer, session.progress(), session.notify, OverHttp)
    return Exit.DONE
