"""A second face of kb, without its command line: it answers, shows, lists, checks and reindexes.

python examples/second_face.py KNOWLEDGE_BASE ask "brochure errors"
python examples/second_face.py KNOWLEDGE_BASE show on-demand-brochures
python examples/second_face.py KNOWLEDGE_BASE list|check|reindex
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date
from pathlib import Path

from kb.check.formats import json as findings
from kb.check.request import CheckRequest
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import Request
from kb.visible import json_text


def answer(base: KnowledgeBase, what: str, said: str) -> str:
    if what == "ask":
        with closing(base.ready()) as searcher:
            return json_text(searcher.ask(Request(said)).as_json(base.changes_since(searcher).count()))
    if what == "show":
        return base.show(said).text
    if what == "list":
        return json_text(base.listing(ListRequest(said)).as_json())
    if what == "check":
        return findings.written(base.check(CheckRequest(), date.today(), print))
    return json_text(base.reindex().as_json())


if __name__ == "__main__":
    print(answer(KnowledgeBase(Path(sys.argv[1])), sys.argv[2], " ".join(sys.argv[3:])))
