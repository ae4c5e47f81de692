"""Tokens: only digests are stored, and whatever is not certain allows nothing."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.access.token import Role, Written
from kb.access.tokens import Tokens
from kb.errors import UnknownToken
from tests.conftest import Make, Run

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


def file_of(state: Path) -> Path:
    return next((state / "kb-lessons" / "tokens").glob("*.json"))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def role_of(tokens: Tokens, text: str, now: datetime) -> Role | None:
    found = tokens.valid(text, now)
    return found and found.role


@pytest.mark.parametrize("role", Role)
def test_a_token_allows_its_role_until_it_expires(tokens: Tokens, role: Role) -> None:
    written = str(tokens.new("wiki", role, NOW, days=2))
    assert role_of(tokens, written, NOW) is role
    assert role_of(tokens, written, NOW + timedelta(days=2, seconds=-1)) is role
    assert role_of(tokens, written, NOW + timedelta(days=2)) is None
    assert role_of(tokens, written, NOW - timedelta(seconds=1)) is None, "the clock went back behind its beginning"


def test_only_a_digest_is_stored_and_only_its_user_can_read_it(state: Path, tokens: Tokens) -> None:
    written = tokens.new("wiki", "read", NOW, days=2)
    assert written.secret not in file_of(state).read_text()
    assert stat.S_IMODE(file_of(state).stat().st_mode) == 0o600


def test_what_is_not_exactly_a_token_allows_nothing(tokens: Tokens) -> None:
    written = tokens.new("wiki", "read", NOW, days=2)
    other = Written(written.id, Written.new().secret)
    unknown = Written("0" * 8, written.secret)
    wrong = [other, unknown, f"{written} ", f"{written}\n", str(written).upper(), str(written)[:-1], "", "kb__", "\0"]
    assert [text for text in map(str, wrong) if role_of(tokens, text, NOW)] == []


def test_a_revoked_token_allows_nothing_at_once_also_where_it_was_read_before(tmp_path: Path, tokens: Tokens) -> None:
    elsewhere, written = Tokens(tmp_path), tokens.new("wiki", "read", NOW, days=2)
    assert role_of(elsewhere, str(written), NOW) is Role.READ
    tokens.revoke(written.id)
    assert role_of(elsewhere, str(written), NOW) is None
    assert [token.revoked for token in elsewhere.all()] == [True]


def test_a_rotated_token_has_the_name_and_role_of_the_one_that_it_replaces(tokens: Tokens) -> None:
    before = tokens.new("wiki", "write", NOW, days=2)
    after = tokens.rotate(before.id, NOW, days=3)
    assert role_of(tokens, str(before), NOW) is None
    assert role_of(tokens, str(after), NOW) is Role.WRITE
    assert {token.name for token in tokens.all()} == {"wiki"}


def test_another_knowledge_base_has_other_tokens(tmp_path: Path, tokens: Tokens) -> None:
    (other := tmp_path / "other").mkdir()
    assert role_of(Tokens(other), str(tokens.new("wiki", "read", NOW, days=2)), NOW) is None


@pytest.mark.parametrize("text", ["", "{}", "[", "[[1]]", '[["a", "b", "admin", "c", "d", "e", false]]', "[" * 9999])
def test_a_file_that_is_not_what_was_written_allows_nothing(state: Path, tokens: Tokens, text: str) -> None:
    written = tokens.new("wiki", "read", NOW, days=2)
    file_of(state).write_text(text)
    assert role_of(tokens, str(written), NOW) is None
    assert tokens.all() == []


def test_a_link_in_place_of_the_file_is_not_read(state: Path, tokens: Tokens, tmp_path: Path) -> None:
    written = tokens.new("wiki", "read", NOW, days=2)
    moved = file_of(state).rename(tmp_path / "moved.json")
    (state / "kb-lessons" / "tokens" / moved.with_suffix(".json").name).unlink(missing_ok=True)
    lock = next((state / "kb-lessons" / "tokens").glob("*.lock"))
    lock.with_suffix(".json").symlink_to(moved)
    assert role_of(tokens, str(written), NOW) is None


def test_tokens_made_at_the_same_time_are_all_kept(tmp_path: Path, tokens: Tokens) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: Tokens(tmp_path).new(str(number), "read", NOW, days=2), range(24)))
    assert all(role_of(tokens, str(written), NOW) for written in made)


def test_an_unknown_id_is_named(tokens: Tokens) -> None:
    with pytest.raises(UnknownToken, match="no token 'nobody'; `kb token list` names all"):
        tokens.revoke("nobody")


def test_the_commands(make: Make, kb: Run) -> None:
    root = make()
    assert "there are no tokens" in kb(root, "token").err
    made = kb(root, "token", "new", "--name", "wiki")
    written = Written.read(made.out.strip())
    assert made.code == 0
    assert written
    assert made.err.endswith("only time that it is shown; who has it can read all lessons\n")
    listed = kb(root, "token", "list", "--json").out
    assert [(token["id"], token["name"], token["revoked"]) for token in json.loads(listed)["tokens"]] == [
        (written.id, "wiki", False)
    ]
    assert written.secret not in listed
    assert kb(root, "token", "revoke", written.id).err == f"kb: {written.id} is revoked\n"
    assert "revoked" in kb(root, "token").out
    assert "record uses and begin drafts" in kb(root, "token", "new", "--role", "write").err
    assert kb(root, "token", "revoke").code == 2
    assert kb(root, "token", "new", "x").code == 2
    assert kb(root, "token", "rotate", "x").code == 2
