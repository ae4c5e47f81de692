"""Links in the text that lead to files which are not there: `structure.dead-link`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import findings, said


def dead(root: Path, text: str, **others: str) -> list[tuple[str, str]]:
    files = {"a.md": text, "sub/check list.md": "# C\n", "sub/b.md": "# B\n"}
    return said(findings(root, files, "structure.dead-link"))


@pytest.mark.parametrize(
    "text",
    [
        "[x](sub/b.md) [x](./sub/b.md#part) ![x](sub/b.md?raw=true) [x](sub) [x](../lessons/a.md)",
        "[x](<sub/check list.md>) [x](sub/check%20list.md) [x]: sub/b.md",
        "[x](https://example.org/a.md) [x](mailto:a@b.c) [x](#part) [x](/a.md) [x](//host/a) [x]()",
        "`[x](gone.md)`",
        "    [x](gone.md)",
        "```\n[x](gone.md)\n[y]: gone.md\n```",
        r"\[x](gone.md)",
        "<!-- [x](gone.md) -->",
        "as has been shown [before](3)",
        "[x](sub/b&period;md) [x](sub/b\\.md)",
    ],
)
def test_what_leads_somewhere_or_elsewhere_or_is_no_link(tmp_path: Path, text: str) -> None:
    assert dead(tmp_path, f"# A\n\n{text}\n") == []


def test_front_matter_holds_no_links(tmp_path: Path) -> None:
    assert dead(tmp_path, '---\ntitle: "[x](gone.md)"\n---\n') == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("see [x](gone.png)", "5:9"),
        ("![x](<gone.png>)", "5:7"),
        ("- item\n\n  > [x](gone.png 'title')", "7:9"),
        ("| a |\n|---|\n| [x](gone.png) |", "7:7"),
        ("## [x](gone.png)", "5:8"),
        ("text [x]\n\n[x]: gone.png", "7:6"),
        ("[unused]: gone.png", "5:11"),
        ("`[x](gone.png)`\n\n[x](gone.png)", "7:5"),
    ],
)
def test_a_dead_link_is_named_where_it_stands(tmp_path: Path, text: str, place: str) -> None:
    found = dead(tmp_path, f"---\nid: x\n---\n\n{text}\n")
    assert [where for where, _ in found] == [f"a.md:{place}"]


@pytest.mark.parametrize(
    ("target", "advice"),
    [
        ("b.md", "did you mean sub/b.md?"),
        ("sub/check-list.md", "did you mean sub/check%20list.md?"),
        ("../b", "did you mean sub/b.md?"),
        ("gone.png", "correct it, or remove it"),
        ("x" * 300, "correct it, or remove it"),
    ],
)
def test_the_file_that_is_meant_is_named(tmp_path: Path, target: str, advice: str) -> None:
    assert dead(tmp_path, f"[x]({target})") == [
        ("a.md:1:5", f"structure.dead-link: the link to {target} leads nowhere; {advice}")
    ]
