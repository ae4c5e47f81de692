"""What was found, as other programs read it, and as a person can take it in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingest.problem import Problem
from kb.check.finding import Finding, by_place
from kb.check.formats import github, gitlab, sarif
from kb.check.rules import RULES
from kb.check.run import Checked
from kb.check.severity import Severity
from kb.check.summary import summarised, tally
from kb.edit.edit import Edit
from tests.checking import files_of

ERROR, WARNING, NOTE = Severity


def finding(
    path: str = "lessons/a.md",
    line: int = 3,
    code: str = "privacy.email",
    severity: Severity = WARNING,
    message: str = "take it out",
    *,
    mended: bool = False,
) -> Finding:
    return Finding(path, line, 5, code, severity, message, (Edit(0, 1, ""),) if mended else ())


def checked(*findings: Finding, lessons: int = 12, failed: tuple[Problem, ...] = ()) -> Checked:
    return Checked(tuple(files_of("# Labels\n")) * lessons, tuple(by_place(findings)), failed)


def many(count: int, code: str = "privacy.email", severity: Severity = WARNING) -> list[Finding]:
    return [finding(f"lessons/{number:04}.md", code=code, severity=severity) for number in range(count)]


UNREADABLE = Problem("lessons/b.md", "permission denied", None)
FLAWED = Problem("lessons/c, d.md", "100% wrong", 7)


def test_what_is_found_in_few_lessons_is_shown_by_place() -> None:
    findings = by_place([*many(5), finding("lessons/0000.md", 1, "secrets.key", ERROR)])
    summary = summarised(findings)
    assert (list(summary.shown), summary.repeated) == (findings, ())


def test_what_is_found_in_many_lessons_is_said_once_and_errors_do_not_drown() -> None:
    error = finding("lessons/9999.md", 8, "secrets.key", ERROR)
    twice = [finding(one.path, 4) for one in many(2000)]
    findings = by_place([*many(2000), *twice, *many(6, "rigour.base", NOTE), error])
    summary = summarised(findings)
    assert [(one.path[8:12], one.code) for one in summary.worst_first] == [
        ("9999", "secrets.key"),
        *((f"000{number}", "privacy.email") for number in range(3)),
        *((f"000{number}", "rigour.base") for number in range(3)),
    ]
    assert [(one.code, one.severity) for one in summary.repeated] == [("privacy.email", WARNING), ("rigour.base", NOTE)]
    first, second = (one.text for one in summary.repeated)
    assert first == f"2,000 lessons {RULES['privacy.email'].many}, 4,000 times in all"
    assert second == f"6 lessons {RULES['rigour.base'].many}"
    assert summarised(findings, every=True).shown == tuple(findings)


def test_what_to_do_is_said_once_where_it_is_the_same_for_all() -> None:
    alike = [finding(f"lessons/{number}.md", message=f"{number} is an address; take it out") for number in range(9)]
    other = finding("lessons/9.md", message="9 is an address; ask first")
    assert [one.advice for one in summarised(alike).repeated] == ["take it out"]
    assert [one.advice for one in summarised([*alike, other]).repeated] == [""]


def test_many_findings_in_few_lessons_are_shown_each() -> None:
    findings = [finding(line=line) for line in range(1, 40)]
    assert summarised(findings).shown == tuple(findings)


def test_of_a_code_whose_weight_differs_the_worst_are_the_examples() -> None:
    findings = by_place([*many(20), finding("lessons/0019.md", 9, severity=ERROR)])
    summary = summarised(findings)
    assert summary.worst_first[0].path == "lessons/0019.md"
    assert summary.repeated[0].severity is ERROR


def test_the_tally_counts_what_there_is_and_what_is_not() -> None:
    assert tally(checked()) == "12 lessons: nothing wrong"
    assert tally(checked(lessons=1)) == "1 lesson: nothing wrong"
    assert tally(checked(lessons=0)) == "no lessons to check"
    assert tally(checked(finding(severity=ERROR), lessons=0)) == "0 lessons: 1 error"
    assert tally(checked(lessons=0, failed=(UNREADABLE,))) == "0 lessons: nothing wrong; 1 file could not be read"
    findings = [*many(1934), finding(severity=ERROR), finding(line=4, severity=NOTE, mended=True)]
    assert tally(checked(*findings, lessons=2102)) == (
        "2,102 lessons: 1 error, 1,934 warnings, 1 note; 1 can be fixed by --fix"
    )


def test_json_holds_everything() -> None:
    said = checked(*many(20), finding(mended=True), failed=(UNREADABLE, FLAWED)).as_json()
    assert list(said) == ["lessons", "findings", "failed", "summary"]
    assert said["lessons"] == 12
    assert len(said["findings"]) == 21
    assert said["findings"][-1] == {
        "path": "lessons/a.md",
        "line": 3,
        "column": 5,
        "code": "privacy.email",
        "severity": "warning",
        "message": "take it out",
        "mended": True,
    }
    assert said["failed"] == [
        {"path": "lessons/b.md", "reason": "permission denied", "line": None, "defect": None},
        {"path": "lessons/c, d.md", "reason": "100% wrong", "line": 7, "defect": None},
    ]
    assert said["summary"] == {"errors": 0, "warnings": 21, "notes": 0, "mended": 1}


def test_github_reads_commands_with_its_own_escapes() -> None:
    odd = finding("lessons/a, b: 50%.md", message="50% of\nwhat: a, b", severity=NOTE)
    rows = github.render(checked(odd, failed=(FLAWED,))).split("\n")
    assert rows == [
        "::error file=lessons/c%2C d.md,line=7,title=could not be read::100%25 wrong",
        "::notice file=lessons/a%2C b%3A 50%25.md,line=3,col=5,title=privacy.email::50%25 of%0Awhat: a, b",
        "12 lessons: 1 note; 1 file could not be read",
    ]


def test_github_is_shown_ten_so_the_worst_come_first_and_many_are_one() -> None:
    findings = [*many(50), finding("lessons/z.md", code="secrets.key", severity=ERROR)]
    rows = github.render(checked(*findings)).split("\n")
    assert [row.split(" ")[0] for row in rows] == ["::error", "::warning", "12"]
    assert rows[1].endswith(f"::take it out (50 lessons {RULES['privacy.email'].many})")
    assert len(github.render(checked(*findings), every=True).split("\n")) == 52


def test_gitlab_reads_a_code_quality_report() -> None:
    report = json.loads(gitlab.render(checked(finding(), finding(line=9), finding(severity=ERROR, code="secrets.key"))))
    assert [(issue["check_name"], issue["severity"], issue["location"]["lines"]["begin"]) for issue in report] == [
        ("privacy.email", "minor", 3),
        ("secrets.key", "major", 3),
        ("privacy.email", "minor", 9),
    ]
    assert {tuple(issue) for issue in report} == {("description", "check_name", "fingerprint", "severity", "location")}
    assert len({issue["fingerprint"] for issue in report}) == 3
    assert json.loads(gitlab.render(checked())) == []


def test_a_fingerprint_stays_when_the_lines_above_change() -> None:
    (before,), (after,) = (json.loads(gitlab.render(checked(finding(line=line)))) for line in (3, 30))
    assert before["fingerprint"] == after["fingerprint"]


# What the official schema of SARIF 2.1.0 asks of what we write; all of it was held against the schema itself once.
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {"required": ["uri"], "properties": {"uri": {"format": "uri-reference"}}},
                "region": {"properties": {"startLine": {"minimum": 1}, "startColumn": {"minimum": 1}}},
            },
        }
    },
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "additionalProperties": False,
    "properties": {
        "tool": {"required": ["driver"]},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {"items": {"required": ["executionSuccessful"]}},
        "results": {
            "items": {
                "required": ["message"],
                "properties": {"message": TEXT, "level": LEVEL, "locations": {"items": LOCATION}},
            }
        },
    },
}


def test_sarif_has_the_structure_that_its_schema_asks_for(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")  # comes with check-jsonschema
    odd = finding("lessons/ä b#1.md", code="secrets.key", severity=ERROR)
    log: dict[str, Any] = json.loads(sarif.render(checked(odd, finding(), failed=(UNREADABLE, FLAWED))))
    assert (log["version"], log["$schema"].rsplit("/", 1)[-1]) == ("2.1.0", "sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    jsonschema.validate(run, RUN)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    paths = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert paths == ["lessons/a.md", "lessons/%C3%A4%20b%231.md"]
    assert not run["invocations"][0]["executionSuccessful"]
    assert [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]] == [
        "permission denied",
        "100% wrong",
    ]
    assert all(re.fullmatch(r"[0-9a-f]{32}", result["partialFingerprints"]["kb/v1"]) for result in run["results"])


def test_a_path_outside_the_working_directory_is_an_address(tmp_path: Path) -> None:
    said = json.loads(sarif.render(checked(finding(str(tmp_path / "a b.md")))))
    location = said["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": (tmp_path / "a b.md").as_uri()}
