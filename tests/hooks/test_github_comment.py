"""The one comment on an issue of GitHub: added, updated, withdrawn; never a second one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.hooks.comment import MARK, MOST, WITHDRAWN
from tests.hooks.conftest import Comment
from tests.hooks.forge_server import Forge, Refusal
from tests.hooks.lessons import FAR, PARCELS, PUMP

Event = Callable[..., None]


def test_an_issue_gets_the_lesson_with_all_that_one_needs(
    event: Event, comment: Comment, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LESSONS_URL", "https://github.com/acme/lessons/blob/abc/")
    event(PARCELS)
    done = comment()
    assert (done.code, done.out) == (0, "comment: added\n")
    (body,) = forge.bodies()
    assert body.startswith(f"{MARK}\n**The library answers this")
    assert "1. **Packers took the wrong size from the shelf** · answers · Depot North" in body
    assert "A label on the goods ended most wrong parcels." in body
    assert "*method:* Follow ten parcels from the shelf to the lorry" in body
    assert "*ask:* Ann Lee, `ann@example.org`" in body
    assert "[lessons/labels.md:" in body
    assert "](https://github.com/acme/lessons/blob/abc/lessons/labels.md?plain=1#L" in body
    assert forge.tokens == {"Bearer a-token"}


def test_an_edit_updates_it_in_place_and_the_same_text_leaves_it(event: Event, comment: Comment, forge: Forge) -> None:
    event(PARCELS)
    comment()
    first = forge.bodies()
    assert comment().out == "comment: unchanged\n"
    event(PUMP)
    assert comment().out == "comment: updated\n"
    assert len(forge.bodies()) == 1
    assert forge.bodies() != first
    assert len(forge.writes()) == 2


def test_nothing_is_said_if_nothing_fits_and_what_was_said_is_withdrawn(
    event: Event, comment: Comment, forge: Forge
) -> None:
    event(FAR)
    assert comment().out == "comment: silent\n"
    assert forge.writes() == []
    event(PARCELS)
    comment()
    event(FAR)
    assert comment().out == "comment: withdrawn\n"
    assert forge.bodies() == [f"{MARK}\n{WITHDRAWN}"]
    assert comment().out == "comment: unchanged\n"


def test_a_forged_mark_is_not_ours(event: Event, comment: Comment, forge: Forge) -> None:
    forge.comment(f"{MARK}\nmine", author="mallory")
    forge.comment(f"somebody wrote {MARK}")
    forge.comments += [{"id": 3, "user": None, "body": MARK}, {"id": "x", "user": "y", "body": None}, {}]
    event(PARCELS)
    assert comment().out == "comment: added\n"
    assert forge.bodies("mallory") == [f"{MARK}\nmine"]
    assert forge.writes() == ["POST /repos/acme/shop/issues/7/comments"]


def test_an_own_comment_is_found_behind_many_others(event: Event, comment: Comment, forge: Forge) -> None:
    for number in range(250):
        forge.comment(f"me too {number}", author="somebody")
    forge.comment(MARK)
    event(PARCELS)
    assert comment().out == "comment: updated\n"
    assert forge.writes() == ["PATCH /repos/acme/shop/issues/comments/251"]


def test_the_account_of_another_token_can_be_named(
    event: Event, comment: Comment, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.comment(MARK)
    forge.comment(MARK, author="acme-lessons[bot]")
    monkeypatch.setenv("KB_COMMENT_ACCOUNT", "acme-lessons[bot]")
    event(PARCELS)
    comment()
    assert forge.writes() == ["PATCH /repos/acme/shop/issues/comments/2"]


def test_the_text_of_a_lesson_and_of_an_issue_does_no_harm(event: Event, comment: Comment, forge: Forge) -> None:
    event(f"{PUMP} `$(touch /tmp/x)` ::set-output name=a::b", "\n::error::x\n@everyone ${{ secrets.TOKEN }}\n" * 200)
    done = comment()
    assert (done.code, done.out, done.err) == (0, "comment: added\n", "")
    (body,) = forge.bodies()
    assert "evil.example" in body
    for line in body.splitlines():
        outside = "".join(line.split("`")[::2])
        assert "@" not in outside
        assert "://" not in outside
        assert not {"<img", "<script", "<b>"} & {word[:7].rstrip() for word in outside.replace("\\<", "").split()}
        assert not line.lstrip().startswith("::")
    assert len(body) < MOST


def test_what_was_done_is_an_output_and_the_text_a_summary(event: Event, comment: Comment, tmp_path: Path) -> None:
    event(PARCELS)
    comment()
    assert (tmp_path / "GITHUB_OUTPUT").read_text() == "comment=added\n"
    assert "Packers took the wrong size" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


@pytest.mark.parametrize(
    "more", [{"state": "closed"}, {"title": "", "body": None}, {"title": "???", "body": "<!-- -->"}]
)
def test_a_closed_issue_and_an_empty_one_get_nothing(
    event: Event, comment: Comment, forge: Forge, more: dict[str, str]
) -> None:
    event(**{"title": PARCELS, **more})
    assert comment().code == 0
    assert forge.writes() == []


def test_a_pull_request_gets_a_checklist(event: Event, comment: Comment, forge: Forge) -> None:
    forge.paths = [f"src/parcels/file{number}.py" for number in range(120)]
    event(PARCELS, name="pull_request_target")
    assert comment().out == "comment: added\n"
    (body,) = forge.bodies()
    assert "did you consider" in body
    assert (
        "- [ ] Follow ten parcels from the shelf to the lorry, with the packers. Ask Ann Lee, `ann@example.org`."
        in body
    )
    assert "`lessons/labels.md:17`" in body
    assert "GET /repos/acme/shop/pulls/7/files?per_page=100&page=2" in forge.asked


def test_a_fork_whose_token_may_only_read_gets_a_summary(
    event: Event, comment: Comment, forge: Forge, tmp_path: Path
) -> None:
    sides = {"head": {"repo": {"full_name": "eve/shop"}}, "base": {"repo": {"full_name": "acme/shop"}}}
    event(PARCELS, name="pull_request", **sides)
    done = comment()
    assert (done.code, done.out) == (0, "comment: none\n")
    assert done.err == "kb: a fork's token may not comment; the checklist is in the summary of the job\n"
    assert forge.writes() == []
    assert "did you consider" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    event(PARCELS, name="pull_request_target", **sides)
    assert comment().out == "comment: added\n"


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal(401), "the server answered 401: no; the token is not valid"),
        (Refusal(403), "the server answered 403: no; the token may not; the job needs `permissions: issues: write`"),
        (Refusal(404, body=b"<html>"), "the server answered 404; not found"),
        (Refusal(422, method="POST"), "the server answered 422: no; start the job again later"),
        (Refusal(302, headers={"Location": "http://evil.example/"}), "the server answered 302"),
        (Refusal(200, body=b"{}"), "the server did not answer with a list"),
        (Refusal(200, body=b"<html>"), "the server did not answer with JSON"),
        (Refusal(429, headers={"Retry-After": "3600"}), "the server limits how often it may be asked"),
        (
            Refusal(403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}),
            "the server limits how often it may be asked",
        ),
    ],
)
def test_a_refusal_is_one_line_and_the_exit_code_3(
    event: Event, comment: Comment, forge: Forge, refusal: Refusal, said: str
) -> None:
    forge.refusals.append(refusal)
    event(PARCELS)
    done = comment()
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"kb: {said}")
    assert done.err.count("\n") == 1
    assert "a-token" not in done.err
    assert forge.bodies() == []


def test_a_server_that_asks_for_a_pause_is_asked_again(event: Event, comment: Comment, forge: Forge) -> None:
    pause = {"Retry-After": "0"}
    forge.refusals += [Refusal(503, headers=pause), Refusal(429, "POST", pause), Refusal(403, "POST", pause)]
    event(PARCELS)
    assert comment().out == "comment: added\n"
    assert len(forge.bodies()) == 1


@pytest.mark.parametrize("done_first", [True, False])
def test_a_comment_that_was_perhaps_added_is_looked_for_first(
    event: Event, comment: Comment, forge: Forge, done_first: bool
) -> None:
    forge.refusals.append(Refusal(502, "POST", done_first=done_first))
    event(PARCELS)
    assert comment().code == 0
    assert len(forge.bodies()) == 1


def test_a_token_is_sent_nowhere_without_encryption(
    event: Event, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    event(PARCELS)
    monkeypatch.setenv("GITHUB_API_URL", "http://api.example.org")
    done = comment()
    assert (done.code, done.err) == (
        2,
        "kb: 'http://api.example.org' is no address of an interface; it must begin with https://\n",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GITHUB_EVENT_NAME", "issue_comment", "the event 'issue_comment' has no problem to search for"),
        ("GITHUB_EVENT_NAME", "", "GITHUB_EVENT_NAME is not set"),
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN is not set"),
        ("GITHUB_REPOSITORY", "../..", ""),
        ("GITHUB_REPOSITORY", "a/b/c", "GITHUB_REPOSITORY is 'a/b/c'; it must be owner/name"),
        ("GITHUB_EVENT_PATH", "/nowhere/at/all", "/nowhere/at/all: no such file or directory"),
        ("KB_LESSONS_URL", "javascript:alert(1)", "KB_LESSONS_URL is no address"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(
    event: Event, comment: Comment, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    event(PARCELS)
    monkeypatch.setenv(name, value)
    done = comment()
    assert done.code in (2, 3)
    assert done.err.startswith(f"kb: {said}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"issue": 7}', '{"issue": {"number": "7"}}', "[" * 100_000, "\x00"])
def test_a_file_that_is_no_event_is_named(event: Event, comment: Comment, text: str) -> None:
    event(PARCELS)
    path = Path(os.environ["GITHUB_EVENT_PATH"])
    path.write_text(text)
    done = comment()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"kb: {path}: ")
    assert done.err.count("\n") == 1
