"""The names of the schedulers; `kinds` says what each of them is."""

from __future__ import annotations

NAMES = ("systemd", "cron", "github", "gitlab", "hook")
