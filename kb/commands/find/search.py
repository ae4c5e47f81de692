"""`kb search`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.errors import Exit
from kb.index.trust import refuse_link
from kb.options.query import QueryCommand, filter_options, line_of
from kb.retrieval.query_file import STANDARD_INPUT, read_query
from kb.retrieval.request import FilterOptions, Request
from kb.session import Session
from kb.visible import json_text
from search.mode import Mode
from search.query.query import clean_query

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.retrieval.answer import Answer
    from kb.retrieval.searcher import Searcher
    from kb.upkeep.changes_since import ChangesSince


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb search "brochure errors"
  kb search we keep sending customers the wrong product information
  kb search '"proof-reading system"'       lessons with this very phrase, if any
  kb search brochures -dealers             leave out lessons that name dealers
  kb search kind:tool unit:toyota          what the front matter says; all in docs/searching.md
  kb search --tag sales --since "last year" --limit 10 --json "plans cannot be compared"
  kb search -f mail.txt                    the query is a page; `-` reads standard input
  kb search --why-not stampede "too many"  why a lesson is not where you expect it
  kb search --batch queries.jsonl          many at once: {"id": "1", "query": "brochures"} on each line
""",
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's.")
@filter_options
@click.option("-f", "--file", metavar="FILE", help="Take the query from a file, as it is; - is standard input.")
@click.option("--batch", metavar="FILE", help="Answer each line of a JSONL file (- is standard input) by a line.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.HYBRID.value,
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
@click.option("--all", "every", is_flag=True, help="Show every hit in full, the nearest too, up to the limit.")
@click.option("--exact", is_flag=True, help="Take every word as it is typed: no slips of the pen.")
@click.option("--why-not", metavar="ID", help="Say why a lesson is not where you expect it.")
@click.option("--explain", is_flag=True, help="Show what each score is the sum of.")
@click.option("--refresh", is_flag=True, help="Bring the index up to date first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def search(
    session: Session,
    /,
    query: tuple[str, ...],
    file: str | None,
    batch: str | None,
    limit: int | None,
    mode: str,
    every: bool,
    exact: bool,
    why_not: str | None,
    explain: bool,
    refresh: bool,
    as_json: bool,
    **filters: Any,
) -> int:
    """Find the lessons for a problem, described in your own words.

    Words that are missing do no harm: the lessons that fit best come first, each with its best
    passage, what it was worth and whom to ask. Each is said to answer, to be one that may help, or
    to be only among the nearest. Filters restrict what is searched; without a QUERY they list all
    that meet them, the newest first.

    Where there is no index, one is built first. Of a large library it knows the words only, and the
    answer says so; `kb reindex` adds the meaning. --refresh and --mode semantic wait for all of it.

    Exit code 0: a lesson answers or may help; 1: only the nearest lessons were found, or none; 3:
    some lines of a batch could not be answered.
    """
    # numpy's linear algebra would start a thread for each processor, which takes longer than all that it has to do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = FilterOptions(**filters)
    if batch and (query or file or why_not is not None):
        raise click.UsageError("--batch FILE has the queries; leave QUERY, --file and --why-not out.")
    request = Request(filters=options) if batch else _request(query, file, options)
    (options if batch else request).check()
    knowledge_base = session.knowledge_base()
    for name in (file, batch):
        if name and name != STANDARD_INPUT:
            refuse_link(Path(name), knowledge_base.config.root)
    request = replace(
        request,
        mode=Mode(mode),
        limit=limit or knowledge_base.config.limit,
        passages=None if as_json or batch else 1,  # a terminal shows no more
        every=every,
        exact=exact,
    )
    opened = knowledge_base.ready(request.mode, refresh=refresh, on_report=session.name_problems)
    searcher = click.get_current_context().with_resource(closing(opened))
    if batch:
        return _answer_batch(session, knowledge_base, searcher, batch, request)
    if why_not is not None:
        from kb.system.last_hits import last_hits

        reasons = knowledge_base.why_not(searcher, why_not, request, last_hits(knowledge_base.config.root))
        click.echo(json_text(reasons.as_json()) if as_json else "\n".join(reasons.lines()))
        return Exit.DONE
    answer = searcher.ask(request)
    session.remember(knowledge_base, answer)
    _show(
        session,
        knowledge_base,
        answer,
        knowledge_base.changes_since(searcher),
        as_json=as_json,
        explain=explain,
        in_full=every,
    )
    if answer.relevance.is_relevant:
        return Exit.DONE
    from kb.terminal.remarks import what_to_try

    asked = searcher.read(request)
    restricted = bool(asked.filters or asked.without)
    session.say(what_to_try(answer, knowledge_base.config.paths, restricted=restricted))
    return Exit.NOTHING


def _request(query: Sequence[str], file: str | None, options: FilterOptions) -> Request:
    if file and query:
        raise click.UsageError("the query is either QUERY or in --file; leave one of them out.")
    if file or list(query) == [STANDARD_INPUT]:
        return Request(read_query(file or STANDARD_INPUT), is_page=True, filters=options)
    text = line_of(query)
    if not query and not options:
        raise click.UsageError("Missing argument 'QUERY...'.")
    return Request(text, filters=options)


def _show(
    session: Session,
    knowledge_base: KnowledgeBase,
    answer: Answer,
    changes: ChangesSince,
    *,
    as_json: bool,
    explain: bool,
    in_full: bool,
) -> None:
    from kb.terminal.remarks import changed_since, remarks

    for remark in remarks(answer):
        session.say(remark)
    if as_json:
        click.echo(json_text(answer.as_json(changes.count())))
    else:
        from kb.terminal.answers import print_answer

        print_answer(answer, knowledge_base.config.root, explain=explain, in_full=in_full)
    sys.stdout.flush()  # a reader has the answer before every file of the corpus is looked at
    if changed := changes.count():
        session.say(changed_since(changed))


def _answer_batch(
    session: Session, knowledge_base: KnowledgeBase, searcher: Searcher, name: str, request: Request
) -> int:
    """Print an object for each line as soon as it is answered."""
    from kb.retrieval.batch import answer_lines

    def answer(text: str) -> Answer:
        clean_query(text)  # filters alone are no query here
        return searcher.ask(replace(request, text=text))

    changes = knowledge_base.changes_since(searcher)
    found = failed = False
    with _lines_of(name) as lines:
        for answered in answer_lines(lines, answer):
            click.echo(json_text(answered.as_json(changes.count())))
            if answered.answer is None:
                failed = True
                session.say(f"{name}:{answered.line}: {answered.error}")
            elif answered.answer.relevance.is_relevant:
                found = True
    return Exit.PARTLY_FAILED if failed else Exit.DONE if found else Exit.NOTHING


def _lines_of(name: str) -> AbstractContextManager[Iterable[bytes]]:
    if name == STANDARD_INPUT:
        return nullcontext(sys.stdin.buffer)
    try:
        return os.fdopen(open_regular(Path(name), links=True), "rb")
    except OSError as error:
        raise click.BadParameter(f"{name}: {reason_of(error)}.", param_hint="--batch") from error
