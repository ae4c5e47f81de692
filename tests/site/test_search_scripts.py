"""The search in the browser: its terms and its ranking are those of `kb search --mode lexical`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from whoosh.lang.porter import stem

from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request
from search.analysis.analyzer import analyze
from search.analysis.tokens import is_identifier
from search.browser.tables import tables
from search.models.bundled import english_words
from search.query import Mode
from tests.conftest import Make
from tests.invented import lesson
from tests.site.node import needs_node, run_scripts

ROOT = Path(__file__).parent.parent.parent
pytestmark = needs_node
TERMS = """({tables, texts}) => {
  const {analyze, isIdentifier} = analyzerOf(tables);
  return texts.map((text) => {
    const found = analyze(text);
    return [
      found.words.map((word) => word.term),
      found.names.map((name) => [name.term, name.first, name.last, isIdentifier(text.slice(name.start, name.end))]),
      found.parts.map((part) => [part.term, part.word]),
    ];
  });
}"""
RANK = """async ({base, shards, queries}) => {
  const rank = rankingOf(base, postingsOf(base, async (number) => shards[number]));
  const found = [];
  for (const query of queries) found.push((await rank(query, 10)).lessons);
  return found;
}"""
SCRIPTS_OF_THE_WORLD = (Path(__file__).parent / "scripts_of_the_world.txt").read_text("utf-8").splitlines()


def analyzed(text: str) -> list[Any]:
    found = analyze(text, is_query=True)
    names = [[name.term, name.first, name.last, is_identifier(text[name.start : name.end])] for name in found.names]
    return [[word.term for word in found.words], names, [[part.term, part.word] for part in found.parts]]


def test_real_text_and_the_scripts_of_the_world_become_the_same_terms() -> None:
    pages = [
        path.read_text("utf-8")
        for folder in ("lessons", "docs", "examples")
        for path in sorted((ROOT / folder).rglob("*.md"))
    ]
    code = [path.read_text("utf-8") for path in sorted((ROOT / "search").rglob("*.py"))]
    texts = [*pages, *code, *SCRIPTS_OF_THE_WORLD]
    expected = [analyzed(text) for text in texts]
    assert sum(len(words) for words, _, _ in expected) > 20_000
    found = run_scripts(TERMS, {"tables": tables(), "texts": texts})
    assert found == json.loads(json.dumps(expected))


def test_each_character_becomes_the_same_terms() -> None:
    """Up to those that the two languages may know from different versions of Unicode."""
    texts = [
        f"{chr(code)}a b{chr(code)} {chr(code)}"
        for code in [*range(0x20, 0x3100), *range(0xA000, 0xD800, 7), *range(0xF900, 0xFFFE)]
    ]
    found = run_scripts(TERMS, {"tables": tables(), "texts": texts})
    different = [
        text
        for text, mine, other in zip(texts, map(analyzed, texts), found, strict=True)
        if json.loads(json.dumps(mine)) != other
    ]
    assert len(different) <= 20, [ascii(text) for text in different]


def test_the_stemmer_is_the_same_on_all_common_words() -> None:
    words = sorted(english_words())
    assert len(words) > 1_000
    endings = [
        word + ending
        for word in words[::7]
        for ending in ("s", "ed", "ing", "ly", "ational", "fulness", "eed", "ize", "y")
    ]
    every = [
        *words,
        *endings,
        "bl",
        "ated",
        "izing",
        "yyed",
        "bb",
        "bbed",
        "atting",
        "hopping",
        "y",
        "ye",
        "yes",
        "controll",
    ]
    assert run_scripts("(words) => words.map(stem)", every) == [stem(word) for word in every]


@pytest.fixture
def base(make: Make) -> KnowledgeBase:
    random = Random(3)
    lessons: dict[str, str | bytes] = {f"l{number:03}.md": lesson(random) for number in range(60)}
    lessons["old.md"] = (
        "---\nid: old\nstatus: superseded\n---\n# Printer cracked\n\nThe printer cracked, TLS1.3 and ORA-00942.\n"
    )
    lessons["new.md"] = (
        "---\nid: new\nsupersedes: [old]\nimpact: [{area: cost, before: 3, after: 2, unit: EUR}]\n---\n# A frame\n"
    )
    lessons["draft.md"] = (
        "---\nstatus: draft\n---\n# Proof reading\n\nThe proof reading of brochures, dark mode, user\u2019s names.\n"
    )
    lessons["cjk.md"] = (
        "# \u6771\u4eac\u306e\u30d7\u30ea\u30f3\u30bf\n\n\u30d7\u30ea\u30f3\u30bf\u304c\u58ca\u308c\u305f\u3002\n"
    )
    return KnowledgeBase(make(lessons))


QUERIES = [
    *("printer cracked", "the label leaked and the crew was late", "proofreading", "proof-reading", "proof reading"),
    *(
        "ORA-00942",
        "tls1.3",
        "TLS 1.3",
        "darkmode",
        "\u30d7\u30ea\u30f3\u30bf",
        "nothing that is there zzz",
        "the and of",
    ),
    *("battery bearing antenna coating corroded jammed", "inspect label train rehearse document simplify replace " * 8),
]


def test_the_ranking_is_that_of_a_search_by_words(base: KnowledgeBase) -> None:
    with base.open(Mode.LEXICAL, refresh=True) as index:
        made = index.searcher.browser_index()
        paths = [name[0] for name in sorted((lesson.path, lesson.id) for lesson in base.lessons())]
        titles = [lesson.title for lesson in base.lessons()]
        queries = [*QUERIES, *titles]
        found = run_scripts(RANK, {"base": made.base, "shards": list(made.shards), "queries": queries})
        request = Request("", mode=Mode.LEXICAL, limit=10, every=True)
        for query, lessons in zip(queries, found, strict=True):
            results = index.ask(replace(request, text=query)).results
            assert [paths[lesson] for lesson, _ in lessons] == [result.lesson.path for result in results], query
            assert [score for _, score in lessons] == pytest.approx([result.score for result in results], rel=1e-4), (
                query
            )
