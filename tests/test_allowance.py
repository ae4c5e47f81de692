"""A comment allows one code at one place, with a reason; one that allows nothing is named."""

from __future__ import annotations

import pytest

from kb.check.allowing import without_allowed
from kb.check.rules import RULES, Selection
from tests.checking import codes, files_of, found

ALLOW = "<!-- kb: allow privacy.email: the author of the standard -->"
ADDRESS = "w.keane@brightpaper.net"
ANOTHER = "o.neill@brightpaper.net"
GROUPS = ("privacy", "allowance")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"Ask {ADDRESS}. {ALLOW}\n", []),
        (f"Ask {ADDRESS}. {ALLOW}\nOr {ANOTHER}.\n", [4]),
        (f"{ALLOW}\nAsk {ADDRESS}\nor {ANOTHER}.\n\nOr {ADDRESS}.\n", [7]),
        (f"{ALLOW}\n\nAsk {ADDRESS}.\n", []),
        (f"{ALLOW}\n- Ask\n- {ADDRESS}\n\nOr {ANOTHER}.\n", [7]),
        (f"{ALLOW}\n## Ask {ADDRESS}\n\nOr {ANOTHER}.\n", [6]),
        (f"{ALLOW}\n```\n{ADDRESS}\n\n{ANOTHER}\n```\n", []),
        (f"{ALLOW}\n| a |\n|---|\n| {ADDRESS} |\n", []),
        (f"- one\n  {ALLOW}\n  Ask {ADDRESS}\n\n- or {ANOTHER}\n", [7]),
        (f"<!-- kb: allow privacy.email:\nthe author -->\nAsk {ADDRESS}.\n", []),
        (f"Ask {ADDRESS}.\n{ALLOW}\n\nOr nobody.\n", [3]),
    ],
    ids=[
        *("line", "not the next line", "paragraph", "after an empty line", "list", "heading", "code", "table", "item"),
        *("two lines", "not what is above"),
    ],
)
def test_a_comment_reaches_its_line_or_the_next_block(body: str, left: list[int]) -> None:
    findings = found(f"# Labels\n\n{body}", *GROUPS)
    assert [finding.line for finding in findings if finding.code == "privacy.email"] == left


def test_what_is_shown_as_code_allows_nothing() -> None:
    for shown in (
        f"```\n{ALLOW}\n```\n{ADDRESS}\n",
        f"`{ALLOW}` {ADDRESS}\n",
        f"- ~~~\n  {ALLOW}\n  ~~~\n\n{ADDRESS}\n",
    ):
        assert codes(f"# Labels\n\n{shown}", *GROUPS) == ["email"]


@pytest.mark.parametrize(("fence", "inner"), [("~~~~", "```"), ("~~~~", "~~~"), ("````", "```"), ("````", "~~~~")])
def test_a_fence_ends_only_with_its_own_mark(fence: str, inner: str) -> None:
    shown = f"{fence}\n{inner}\n{ALLOW}\n{ADDRESS}\n{fence}\n"
    assert codes(f"# Labels\n\n{shown}", *GROUPS) == ["email"]


MATTER = """\
---
title: Labels
{}
---
# Labels
"""


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (f"author: {ADDRESS}  # kb: allow privacy.email: he wants it", []),
        (f"# kb: allow privacy.email: he wants it\nauthor: {ADDRESS}", []),
        (f"# kb: allow privacy.email: he wants it\n\nauthors:\n  - {ADDRESS}\n  - {ANOTHER}\nfriend: {ANOTHER}", [8]),
        (f"authors:  # kb: allow privacy.email: they want it\n  - {ADDRESS}\n  - {ANOTHER}", []),
        (f"authors:\n  # kb: allow privacy.email: he wants it\n  - {ADDRESS}\n  - {ANOTHER}", [6]),
        (f"note: |\n  Ask {ADDRESS}.\n# kb: allow privacy.email: he wants it\nother: {ANOTHER}", [4]),
        (f"note: |\n  # kb: allow privacy.email: he wants it\nother: {ADDRESS}", [5]),
        (f'note: "# kb: allow privacy.email: no" \nother: {ADDRESS}', [4]),
    ],
    ids=[
        "line",
        "next key",
        "its whole value",
        "end of the key's line",
        "one item",
        "below a text",
        "in a text",
        "quoted",
    ],
)
def test_in_the_front_matter_it_reaches_a_key_with_its_value(lines: str, left: list[int]) -> None:
    findings = found(MATTER.format(lines), *GROUPS)
    assert [finding.line for finding in findings if finding.code == "privacy.email"] == left


STATUS = "completeness.status"
WHOLE = "kb: allow completeness.status: an old one"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"---\ntitle: Labels\ntags: [a]  # {WHOLE}\n---\n# Labels\n", []),
        (f"---\n# {WHOLE}\ntitle: Labels\n---\n# Labels\n", []),
        (f"---\ntitle: Labels\n# {WHOLE}\n---\n# Labels\n", []),
        (f"<!-- {WHOLE} -->\n# Labels\n", []),
        (f"\n\n<!-- {WHOLE} -->\n\n# Labels\n", []),
        (f"---\ntitle: Labels\n---\n<!-- {WHOLE} -->\n# Labels\n", ["status", "unused"]),
        (f"# Labels\n\n<!-- {WHOLE} -->\nText.\n", ["status", "unused"]),
    ],
)
def test_what_is_said_of_the_whole_lesson_is_allowed_at_its_top(text: str, left: list[str]) -> None:
    assert codes(text, STATUS, "allowance") == left


@pytest.mark.parametrize(
    ("comment", "code", "said"),
    [
        ("kb: allow privacy.email", "allowance.reason", "allows privacy.email without a reason"),
        ("kb: allow privacy.email:", "allowance.reason", "so it allows nothing; write why"),
        ("kb: allow privacy.emial: he wants it", "allowance.code", "did you mean privacy.email?"),
        (
            "kb: allow privacy: he wants it",
            "allowance.code",
            "allows a group; name one code of it, such as privacy.email",
        ),
        ("kb: allow", "allowance.code", "allows nothing; name a code"),
    ],
)
def test_a_comment_that_is_not_whole_allows_nothing_and_is_named(comment: str, code: str, said: str) -> None:
    by_code = {finding.code: finding for finding in found(f"# Labels\n\n{ADDRESS} <!-- {comment} -->\n", *GROUPS)}
    assert set(by_code) == {"privacy.email", code}
    assert said in by_code[code].message
    assert (by_code[code].line, by_code[code].column) == (3, len(ADDRESS) + 2)


def test_a_comment_that_allows_nothing_any_more_is_named_if_its_code_was_looked_for() -> None:
    text = f"# Labels\n\nAsk nobody. {ALLOW}\n"
    (finding,) = found(text, *GROUPS)
    assert (finding.code, finding.severity, finding.column) == ("allowance.unused", "warning", 13)
    assert codes(text, "allowance") == codes(text, "privacy") == []


def test_a_code_that_asks_the_index_is_judged_only_when_it_was_asked() -> None:
    asks = next(code for code, rule in RULES.items() if rule.asks)
    file = files_of(f"# Labels\n\nText. <!-- kb: allow {asks}: known -->\n")[0]
    assert without_allowed(file, [], Selection(), index_used=False) == []
    (finding,) = without_allowed(file, [], Selection(), index_used=True)
    assert finding.code == "allowance.unused"
    held = RULES[asks].at(file, file.span_of(10, 14), "is not found")
    assert without_allowed(file, [held], Selection(), index_used=True) == []


def test_comments_are_no_part_of_what_is_allowed_elsewhere() -> None:
    text = f"# Labels\n\n{ALLOW}\n<!-- kb: allow privacy.card: not here -->\n\nAsk {ADDRESS}.\n"
    assert codes(text, *GROUPS) == ["unused"]


def test_a_secret_may_be_allowed_if_it_was_published() -> None:
    line = "password: " + "T4pe-l1ght" + "-Ra1n"
    assert codes(f"# Labels\n\n{line}\n", "secrets", "allowance") == ["password"]
    allowed = f"# Labels\n\n<!-- kb: allow secrets.password: stands in the maker's manual -->\n{line}\n"
    assert codes(allowed, "secrets", "allowance") == []
