"""Every rule keeps what it promises: its bad example breaks it, its good one does not; the page of rules is theirs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from kb.check.explaining import example, explained, how
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.rules import GROUPS, RULES, rules_named
from kb.errors import UnknownCode
from tests.checking import found, write_example

PAGE = Path(__file__).parent.parent / "docs" / "checks.md"
ALL = tuple(RULES.values())
WITHOUT_INDEX = [rule for rule in ALL if not rule.asks]


@pytest.mark.parametrize("rule", WITHOUT_INDEX, ids=lambda rule: rule.code)
def test_the_bad_example_breaks_the_rule_and_the_good_one_does_not(rule: Rule, tmp_path: Path) -> None:
    broken = of_rule(rule, rule.bad, tmp_path / "bad")
    assert broken
    assert not of_rule(rule, rule.good, tmp_path / "good")
    for finding in broken:
        assert_is_a_message(finding.message)
        assert not finding.edits or rule.fixable


def of_rule(rule: Rule, text: str, folder: Path) -> list[Finding]:
    write_example(text, folder)
    return [finding for finding in found(text, folder=folder) if finding.code == rule.code]


def assert_is_a_message(message: str) -> None:
    """A message is one line, lower case, without a full stop, and says what to do."""
    assert message == message.strip()
    assert "\n" not in message
    assert not message[0].isupper() or message.split()[0].isupper(), message
    assert not message.endswith(".") or message.endswith("..."), message


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_what_a_rule_says_of_itself_has_its_form(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+(?:[-_][a-z]+)*", rule.code)
    assert rule.group in GROUPS
    for text in (rule.summary, rule.many, rule.cure):
        assert text == " ".join(text.split())
        assert text
    assert rule.summary[0].isupper() or rule.summary[0] in "`'\""
    assert rule.summary.endswith(".")
    assert rule.cure.endswith((".", ")", "?"))
    assert not rule.many.endswith(".")
    assert rule.many[0].islower() or rule.many[0] == "`"


def test_no_code_is_given_twice_and_groups_stand_together() -> None:
    groups = [rule.group for rule in ALL]
    assert len(dict.fromkeys(groups)) == sum(one != other for one, other in zip(["", *groups], groups, strict=False))
    assert list(RULES) == [rule.code for rule in ALL]


def test_a_code_is_found_by_itself_and_by_its_group_and_else_the_nearest_is_named() -> None:
    assert [rule.code for rule in rules_named("secrets.token")] == ["secrets.token"]
    assert [rule.code for rule in rules_named("secrets")] == ["secrets.key", "secrets.token", "secrets.password"]
    for wrong, near in (("secret.token", "secrets.token"), ("pasword", "secrets.password"), ("privcy", "privacy")):
        with pytest.raises(UnknownCode, match=f"{wrong}.*did you mean {near}"):
            rules_named(wrong)


def test_an_explanation_says_what_why_and_how() -> None:
    rule = RULES["privacy.card"]
    words = explained("privacy.card").split()
    for part in (rule.summary, rule.cure, rule.bad, rule.good):
        assert " ".join(part.split()) in " ".join(words)
    assert explained("privacy").count("\n  Good:\n") == len(rules_named("privacy"))


def test_the_list_of_all_names_each_code_once() -> None:
    lines = explained("all").splitlines()
    named = [line.split()[0] for line in lines if re.match(r"  \S", line)]
    assert named == list(RULES)


def test_the_page_of_checks_is_what_the_rules_say() -> None:
    """Written anew with KB_REWRITE=1 in the environment."""
    text = "\n".join([INTRODUCTION, *map(_group, GROUPS)])
    if os.environ.get("KB_REWRITE"):
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text


INTRODUCTION = """\
# Checks

What `kb check` looks for; `kb check --explain CODE` says the same in the terminal. A test keeps this page true.

An *error* lets the command exit with 1, a *warning* only with `--strict`, a *note* never. What a lesson must say
depends on its status: what is missing in a `validated` one is an error, of a `draft` next to nothing is asked.

## Allowing one thing at one place

A comment allows one code, and says why. In the text it stands on the line that it is about, or on a line of its own
above the paragraph, list, table, code or heading that it is about:

```markdown
<!-- kb: allow secrets.token: the example that Slack's own documents show -->
```

In the front matter it stands at the end of a line, or on a line of its own above the key that it is about, with its
whole value; anywhere there it also allows what is said of the lesson as a whole, such as a key that is missing. (In a
file without front matter a comment before everything else does that.)

```yaml
# kb: allow completeness.review_by: the law has not changed since 1998
```

For the whole library, `kb.toml` says it:

```toml
[check]
ignore = ["retrievability.no-answers"]
```
"""


def _group(group: str) -> str:
    rules = [rule for rule in ALL if rule.group == group]
    return "\n".join([f"## {group}\n\n{GROUPS[group]}\n", *map(_rule, rules)])


def _rule(rule: Rule) -> str:
    says = [f"**{rule.severity.value.capitalize()}.** {rule.summary} {rule.cure}", *how(rule)]
    return "\n".join(
        [f"### `{rule.code}`\n", *(f"{part}\n" for part in says), _example("bad", rule), _example("good", rule)]
    )


def _example(name: str, rule: Rule) -> str:
    text = example({"bad": rule.bad, "good": rule.good}[name])
    return f"{name.capitalize()}:\n\n````markdown\n{text}\n````\n"
