"""What no reader of a page sees: comments, scripts and styles, as the parser takes them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.kinds import KindTable
from ingest.markdown.plain import inline_parser
from ingest.passages.passage import Passage
from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from tests.examples import examples


def read(text: str) -> Reading:
    return read_lesson(text.encode(), "lessons/a.md", "a", KindTable())


def split(reading: Reading, words: int = 200) -> list[Passage]:
    return split_lesson(reading, Window(words, word_starts, "words"))


def word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[found.start() for found in re.finditer(r"\S+", text)] for text in texts]


def shown(passages: Sequence[Passage]) -> str:
    """Return all that a reader may see of passages."""
    said = [text for one in readable_passages(passages) for text in (*one.prose, *one.asides)]
    return " ".join([*said, *(heading for passage in passages for heading in passage.headings)])


@pytest.mark.parametrize(
    "text",
    [
        # What begins in one block does not end in another.
        "We typed <!-- where an arrow was meant zork.\n\n## Method\n\nAll is seen zurk.\n\n- step A --> step B\n",
        "Typed <!-- zork.\n\n```mermaid\ngraph LR\nA --> B\n```\n\nzurk\n",
        "- typed <!-- zork\n- then --> zurk\n",
        "| typed <!-- zork | then --> zurk |\n|---|---|\n| a | b |\n",
        "| a | b |\n|---|---|\n| typed <!-- zork | x |\n| then --> zurk | y |\n",
        "> typed <!-- zork\n\nthen --> zurk\n",
        "# Typed <!-- zork\nthen --> zurk\n",
        "Never use <style here zork.\n\nNor there.\n\nIt ends with </style> zurk.\n",
        "Typed <script> zork.\n\nIt ends with </script> zurk.\n",
        "Typed ` zork.\n\nIt ends with ` <!-- a --> zurk.\n",
        "<div>\ntyped <!-- zork\n\n</div>\n\nthen --> zurk\n",
        # What only looks like it is none.
        "\\<!-- zork --> zurk\n",
        "\\<script> zork \\</script> zurk\n",
        "<style-guide>zork</style-guide> zurk\n",
        "<div>\n<script-runner>zork</script-runner> zurk\n</div>\n",
        "Typed <scripted>zork</scripted> zurk\n",
        "<!--> zork <!---> zurk\n",
        "a <!--> zork <!---> zurk\n",
        "Never <script zork </script> zurk\n",
        "`<!-- zork` --> zurk\n",
        "``<!-- ` zork`` --> zurk\n",
        "`<script>` zork `</script>` zurk\n",
        "a `` ` <!-- zork --> ` zurk\n",
        "<!-- zork -> zurk\n",
    ],
)
def test_what_no_browser_takes_for_a_comment_a_script_or_a_style_is_seen(text: str) -> None:
    reading = read(text)
    assert reading.seen_text.count("\n") == reading.text.count("\n")
    found = split(reading)
    assert ["zork" in "".join(passage.text for passage in found), "zurk" in found[-1].text] == [True, True]
    assert ["zork" in shown(found), "zurk" in shown(found)] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- zork -->",
        "<!-- zork\n\n# zork\n\n-->",
        "> <!-- zork\n>\n> zork -->",
        "- a\n  <!-- zork\n\n  zork -->",
        "1. > <script>\n   > zork\n   > </script>",
        "a <!-- zork\nzork --> b",
        "> a <!-- zork\n> zork --> b",
        "a <!-- `zork --> b ` c",
        "a ` <!-- zork --> b",
        "a \\` <!-- zork --> ` b",
        "| a | <!-- zork --> |\n|---|---|\n| b <!-- zork --> | c |",
        "| a <!-- zork \\| zork --> | b |\n|---|---|\n| c | d |",
        "# A <!-- zork --> b",
        "A <!-- zork --> b\n===",
        "a <script type=module>zork</script > b",
        "a <STYLE>zork</Style> b",
        "a <script>zork <script> zork</script> b",
        "a <script>zork <!-- zork --> zork</script> b <!-- zork -->",
        "<SCRIPT src=x>\nzork\n</script\n>",
        "<style>\nzork {}\n\nzork {}\n</style>",
        "<div>\n<script>zork</script><!-- zork --></div>",
        "<div>\n`<!-- zork -->`\n</div>",
        "[^1]: a <!-- zork --> b",
    ],
)
def test_what_a_browser_takes_for_one_is_not(text: str) -> None:
    reading = read(f"Above zurk.\n\n{text}\n\nBelow zurk.\n")
    assert reading.seen_text.count("\n") == reading.text.count("\n")
    found = split(reading)
    assert "zork" not in "".join(passage.text for passage in found)
    assert "".join(passage.text for passage in found).count("zurk") == 2
    assert "zork" not in str(readable_passages(found))


def test_what_is_cut_where_a_comment_seems_to_begin_is_shown() -> None:
    cut = 0
    for before in range(10, 40):
        text = "one " * before + "<!-- zork " + "two " * 10 + "\n\nA --> zurk\n"
        passages = split(read(f"# T\n\n{text}"), 24)
        cut += any(passage.text.startswith("<!-- zork") for passage in passages)
        assert ["zork" in shown(passages), "zurk" in shown(passages)] == [True, True]
    assert cut


BITS = st.sampled_from(
    [
        *("<!--", "-->", "<!-->", "<script>", "</script>", "<style a='b'>", "</style >", "<style", "<div>", "</div>"),
        *("`", "``", "\\", "\n", "\n\n", "\n", " ", "> ", "- ", "  ", "    ", "# ", "|", "\n|-|-|\n", "```\n", "*"),
        *("w{}", "w{}", " w{} ", "w{} ", "w{}", "===", "[^1]: ", "<b>", "[", "](", ")"),
    ]
)


@given(bits=st.lists(BITS, max_size=25))
@example(["<div>", "<!--", "w{}", "\n\n", "-->", "w{}"])
@settings(deadline=None, max_examples=examples(400))
def test_hidden_is_what_the_parser_takes_for_hidden(bits: list[str]) -> None:
    text = "\n".join(["w", "".join(bit.format(number) for number, bit in enumerate(bits))])
    reading = read(text)
    assert reading.seen_text.count("\n") == reading.text.count("\n")
    seen = words(reading.seen_text)
    for token in inline_parser().parse(text):
        if token.type in ("fence", "code_block"):
            assert words(token.content) <= seen
        element = ""
        for child in token.children or ():
            if child.type == "html_inline" and child.content.startswith("<!--"):
                assert not words(child.content) & seen
            elif child.type == "html_inline" and (found := re.match(r"<(/?)(script|style)", child.content)):
                element = element or (found[2] if not found[1] else "")
                element = "" if found[1] and found[2] == element else element
            elif not element and child.type in ("text", "code_inline"):
                assert words(child.content) <= seen


def words(text: str) -> set[str]:
    return set(re.findall(r"w\d+", text))
