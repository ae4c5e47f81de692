"""Content Security Policies, level 3, of the pages of a library."""

from __future__ import annotations

OF_FILES = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""For pages that lead to each other, with one style sheet and one set of scripts beside them."""
OF_SERVER = OF_FILES.replace("form-action 'none'", "form-action 'self'; connect-src 'self'")
"""For the same pages where something answers: a form may ask it, and so may our script."""
