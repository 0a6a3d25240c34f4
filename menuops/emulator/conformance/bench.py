"""What the checks work with: the account's calls, what is there now, what was seen once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from .caller import TOKEN_REFUSED, Caller, encoded
from .errors import CannotTell, Lost, OtherShape
from .snapshot import Snapshot
from .wire import Exchange

T = TypeVar("T")

TAG_PREFIX = "menuops-t-"  # how a tag of ours is known, should a run die before it cleans up
BASIC = {"button": [{"type": "click", "name": "menuops", "key": "CONFORMANCE"}]}

# Numbers that say something of the account or the moment, and nothing of what was asked.
UNTELLING = {
    -1: "the system is busy",
    40066: "the server has no such call",
    45009: "the day's quota is spent",
    45011: "too many calls a minute",
    48001: "the account has no right to it",
    48004: "the interface is forbidden to the account",
    50002: "the account is limited",
    61004: "this address isn't on the whitelist",
    61007: "the permission set is missing",
    65306: "the account has no conditional menus",
    65309: "conditional menus are switched off",
    65319: "the account may not create menus",
    **dict.fromkeys(TOKEN_REFUSED, "the token is refused"),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far the checks may go, and what they are given of the account's own."""

    most_conditional: int = 10
    hazards: frozenset[str] = frozenset()
    user: str | None = None
    media_id: str | None = None
    article_id: str | None = None


class Bench:
    """Calls for the checks. They leave behind whatever they like: restoring comes after all."""

    def __init__(self, caller: Caller, before: Snapshot, allowance: Allowance) -> None:
        self.caller = caller
        self.before = before
        self.allowance = allowance
        self._default: bool | None = before.menu is not None  # None: not known any more
        self._conditional = bool(before.conditional)
        self._refused: dict[tuple[str, bytes], int] = {}
        self._once: dict[object, Any] = {}

    def once(self, scene: Callable[[Bench], T]) -> T:
        """Give what a scene gave the first time: an answer is looked at by many checks."""
        if scene not in self._once:
            try:
                self._once[scene] = scene(self)
            except (CannotTell, Lost, OtherShape) as stopped:
                self._once[scene] = CannotTell(str(stopped))
        kept = self._once[scene]
        if isinstance(kept, CannotTell):
            raise CannotTell(str(kept))
        return cast(T, kept)

    # Calls

    def call(self, path: str, value: Any = None, **options: Any) -> Exchange:
        """Call with the token, and keep in mind what the account now has."""
        if path == "menu/create":
            self._default = self._default or None
        if path == "menu/addconditional":
            self._conditional = True
        if path == "menu/delete":
            self._default = None
        if isinstance(value, bytes):
            value, options = None, {**options, "raw": value}
        exchange = self.caller.call(path, value, **options)
        if path == "menu/create" and _is_ok(exchange):
            self._default = True
        if path == "menu/delete" and _is_ok(exchange):
            self._default = self._conditional = False
        return exchange

    def errcode(self, path: str, value: Any = None, *, telling: Any = (), **options: Any) -> int:
        """Give a call's number; one that tells nothing of it, and isn't in `telling`, stops."""
        asked = (path, value if isinstance(value, bytes) else encoded(value))
        found = self._refused.get(asked, 0) if not options else 0
        if not found:
            found = self.call(path, value, **options).errcode
        if path == "menu/create" and found > 0 and not options:
            self._refused[asked] = found  # calls a day are few
        if found in UNTELLING and found not in telling:
            raise CannotTell(f"{path} answered {found}: {UNTELLING[found]}")
        return found

    def ok(self, path: str, value: Any = None, **options: Any) -> dict[str, Any]:
        """Give the answer of a call that has to succeed for the check to say anything."""
        exchange = self.call(path, value, **options)
        if exchange.errcode:
            why = UNTELLING.get(exchange.errcode, str(exchange.value().get("errmsg", "")))
            raise CannotTell(f"{path} answered {exchange.errcode}: {why}")
        return exchange.value()

    def listed(self) -> list[dict[str, Any]]:
        """Give the conditional menus that menu/get lists, in its order."""
        return many(self.ok("menu/get").get("conditionalmenu", []))

    # States

    def default(self) -> None:
        """See to it that there is a default menu."""
        if not self._default:
            self.ok("menu/create", BASIC)

    def fresh(self) -> None:
        """See to it that there is a default menu, and no conditional one."""
        if self._conditional:
            self.none()
        self.default()

    def none(self) -> None:
        """See to it that there is no menu at all."""
        if self._default is not False or self._conditional:
            self.ok("menu/delete")

    def add(self, rule: dict[str, Any], key: str = "CONDITIONAL") -> str:
        """Add a conditional menu of one entry, and give its id."""
        self.default()
        button = [{"type": "click", "name": "menuops", "key": key}]
        answer = self.ok("menu/addconditional", {"button": button, "matchrule": rule})
        return text(answer, "menuid")

    # What the account has

    def openid(self) -> str:
        """Give a follower."""
        if self.allowance.user:
            return self.allowance.user
        if self.before.openids:
            return self.before.openids[0]
        raise CannotTell("no follower is known; name one with --user")

    def new_tag(self) -> int:
        """Make a tag of ours. It is deleted at the end."""
        name = TAG_PREFIX + secrets.token_hex(4)
        return number(self.ok("tags/create", {"tag": {"name": name}}), "tag", "id")

    def tag(self) -> int:
        """Give a tag that a rule can name: one of ours, or the account's last if we can't."""
        return self.once(_some_tag)


def _some_tag(bench: Bench) -> int:
    try:
        return bench.new_tag()
    except CannotTell:
        known = many(bench.ok("tags/get").get("tags"))
        if not known:
            raise
        return number(known[-1], "id")


def _is_ok(exchange: Exchange) -> bool:
    try:
        return exchange.errcode == 0
    except OtherShape:
        return False


# Reading answers that may be shaped in any way


def at(value: Any, *steps: str | int) -> Any:
    """Give what stands at a place of an answer, or raise OtherShape."""
    found = value
    for step in steps:
        match found, step:
            case dict(), str() if step in found:
                found = found[step]
            case list(), int() if step < len(found):
                found = found[step]
            case _:
                raise OtherShape(f"nothing at {'.'.join(map(str, steps))}")
    return found


def record(value: Any, *steps: str | int) -> dict[str, Any]:
    """Give the object at a place."""
    found = at(value, *steps)
    if not isinstance(found, dict):
        raise OtherShape(f"no object: {found!r}")
    return found


def text(value: Any, *steps: str | int) -> str:
    """Give the text at a place."""
    found = at(value, *steps)
    if not isinstance(found, str):
        raise OtherShape(f"{steps[-1]} is no text: {found!r}")
    return found


def number(value: Any, *steps: str | int) -> int:
    """Give the whole number at a place."""
    found = at(value, *steps)
    if not isinstance(found, int) or isinstance(found, bool):
        raise OtherShape(f"{steps[-1]} is no number: {found!r}")
    return found


def many(value: Any, *steps: str | int) -> list[dict[str, Any]]:
    """Give the list of objects at a place."""
    found = at(value, *steps)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise OtherShape(f"no list of objects: {found!r}")
    return found
