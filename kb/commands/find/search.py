"""`kb search`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.errors import Exit, IndexUnusable, OlderFormat, UnknownLesson
from kb.index.trust import refuse_link
from kb.query_options import QueryCommand, filter_options, line_of
from kb.retrieval.filter_options import FilterOptions
from kb.retrieval.query_file import STANDARD_INPUT, read_query
from kb.session import Session
from kb.visible import json_text
from kb.wording import counted
from search.lexical.tokens import is_identifier
from search.mode import Mode
from search.query.query import EVERYTHING, Query, clean_query, page_query

if TYPE_CHECKING:
    from ingest.lesson import Lesson
    from kb.knowledge_base import KnowledgeBase
    from kb.retrieval.answer import Answer
    from kb.retrieval.searcher import Searcher
    from kb.upkeep.changes_since import ChangesSince

_WORDS_NAMED = 6
_LONGEST_NAMED = 40


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
    ask = None if batch else _asked(query, file, options)
    if batch and (query or file or why_not is not None):
        raise click.UsageError("--batch FILE has the queries; leave QUERY, --file and --why-not out.")
    options.check()
    knowledge_base = session.knowledge_base()
    for name in (file, batch):
        if name and name != STANDARD_INPUT:
            refuse_link(Path(name), knowledge_base.config.root)
    opened = _searcher(session, knowledge_base, mode, refresh=refresh)
    searcher = click.get_current_context().with_resource(closing(opened))
    from search.ranking.ranking import PASSAGES_SHOWN

    passages = PASSAGES_SHOWN if as_json or batch else 1  # a terminal shows no more
    conditions = options.conditions(searcher.condition)
    most = limit or knowledge_base.config.limit

    def read(asked: Query) -> Query:
        return asked.with_filters(conditions)._replace(exact=exact or asked.exact)

    def answer(asked: Query) -> Answer:
        return searcher.search(asked, mode=Mode(mode), limit=most, passages=passages, every=every)

    changes = knowledge_base.changes_since(searcher)
    if batch:
        return _answer_batch(session, batch, lambda text: answer(read(searcher.parse(text))), changes)
    assert ask
    asked = read(ask(searcher))
    if why_not is not None:
        lesson = _expected(knowledge_base, why_not)
        reasons = knowledge_base.why_not(searcher, lesson, asked, mode=Mode(mode), limit=most)
        click.echo(json_text(reasons.as_json()) if as_json else "\n".join(reasons.lines()))
        return Exit.DONE
    found = answer(asked)
    session.remember(knowledge_base, found)
    _show(session, knowledge_base, found, changes, as_json=as_json, explain=explain, in_full=every)
    if not found.relevance.is_relevant:
        session.say(_what_to_try(found, knowledge_base, restricted=bool(asked.filters or asked.without)))
    return Exit.DONE if found.relevance.is_relevant else Exit.NOTHING


def _expected(knowledge_base: KnowledgeBase, name: str) -> Lesson:
    """Return the lesson that somebody expects; raises `UnknownLesson` with the reason why it is not indexed."""
    from kb.system.last_hits import last_hits

    try:
        return knowledge_base.find(name, last_hits(knowledge_base.config.root))[0]
    except UnknownLesson as error:
        if reason := knowledge_base.why_not_indexed(name):
            raise UnknownLesson(reason) from error
        raise


def _asked(query: Sequence[str], file: str | None, options: FilterOptions) -> Callable[[Searcher], Query]:
    """Return how the query is read once there is an index; what asks nothing is refused before that."""
    if file and query:
        raise click.UsageError("the query is either QUERY or in --file; leave one of them out.")
    if file or list(query) == [STANDARD_INPUT]:
        page = page_query(read_query(file or STANDARD_INPUT))
        return lambda _: page
    text = line_of(query)
    if options and not text.strip():
        return lambda _: EVERYTHING
    if not query:
        raise click.UsageError("Missing argument 'QUERY...'.")
    clean_query(text)
    return lambda searcher: searcher.parse(text)


def _searcher(session: Session, knowledge_base: KnowledgeBase, mode: str, *, refresh: bool) -> Searcher:
    """Open the index, brought up to date if asked; built if there is none, as far as the answer needs it."""
    words_only = mode == "lexical"
    if refresh and (refreshed := knowledge_base.refresh()):
        session.name_problems(refreshed)
    try:
        if searcher := knowledge_base.searcher(words_only=words_only):
            return searcher
        session.say("there is no index yet: building it first")
    except OlderFormat as error:
        if not knowledge_base.is_quickly_rebuilt():
            raise
        session.say(f"{str(error).partition(';')[0]}: building it again first")
    built = knowledge_base.first_index(with_meaning=mode == "semantic")
    if built:
        session.name_problems(built)
    if searcher := knowledge_base.searcher(words_only=words_only):
        return searcher
    raise IndexUnusable(built.refusal if built else "there is no index; run `kb reindex`")


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
    for note in answer.notes:
        session.say(note)
    if answer.results and not answer.relevance.is_relevant:
        session.say("nothing here is sure to help; these are the nearest")
    if answer.relevance.is_relevant and (unknown := [word for word in answer.unknown_words if is_identifier(word)]):
        session.say(f"no lesson has {_named(unknown)}")
    if as_json:
        click.echo(json_text(answer.as_json(changes.count())))
    else:
        from kb.terminal.screen import print_answer

        print_answer(answer, knowledge_base.config.root, explain=explain, in_full=in_full)
    sys.stdout.flush()  # a reader has the answer before every file of the corpus is looked at
    if changed := changes.count():
        lessons = "1 lesson has" if changed == 1 else f"{changed:,} lessons have"
        session.say(f"{lessons} changed since the index was built; --refresh includes them")


def _what_to_try(answer: Answer, knowledge_base: KnowledgeBase, *, restricted: bool) -> str:
    """Return the line below an answer of which nothing is sure to help."""
    if not answer.index.lessons:
        return f"there are no lessons in {', '.join(knowledge_base.config.paths)} yet; write the first one"
    if not answer.results and restricted and answer.notes:  # which say what left nothing over
        return "nothing found"
    unknown = f"no lesson has {_named(answer.unknown_words)}; " if answer.unknown_words else ""
    lexical = "" if answer.mode == "lexical" else ", --mode lexical for the words alone"
    return f"{unknown}try other words{lexical}, or write this lesson when it is solved"


def _named(words: Sequence[str]) -> str:
    shortened = (f"{word[:_LONGEST_NAMED]}\u2026" if len(word) > _LONGEST_NAMED else word for word in words)
    shown = ", ".join(islice(shortened, _WORDS_NAMED))
    return f"{shown} and {counted(len(words) - _WORDS_NAMED, 'other word')}" if len(words) > _WORDS_NAMED else shown


def _answer_batch(session: Session, name: str, answer: Callable[[str], Answer], changes: ChangesSince) -> int:
    """Print an object for each line as soon as it is answered."""
    from kb.retrieval.batch import answer_lines

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
