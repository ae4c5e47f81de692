"""The page of a brief: 60 lines of 80 characters at most, whatever is in the lessons."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import Make, Run

SYLLABLES = ("va", "le", "te", "pu", "cre", "chi", "mo", "nak", "gol", "bor", "wik", "dum")
WORDS = ["".join(syllables) for syllables in product(SYLLABLES, repeat=3)]


def sentence(source: random.Random, length: int) -> str:
    return f"The pump had a leak {' '.join(source.sample(WORDS, k=length))}."


def lesson(source: random.Random) -> str:
    length = source.choice([6, 20, 60])
    section = "\n\n".join(" ".join(sentence(source, length) for _ in range(6)) for _ in range(3))
    steps = "\n".join(f"{number}. {sentence(source, length)}" for number in range(1, 9))
    tools = "\n".join(f"- {sentence(source, length)}" for _ in range(6))
    kinds = ("Problem", "What was done", "What we learned", "What did not work", "Impact")
    body = "\n\n".join(f"## {kind}\n{section}" for kind in kinds)
    front = "people: [Ann Lee, Bob Ray]\napplies_when: [a pump is old, a seal is new]\nnot_when: [no crew is there]\n"
    return f"---\n{front}---\n# {sentence(source, 12)}\n\n{body}\n\n## Method\n{steps}\n\n## Tools\n{tools}\n"


@pytest.fixture
def long(make: Make) -> Path:
    source = random.Random(5)
    return make({f"{number}.md": lesson(source) for number in range(8)})


@pytest.mark.parametrize("query", ["pump leak", "the pump had a leak zeppelin", "the pump had a leak " * 200])
def test_it_fits_on_one_page(long: Path, kb: Run, query: str) -> None:
    page = kb(long, "brief", query).out.splitlines()
    assert 50 < len(page) <= 60
    assert max(map(len, page)) <= 80
    assert sum(line.startswith("## ") for line in page) >= 7


@pytest.mark.parametrize("command", ["brief", "who"])
def test_a_page_of_100_000_characters_is_a_problem_too(long: Path, kb: Run, tmp_path: Path, command: str) -> None:
    source = random.Random(9)
    file = tmp_path / "page.txt"
    file.write_text(" ".join(sentence(source, 20) for _ in range(800))[:100_000])
    done = kb(long, command, "-f", str(file))
    assert done.code in (0, 1), "a page of chance words has only nearest lessons"
    assert "Traceback" not in done.err
    assert "Ann Lee" in done.out
    assert len(done.out.splitlines()) <= 60


def test_what_markdown_would_take_for_markup_is_escaped(make: Make, kb: Run) -> None:
    base = make(
        {"x.md": "# A <script>alert(1)</script> pump\n\nThe `pump` had *two* seals, 3 * 4 and C:\\temp\\<b>.\n"}
    )
    page = kb(base, "brief", "pump seals <img src=x>").out
    assert "# Brief: pump seals \\<img src=x>" in page
    assert "<script" not in page.replace("\\<", "")
    assert "3 \\* 4" in page


def test_control_characters_do_not_reach_the_terminal_or_the_file(make: Make, kb: Run, tmp_path: Path) -> None:
    base = make({"x.md": '---\ntitle: "A \\e[31mred pump"\n---\nThe pump\u202e was red and it leaked a lot.\n'})
    out = tmp_path / "page.md"
    for page in (kb(base, "brief", "red pump").out, kb(base, "brief", "red pump", "--out", str(out)).out):
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert "pump" in out.read_text()
    assert not {"\x1b", "\u202e"} & {*out.read_text()}


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("# المضخة تسرب\n\nتسربت المضخة في الليل ولم يلاحظ أحد ذلك حتى الصباح.\n", "المضخة تسرب", "تسربت المضخة"),
        ("# 宣传册有错误\n\n我们的宣传册有很多错误客户在打印之后才发现。\n", "宣传册错误", "我们的宣传册有很多错误"),
    ],
)
def test_other_scripts_are_quoted_too(make: Make, kb: Run, text: str, query: str, found: str) -> None:
    base = make({"x.md": text})
    done = kb(base, "brief", query)
    assert found in done.out
