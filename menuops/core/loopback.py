"""Which hosts are this very machine, by name or by address."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Tell it without a look-up: `localhost` and the names below it never leave the machine.

    Source: RFC 6761, 6.3.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
