"""The names of the schedulers; `kinds` describes them."""

from __future__ import annotations

NAMES = ("systemd", "cron", "github", "gitlab", "hook")
