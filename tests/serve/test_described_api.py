"""The API is what its description says, whatever is sent: asked by Schemathesis, where that is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.examples import LONG
from tests.serve.servers import Server, served

PROGRAM = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")
# Not among them: that all that fits the schema is accepted. No schema says which texts are a date or a condition.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,unsupported_method"
)

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Schemathesis is not installed: pip install 'kb-lessons[fuzz]'")


@pytest.fixture
def writing(own_root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(own_root, environment, "--allow-write")
    yield found
    assert found.stop() == 0, found.lines
    assert [line for line in found.log if "traceback" in line] == []


@pytest.mark.slow
def test_whatever_is_sent_the_answer_is_one_of_those_described(writing: Server, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{writing.port}/api/openapi.json"
    limits = ["--max-time", "240" if LONG else "20", "--phases", "coverage,fuzzing", "--seed", "1"]
    done = subprocess.run(
        [str(PROGRAM), "run", address, "--checks", CHECKS, *limits, "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-2_000:]
    assert "Test cases:" in done.stdout
