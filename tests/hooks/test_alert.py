"""An alert on standard input, in whatever form, and the lessons below it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import NoSuchFile
from kb.hooks.alert import text_of_alert
from kb.hooks.deadline import harmless
from tests.conftest import Outcome, Run
from tests.hooks.lessons import FAR, PARCELS, PUMP

ALERTMANAGER = {
    "version": "4",
    "status": "firing",
    "externalURL": "https://alerts.example.org",
    "commonLabels": {"alertname": "PumpPressureLow", "severity": "page", "job": "cooling"},
    "alerts": [
        {"labels": {"instance": "10.0.0.7:9100"}, "annotations": {"summary": PUMP, "runbook": "Close the valve"}}
    ],
}
PAGERDUTY = {
    "event": {
        "event_type": "incident.triggered",
        "data": {"id": "Q2", "title": PUMP, "service": {"summary": "Cooling"}},
    }
}
EVENTS_API = {
    "routing_key": "s3cret",
    "payload": {"summary": PUMP, "source": "plant", "custom_details": {"reading": "0.2 bar"}},
}
Alert = Callable[..., Outcome]


@pytest.fixture
def alert(kb: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> Alert:
    def alert(given: object, *options: str) -> Outcome:
        data = given if isinstance(given, bytes) else (given if isinstance(given, str) else json.dumps(given)).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return kb(library, "hook", "alert", "--seconds=60", *options)

    return alert


@pytest.mark.parametrize("given", [ALERTMANAGER, PAGERDUTY, EVENTS_API, PUMP, [{"text": PUMP}]])
def test_the_lesson_is_found_whoever_sends_the_alert(alert: Alert, given: object) -> None:
    done = alert(given)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("1. @everyone <img")
    assert "Measure the pressure of the cooling circuit each night" in " ".join(done.out.split())


def test_what_tells_most_comes_first_and_what_tells_nothing_not_at_all() -> None:
    assert text_of_alert(json.dumps(ALERTMANAGER).encode()).split("\n") == [
        "PumpPressureLow",
        PUMP,
        "cooling",
        "Close the valve",
    ]
    assert "s3cret" not in text_of_alert(json.dumps(EVENTS_API).encode())
    assert "0.2 bar" in text_of_alert(json.dumps(EVENTS_API).encode())


def test_as_markdown_nothing_can_ping_or_link(alert: Alert) -> None:
    line = alert(PUMP, "--md").out.splitlines()[0]
    assert line.startswith(
        r"1. **`@everyone` \<img src=x onerror=alert(1)\> `[click](https://evil.example)` ::error::pump"
    )


def test_the_alert_stands_first_if_wanted(alert: Alert) -> None:
    assert alert(PARCELS, "--append").out.startswith(f"{PARCELS}\n\n1. Packers took the wrong size")
    assert alert(FAR, "--append").out == f"{FAR}\n\n"


@pytest.mark.parametrize(
    "given", [FAR, "", "{}", "\x00\x01", b"\xff\xfe\x00", "[" * 300_000, '{"summary": 7}', "{broken"]
)
def test_nothing_fits_and_nothing_fails(alert: Alert, given: object) -> None:
    done = alert(given)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("kb: ")
    assert done.err.count("\n") == 1


def test_without_an_index_no_alert_is_lost(
    alert: Alert, kb: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "kb.toml").touch()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PUMP.encode())))
    done = kb(tmp_path / "empty", "hook", "alert", "--append")
    assert (done.code, done.out) == (0, f"{PUMP}\n\n")
    assert done.err == "kb: there is no index yet; run `kb reindex`\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["summary", "title", "x", ""]), inner),
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
def test_any_bytes_are_a_text_of_bounded_length(data: bytes) -> None:
    assert len(text_of_alert(data)) <= 40 * 2_001


def test_errors_are_told_and_harmless() -> None:
    told: list[str] = []
    with harmless(60, told.append):
        raise NoSuchFile("x is gone")
    with harmless(60, told.append):
        Path("/nowhere/at/all").read_bytes()
    assert told == ["x is gone", "[Errno 2] No such file or directory: '/nowhere/at/all'"]


def test_what_takes_too_long_ends_as_if_nothing_was_found() -> None:
    program = """
import sys, threading
from kb.hooks.deadline import harmless
print("before", flush=True)
with harmless(0.05, print):
    threading.Event().wait(30)
print("after")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20)
    assert (done.stdout, done.stderr) == ("before\n", "")
