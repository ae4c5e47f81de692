"""An index whose numbers and values are others, and whose digests are right: it answers, or is said to be damaged.

Sixty changes in the suite; ten thousand by `KB_LONG=1 pytest tests/hostile/test_resealed.py`.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.config import corpus_of
from kb.errors import KbError
from kb.index.manifest import MANIFEST, describe_files, with_digest
from kb.knowledge_base import KnowledgeBase
from kb.open_index import OpenIndex
from kb.retrieval.request import Request
from kb.terminal.answers import draw_answer
from search.errors import SearchError
from search.query.mode import Mode
from tests.conftest import Make
from tests.examples import LONG
from tests.hostile.conftest import LESSON
from tests.snapshots import live_folder

ROUNDS = range(500) if LONG else range(4)
CHANGES_EACH = 20 if LONG else 15
WHOLE = [0, 1, -1, 2, 255, 65535, 65536, 2**31 - 1, -(2**31), 2**32, 2**62, -(2**63), 10**6]
REAL = [float("nan"), float("inf"), -1e30, 1e30, 0.0, -1.0]
KINDS: list[Any] = [np.int8, np.int16, np.int64, np.float32, np.float64, np.uint8, np.complex64, "S3", "U2", bool]
VALUES: list[Any] = [
    *(None, 0, -1, 2**62, -(2**63), 1.5, float("inf"), b"\xff\xfe\x00"),
    *("", "x", "[]", "{}", "null", "[[],[]]", '["a"]', '{"title": 5}', "[" * 3000, "x" * 99_999),
    *("../../../etc/passwd", "/etc/passwd", "a\x00b", "body", "answer"),
]
TABLES = {"files": "path", "lessons": "path", "passages": "path", "keys": "id", "facts": "key", "said": "key"}
SCHEMAS = [
    "ALTER TABLE files ADD COLUMN more",
    "DROP TABLE said",
    "CREATE TABLE more (a)",
    "CREATE TRIGGER harm AFTER INSERT ON files BEGIN DELETE FROM lessons; END",
    "CREATE VIEW harm AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
]
QUERIES = [
    *("parcels label", '"wrong address"', "address -label", "tag:shipping parcels", "since:2000 kind:tool"),
    *("labls broshure", "date:>2005", "ORA-00942", "has:impact", "parcels come back", "パッケージ"),
]
PRINTER = """\
---
title: A printer
date: 2019
impact: [{area: cost, change: "-5%"}]
---
# A printer

ORA-00942 on labels.
"""

Array = NDArray[Any]


def set_some(array: Array, chance: random.Random) -> Array:
    for _ in range(chance.choice([1, 1, 3, max(array.size, 1)]) if array.size else 0):
        value = chance.choice(WHOLE) if array.dtype.kind in "iu" else chance.choice(REAL)
        array.flat[chance.randrange(array.size)] = np.array(value).astype(array.dtype)
    return array


def flip_a_bit(array: Array, chance: random.Random) -> Array:
    data = bytearray(array.tobytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return np.frombuffer(bytes(data), array.dtype).reshape(array.shape)


def reshape(array: Array, chance: random.Random) -> Array:
    flat = array.reshape(-1)
    one = flat[:1].reshape(()) if len(flat) else flat
    return chance.choice([flat.reshape(1, -1), flat.reshape(-1, 1), one, array[None]])


ARRAYS: list[Callable[[Array, random.Random], Array]] = [
    *[set_some] * 4,
    flip_a_bit,
    reshape,
    lambda array, chance: array[: chance.randrange(len(array) + 1)],
    lambda array, _: np.concatenate([array, array[:1]]),
    lambda array, chance: array.astype(chance.choice(KINDS)),
    lambda array, chance: array[np.random.default_rng(chance.randrange(99)).permutation(len(array))],
]


def change_array(path: Path, chance: random.Random) -> None:
    if chance.random() < 0.1:
        data = bytearray(path.read_bytes())
        for _ in range(chance.choice([1, 1, 4])):
            data[chance.randrange(min(len(data), 160))] = chance.randrange(256)
        path.write_bytes(bytes(data))
    else:
        np.save(path, chance.choice(ARRAYS)(np.load(path), chance))


def change_tables(path: Path, chance: random.Random) -> None:
    table = chance.choice([*TABLES])
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        key = TABLES[table]
        where = chance.choice(["", f" WHERE {key} = (SELECT {key} FROM {table} LIMIT 1)"])
        change = chance.choice(["value"] * 8 + ["another's", "none", "schema"])
        if change == "value":
            with suppress(sqlite3.IntegrityError):  # a key that is a number
                statement = f"UPDATE OR IGNORE {table} SET {chance.choice(columns)} = ?{where}"
                connection.execute(statement, [chance.choice(VALUES)])
        elif change == "another's":
            column = chance.choice(columns)
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = (SELECT {column} FROM {table} LIMIT 1)")
        else:
            connection.execute(f"DELETE FROM {table}" if change == "none" else chance.choice(SCHEMAS))
        connection.commit()


def change_json(path: Path, chance: random.Random) -> None:
    said = json.loads(path.read_text())
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in [*value] if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            places.append((value, key))
            walk(value[key])

    walk(said)
    other = [None, 0, -1, 2**70, 1e308, float("nan"), "", "x", [], {}, [1], {"a": 1}, True, "../../x", "\x00"]
    if places:
        holder, key = chance.choice(places)
        holder[key] = chance.choice(other)
        path.write_text(json.dumps(said))
    else:
        path.write_text(chance.choice(["[]", "5", "null", '{"a": []}', "[" * 50_000]))


def seal(folder: Path, *, files: bool) -> None:
    """Let the manifest vouch for what is there, as whoever forged it would."""
    said = json.loads((folder / MANIFEST).read_text())
    said.pop("digest", None)
    if files:
        said["files"] = {name: list(of) for name, of in describe_files(folder).items()}
    (folder / MANIFEST).write_text(with_digest(said))


def change(folder: Path, chance: random.Random) -> None:
    if chance.random() < 0.1:
        change_json(folder / MANIFEST, chance)
        seal(folder, files=False)
        return
    arrays = sorted(folder.rglob("*.npy"))
    others = [path for path in folder.glob("*.json") if path.name != MANIFEST]
    path = folder / "catalogue.sqlite" if chance.random() < 0.45 else chance.choice([*arrays, *others])
    with suppress(ValueError, IndexError, EOFError, RecursionError, sqlite3.DatabaseError):  # torn before
        {".npy": change_array, ".sqlite": change_tables, ".json": change_json}[path.suffix](path, chance)
    seal(folder, files=True)


def ask_everything(root: Path, chance: random.Random) -> None:
    """Ask what can be asked; whatever is wrong must be said in the words that there are for it."""

    def tried(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        try:
            return call(*arguments, **options)
        except (KbError, SearchError):
            return None

    knowledge_base = KnowledgeBase(root)
    searcher = tried(knowledge_base.index.searcher)
    if searcher:
        corpus, changes = corpus_of(knowledge_base.config), knowledge_base.index.changes_since(searcher)
        with OpenIndex(searcher, corpus, knowledge_base.find, changes) as index:
            for query in chance.sample(QUERIES, 4):

                def answer(query: str = query) -> None:
                    request = Request(query, mode=chance.choice(list(Mode)), passages=2)
                    found = index.ask(request)
                    draw_answer(found, root, explain=True, in_full=True)
                    json.dumps(found.as_json(0))
                    for result in found.results[:1]:
                        tried(knowledge_base.text, result.lesson)
                        tried(index.why_not, result.lesson.path, replace(request, limit=1))

                tried(answer)
            tried(changes.count)
    for call in (knowledge_base.lessons, knowledge_base.upkeep.status):
        tried(call)
    for name in ("labels", "1", "lab", "lessons/labels.md:3"):
        tried(knowledge_base.find, name)


WRITTEN: dict[str, str | bytes] = {
    "labels.md": LESSON,
    "printer.md": PRINTER,
    "plans.md": "---\nsupersedes: [labels]\nanswers: [plans]\n---\n# Forty plans\n\n" + "Forty languages. " * 300,
}


@pytest.mark.parametrize("seed", ROUNDS)
def test_no_forged_index_does_more_than_answer_wrongly(
    indexed: Make, tmp_path: Path, seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    root = indexed(WRITTEN)
    kept = shutil.copytree(root / ".kb", tmp_path / "kept")
    chance = random.Random(seed)
    for _ in range(CHANGES_EACH):
        shutil.rmtree(root / ".kb")
        shutil.copytree(kept, root / ".kb")
        for _ in range(chance.choice([1, 1, 1, 2])):
            change(live_folder(root), chance)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # numbers that no index has overflow
            ask_everything(root, chance)
        capfd.readouterr()
