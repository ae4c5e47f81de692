"""The labels that say what somebody was in an intervention."""

from __future__ import annotations

from ingest.format import ROLES

_NAMES = {
    "sponsor": "sponsor; sponsors; executive sponsor; sponsored by",
    "learning-professional": """learning professional; learning professionals; embedded learning professional
        facilitator; facilitators; facilitated by""",
    "team": "team; team members; participants; attendees; present",
    "contact": "contact; contacts; contact person; point of contact",
    "": "author; authors; written by; owner; reported by",
}
_ROLES = {
    name.strip(): role for role, lines in _NAMES.items() for line in lines.splitlines() for name in line.split(";")
}
assert set(_ROLES.values()) == {*ROLES, ""}


def role_of(label: str) -> str | None:
    """Return the role that a label gives to whom it names, empty for one that gives none; None for other labels."""
    return _ROLES.get(label)
