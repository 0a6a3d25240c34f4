"""What has to hold before an account that people follow is written to."""

from __future__ import annotations

from collections.abc import Callable

from .caller import REAL_CAPS, Caller
from .errors import CannotStart, OtherShape
from .snapshot import Snapshot

MOST_FOLLOWERS = 5
MOST_MENUS = 10  # conditional ones that are put back at the end, with a call each


def check_restorable(before: Snapshot) -> None:
    """Refuse what couldn't be put back exactly."""
    if before.obstacles:
        raise CannotStart("; ".join(before.obstacles) + " (--read-only writes nothing)")


def check_real(caller: Caller, before: Snapshot, most_followers: int) -> None:
    """Refuse an account that people use, or whose day's calls wouldn't do."""
    if before.followers is None:
        raise CannotStart("user/get doesn't say how many follow this account, so it may be many")
    if before.followers > most_followers:
        raise CannotStart(
            f"{before.followers} people follow this account, at most {most_followers} may; "
            "take a test account, or raise --most-followers"
        )
    if len(before.conditional) > MOST_MENUS:
        raise CannotStart(
            f"it has {len(before.conditional)} conditional menus, "
            f"at most {MOST_MENUS} are put back again"
        )
    for path in ("menu/create", "menu/delete"):
        left = calls_left(caller, path)
        if left is not None and left < REAL_CAPS[path] + 10:
            raise CannotStart(
                f"{left} calls of {path} are left today, {REAL_CAPS[path] + 10} may be needed"
            )


def calls_left(caller: Caller, path: str) -> int | None:
    """Ask how many calls of a path are left today; None where the server doesn't tell."""
    try:
        value = caller.call("openapi/quota/get", {"cgi_path": f"/cgi-bin/{path}"}).value()
    except OtherShape:
        return None
    quota = value.get("quota")
    left = quota.get("remain") if isinstance(quota, dict) else None
    return left if isinstance(left, int) else None


def approve(appid: str, what: str, ask: Callable[[str], str] | None) -> None:
    """Have the appid typed. `ask` is None where nobody can be asked."""
    if ask is None:
        raise CannotStart("nobody can be asked: there is no terminal; --yes goes on without")
    if ask(f"{what}\nType the appid to go on: ").strip() != appid:
        raise CannotStart("not approved")


def plan_of(before: Snapshot, most_conditional: int) -> str:
    """Say what will be done to a real account."""
    menus = "no menu" if before.menu is None else "a menu"
    return (
        f"This replaces and deletes the menus of the account many times over, adds up to "
        f"{most_conditional} conditional menus at once, and makes and deletes a few tags. "
        f"{before.followers} follow it. It has {menus} and {len(before.conditional)} conditional "
        f"ones now; they are put back at the end, under new menuids."
    )
