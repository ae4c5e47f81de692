"""Three floors, each with rooms: every import goes down, and each third-party library is known where the table says."""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS: dict[str, tuple[str, ...]] = {
    "ingest": (
        *("kinds", "window", "problem", "conflicts", "format", "lesson", "files", "damage", "markdown"),
        *("front_matter", "other_texts", "section", "reading", "passages"),
    ),
    "search": (
        *("lazy", "errors", "quiet", "storage", "scores", "passage_numbers", "analysis", "lexical", "models"),
        *("semantic", "indexing", "query", "evaluation", "ranking", "browser", "engine"),
    ),
    "kb": (
        *("forms", "served"),
        *("stopping", "visible", "wording", "errors", "progress", "limit", "system", "access", "config", "figures"),
        *("lessons", "people", "trust", "pages", "impact", "reuse", "catalogue", "index", "filters", "retrieval"),
        *("showing", "who", "demand", "gains", "topics", "alike", "evaluation"),
        *("acceptance", "reading", "reindex", "past", "edit", "corpus", "check", "life", "schedule", "codify", "brief"),
        "hooks",
        *("ageing", "upkeep", "doctor", "live_index", "open_index", "digest", "overview", "weekly", "site"),
        *("knowledge_base", "editor", "lsp", "terminal", "output", "session", "options", "serve", "mcp"),
        *("commands", "main", "entry", "__main__"),
    ),
}
"""The floors and, on each, its folders and the files beside them: from the lowest up."""
FLOORS = tuple(ROOMS)
MOST_MODULES, MOST_LINES = 14, 350

COMMANDS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "kb" / "commands").glob("*/*.py")
    if path.stem != "__init__"
}

KNOWN_IN: dict[str, set[str]] = {
    "click": {
        "kb.main",
        "kb.session",
        "kb.terminal.interview",
        "kb.output.form",
        *(
            f"kb.options.{name}"
            for name in (
                "brief",
                "check",
                "common",
                "digest",
                "evaluation",
                "lazily",
                "new",
                "query",
                "reindex",
                "search",
                "stale",
                "times",
            )
        ),
        *COMMANDS,
    },
    # Slow to import: asked only for what is no ISO date.
    "dateparser": {"kb.figures.period"},
    "faiss": {"search.semantic.flat_vectors"},
    "huggingface_hub": {"search.models.hub"},
    "ir_measures": {"search.evaluation.evaluation"},
    # The language server, which only `kb lsp` loads.
    "lsprotocol": {"kb.lsp.protocol", "kb.lsp.server", "kb.lsp.wire"},
    "pygls": {"kb.lsp.protocol", "kb.lsp.server"},
    "h11": {"kb.serve.listening.protocol"},
    # The Model Context Protocol, which only `kb mcp` and a server that an agent asks load.
    "anyio": {"kb.mcp.stdio"},
    "mcp": {"kb.mcp.over_http", "kb.mcp.server", "kb.mcp.stdio"},
    "mcp_types": {"kb.mcp.server", "kb.mcp.stdio"},
    "prometheus_client": {"kb.serve.metrics"},
    "starlette": {
        *(f"kb.serve.{name}" for name in ("application", "body", "front", "guard", "problems")),
        *(f"kb.serve.writing.{name}" for name in ("addresses", "form_page", "permission", "same_site")),
        *(f"kb.serve.{name}" for name in ("answering", "page.pages", "page.refusals")),
        *("kb.serve.serving", "kb.mcp.over_http"),
    },
    "uvicorn": {"kb.serve.serving", "kb.serve.listening.protocol"},
    # How lessons look is decided in `kb.pages`: a change there must not make every index be built again.
    "markdown_it": {
        *(f"ingest.markdown.{name}" for name in ("addresses", "blocks", "dialects", "plain")),
        *("kb.pages.footnotes", "kb.pages.rendering"),
    },
    # Makes the graph small and quick when it is exported, and runs it.
    "onnxruntime": {"search.models.export", "search.models.encoder"},
    # Fills pages: everything in them is escaped.
    "jinja2": {"kb.pages.page"},
    "markupsafe": {"kb.pages.library", "kb.pages.page", "kb.showing.page"},
    # The second wall around what Markdown becomes.
    "nh3": {"kb.pages.rendering"},
    # Draws the pictures of pages.
    "matplotlib": {"kb.gains.plots"},
    # Makes schemas of the forms.
    "msgspec": {
        *("kb.forms.schema", "kb.serve.application", "kb.serve.commands"),
        *(f"kb.serve.api.{name}" for name in ("description", "endpoints", "parameters")),
        *(f"kb.serve.writing.{name}" for name in ("addresses", "requests")),
        *("kb.serve.page.asked", "kb.serve.page.kinds"),
        *("kb.mcp.parameters", "kb.mcp.tools"),
    },
    "packaging": {"kb.doctor.areas.installation"},
    "phonenumbers": {"kb.check.detectors.numbers"},
    "platformdirs": {"kb.system.user_cache"},
    # Tells a process from another that has its number.
    "psutil": {"kb.index.writer"},
    # Imported only where a word is misspelt.
    "rapidfuzz": {"search.query.suggesting", "search.lexical.array_index"},
    "rich": {
        f"kb.terminal.{name}"
        for name in (
            *("analogies", "answers", "console", "evaluation", "findings", "hooks", "impact", "lessons", "people"),
            *(
                "progress_bar",
                "upkeep.checkup",
                "upkeep.status",
                "keeper.gaps",
                "keeper.near_duplicates",
                "keeper.stale",
                "keeper.topics",
            ),
        )
    },
    # Keeps what an author wrote around what is changed; reading is PyYAML's, which is quicker.
    "ruamel": {"kb.edit.round_trip"},
    "scipy": {
        *("kb.impact.trend", "search.evaluation.significance"),
        *("kb.topics.clustering", "kb.topics.keeping", "kb.topics.space"),
    },
    "sentence_transformers": {"search.models.model"},
    "stdnum": {"kb.check.detectors.numbers"},
    # A loaded model hands its tokenizer over; the encoder runs it, and lessons are split by it.
    "tokenizers": {"search.models.model", "search.models.encoder", "search.models.token_counter"},
    "torch": {"search.models.export"},
    # Its stemmer and its lists of stop words.
    "whoosh": {"search.analysis.analyzer", "search.query.unknown"},
    "yaml": {
        "ingest.front_matter.yaml_block",
        "ingest.front_matter.yaml_errors",
        "ingest.front_matter.yaml_places",
        "ingest.front_matter.yaml_signs",
        "kb.edit.yaml_text",
    },
}
ANYWHERE_IN_SEARCH_AND_KB = "numpy"
"""The language in which vectors and postings are spoken of."""

FACES = {f"search.{name}" for name in ("errors", "query", "engine", "indexing", "evaluation", "storage")}
"""All that `kb` and the examples may know of `search`."""

RECORDS = {
    "ingest.files.reason",
    "ingest.files.tree",
    "ingest.lesson",
    "ingest.markdown.searched",
    "ingest.other_texts",
    "ingest.passages.passage",
    "ingest.window",
}
"""All that `search` may know of `ingest`."""

EDGES = tuple(
    f"kb.{name}"
    for name in ("main", "entry", "__main__", "session", "commands", "options", "output", "terminal", "serve", "mcp")
)
"""Where a terminal may be known."""


NOT_FOR_COMMANDS = (
    *("json", "kb.visible", "kb.config", "kb.index", "kb.open_index", "kb.knowledge_base"),
    *("kb.retrieval.opening", "kb.retrieval.searcher", "search"),
)
"""A command parses, calls and prints: others write JSON, read configuration and open an index."""
LINES_OF_A_COMMAND = 60


def modules() -> Iterator[tuple[str, ast.Module]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text("utf-8"), str(path))


def imports_of(tree: ast.Module) -> set[str]:
    """Return the full names of all modules that are imported, wherever in the file and for whatever purpose."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            assert node.module
            found.add(node.module)
            # `from search import analyzer` imports a module of ours too.
            found |= {
                f"{node.module}.{alias.name}"
                for alias in node.names
                if (ROOT / node.module.replace(".", "/") / f"{alias.name}.py").is_file()
            }
    return found


TREES = dict(modules())


def is_edge(module: str) -> bool:
    return any(module == edge or module.startswith(edge + ".") for edge in EDGES)


def third_party() -> dict[str, set[str]]:
    """Return for each third-party library the modules that import it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module, tree in TREES.items():
        for imported in imports_of(tree):
            top = imported.split(".")[0]
            if top not in sys.stdlib_module_names and top not in FLOORS:
                found[top].add(module)
    return dict(found)


def test_the_floors_are_where_they_are_looked_for() -> None:
    assert {name.split(".")[0] for name in TREES} == set(FLOORS)
    assert {"kb.main", "kb.commands.find.search", "search.engine", "ingest.reading"} <= TREES.keys()


def height(module: str) -> tuple[int, int]:
    """Return on which floor a module is, and in which room of it."""
    floor, *inside = module.split(".")
    return FLOORS.index(floor), ROOMS[floor].index(inside[0]) if inside else -1


@pytest.mark.parametrize("module", TREES)
def test_every_import_goes_down(module: str) -> None:
    ours = imports_of(TREES[module]) & TREES.keys()
    assert {name for name in ours if height(name) > height(module)} == set()


def test_search_knows_nothing_of_ingest_but_the_records() -> None:
    known = {
        name
        for module, tree in TREES.items()
        if module.startswith("search.")
        for name in imports_of(tree)
        if name.startswith("ingest")
    }
    assert known <= RECORDS


def test_search_is_known_by_its_faces_only() -> None:
    examples = {path.name: ast.parse(path.read_text("utf-8")) for path in (ROOT / "examples").glob("*.py")}
    for module, tree in (TREES | examples).items():
        reached = {name for name in imports_of(tree) if name.split(".")[0] == "search"}
        if module.split(".")[0] == "search":
            assert reached & FACES <= {"search.errors"}, f"{module}: modules of search know each other directly"
        else:
            assert reached <= FACES, module


def test_only_the_edges_know_the_edges() -> None:
    for module, tree in TREES.items():
        if not is_edge(module):
            reached = {name for name in imports_of(tree) if is_edge(name)}
            assert reached == set(), module


def test_commands_do_not_know_each_other() -> None:
    for module, tree in TREES.items():
        if module.startswith("kb.commands."):
            assert COMMANDS.isdisjoint(imports_of(tree)), module


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_parses_calls_and_prints(command: str) -> None:
    path = ROOT / f"{command.replace('.', '/')}.py"
    assert len(path.read_text("utf-8").splitlines()) <= LINES_OF_A_COMMAND
    imported = imports_of(TREES[command])
    assert {name for name in imported if f"{name}.".startswith(tuple(f"{one}." for one in NOT_FOR_COMMANDS))} == set()


def test_each_third_party_library_is_known_where_the_table_says() -> None:
    found = third_party()
    numeric = found.pop(ANYWHERE_IN_SEARCH_AND_KB)
    assert {module.split(".")[0] for module in numeric} == {"search", "kb"}
    assert found == KNOWN_IN


def test_the_libraries_of_the_terminal_are_known_by_the_edges_only() -> None:
    for library in ("click", "rich"):
        assert [module for module in third_party()[library] if not is_edge(module)] == []


def test_package_files_hold_a_docstring_and_import_nothing_before_it_is_used() -> None:
    for package in (name for name in TREES if (ROOT / name.replace(".", "/")).is_dir()):
        assert ast.get_docstring(TREES[package]), package
        if package in FACES:
            assert imports_at_start(TREES[package]) == {"typing", "search.lazy"}, package
        else:
            assert imports_of(TREES[package]) == set(), package


def test_imports_make_no_circle() -> None:
    graph = {module: imports_at_start(tree) & TREES.keys() for module, tree in TREES.items()}
    while leaves := [module for module, needed in graph.items() if not needed & graph.keys()]:
        for leaf in leaves:
            del graph[leaf]
    assert graph == {}


def imports_at_start(tree: ast.Module) -> set[str]:
    """Return what is imported when the module is, without what only types or functions need."""
    top = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    return imports_of(top)


def test_no_folder_has_more_modules_than_one_can_survey_and_no_module_more_lines() -> None:
    sizes = {
        path: len(path.read_text("utf-8").splitlines()) for floor in FLOORS for path in (ROOT / floor).rglob("*.py")
    }
    folders = Counter(path.parent for path in sizes if path.stem != "__init__")
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}
    assert {path: lines for path, lines in sizes.items() if lines > MOST_LINES} == {}
