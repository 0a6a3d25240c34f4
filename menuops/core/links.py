"""The hosts that menus link to, as WeChat limits them over all conditional menus (65316)."""

from __future__ import annotations

from urllib.parse import urlsplit

from menuops.core.model import Buttons, MiniProgram, Parent, View


def hosts(button: Buttons) -> frozenset[str]:
    """List the hosts that a menu links to, as the limit over conditional menus counts them."""
    leaves = (
        leaf
        for entry in button
        for leaf in (entry.sub_button if isinstance(entry, Parent) else (entry,))
    )
    urls = (leaf.url for leaf in leaves if isinstance(leaf, View | MiniProgram))
    return frozenset(host for url in urls if (host := _host(url)))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a live menu may hold what no file could
        return None
