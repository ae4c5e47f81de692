"""`kb lsp`."""

from __future__ import annotations

import click

from kb.errors import Exit, MissingExtra


@click.command(
    epilog="""\b
Examples:
  pip install 'kb-lessons[editor]'           what it needs besides kb
  kb lsp                                     started by an editor; docs/editors.md has the settings
"""
)
@click.option("--stdio", is_flag=True, help="Nothing else is possible; accepted because many editors add it.")
def lsp(stdio: bool) -> Exit:
    """Help in an editor while a lesson is written: a language server.

    It completes keys, values, tags, ids and headings, shows what `kb check` finds in the text as it is now, with fixes,
    shows the lesson behind an id, and opens links. It speaks the Language Server Protocol over standard input and
    output, and writes no file itself. Its log is standard error.

    Exit code 0: the editor ended it; 1: without asking it to shut down; 2: the input is no stream of messages.
    """
    try:
        from kb.lsp.serving import serve
    except ModuleNotFoundError as error:
        raise MissingExtra("editor", "the library pygls") from error
    return serve()
