"""Runs `kb` as `python -P -m kb`."""

from kb.entry import run

run()
