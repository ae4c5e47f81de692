"""What a process loads that opens a model, and that it needs no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.encoders.conftest import PREPARING, Opened, passages

REPOSITORY = Path(__file__).parent.parent.parent


IN_A_PROCESS = """
import json, sys
from pathlib import Path
from search.models.encoders import Encoders

cache, base, name = sys.argv[1:]
told = []
encoder = Encoders(Path(cache), Path(base), told.append).open(name)
[(_, passages)] = encoder.encode_passages(["print errors"])
encoder.window.token_starts(["print errors"])
print(json.dumps({
    "told": told,
    "query": encoder.encode_query("brochure errors").tolist(),
    "passage": passages[0].tolist(),
    "window": encoder.window.max_tokens,
    "modules": sorted(sys.modules),
}))
"""


def in_a_process(cache: Path, base: Path, name: str, **environment: str) -> tuple[dict[str, Any], str]:
    """Open a model in a new process; return what it found and what was printed beside it."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, str(cache), str(base), name],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result, done.stderr


def test_an_exported_model_is_opened_without_torch(prompted: Opened) -> None:
    result, printed = in_a_process(prompted.cache, Path(), str(prompted.folder))
    heavy = {
        "torch",
        "sentence_transformers",
        "transformers",
        "onnx",
        "search.models.model",
        "search.models.export",
    }
    assert heavy & set(result["modules"]) == set()
    assert (result["told"], printed) == ([], "")
    assert result["query"] == pytest.approx(prompted.encoder.encode_query("brochure errors").tolist(), abs=1e-5)
    assert result["passage"] == pytest.approx(passages(prompted.encoder, ["print errors"])[0].tolist(), abs=1e-5)
    assert result["window"] == prompted.encoder.window.max_tokens


def test_a_model_in_the_hubs_local_cache_is_prepared_without_network_and_without_a_word_printed(
    prompted: Opened, tmp_path: Path
) -> None:
    revision = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--sentence-transformers--tiny-bert"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(revision)
    shutil.copytree(prompted.folder, repository / "snapshots" / revision)
    hub = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    result, printed = in_a_process(tmp_path / "encoders", tmp_path, "tiny-bert", **hub)
    assert printed == ""
    assert [line.split(" (")[0] for line in result["told"]] == [f"{PREPARING} tiny-bert"]
    assert result["query"] == pytest.approx(prompted.encoder.encode_query("brochure errors").tolist(), abs=1e-5)
    again, printed = in_a_process(tmp_path / "encoders", tmp_path, "tiny-bert", **hub)
    assert (again["told"], printed) == ([], "")
    assert again["query"] == result["query"]
    assert "torch" not in again["modules"]
