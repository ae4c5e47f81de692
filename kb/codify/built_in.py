"""Where templates are."""

from __future__ import annotations

from pathlib import Path

FOLDER = "templates"
"""Those of a knowledge base are beside `kb.toml`, outside the corpus."""
BUILT_IN = Path(__file__).with_name(FOLDER)
TO_CHANGE = ("after-action-review.md", "experiment.md", "post-mortem.md")
"""Those that a new knowledge base has as its own from the beginning."""
