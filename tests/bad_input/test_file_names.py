"""Files of any name, links, and what is not a regular file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bad_input.answers import GOOD, found, said, titles
from tests.conftest import Make, Run

NAMES = ["with blanks.md", "number #1.md", "100 %.md", "größe/übung.md", "日本/教訓.md", "a'b\"c.md", "semi;colon&.md"]


def test_files_may_be_called_anything(make: Make, kb: Run) -> None:
    root = make({name: f"# Title {number}\n\nA zebra.\n" for number, name in enumerate(NAMES)})
    done = kb(root, "reindex")
    assert (done.code, done.out.split(" ")[0], said(done)) == (0, "7", [])
    ids = [name.removesuffix(".md") for name in NAMES]
    assert found(kb, root, "zebra") == sorted(ids)
    for number, (name, id_) in enumerate(zip(NAMES, ids, strict=True)):
        for asked in (id_, f"lessons/{name}"):
            shown = kb(root, "show", asked)
            assert (shown.code, shown.out) == (0, f"# Title {number}\n\nA zebra.\n")
    assert "lessons/größe/übung.md:1" in kb(root, "search", "--limit", "9", "--mode", "lexical", "zebra").out


def test_a_file_name_that_is_not_utf_8_is_named_and_the_others_are_indexed(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD})
    try:
        (root / "lessons" / os.fsdecode(b"caf\xe9.md")).write_text("# Odd\n")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (3, [r"kb: lessons/caf\xe9.md: the file's name is not UTF-8; rename it"])
    assert found(kb, root, "parcels") == ["good"]


def test_links_are_not_followed_out_of_the_corpus(make: Make, kb: Run, tmp_path: Path) -> None:
    root = make({"good.md": GOOD})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.md").write_text("# Key\n\nA zebra.\n")
    (root / "lessons" / "link.md").symlink_to(tmp_path / "secret" / "key.md")
    (root / "lessons" / "folder").symlink_to(tmp_path / "secret")
    (root / "lessons" / "loop").symlink_to(root / "lessons")
    (root / "lessons" / "broken.md").symlink_to(root / "nowhere")
    assert kb(root, "reindex").code == 0
    assert titles(kb, root) == {"good": "Labels"}
    assert found(kb, root, "zebra") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_regular_file_is_not_opened(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD})
    os.mkfifo(root / "lessons" / "pipe.md")
    (root / "lessons" / "folder.md").mkdir()
    assert kb(root, "reindex").code == 0
    assert titles(kb, root) == {"good": "Labels"}
