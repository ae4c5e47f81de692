"""What a site is made for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import NoResult


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """Where a site is written, and how it is published."""

    folder: Path
    address: str = ""
    """Where it will be published; empty if that is not known. Only the site map and some links need it."""
    hidden: bool = False
    """Whether search engines are asked not to index it."""
    name: str = ""
    """Of the library; empty for the name of its folder."""

    def check(self) -> None:
        """Raise `NoResult` for an address that is none."""
        if self.address:
            parts = urlsplit(self.address)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
                raise NoResult(f"--address {self.address}: write it like https://example.org/lessons/")

    @property
    def base(self) -> str:
        """The address with `/` at its end; empty if it is not known."""
        return f"{self.address.rstrip('/')}/" if self.address else ""
