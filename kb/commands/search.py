"""`kb search`."""

from __future__ import annotations

import json

import click

from kb.errors import Exit
from kb.session import Session
from search.query import clean_query


@click.command(
    epilog="""\b
Examples:
  kb search "brochure errors"
  kb search we keep sending customers the wrong product information
  kb search --limit 10 --json "plans cannot be compared"
  kb search '"proof-reading system"'   lessons with this very phrase, if any
""",
)
@click.argument("query", nargs=-1, required=True)
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's.")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "lexical", "semantic"]),
    default="hybrid",
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
@click.option("--refresh", is_flag=True, help="Bring the index up to date first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def search(session: Session, query: tuple[str, ...], limit: int | None, mode: str, refresh: bool, as_json: bool) -> int:
    """Find the lessons for a problem, described in your own words.

    Words that are missing do no harm: the lessons that fit best come first, each with its best
    passage, what it was worth and whom to ask.

    Exit code 0: something relevant was found; 1: nothing was.
    """
    text = " ".join(query)
    clean_query(text)  # what asks nothing is refused before anything is built or opened for it
    knowledge_base = session.knowledge_base()
    if refresh:
        report = knowledge_base.refresh()
        if report:
            session.name_problems(report)
    searcher = knowledge_base.searcher()
    from search.ranking import Mode

    if searcher is None:
        session.say("there is no index yet: building it first")
        session.name_problems(knowledge_base.first_index())
        searcher = knowledge_base.searcher()
        assert searcher is not None
    answer = searcher.search(text, mode=Mode(mode), limit=limit or knowledge_base.config.limit)
    for note in (*knowledge_base.index_notes(), *answer.notes):
        session.say(note)
    if as_json:
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False))
    else:
        from kb.terminal import print_answer

        print_answer(answer, knowledge_base.config.root)
    if answer.index.changed_since:
        changed = answer.index.changed_since
        lessons = "1 lesson has" if changed == 1 else f"{changed:,} lessons have"
        session.say(f"{lessons} changed since the index was built; --refresh includes them")
    if not answer.results:
        session.say(
            "nothing relevant here; try other words, or write this lesson when the problem is solved"
            if answer.index.lessons
            else f"there are no lessons in {', '.join(knowledge_base.config.paths)} yet; write the first one"
        )
    return Exit.DONE if answer.results else Exit.NOTHING
