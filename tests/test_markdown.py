"""Markdown → outline, plain text, and the samples: `tests/markdown/*.md` with what is read of each beside it as JSON.

To add a case, add `name.md` and `name.json`; without the second, the test fails and shows what is read now. Lines are
half-open and count from 0.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.kinds import KindTable
from ingest.markdown.blocks import Heading, Lines, outline
from ingest.markdown.plain import Form, plain_blocks, plain_inline
from ingest.passages.splitting import split_lesson
from ingest.reading import read_lesson
from ingest.window import Window

SAMPLES = Path(__file__).parent / "markdown"
NAMES = sorted({path.stem for path in SAMPLES.iterdir()})


def headings(text: str) -> list[tuple[int, str, Lines]]:
    return [(heading.level, heading.title, heading.lines) for heading in outline(text).headings]


# --- samples


def word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[match.start() for match in re.finditer(r"\w+|[^\w\s]", text)] for text in texts]


def what_is_read(data: bytes, name: str, window: int) -> dict[str, Any]:
    reading = read_lesson(data, f"lessons/{name}.md", name, KindTable())
    return {
        "window": window,
        "title": reading.lesson.title,
        "problems": [str(problem) for problem in reading.problems],
        "sections": [
            {"kind": section.kind.value, "headings": list(section.headings), "lines": list(section.lines)}
            for section in reading.sections
        ],
        "passages": [
            {
                "origin": passage.origin.value,
                "kind": passage.kind.value,
                "headings": list(passage.headings),
                "lines": list(passage.lines),
                "text": passage.text,
            }
            for passage in split_lesson(reading, Window(window, word_starts, "words"))
        ],
    }


def expected(name: str, data: bytes) -> dict[str, Any]:
    file = SAMPLES / f"{name}.json"
    if not file.is_file():
        now = json.dumps(what_is_read(data, name, 100), indent=2, ensure_ascii=False)
        pytest.fail(f"write {file.name}; if what is read now is right, it holds\n{now}")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def bytes_of(name: str) -> bytes:
    return (SAMPLES / f"{name}.md").read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_the_file_beside_it_says(name: str) -> None:
    data = bytes_of(name)
    what = expected(name, data)
    assert what_is_read(data, name, what["window"]) == what


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("line_end", "encoding", "mark"),
    [
        ("\r\n", "utf-8", b""),
        ("\r", "utf-8", b""),
        ("\r\n", "utf-8", codecs.BOM_UTF8),
        ("\n", "utf-16-le", codecs.BOM_UTF16_LE),
        ("\r\n", "utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_a_sample_says_the_same_with_other_line_ends_and_encodings(
    name: str, line_end: str, encoding: str, mark: bytes
) -> None:
    data = bytes_of(name)
    what = expected(name, data)
    other = mark + data.decode().replace("\n", line_end).encode(encoding)
    assert what_is_read(other, name, what["window"]) == what


def test_there_are_samples() -> None:
    assert len(NAMES) >= 10


# --- headings and blocks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("# A\n## B\n###### C\n", [(1, "A", (0, 1)), (2, "B", (1, 2)), (6, "C", (2, 3))]),
        ("# A #\n## B ##   \n", [(1, "A", (0, 1)), (2, "B", (1, 2))]),
        ("   # A\n", [(1, "A", (0, 1))]),
        ("#\n##\n", [(1, "", (0, 1)), (2, "", (1, 2))]),
        ("#A\n####### B\n    # C\n\\# D\n", []),
        ("A\n===\n\nB\n---\n", [(1, "A", (0, 2)), (2, "B", (3, 5))]),
        ("two\nlines\n  ====  \n", [(1, "two lines", (0, 3))]),
        ("text\n# A\ntext\n# B", [(1, "A", (1, 2)), (1, "B", (3, 4))]),
        ("# **Bold** [link](x) `code` &amp; \\*\n", [(1, "Bold link code & *", (0, 1))]),
        ("\n\n# A\n", [(1, "A", (2, 3))]),
    ],
)
def test_atx_and_setext_headings_are_found_with_their_lines(text: str, found: list[tuple[int, str, Lines]]) -> None:
    assert headings(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "> # A\n> B\n> ===\n",
        "- # A\n- B\n  ---\n",
        "1. # A\n",
        "> - # A\n",
        "```\n# A\n```\n",
        "~~~md\n# A\n~~~\n",
        "````\n```\n# A\n```\n````\n",
        "    # A\n",
        "<div>\n# A\n</div>\n",
        "<!--\n# A\n\n# B\n-->\n",
        "<pre>\n# A\n\n# B\n</pre>\n",
        "| # A |\n|-----|\n| # B |\n",
        "text\n===x\n",
        "---\n",
        "a | b\n--- | ---\n",
        "[a]: # 'x'\n",
    ],
)
def test_what_looks_like_a_heading_inside_something_else_is_none(text: str) -> None:
    after = text.count("\n") + 1
    assert headings(f"{text}\n# After\n") == [(1, "After", (after, after + 1))]


@pytest.mark.parametrize("text", ["```\n# A\n\n# B\n", "<!--\n# A\n\n# B\n"])
def test_what_is_never_closed_runs_to_the_end(text: str) -> None:
    assert headings(text) == []
    assert outline(text).blocks == ((0, 4),)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("one\ntwo\n\nthree\n", ((0, 2), (3, 4))),
        ("# A\ntext\n", ((1, 2),)),
        ("- a\n- b\n\n  c\n\ntext\n", ((0, 4), (5, 6))),
        ("> a\nlazy\n\ntext\n", ((0, 2), (3, 4))),
        ("| a |\n|---|\n| b |\n\ntext\n", ((0, 3), (4, 5))),
        ("text\n| a |\n|---|\n| b |\n", ((0, 1), (1, 4))),
        ("```\na\n\nb\n```\ntext\n", ((0, 5), (5, 6))),
        ("    code\n\n    code\n\ntext\n", ((0, 3), (4, 5))),
        ("<div>\na\n</div>\n\ntext\n", ((0, 3), (4, 5))),
        ("a\n\n---\n\nb\n", ((0, 1), (2, 3), (4, 5))),
    ],
)
def test_blocks_are_found_in_order_with_their_lines(text: str, blocks: tuple[Lines, ...]) -> None:
    found = outline(text).blocks
    rows = text.split("\n")
    # Whether a block takes the blank lines below it in is the parser's affair.
    assert [start for start, _ in found] == [start for start, _ in blocks]
    assert [last_line(rows, lines) for lines in found] == [end for _, end in blocks]


def last_line(rows: Sequence[str], lines: Lines) -> int:
    start, end = lines
    while end > start + 1 and not rows[end - 1].strip():
        end -= 1
    return end


def test_a_rule_in_the_first_line_is_a_block() -> None:
    found = outline("---\ntext\n\n---\n# A\n")
    assert found.blocks == ((0, 1), (1, 2), (3, 4))
    assert found.headings == (Heading(1, "A", (4, 5)),)


DEEP = [
    "> " * 5000,
    ">" * 5000,
    "- " * 5000,
    "1. " * 5000,
    "> - " * 3000,
    "\n".join("  " * level + "- x" for level in range(500)),
    "\n".join("> " * level + "x" for level in range(500)),
    "[" * 5000,
    "*a **b " * 3000,
    "x " + "`" * 5000,
    "<div>" * 3000,
    "![" * 3000,
    "|" * 3000 + "\n" + "|-" * 3000,
]


@pytest.mark.parametrize("deep", DEEP, ids=lambda deep: f"{deep[:12]}…")
def test_thousands_of_levels_crash_nothing_and_lose_no_word(deep: str) -> None:
    text = f"# Before\n\n{deep}x\n\nThe last words.\n"
    assert headings(text)[0] == (1, "Before", (0, 1))
    assert outline(text).blocks[-1][1] >= text.count("\n")
    assert headings(f"# {deep.splitlines()[-1]} x\n\n# After\n")[-1][1] == "After"
    plain_blocks(text)
    plain_inline(deep)


@pytest.mark.parametrize(
    "deep",
    [
        *(deep for deep in DEEP if not re.match(r"- |1\. |> - ", deep)),
        "\n".join("  " * level + "- x" for level in range(15)),
        "- " * 15,
    ],
    ids=lambda deep: f"{deep[:12]}…",
)
def test_deep_nesting_hides_no_heading_below(deep: str) -> None:
    found = headings(f"# Before\n\n{deep}x\n\n<!-- -->\n\n# After\n")
    assert [title for _, title, _ in found] == ["Before", "After"]


MARKDOWN_BITS = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "### ",
            "===",
            "---",
            "```",
            "~~~",
            "> ",
            "- ",
            "1. ",
            "    ",
            "\t",
            "|",
            "|-|",
            "<div>",
            "<!--",
        ),
        *("-->", "</div>", "*", "**", "_", "`", "[", "](", ")", "![", "<http://x>", "&amp;", "\\", "\n", "\n", "\n\n"),
        *("word", "two words", "Impact", "é", "結論", "\u2028", "\f", "\x00", "title: T", "...", "[a]: /b"),
    ]
)
MARKDOWN = st.lists(MARKDOWN_BITS, max_size=40).map("".join) | st.text(max_size=80)


@given(text=MARKDOWN)
@settings(deadline=None, max_examples=200)
def test_the_parts_of_any_text_stand_in_order_without_overlap_and_inside_it(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.split("\n")
    found = outline(text)
    ranges = sorted([*found.blocks, *(heading.lines for heading in found.headings)])
    assert [heading.lines for heading in found.headings] == sorted(heading.lines for heading in found.headings)
    assert list(found.blocks) == sorted(found.blocks)
    edge = 0
    for start, end in ranges:
        assert edge <= start < end <= len(rows)
        edge = end
    for heading in found.headings:
        assert 1 <= heading.level <= 6
        assert heading.title == " ".join(heading.title.split())


# --- plain text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain  text ", "plain text"),
        ("**bold** and *thin* and ***both***", "bold and thin and both"),
        ("__bold__ and _thin_", "bold and thin"),
        ("a [link](http://x 'its title') and [ref][1]", "a link (its title) and [ref][1]"),
        ("![a picture](x.png) of it", "a picture of it"),
        ("[![a](x.png 'b') c](y 'd') [[e]]", "a (b) c (d) e"),
        ("see <img alt=this src=x> picture", "see this picture"),
        ("see <img alt=1 title='one picture' src=x caption=two>", "see one picture; two"),
        ("[[a]](b) is a link", "[a] is a link"),
        ("a <!-- b > c --> d", "a d"),
        ("`code *as is*`", "code *as is*"),
        ("~~gone~~", "gone"),
        ("<http://example.org/a_b>", "http://example.org/a_b"),
        ("a <b>tag</b> and <!-- a remark --> more", "a tag and more"),
        ("5 &lt; 6 &amp; 7 &copy;", "5 < 6 & 7 ©"),
        (r"\*not thin\* 2\. \\", "*not thin* 2. \\"),
        ("snake_case_name and 2*3*4", "snake_case_name and 234"),
        ("one\ntwo  \nthree", "one two three"),
        ("**never closed", "**never closed"),
        ("[link [in] link](x)", "link [in] link"),
        ("# 1. text", "# 1. text"),
        ("Ärger 結論 🙂", "Ärger 結論 🙂"),
        ("", ""),
    ],
)
def test_inline_marks_are_taken_off(text: str, plain: str) -> None:
    assert plain_inline(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", []),
        ("one\ntwo\n\n*three*\n", ["one two", "three"]),
        ("- one\n- **two**\n  - three\n", ["one", "two", "three"]),
        ("1. one\n2. two\n", ["one", "two"]),
        ("> said\n> so\n", ["said so"]),
        ("| a | b |\n|---|---|\n| c | d |\n| e | |\n", ["a: c; b: d", "a: e"]),
        ("| a | b |\n|---|---|\n", ["a; b"]),
        ("| | b |\n|---|---|\n| c | d |\n", ["c; b: d"]),
        ("```sh\nmake  all\n\n  install\n```\n", ["make all", "install"]),
        ("    indented code\n", ["indented code"]),
        ("<div>\nhtml &amp; <b>more</b>\n</div>\n", ["html & more"]),
        (
            "<details>\n<summary>Seen <i>at once</i></summary>\n\n**then** this<br>and\n\n</details>\n",
            ["Seen at once", "then this and"],
        ),
        ("<p>one<p>two <!-- unseen <p>three -->", ["one", "two"]),
        ("<!-- unseen -->\n\nseen <!-- not this --> too\n", ["seen too"]),
        ("<script>\nif (a < b) {}\n</script>\n<style>\np {}\n</style>\n", []),
        ("<table>\n<tr><td>a</td> <td>b</td></tr>\n<tr><td>c</td></tr>\n</table>\n", ["a; b", "c"]),
        ("<div <p> a < b <<c <d\n", ["a < b <<c <d"]),
        ("# Why?\n\none\n", ["Why? one"]),
        ("text\n\n---\n\nmore\n", ["text", "more"]),
        ("# A\n\none\n\ntwo\n\n## B\n\nthree\n", ["A: one", "two", "B: three"]),
        ("# A\n\n## B\n\ntext\n", ["A", "B: text"]),
        ("text\n\n# A\n", ["text", "A"]),
        ("# *A*\n", ["A"]),
        ("# A\n\n- one\n- two\n", ["A: one", "two"]),
        ("- one\n\n  # inner\n\n  two\n", ["one", "inner: two"]),
    ],
)
def test_blocks_become_plain_paragraphs_with_their_heading_in_front(text: str, plain: list[str]) -> None:
    assert texts(text) == plain


TABLES = [
    ("| Valve | Pressure |\n|---|---|\n| north | 5 bar |\n", "Valve: north; Pressure: 5 bar"),
    ("| Person | Phone |\n|---|---|\n| Smith | 123 |\n", "Person: Smith; Phone: 123"),
    ("| Part | Age | Maker |\n|---|---|---|\n| seal | 9 | Doe | spare |\n", "Part: seal; Age: 9; Maker: Doe; spare"),
    ("| Only a header |\n|---|\n", "Only a header"),
]


@pytest.mark.parametrize("before", ["", "> ", "> > ", "  ", "- ", "1. ", "- > ", "> - "])
def test_each_table_is_read_with_its_own_header(before: str) -> None:
    behind = before.replace("-", " ").replace("1.", "  ")
    for tables in permutations(TABLES):
        rows = [f"{behind}{row}" if row else behind.rstrip() for table, _ in tables for row in (*table.split("\n"), "")]
        rows[0] = f"{before}{rows[0].removeprefix(behind)}"
        assert texts("\n".join(rows)) == [said for _, said in tables]


def texts(text: str, known_headings: Sequence[str] = ()) -> list[str]:
    return [block.text for block in plain_blocks(text, known_headings)]


@pytest.mark.parametrize(
    ("info", "title"),
    [
        *((info, "zork.py") for info in ('python title="zork.py"', "py title=zork.py {1}", "{.py file='zork.py'}")),
        *((info, "zork.py") for info in ("python zork.py", "python:zork.py", "{literalinclude} zork.py")),
        *(
            (info, "Beware of it")
            for info in ("{admonition} Beware of it", "{note} Beware of it", "ad-note Beware of it")
        ),
        *((info, "") for info in ("", "python", "js {1,3-5}", "{code-block} python", "{note}", "py linenos=table")),
        *((info, "") for info in ('{.python .numberLines #id startFrom="9"}', "{.python}")),
        ("{r zork, echo=FALSE}", "zork"),
    ],
)
def test_what_stands_behind_the_language_of_code_is_its_title(info: str, title: str) -> None:
    assert texts(f"```{info}\nx\n```\n") == [*filter(None, [title]), "x"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<img alt=this src=x>\n", ["this"]),
        ('<p><a href="x?title=not&alt=not">this</a></p>\n', ["this"]),
        ('<p><B>this</B> <widget size="3">and that</p>\n', ["this and that"]),
        ("> [!tip]- this\n", ["this"]),
        ('<form>\n<input type="text" value="this">\n<option value="not">that</option></form>\n', ["this", "that"]),
        (">" * 50 + " **this**\n\nthat\n", ["this", "that"]),
        ("- " * 50 + "this\n\nthat\n", ["this", "that"]),
        ("\n".join(f"{'  ' * level}- level {level}" for level in range(60)), [f"level {level}" for level in range(60)]),
        (
            "\n>\n".join(f"{'> ' * level}level {level}" for level in range(60)),
            [f"level {level}" for level in range(60)],
        ),
    ],
)
def test_what_is_found_is_in_the_plain_text(text: str, plain: list[str]) -> None:
    assert texts(text) == plain


def test_a_heading_that_the_reader_sees_anyway_is_not_repeated() -> None:
    text = "# The *brochure*\n\none\n\n## Cost\n\ntwo\n"
    assert texts(text, ["The brochure"]) == ["one", "Cost: two"]
    assert texts(text, ["Cost"]) == ["The brochure: one", "two"]
    assert texts(text, ["The brochure", "Cost"]) == ["one", "two"]
    assert texts("# Cost\n", ["Cost"]) == []


def test_of_a_long_row_each_cell_stands_behind_the_first() -> None:
    long = "never ends " * 20
    table = f"| Mode | Cause | Mend |\n|---|---|---|\n| Leak | {long} | Tighten. |\n"
    assert texts(table) == [f"Mode: Leak; Cause: {long.strip()}", "Mode: Leak; Mend: Tighten."]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("A sentence.", Form.PROSE),
        ("See [the checklist](a.md) first.", Form.PROSE),
        ("[the checklist](a.md)", Form.LINK),
        ("- [one](a.md), [two](b.md).", Form.LINK),
        ("<https://example.org>", Form.LINK),
        ("![a picture](a.png)", Form.LINK),
        ("| a |\n|---|\n| b |\n", Form.ROW),
        ("    code", Form.CODE),
        ("# A heading", Form.HEADING),
    ],
)
def test_a_block_says_what_it_is(text: str, form: Form) -> None:
    assert [block.form for block in plain_blocks(text)] == [form]


@given(text=MARKDOWN)
@settings(deadline=None, max_examples=100)
def test_any_text_has_a_plain_form_of_single_lines(text: str) -> None:
    plain = [plain_inline(text), *texts(text)]
    assert all(line == " ".join(line.split()) for line in plain)
    assert all(plain[1:])


def test_a_heading_of_megabytes_of_marks_stays_as_it_is() -> None:
    marks = "*a_b " * 400_000
    assert outline(f"# {marks}\n").headings[0].title == marks.strip()


def test_what_a_writer_and_kb_say_to_each_other_is_no_block() -> None:
    prompt, other, answered = "<!-- kb: What went wrong? -->", "<!-- Of 2026. -->", "<!-- kb: Why? --> Yes."
    text = f"# A\n\n{prompt}\n\nReturns.\n\n{other}\n\n{answered}\n"
    assert outline(text).blocks == ((4, 5), (6, 7), (8, 9))
