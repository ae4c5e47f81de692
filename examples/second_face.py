"""A second face of kb, without its command line: it answers, briefs, shows, lists, checks, measures and reindexes.

python examples/second_face.py KNOWLEDGE_BASE ask|brief "brochure errors"
python examples/second_face.py KNOWLEDGE_BASE show|similar on-demand-brochures
python examples/second_face.py KNOWLEDGE_BASE list "tag:sales -status:retired"
python examples/second_face.py KNOWLEDGE_BASE check|reindex
python examples/second_face.py KNOWLEDGE_BASE eval QUERIES QRELS
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from kb.check.request import CheckRequest
from kb.evaluation.evaluating import make_plan
from kb.evaluation.files import Files
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import Request, SimilarRequest
from kb.visible import json_text


def answer(base: KnowledgeBase, what: str, *words: str) -> Any:
    text = " ".join(words)
    if what == "ask":
        with base.open() as index:
            return index.ask(Request(text)).as_json(index.changes.count())
    if what == "brief":
        with base.open() as index:
            return index.brief(Request(text)).as_json()
    if what == "show":
        return base.show(text).as_json()
    if what == "similar":
        return base.similar(SimilarRequest(text)).as_json()
    if what == "list":
        return base.listing(ListRequest(text)).as_json()
    if what == "check":
        return base.check(CheckRequest(), date.today(), print).as_json()
    if what == "eval":
        evaluation = base.evaluate(Files(base.config.root.name, *map(Path, words)), make_plan())
        return {"evaluations": [evaluation.as_json(per_query=False)]}
    return base.reindex().as_json()


if __name__ == "__main__":
    print(json_text(answer(KnowledgeBase(Path(sys.argv[1])), *sys.argv[2:])))
