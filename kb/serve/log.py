"""The log: one JSON object a line on standard error."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from traceback import format_tb


class Log(logging.Handler):
    """Writes what happens; a log that nobody reads any more, or a full disk, stops no answer."""

    def note(self, **values: object) -> None:
        """Write a line with the time and some values."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}
        with suppress(OSError, ValueError):
            print(json.dumps(line), file=sys.stderr, flush=True)

    def failure(self, error: Exception) -> None:
        """Write where an unforeseen error was raised, without its message, which may quote what was asked."""
        self.note(level="error", error=type(error).__name__, traceback="".join(format_tb(error.__traceback__)))

    def emit(self, record: logging.LogRecord) -> None:
        """Write what the HTTP server says."""
        self.note(level=record.levelname.lower(), message=record.getMessage())
