"""Signs in the front matter of which YAML makes less than their author sees: `structure.sign`, `structure.comment`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.edit.edit import edited
from tests.checking import findings


@pytest.mark.parametrize(
    "matter",
    [
        'title: "Order #4711 lost"',
        "title: Order4711#lost and more",
        "summary: |\n  Order #4711\n  lost",
        "title: Labels\n# a comment of its own",
        "status: draft # nobody has read it",
        "date: 2006-05 #the month",
        "title: Labels # kb: what was it about?",
        "tags: [a, b] # a few words",
        "title: Labels  # the problem",
        "unit: &sales Sales\nteam: *sales",
        'unit: &sales "Sales #1"\nteam: *sales',
        "unit: &sales 'Sales #1'\nmore: [*sales, x]",
    ],
)
def test_what_every_reader_of_yaml_reads_alike_is_fine(tmp_path: Path, matter: str) -> None:
    text = f"---\n{matter}\n---\n\nText.\n"
    assert findings(tmp_path, {"a.md": text}, "structure.sign", "structure.comment") == []


@pytest.mark.parametrize(
    ("matter", "value"),
    [
        ("title: Order #4711 lost", {"title": "Order #4711 lost"}),
        ("tags:\n- #valves\n- pumps", {"tags": ["#valves", "pumps"]}),
        ("answers: [why is #4711 late]", {"answers": ["why is #4711 late"]}),
        ("unit: &Partner Ltd", {"unit": "&Partner Ltd"}),
        ("people:\n- name: Jo\n  contact: desk #7", {"people": [{"name": "Jo", "contact": "desk #7"}]}),
    ],
)
def test_quotes_make_other_readers_see_what_kb_sees(tmp_path: Path, matter: str, value: object) -> None:
    text = f"---\n{matter}\n---\n"
    (finding,) = findings(tmp_path, {"a.md": text}, "structure.sign")
    assert "put it in quotes" in finding.message
    mended = edited(text, finding.edits)
    assert yaml.safe_load(mended.split("---")[1]) == value


@pytest.mark.parametrize(
    ("matter", "comment"),
    [
        ("title: Valve # 3 of them", 'title: "3 of them" is a comment; quote it if it belongs to the text'),
        ("answers:\n- why is it late # the order\n- what now", 'answers: "the order" is a comment; quote it'),
        ("title: Valve # " + "x" * 40, 'title: "' + "x" * 40 + '" is a comment; quote it'),
        ("title: Valve # " + "x" * 60, 'title: "' + "x" * 37 + '..." is a comment; quote it'),
        ("title: Valve #3: stuck", 'title: "3: stuck" is a comment; quote it if it belongs to the text'),
    ],
)
def test_a_comment_behind_a_text_is_named(tmp_path: Path, matter: str, comment: str) -> None:
    (finding,) = findings(tmp_path, {"a.md": f"---\n{matter}\n---\n"}, "structure.comment")
    assert finding.message.startswith(comment)
