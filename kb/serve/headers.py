"""The headers by which browsers keep what they are sent apart from other sites."""

from __future__ import annotations

from kb.pages.policy import OF_SERVER

OF_ALL = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with none at all, a browser hides where a form of ours comes from
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""Of every answer that says nothing else."""
REFERRER_OF_PAGES = "same-origin"
OF_PAGES = {
    "Content-Security-Policy": f"{OF_SERVER}; frame-ancestors 'none'",
    "Referrer-Policy": REFERRER_OF_PAGES,
    "Cross-Origin-Opener-Policy": "same-origin",
}
