"""`kb similar`."""

from __future__ import annotations

import click

from kb.errors import Exit, IndexUnusable
from kb.session import Session
from kb.visible import json_text


@click.command(
    epilog="""\b
Examples:
  kb similar on-demand-brochures           cases like this lesson
  kb similar 2                             cases like the second hit of the last search
  kb similar drafts/wrong-labels.md        cases like a draft that is in no index yet
""",
)
@click.argument("name", metavar="ID|FILE")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def similar(session: Session, name: str, limit: int | None, as_json: bool) -> int:
    """Find the lessons most like a lesson: analogous cases, with what they share and in what they differ.

    The whole text is compared, by words and by meaning. ID is whatever `kb show` takes; FILE is any
    other Markdown file.

    Exit code 0: here are the nearest; 1: there is no other lesson.
    """
    knowledge_base = session.knowledge_base()
    root = knowledge_base.config.root
    from kb.retrieval.similar import analogies
    from kb.system.last_hits import last_hits
    from search.ranking.relevance import Relevance

    searcher = knowledge_base.searcher()
    if searcher is None:
        raise IndexUnusable("there is no index yet; run `kb reindex`")
    click.get_current_context().call_on_close(searcher.close)
    subject = knowledge_base.subject(name, last_hits(root))
    found = analogies(searcher, subject, limit=limit or knowledge_base.config.limit)
    session.remember(knowledge_base, found.answer)
    for note in found.answer.notes:
        session.say(note)
    if as_json:
        click.echo(json_text(found.as_json(knowledge_base.changes_since(searcher).count())))
    else:
        from kb.terminal.analogies import print_analogies

        print_analogies(found, root)
    if found.answer.relevance is not Relevance.ANSWERS:
        session.say(
            "none is much like it; these are the nearest" if found.answer.results else "there is no other lesson"
        )
    return Exit.DONE if found.answer.results else Exit.NOTHING
