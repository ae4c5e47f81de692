"""`python -P -m kb` is `kb`."""

from kb.entry import run

run()
