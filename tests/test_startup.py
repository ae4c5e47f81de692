"""What is imported is the latency: a process of its own says what each command loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kb.main import kb as program
from tests.conftest import Make, Run
from tests.library import committed, repository

HEAVY = {
    *("torch", "sentence_transformers", "transformers", "faiss", "numpy", "whoosh", "onnxruntime", "onnx"),
    *("tokenizers", "huggingface_hub", "rich", "yaml", "markdown_it"),
    *("scipy", "ir_measures", "ruamel", "matplotlib", "jinja2"),
}
SLOW_AND_IDLE = {
    *("asyncio", "concurrent", "email", "http", "multiprocessing", "ssl", "statistics", "unittest", "urllib.request"),
    *("numpy.ma", "xml", "zoneinfo"),
}
"""Modules that somebody else's import brings, and that no search needs."""

READING = {"click", "platformdirs", "whoosh"}
"""Libraries that whatever looks at an index has: the command line, where the cache is, how terms are made."""
BY_WORDS = READING | {"numpy"}
BY_MEANING = BY_WORDS | {"faiss", "onnxruntime", "tokenizers", "packaging", "swig_runtime_data5"}
MAY_IMPORT: dict[tuple[str, ...], set[str]] = {
    ("--help",): {"click"},
    ("search", "--mode", "lexical", "--json", "parcels come back"): BY_WORDS,
    ("search", "--mode", "lexical", "parcels come back"): BY_WORDS | {"rich"},
    ("search", "--json", "parcels come back"): BY_MEANING,
    ("search", "parcels come back"): BY_MEANING | {"rich"},
    ("search", "--since", "2020", "parcels come back"): BY_MEANING | {"rich"},
    ("who", "--json", "parcels come back"): BY_MEANING,
    ("who", "parcels come back"): BY_MEANING | {"rich"},
    ("reindex",): READING | {"psutil"},
    ("gaps", "--json"): BY_MEANING,
    ("demand",): READING,
    ("impact", "--json"): READING,
    ("impact",): READING | {"rich"},
    ("impact", "--csv", "unit:none"): BY_WORDS,
    ("map", "--json"): BY_WORDS,
    ("map",): BY_WORDS | {"rich"},
    ("stale", "--json"): READING | {"markdown_it", "mdurl"},
    ("near-duplicates", "--json"): BY_WORDS | {"faiss", "packaging", "swig_runtime_data5"},
}
"""The libraries, ours and Python's own aside, that a command may import: each costs its time at every start."""

ENCODING = {"torch", "sentence_transformers", "transformers", "onnx"}
"""What loads models; a query must never wait for it."""

PROGRAM = """
import json, sys
from kb.main import main
code = 0
try:
    main(sys.argv[1:])
except SystemExit as stopped:
    code = stopped.code
loaded = sorted({*sys.modules, *(name.split(".")[0] for name in sys.modules)})
print(json.dumps({"code": code, "loaded": loaded}), file=sys.stderr)
"""


@dataclass(frozen=True)
class Started:
    """What one process did."""

    code: int
    out: str
    loaded: frozenset[str]

    @property
    def libraries(self) -> set[str]:
        """Those of third parties."""
        ours = {"kb", "search", "ingest"}
        tops = {name.split(".")[0] for name in self.loaded} - ours - THERE_BEFORE
        return {name for name in tops if name not in sys.stdlib_module_names}


def start(*arguments: str, program: str = PROGRAM) -> Started:
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    found = json.loads(done.stderr.splitlines()[-1])
    return Started(found["code"], done.stdout, frozenset(found["loaded"]))


THERE_BEFORE = start(
    program="import json, sys; print(json.dumps({'code': 0, 'loaded': list(sys.modules)}), file=sys.stderr)"
).loaded
"""What the installation itself loads, such as the finder of an editable one."""


@pytest.fixture
def base(make: Make, kb: Run, cls_model: Path) -> Path:
    """An indexed knowledge base whose model is a transformer, as in earnest, and whose lesson is not just written."""
    root = make({"labels.md": "# Labels\n\nParcels come back.\n"}, f'[model]\nname = "{cls_model}"')
    os.utime(root / "lessons" / "labels.md", (0, 0))
    assert kb(root, "reindex").code == 0
    return root


def test_importing_the_program_loads_nothing_heavy() -> None:
    started = start(program=PROGRAM.replace("    main(sys.argv[1:])", "    pass"))
    assert "click" in started.loaded
    assert started.loaded & HEAVY == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["-h"],
        ["--version"],
        *([command, "--help"] for command in program.commands),
    ],
    ids=" ".join,
)
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    started = start(*arguments)
    assert started.code == 0
    assert started.out
    assert started.loaded & HEAVY == set()
    if len(arguments) < 2:  # no command is asked for, and all are listed
        assert not {name for name in started.loaded if name.startswith("kb.commands.")} - {"kb.commands.summaries"}


def test_a_new_knowledge_base_is_made_without_anything_heavy(tmp_path: Path) -> None:
    started = start("init", str(tmp_path))
    assert (started.code, (tmp_path / "kb.toml").is_file()) == (0, True)
    assert started.loaded & HEAVY == set()


def test_an_empty_query_is_refused_before_anything_heavy_is_loaded(base: Path) -> None:
    started = start("--root", str(base), "search", "?")
    assert (started.code, started.out) == (2, "")
    assert started.loaded & HEAVY == set()


@pytest.mark.parametrize("option", [[], ["--json"], ["--mode", "semantic"]], ids=["text", "JSON", "semantic"])
def test_a_search_loads_neither_torch_nor_what_stands_on_it(base: Path, option: list[str]) -> None:
    started = start("--root", str(base), "search", *option, "parcels come back")
    assert "Labels" in started.out
    assert started.loaded >= {"numpy", "faiss", "onnxruntime", "tokenizers"}
    assert started.loaded & (ENCODING | {"huggingface_hub", "scipy", "ir_measures"}) == set()


def test_a_search_of_today_loads_nothing_of_the_past(base: Path) -> None:
    started = start("--root", str(base), "search", "--json", "parcels come back")
    assert not [name for name in started.loaded if name.startswith(("kb.past", "kb.digest", "kb.system.git"))]


@pytest.mark.usefixtures("own_git")
@pytest.mark.parametrize("option", ["--json", "--html", "--atom"])
def test_a_digest_loads_neither_a_model_nor_what_draws_on_terminals(base: Path, option: str) -> None:
    committed(repository(base), "2025-01-10")
    started = start("--root", str(base), "digest", "--since", "2025-01-01", option)
    assert (started.code, "Labels" in started.out) == (0, True)
    reading = {"yaml", "markdown_it"} | ({"jinja2"} if option != "--json" else set())
    assert started.loaded & HEAVY <= reading


def test_a_search_for_a_program_does_not_load_what_draws_on_terminals(base: Path) -> None:
    started = start("--root", str(base), "search", "--json", "parcels come back")
    assert started.code == 0
    assert started.loaded & {"rich", "yaml", "pygments"} == set()


def test_a_reindex_with_nothing_to_do_loads_no_model(base: Path) -> None:
    started = start("--root", str(base), "reindex")
    assert started.code == 0
    assert started.loaded & ENCODING == set()


def test_a_reindex_encodes_without_torch_once_the_model_is_exported(base: Path) -> None:
    (base / "lessons" / "new.md").write_text("# New\n\nA zebra.\n")
    started = start("--root", str(base), "reindex", "--json")
    assert (started.code, json.loads(started.out)["encoded"]) == (0, 1)
    assert started.loaded & ENCODING == set()


@pytest.mark.parametrize(
    "command", [["status"], ["status", "--json"], ["list"], ["list", "--json"], ["show", "labels"]], ids=" ".join
)
def test_what_only_reads_the_catalogue_loads_neither_model_nor_vectors(base: Path, command: list[str]) -> None:
    started = start("--root", str(base), *command)
    assert started.code == 0
    assert (
        started.loaded & (ENCODING | {"onnxruntime", "tokenizers", "faiss", "whoosh", "huggingface_hub", "numpy"})
        == set()
    )


@pytest.mark.parametrize("command", MAY_IMPORT, ids=" ".join)
def test_a_command_imports_no_more_than_it_needs(base: Path, command: tuple[str, ...]) -> None:
    started = start("--root", str(base), *command)
    assert started.libraries <= MAY_IMPORT[command]
    assert started.loaded & SLOW_AND_IDLE == set()


def test_the_language_server_loads_its_protocol_and_what_reads_lessons(base: Path) -> None:
    started = start("--root", str(base), "lsp")
    protocol = {"pygls", "lsprotocol", "cattrs", "attrs", "attr", "typing_extensions"}
    assert protocol <= started.libraries
    assert started.loaded & HEAVY <= {"yaml", "markdown_it", "whoosh"}
    assert started.loaded & SLOW_AND_IDLE <= {"asyncio", "concurrent", "ssl"}  # pygls imports them


def test_the_server_for_agents_loads_its_protocol_and_no_index(base: Path) -> None:
    started = start("--root", str(base), "mcp")
    assert {"mcp", "mcp_types", "anyio", "pydantic"} <= started.libraries
    assert started.loaded & HEAVY <= {"yaml", "markdown_it"}


def test_to_note_a_question_loads_nothing_more(base: Path) -> None:
    start("--root", str(base), "demand", "--on")
    started = start("--root", str(base), "search", "--mode", "lexical", "--json", "parcels come back")
    assert "kb.demand.noting.log" in started.loaded
    assert started.libraries <= BY_WORDS
    assert started.loaded & SLOW_AND_IDLE == set()


def test_who_notes_nothing_does_not_load_the_log(base: Path) -> None:
    started = start("--root", str(base), "search", "--mode", "lexical", "--json", "parcels come back")
    assert {name for name in started.loaded if name.startswith("kb.demand")} <= {
        *("kb.demand", "kb.demand.demand", "kb.demand.noting", "kb.demand.noting.asked", "kb.demand.noting.place")
    }


def test_words_alone_do_not_open_the_model(base: Path) -> None:
    started = start("--root", str(base), "search", "--mode", "lexical", "parcels come back")
    assert (started.code, "Labels" in started.out) == (0, True)
    assert started.loaded & {"search.models.encoder", "search.models.encoders", "search.semantic.flat_vectors"} == set()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux lists a process's threads")
def test_a_search_by_words_starts_no_thread(base: Path) -> None:
    program = PROGRAM.replace(
        "loaded = sorted", "import os; code = len(os.listdir('/proc/self/task')); loaded = sorted"
    )
    assert start("--root", str(base), "search", "--mode", "lexical", "parcels", program=program).code == 1
