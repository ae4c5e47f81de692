"""Another program is run for its output, and what goes wrong is said in a few words."""

from __future__ import annotations

import pytest

from kb.system.program import ProgramFailed, output_of, output_or_none


def test_the_output_of_a_program_is_returned() -> None:
    assert output_of("printf", "a b", seconds=10) == "a b"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["no-such-program"], "no-such-program is not installed"),
        (["sh", "-c", "echo 'fatal: no room' >&2; exit 3"], "no room"),
        (["false"], "false failed"),
        (["tail", "-f", "/dev/null"], "tail did not answer within 0.1 s"),
    ],
)
def test_why_there_is_no_output_is_said(command: list[str], message: str) -> None:
    with pytest.raises(ProgramFailed) as raised:
        output_of(*command, seconds=0.1)
    assert str(raised.value) == message
    assert output_or_none(*command, seconds=0.1) is None
