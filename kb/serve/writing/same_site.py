"""Refuses what a page of another site has a browser send.

The guard compares names of hosts only, because it lets every page of this machine read. A program that listens at
another port of this machine is another site, so whoever writes is compared with the port, too.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers

from kb.serve.problems import Refused

_OWN = frozenset({"same-origin", "none"})
"""What browsers say of requests from our own pages, and of those that the user has typed."""


def refuse_other_sites(headers: Headers) -> None:
    """Raise `Refused` for a request that a page of another site has made.

    Only browsers send these headers, and no page can change them. What a proxy does to the port of a host does not
    matter for the first.
    """
    said = headers.getlist("sec-fetch-site")
    own = all(site in _OWN for site in said) if said else _is_own_origin(headers)
    if not own:
        raise Refused(HTTPStatus.FORBIDDEN, "a page of another site must not write here")


def refuse_other_content(headers: Headers, expected: str) -> None:
    """Raise `Refused` for any other media type: pages of other sites can send forms and text, but no JSON."""
    found = headers.getlist("content-type")
    if len(found) != 1 or found[0].partition(";")[0].strip().lower() != expected:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send it as {expected}: Content-Type: {expected}")


def _is_own_origin(headers: Headers) -> bool:
    host = headers.get("host", "").lower()
    return all(origin.lower().partition("://")[2] == host for origin in headers.getlist("origin"))
