"""Queries and judgements from what was opened and reused, as files that `kb eval` reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kb.demand.noting.history import Judgement
from kb.errors import NoDemand
from kb.system.output_file import write_output

_HEADER = "query-id\tcorpus-id\tscore"


def write_collection(judgements: Sequence[Judgement], queries: Path, qrels: Path) -> None:
    """Write the queries as JSON lines, and the judgements in columns (BEIR); raises `NoDemand`, `CannotWrite`.

    An opened lesson has grade 1, a reused one grade 2.
    """
    told = [one for one in judgements if not set("\t\r\n") & set(one.lesson)]
    if not told:
        raise NoDemand(
            "no lesson was opened or reused after a question that was noted, so there is nothing to measure with; "
            "see `kb demand`"
        )
    texts = {one.question: one.text for one in told}
    lines = (json.dumps({"_id": f"q{id_}", "text": text}) for id_, text in texts.items())
    write_output(queries, "".join(f"{line}\n" for line in lines))
    rows = (f"q{one.question}\t{one.lesson}\t{one.grade}" for one in told)
    write_output(qrels, "".join(f"{row}\n" for row in (_HEADER, *rows)))
