"""Compares the search of a static site with `kb search --mode lexical`: the same ten lessons, and what it loads.

    python -m benchmarks.site_search BASE [QUESTIONS.jsonl] [--limit 150]

BASE is a knowledge base with an index. The queries are titles of its lessons, or the `query` of each line of a file.
Needs `node`. Prints the share of queries with the same ten lessons in the same order, and the kB of the files that each
query loads in a browser that has none of them yet.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request
from kb.site.addresses import SiteAddresses
from kb.site.finding import search_pages
from search.query import Mode
from tests.site.node import run_scripts

_RANK = """async ({base, shards, queries}) => {
  const found = [];
  for (const query of queries) {
    const loaded = [];
    const load = async (number) => { loaded.push(number); return shards[number]; };
    const {lessons} = await rankingOf(base, postingsOf(base, load))(query, 10);
    found.push({lessons: lessons.map(([lesson]) => lesson), loaded});
  }
  return found;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=150)
    given = parser.parse_args()
    base = KnowledgeBase(given.base)
    lessons = base.lessons()
    titles = Random(1).sample([one.title for one in lessons], min(given.limit, len(lessons)))  # noqa: S311 - a sample
    queries = [*_queries(given.questions)][: given.limit] if given.questions else titles
    _compare(base, queries)


def _queries(path: Path) -> list[str]:
    return [json.loads(line)["query"] for line in path.read_text("utf-8").splitlines()]


def _compare(base: KnowledgeBase, queries: list[str]) -> None:
    lessons = base.lessons()
    by_number = sorted(lesson.path for lesson in lessons)
    with base.open(Mode.LEXICAL) as index:
        made = index.searcher.browser_index()
        answers = [index.ask(Request(query, mode=Mode.LEXICAL, limit=10, every=True)) for query in queries]
    sizes = {page.path: len(page.data) for page in search_pages(made, lessons, SiteAddresses.of(lessons))}
    found = run_scripts(_RANK, {"base": made.base, "shards": list(made.shards), "queries": queries})
    same, same_uncorrected, loads = 0, [], []
    for one, answer in zip(found, answers, strict=True):
        is_same = [by_number[lesson] for lesson in one["lessons"]] == [hit.lesson.path for hit in answer.results]
        same += is_same
        if not answer.also_searched:
            same_uncorrected.append(is_same)
        loads.append(_loaded(one, sizes))
    print(f"{len(queries)} queries: the same ten lessons in the same order in {same / len(queries):.1%}")
    print(f"without those with a corrected word: {sum(same_uncorrected)} of {len(same_uncorrected)}")
    print(f"loaded for a first query: median {median(loads):.0f} kB, highest {max(loads):.0f} kB")


def _loaded(one: dict[str, Any], sizes: dict[str, int]) -> float:
    titles = {f"search/titles-{lesson // 32}.js" for lesson in one["lessons"]}
    names = {"search.js", "search/base.js", *titles, *(f"search/{number}.js" for number in one["loaded"])}
    return sum(sizes[name] for name in names) / 1000


if __name__ == "__main__":
    main()
