"""`kb mcp`."""

from __future__ import annotations

import click

from kb.errors import Exit, MissingExtra
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  pip install 'kb-lessons[mcp]'              what it needs besides kb
  kb --root ~/lessons mcp                    started by an agent; docs/mcp.md has the settings
  kb --root ~/lessons mcp --allow-write      the agent may record uses and begin lessons
  kb serve                                   the same over HTTP, at /mcp
"""
)
@click.option("--allow-write", is_flag=True, help="Let the agent record uses of lessons, and write drafts.")
@click.pass_obj
def mcp(session: Session, allow_write: bool) -> int:
    """Give the library to agents: a server of the Model Context Protocol.

    It has tools (search, brief, similar, show, who, gaps), the lessons as resources, and prompts. It speaks over
    standard input and output; its log is standard error. It reads only, unless --allow-write is given. It follows
    the nightly job, and never builds an index itself.
    """
    start_no_threads()
    root = session.find_root()
    try:
        from kb.mcp.stdio import serve
    except ModuleNotFoundError as error:
        raise MissingExtra("mcp", "the library mcp") from error
    serve(root, session.progress(), allows_writes=allow_write)
    return Exit.DONE
