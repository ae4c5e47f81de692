"""The folders of templates."""

from __future__ import annotations

from pathlib import Path

FOLDER = "templates"
"""A knowledge base's own templates are beside `kb.toml`, outside the corpus."""
BUILT_IN = Path(__file__).with_name(FOLDER)
TO_CHANGE = ("after-action-review.md", "experiment.md", "post-mortem.md")
"""The templates that a new knowledge base gets as its own copies."""
