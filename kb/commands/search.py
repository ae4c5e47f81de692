"""`kb search`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.kinds import Kind
from kb.errors import Exit, IndexUnusable
from kb.filter_options import FilterOptions
from kb.query_file import STANDARD_INPUT, read_query
from kb.session import Session
from search.query import EVERYTHING, Query, clean_query, page_query

if TYPE_CHECKING:
    from kb.answer import Answer
    from kb.knowledge_base import KnowledgeBase
    from kb.searcher import Searcher

# `-errors` is a word to leave out; `-n3` and `-f` are options.
_LEFT_OUT = re.compile(r'-(?:[^\W\d_]{2}|["\u201c])')
# What the shell took the quotes from: unit:"Toyota Motor Sales" arrives as one argument.
_UNQUOTED = re.compile(
    r'\s*(-?(?:[^\W\d_][\w.-]*:(?:[<>]=?)?)?)(?<=[-:<>=])([^\s"\u201c\u201d][^"\u201c\u201d]*\s[^"\u201c\u201d]*)'
)


class _Search(click.Command):
    """Takes an argument such as `-errors` for what it is in the query language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # click takes what begins with a dash for an option; the space is lost when the query is put together.
        return super().parse_args(ctx, [f" {arg}" if _LEFT_OUT.match(arg) else arg for arg in args])


@click.command(
    cls=_Search,
    epilog="""\b
Examples:
  kb search "brochure errors"
  kb search we keep sending customers the wrong product information
  kb search '"proof-reading system"'       lessons with this very phrase, if any
  kb search brochures -dealers             leave out lessons that name dealers
  kb search kind:tool unit:toyota          what the front matter says; all in docs/searching.md
  kb search --tag sales --since "last year" --limit 10 --json "plans cannot be compared"
  kb search -f mail.txt                    the query is a page; `-` reads standard input
  kb search --batch queries.jsonl          many at once: {"id": "1", "query": "brochures"} on each line
""",
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's.")
@click.option("--tag", multiple=True, metavar="TAG", help="Only lessons with this tag; with each, if repeated.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    multiple=True,
    help="Only lessons with such a section, and only that; any of them, if repeated.",
)
@click.option("--since", metavar="WHEN", help="Only lessons of that time or later: 2020, 2020-05, 'last year'.")
@click.option("--until", metavar="WHEN", help="Only lessons of that time or earlier.")
@click.option(
    "--where", multiple=True, metavar="KEY=VALUE", help="Only lessons that say so; also KEY>=VALUE, KEY=X..Y."
)
@click.option("-f", "--file", metavar="FILE", help="Take the query from a file, as it is; - is standard input.")
@click.option("--batch", metavar="FILE", help="Answer each line of a JSONL file (- is standard input) by a line.")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "lexical", "semantic"]),
    default="hybrid",
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
@click.option("--all", "weak", is_flag=True, help="Show weak hits too, when nothing is likely to answer.")
@click.option("--exact", is_flag=True, help="Take every word as it is typed: no slips of the pen.")
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
    weak: bool,
    exact: bool,
    explain: bool,
    refresh: bool,
    as_json: bool,
    **filters: Any,
) -> int:
    """Find the lessons for a problem, described in your own words.

    Words that are missing do no harm: the lessons that fit best come first, each with its best
    passage, what it was worth and whom to ask. Filters restrict what is searched; without a
    QUERY they list all that meet them, the newest first.

    Exit code 0: something relevant was found; 1: nothing was; 3: some lines of a batch could not
    be answered.
    """
    options = FilterOptions(**filters)
    ask = None if batch else _asked(query, file, options)
    if batch and (query or file):
        raise click.UsageError("--batch FILE has the queries; leave QUERY and --file out.")
    knowledge_base = session.knowledge_base()
    searcher = click.get_current_context().with_resource(closing(_searcher(session, knowledge_base, refresh=refresh)))
    from search.ranking import Mode

    conditions = options.conditions(searcher)

    def answer(asked: Query) -> Answer:
        asked = replace(asked, exact=True) if exact else asked
        return searcher.search(asked, mode=Mode(mode), limit=limit or knowledge_base.config.limit, weak=weak)

    if batch:
        return _answer_batch(session, batch, lambda text: answer(searcher.parse(text).with_filters(conditions)))
    assert ask
    asked = ask(searcher).with_filters(conditions)
    found = answer(asked)
    _show(session, knowledge_base, found, as_json=as_json, explain=explain)
    if not found.relevant:
        session.say(_why_nothing(found, knowledge_base, weak=weak, restricted=bool(asked.filters or asked.without)))
    return Exit.DONE if found.relevant else Exit.NOTHING


def _asked(query: Sequence[str], file: str | None, options: FilterOptions) -> Callable[[Searcher], Query]:
    """Return how the query is read once there is an index; what asks nothing is refused before that."""
    if file and query:
        raise click.UsageError("the query is either QUERY or in --file; leave one of them out.")
    if file or list(query) == [STANDARD_INPUT]:
        page = page_query(read_query(file or STANDARD_INPUT))
        return lambda _: page
    text = _line(query)
    if options and not text.strip():
        return lambda _: EVERYTHING
    if not query:
        raise click.UsageError("Missing argument 'QUERY...'.")
    clean_query(text)
    return lambda searcher: searcher.parse(text)


def _line(query: Sequence[str]) -> str:
    """Put the arguments together as the line that was meant."""
    if len(query) < 2:
        return " ".join(query)
    return " ".join(
        _UNQUOTED.sub(r'\1"\2"', argument) if _UNQUOTED.fullmatch(argument) else argument for argument in query
    )


def _searcher(session: Session, knowledge_base: KnowledgeBase, *, refresh: bool) -> Searcher:
    """Open the index, brought up to date if asked, built if there is none."""
    if refresh and (refreshed := knowledge_base.refresh()):
        session.name_problems(refreshed)
    if searcher := knowledge_base.searcher():
        return searcher
    session.say("there is no index yet: building it first")
    built = knowledge_base.first_index()
    session.name_problems(built)
    if searcher := knowledge_base.searcher():
        return searcher
    raise IndexUnusable(built.refusal)


def _show(session: Session, knowledge_base: KnowledgeBase, answer: Answer, *, as_json: bool, explain: bool) -> None:
    for note in answer.notes:
        session.say(note)
    if as_json:
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False))
    else:
        from kb.terminal import print_answer

        print_answer(answer, knowledge_base.config.root, explain=explain)
    if answer.index.changed_since:
        changed = answer.index.changed_since
        lessons = "1 lesson has" if changed == 1 else f"{changed:,} lessons have"
        session.say(f"{lessons} changed since the index was built; --refresh includes them")


def _why_nothing(answer: Answer, knowledge_base: KnowledgeBase, *, weak: bool, restricted: bool) -> str:
    if answer.results:
        return "nothing here is likely to answer; these are the nearest"
    if not answer.index.lessons:
        return f"there are no lessons in {', '.join(knowledge_base.config.paths)} yet; write the first one"
    if restricted and answer.notes:  # which say what left nothing over
        return "nothing found"
    nearest = "" if weak else "--all for what is nearest, "
    return f"nothing relevant here; try other words, {nearest}or write this lesson when it is solved"


def _answer_batch(session: Session, name: str, answer: Callable[[str], Answer]) -> int:
    """Print an object for each line as soon as it is answered."""
    from kb.batch import answer_lines

    found = failed = False
    with _lines_of(name) as lines:
        for answered in answer_lines(lines, answer):
            click.echo(json.dumps(answered.as_json(), ensure_ascii=False))
            if answered.answer is None:
                failed = True
                session.say(f"{name}:{answered.line}: {answered.error}")
            elif answered.answer.relevant:
                found = True
    return Exit.PARTLY_FAILED if failed else Exit.DONE if found else Exit.NOTHING


def _lines_of(name: str) -> AbstractContextManager[Iterable[bytes]]:
    if name == STANDARD_INPUT:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise click.BadParameter(f"{name}: {(error.strerror or str(error)).lower()}.", param_hint="--batch") from error
