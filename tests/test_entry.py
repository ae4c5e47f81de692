"""How a process of kb ends that is interrupted: at once, whatever its threads do."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.conftest import Make

PROGRAM = """
import sys, threading
threading.Thread(target=threading.Event().wait).start()  # as one that waits for an import that nobody ends
sys.argv = ["kb", *sys.argv[1:]]
from kb.entry import run
run()
"""


def test_an_interrupted_process_waits_for_no_thread(make: Make) -> None:
    root = make()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--root", str(root), "new", "--from", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write("Labels came off.\n" * 10_000)  # more than a pipe holds: it is gone once the program reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=30)
    assert (process.returncode, out, said.strip()) == (130, "", "kb: interrupted; nothing is left half done")
