"""Markdown → plain text."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings

from ingest.markdown.blocks import outline
from ingest.markdown.plain import Form, plain_blocks, plain_inline
from tests.any_markdown import MARKDOWN, texts


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
@settings(deadline=None)
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
