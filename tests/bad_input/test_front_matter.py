"""Flaws in front matter are named with their line; dates and values of other types do no harm."""

from __future__ import annotations

import json

import pytest

from tests.bad_input.answers import GOOD, found, said, titles
from tests.conftest import Make, Run, write

FLAWED: dict[str, tuple[str | bytes, str, str]] = {
    # name: (file, what is said, title)
    "not YAML": (
        "---\ntitle: a: b\n---\n# From the heading\n\nA zebra.\n",
        "2: front matter is not YAML: a second `: ` on the line; put the value in quotes",
        "From the heading",
    ),
    "broken YAML": (
        "---\ntags: [one, two\n---\n# From the heading\n\nA zebra.\n",
        "2: front matter is not YAML: ",
        "From the heading",
    ),
    "not a mapping": (
        "---\n- title: one\n- tags: two\n---\n# From the heading\n\nA zebra.\n",
        "2: front matter is a list, not `key: value` lines",
        "From the heading",
    ),
    "a key twice": (
        "---\ntitle: First\ntags: [a]\ntitle: Second\n---\nA zebra.\n",
        "4: front matter has the key 'title' twice; the last one counts",
        "Second",
    ),
    "a tab": (
        "---\ntitle: Tab\nimpact:\n\t- area: cost\n---\n# From the heading\n\nA zebra.\n",
        "4: front matter is not YAML: a tab where YAML needs spaces",
        "From the heading",
    ),
    "a control character": (
        "---\ntitle: Bell \x07\n---\n# From the heading\n\nA zebra.\n",
        "2: front matter is not YAML: character U+0007 is not allowed",
        "From the heading",
    ),
    "never closed": (
        "---\ntitle: Never closed\n\nA zebra.\n",
        "1: front matter is never closed; end it with a line of `---`",
        "odd",
    ),
    "not UTF-8": (
        b"# From the heading\n\nA zebra in a caf\xe9.\n",
        "3: not valid UTF-8 (byte 0xe9); read as Windows-1252; save it as UTF-8",
        "From the heading",
    ),
    "UTF-16 without a mark": (
        "# Wide\n\nA zebra.\n".encode("utf-16-le"),
        "1: UTF-16 without a byte order mark; save it as UTF-8",
        "Wide",
    ),
    "a second front matter": (
        "---\ntitle: First\n---\n\n---\nauthor: A zebra\n---\n\nText.\n",
        "5: a second front matter, whose keys are ignored; move them into the first",
        "First",
    ),
    "a merge conflict": (
        "# Heading\n\n<<<<<<< HEAD\nAn ostrich.\n=======\nA zebra.\n>>>>>>> other\n",
        "3: a merge conflict, down to line 7; keep what is right, and delete the markers",
        "Heading",
    ),
    "a merge conflict in the front matter": (
        "---\n<<<<<<< HEAD\ntitle: An ostrich\n=======\ntitle: A zebra\n>>>>>>> other\n---\n# Heading\n",
        "2: a merge conflict, down to line 6; keep what is right, and delete the markers",
        "Heading",
    ),
    "TOML that is none": (
        "+++\ntitle = A zebra\n+++\n# Heading\n",
        "2: front matter is not TOML: invalid value",
        "Heading",
    ),
    "JSON that is none": (
        '{\n  "title": "A zebra",\n}\n\n# Heading\n',
        "3: front matter is not JSON: ",
        "Heading",
    ),
    "a NUL byte": (
        b"# From the heading\n\nA zebra\0 behind bars.\n",
        "3: a NUL byte in the text; remove it",
        "From the heading",
    ),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_is_named_with_its_line_and_the_rest_of_the_file_is_found(make: Make, kb: Run, name: str) -> None:
    content, reason, title = FLAWED[name]
    root = make({"good.md": GOOD, "odd.md": content})
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0]) == (3, "1 added, 0 changed, 0 removed, 0 unchanged, 1 failed")
    lines = said(done)
    assert len(lines) == 1
    assert lines[0].startswith(f"kb: lessons/odd.md:{reason}")
    assert titles(kb, root) == {"good": "Labels", "odd": title}
    assert (found(kb, root, "parcels"), found(kb, root, "zebra")) == (["good"], ["odd"])


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_that_comes_into_a_known_lesson_takes_nothing_along(indexed: Make, kb: Run, name: str) -> None:
    content, reason, _ = FLAWED[name]
    root = indexed({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    write(root, "odd.md", content)
    done = kb(root, "search", "--refresh", "--json", "--mode", "lexical", "zebra")
    assert done.code == 0
    assert [hit["id"] for hit in json.loads(done.out)["hits"]] == ["odd"]
    assert said(done)[0].startswith(f"kb: lessons/odd.md:{reason}")
    assert (found(kb, root, "parcels"), found(kb, root, "elephant")) == (["good"], [])


def test_no_word_of_front_matter_that_cannot_be_read_is_lost(make: Make, kb: Run) -> None:
    root = make({"odd.md": "---\ntitle: Elephants: a tale\nsummary: giraffes\n---\nA zebra.\n"})
    assert kb(root, "reindex").code == 3
    assert [found(kb, root, word) for word in ("elephants", "giraffes", "zebra")] == [["odd"]] * 3


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2006", "2006"),
        ("'2006'", "2006"),
        ("2006-05", "2006-05"),
        ("2006-05-01", "2006-05-01"),
        ("'2006-05-01'", "2006-05-01"),
        ("2006-05-01 12:30:00", "2006-05-01"),
        ("2006-02-31", "2006-02-31"),
        ("20060501", "2006-05-01"),
        ("in May", None),
        ("[2006]", None),
        ("null", None),
        ("12:30", None),
    ],
)
def test_a_date_is_read_as_it_is_written_and_nothing_else_is_made_of_it(
    make: Make, kb: Run, written: str, date: str | None
) -> None:
    root = make({"odd.md": f"---\ndate: {written}\n---\nA zebra.\n"})
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (0, [])
    assert [lesson["date"] for lesson in json.loads(kb(root, "list", "--json").out)] == [date]
    assert json.loads(kb(root, "search", "--json", "--mode", "lexical", "zebra").out)["hits"][0]["date"] == date


def test_known_keys_with_values_of_other_types_do_no_harm(make: Make, kb: Run) -> None:
    text = """
        ---
        id: 12
        title: {a: b}
        summary: [not, a, text]
        tags: one, two
        unit: 7
        status: [draft]
        answers: why do zebras run
        people: Jane Doe
        impact: [much, {area: [cost]}, 7, null]
        screening: yes
        related: other
        ---
        A zebra.
    """
    root = make({"odd.md": text.replace("\n        ", "\n").strip() + "\n"})
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (0, [])
    hit = json.loads(kb(root, "search", "--json", "--mode", "lexical", "zebra").out)["hits"][0]
    assert (hit["id"], hit["title"], hit["tags"], hit["unit"]) == ("12", "odd", ["one", "two"], "7")
    assert (hit["status"], hit["people"]) == (None, [{"name": "Jane Doe"}])
    assert hit["impact"][0] == {"note": "much"}
    shown = kb(root, "search", "--mode", "lexical", "zebra")
    assert (shown.code, "ask: Jane Doe" in shown.out) == (0, True)
