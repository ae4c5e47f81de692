"""The tools that lessons describe, and what did not work, each in one or two sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ingest.kinds import Kind, KindTable
from ingest.markdown.readable import headed
from kb.brief.choosing import Choice
from kb.brief.quotable import LONGEST, is_quotable, points_back
from kb.brief.source import Source
from kb.brief.statement import Statement
from kb.lessons.stated import says_something, withholds

# What is said of a tool or a failure: its first sentences, up to this many characters.
_LENGTH = 170


def tools_in(sources: Sequence[Source], choice: Choice, count: int) -> list[Statement]:
    """Return up to `count` tools, those first that fit the problem best."""
    return choice.best([tool for source in sources for tool in _tools(source)], count)


def _tools(source: Source) -> Iterator[Statement]:
    """Yield the tools of a lesson: sections below `Tools`, list items, paragraphs that begin with a name in bold."""
    for tool in _one_by_one([one for one in source.statements if one.kind is Kind.TOOL]):
        if (text := _description([one.text for one in tool])) and len(text) <= LONGEST:
            name = tool[0].heading if _is_name(tool[0].heading, source.lesson.title) else ""
            yield tool[0]._replace(text=text if text.startswith(name) else headed(name, text))


def failures_in(sources: Sequence[Source]) -> list[Statement]:
    """Return what did not work: whole sentences; of a paragraph or item that has none, its first ones together."""
    return [failure for source in sources for failure in _failures(source)]


def _failures(source: Source) -> Iterator[Statement]:
    quotable = source.of(Kind.FAILURE)
    for part in _one_by_one([one for one in source.statements if one.kind is Kind.FAILURE]):
        whole = [one for one in part if one in quotable and not points_back(one.text)]
        if whole:
            yield from (one for one in part if one in quotable)
        elif (text := _description([one.text for one in part])) and is_quotable(text):
            yield part[0]._replace(text=text)


def _description(sentences: Sequence[str]) -> str:
    """Return the first sentences of a tool; a list that they announce is given whole or not at all."""
    said = [sentence for sentence in sentences if not withholds(sentence) and says_something(sentence)]
    count = 1
    while count < len(said) and len(" ".join(said[: count + 1])) <= _LENGTH:
        count += 1
    announced = next((at for at, sentence in enumerate(said[:count]) if sentence.endswith(":")), count)
    shown = said[:count] if count == len(said) else said[: max(announced, 1)]
    return " ".join(shown).removesuffix(":")


def _one_by_one(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    tool: list[Statement] = []
    for statement in statements:
        if tool and (statement.opens or statement.heading != tool[0].heading):
            yield tool
            tool = []
        tool.append(statement)
    if tool:
        yield tool


def _is_name(heading: str, title: str) -> bool:
    return bool(heading) and heading != title and _kinds().kind_of((heading,)) is Kind.OTHER


@cache
def _kinds() -> KindTable:
    return KindTable()
