"""Who may use the control interface: nobody whom another web site sends.

A browser lets any page send requests to loopback. What such a page can't do is set a Host of
loopback after DNS rebinding, leave its Origin out, or post JSON without asking first.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from .reply import Asked, Refused

WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104  compared with, not bound to


def check_asker(asked: Asked) -> None:
    """Refuse (403, 415) what a page of another site may have sent."""
    host = asked.headers.get("host", "")
    if not may_name(host, asked.served):
        raise Refused(
            403,
            "this is answered at a loopback address alone, or at the name that --host gives; "
            "serve with --host NAME to reach it by another",
        )
    by_link = asked.headers.get("sec-fetch-mode") == "navigate"
    if asked.headers.get("sec-fetch-site") in ("cross-site", "same-site") and not by_link:
        raise Refused(403, "a page of another site may not ask this")
    if asked.method in ("GET", "HEAD"):
        return  # changes nothing, and without CORS headers another site can't read it
    origin = asked.headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        raise Refused(403, "a page of another site may not ask this")
    content_type = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refused(415, "send it with Content-Type: application/json")


def may_name(host: str, served: str) -> bool:
    """Tell whether a Host header is loopback, or the host that is served.

    Who serves every address is asked by one of them: an address can't be rebound, a name can.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if name == "localhost" or name == served.lower():
        return name != ""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or served in WILDCARDS
