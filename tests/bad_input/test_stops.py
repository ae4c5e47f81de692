"""What stops every reader: configuration, formats, damage. In full in `test_config.py` and `test_snapshot.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad_input.answers import GOOD
from tests.conftest import Make, Run

Break = Callable[[Path], object]


def config_with_an_unknown_key(root: Path) -> None:
    with (root / "kb.toml").open("a") as file:
        file.write("[serach]\n")


def newer_format(root: Path) -> None:
    current = (root / ".kb" / "CURRENT").read_text().strip()
    manifest = root / ".kb" / "snapshots" / current / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))


def damaged_snapshot(root: Path) -> None:
    current = (root / ".kb" / "CURRENT").read_text().strip()
    (root / ".kb" / "snapshots" / current / "catalogue.sqlite").write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (config_with_an_unknown_key, 2, r"kb: .*/kb\.toml: unknown key serach; did you mean search\?"),
        (newer_format, 5, r"kb: .* has format 99, this kb reads \d+; update kb, or let `kb reindex --full` .*"),
        (damaged_snapshot, 5, r"kb: .*/catalogue\.sqlite has 0 bytes, not \d+; run `kb reindex`"),
    ],
)
def test_what_stops_every_reader_is_one_line_and_touches_nothing(
    indexed: Make, kb: Run, spoil: Break, code: int, said: str
) -> None:
    root = indexed({"good.md": GOOD})
    spoil(root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for command in (["search", "parcels"], ["show", "good"], ["list"], ["status"]):
        done = kb(root, *command)
        assert (done.code, done.out) == (code, "")
        assert re.fullmatch(said + "\n", done.err), done.err
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_an_index_made_by_another_model_still_answers_and_says_so(indexed: Make, kb: Run, cls_model: Path) -> None:
    root = indexed({"good.md": GOOD})
    (root / "kb.toml").write_text(f'[model]\nname = "{cls_model}"\n')
    done = kb(root, "search", "--json", "parcels come back with the wrong address")
    assert (done.code, json.loads(done.out)["mode"]) == (0, "hybrid")
    assert [hit["id"] for hit in json.loads(done.out)["hits"]] == ["good"]
    assert re.search(r"^kb: the index was made with the model .*; run `kb reindex`$", done.err, re.MULTILINE)
