"""One file → a lesson with title, id, sections and statements."""

from __future__ import annotations

import codecs

import pytest

from ingest.kinds import KindTable
from ingest.markdown.blocks import Lines
from ingest.reading import Statement, read_lesson
from tests.lesson_read import PATH, read


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("---\ntitle: From the front matter\n---\n# The heading\n", "From the front matter"),
        ("---\ntitle: |\n  two\n  lines\n---\n# The heading\n", "two lines"),
        ("---\ntitle: 2006\n---\n# The heading\n", "2006"),
        ("---\ntitle: ''\n---\n# The heading\n", "The heading"),
        ("---\ntitle:\n---\n# The heading\n", "The heading"),
        ("---\ntitle: [a, b]\n---\n# The heading\n", "The heading"),
        ("---\ntags: [a]\n---\n# The heading\n", "The heading"),
        ("text\n\n### The *first* `heading` &amp; [more](x)\n\n# Second\n", "The first heading & more"),
        ("#\n\n## Second\n", "Second"),
        ("The heading\n===\n", "The heading"),
        ("> # Quoted\n\n```\n# fenced\n```\n", "on demand brochures"),
        ("only text\n", "on demand brochures"),
        ("", "on demand brochures"),
        ("---\ntitle: broken: yaml\n---\n# The heading\n", "The heading"),
    ],
)
def test_the_title_is_the_front_matters_else_the_first_heading_else_the_files_name(content: str, title: str) -> None:
    assert read(content).lesson.title == title


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("lessons/a.md", "a"),
        ("lessons/deep/down/the-name of__it.md", "the name of it"),
        ("README.md", "README"),
        ("lessons/notes.txt", "notes.txt"),
        ("lessons/v1.2.md", "v1.2"),
        ("lessons/---.md", "lessons/---.md"),
        ("lessons/Größe.md", "Größe"),
    ],
)
def test_a_files_name_as_a_title_is_made_of_words(path: str, title: str) -> None:
    assert read("text", path).lesson.title == title


@pytest.mark.parametrize(
    ("matter", "identity"),
    [
        ("id: brochures", "brochures"),
        ("id: 12", "12"),
        ("id: ' two  words '", "two words"),
        ("id:", "default-id"),
        ("id: ''", "default-id"),
        ("id: yes", "yes"),
        ("id: [a]", "default-id"),
        ("title: T", "default-id"),
    ],
)
def test_the_id_is_the_one_that_is_written_else_the_default(matter: str, identity: str) -> None:
    assert read(f"---\n{matter}\n---\ntext\n").lesson.id == identity


def test_a_lesson_keeps_its_path_and_the_whole_front_matter() -> None:
    lesson = read("---\ntitle: T\nx-own: {deep: [1, 2]}\n---\ntext\n").lesson
    assert lesson.path == PATH
    assert lesson.metadata == {"title": "T", "x-own": {"deep": [1, 2]}}


# --- sections


def test_sections_have_kind_path_and_lines_of_the_file() -> None:
    found = read("""\
        ---
        title: T
        ---
        Before any heading.

        # Top
        ## Problem

        Slow.
        ### Detail
        More.
        # Impact
        Fast.
        """)
    assert [(section.kind.value, section.headings, section.lines, section.body_line) for section in found.sections] == [
        ("other", (), (3, 5), 3),
        ("other", ("Top",), (5, 6), 6),
        ("problem", ("Top", "Problem"), (6, 9), 7),
        ("problem", ("Top", "Problem", "Detail"), (9, 11), 10),
        ("impact", ("Impact",), (11, 14), 12),
    ]


def test_a_skipped_level_of_headings_is_no_reason_to_lose_the_path() -> None:
    found = read("# A\n#### B\n## C\n### D\n# E\n")
    assert [section.headings for section in found.sections] == [
        ("A",),
        ("A", "B"),
        ("A", "C"),
        ("A", "C", "D"),
        ("E",),
    ]


def test_the_configured_headings_are_used() -> None:
    found = read_lesson(b"# Playbook\ntext\n", "a.md", "a", KindTable({"method": ["Playbook"]}))
    assert [section.kind.value for section in found.sections] == ["method"]


# --- statements


STATEMENTS = [
    pytest.param("answers:\n  - one\n  - two\n", [("one", (2, 3)), ("two", (3, 4))], id="a list"),
    pytest.param(
        "answers: [one, 'two', \"three\"]\n", [("one", (1, 2)), ("two", (1, 2)), ("three", (1, 2))], id="flow"
    ),
    pytest.param(
        "answers: [one,\n  two,\n  three]\n", [("one", (1, 2)), ("two", (2, 3)), ("three", (3, 4))], id="flow 2"
    ),
    pytest.param("answers: one\n", [("one", (1, 2))], id="a lone text"),
    pytest.param("answers: one\n  goes on\ntitle: T\n", [("one goes on", (1, 3))], id="a plain text of two lines"),
    pytest.param(
        'answers:\n  - "one\n    goes on"\n  - two\n', [("one goes on", (2, 4)), ("two", (4, 5))], id="a quoted text"
    ),
    pytest.param(
        "answers:\n  - |\n    one\n\n    goes on\n\n\n  - >-\n    two\n    goes on\n",
        [("one goes on", (2, 6)), ("two goes on", (8, 11))],
        id="block texts",
    ),
    pytest.param("answers: |\n  one\n  goes on\ntitle: T\n", [("one goes on", (1, 4))], id="a lone block text"),
    pytest.param("answers:\n- one\n- 5\n- 2.5\n", [("one", (2, 3)), ("5", (3, 4)), ("2.5", (4, 5))], id="numbers"),
    pytest.param(
        "shared: &shared one\nanswers:\n  - *shared\n  - two\n", [("one", (1, 2)), ("two", (4, 5))], id="an alias"
    ),
    pytest.param(
        "shared: &shared\n  - one\n  - two\nanswers: *shared\n", [("one", (2, 3)), ("two", (3, 4))], id="a list's alias"
    ),
    pytest.param(
        "answers:\n  - one\n  -\n  - two\n  - {a: b}\n",
        [("one", (2, 6)), ("two", (2, 6)), ("a: b", (2, 6))],
        id="an item that YAML takes for a mapping",
    ),
    pytest.param('{"title": "T",\n "answers": ["one",\n  "two"]}\n', [("one", (2, 3)), ("two", (3, 4))], id="JSON"),
    pytest.param("answers: []\n", [], id="none"),
    pytest.param("answers:\n", [], id="nothing"),
    pytest.param("answers: yes\n", [("yes", (1, 2))], id="a truth value"),
    pytest.param("answers: [x]\nanswers: [one]\n", [("one", (2, 3))], id="the key twice"),
    pytest.param("base: &base {answers: [one]}\n<<: *base\n", [("one", (1, 2))], id="a merge key"),
]


@pytest.mark.parametrize(("matter", "answers"), STATEMENTS)
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_answers_name_the_lines_on_which_they_stand(
    matter: str, answers: list[tuple[str, Lines]], mark: bytes, line_end: str
) -> None:
    text = f"---\n{matter}---\ntext\n"
    found = read(mark + text.replace("\n", line_end).encode())
    assert [(statement.text, statement.lines) for statement in found.answers] == answers
    rows = text.split("\n")
    for statement in found.answers:
        place = " ".join(rows[statement.lines[0] : statement.lines[1]])
        assert all(word in place for word in statement.text.split())


@pytest.mark.parametrize(
    ("matter", "summary"),
    [
        ("summary: one\n", Statement("one", (1, 2))),
        ("title: T\nsummary: >\n  one\n  goes on\n\n\ntags: [a]\n", Statement("one goes on", (2, 5))),
        ("summary: |+\n  one\n\n  goes on\n\n", Statement("one goes on", (1, 5))),
        ('summary: "one\n  goes on"\n', Statement("one goes on", (1, 3))),
        ("title: &title one\nsummary: *title\n", Statement("one", (1, 2))),
        ("summary: 5\n", Statement("5", (1, 2))),
        ("summary:\n", None),
        ("summary: ''\n", None),
        ("summary: no\n", Statement("no", (1, 2))),
        ("summary: {a: b}\n", None),
        ("title: T\n", None),
    ],
)
def test_the_summary_names_the_lines_on_which_it_stands(matter: str, summary: Statement | None) -> None:
    assert read(f"---\n{matter}---\ntext\n").summary == summary
