"""What can go wrong between a client and WeChat, for the tests of a client.

Written as `emulator.fail_next("menu/create", Fault.reset_after())`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing the package stays quick
    from .buttons import JsonObject


class Fault:
    """A fault to be played instead of, or after, the next call of a path."""

    @staticmethod
    def errcode(code: int, text: str | None = None) -> Fault:
        """Refuse the call with a number; nothing is done."""
        return Errcode(code, text)

    @staticmethod
    def status(code: int, html: str = "<html><body>Bad Gateway</body></html>") -> Fault:
        """Answer as a gateway in front of WeChat does; nothing is done."""
        return Status(code, html)

    @staticmethod
    def answer(value: JsonObject) -> Fault:
        """Answer this JSON object, as if WeChat had; nothing is done."""
        return Said(value)

    @staticmethod
    def body(content: bytes) -> Fault:
        """Answer these bytes as if they were WeChat's JSON; nothing is done."""
        return Body(content)

    @staticmethod
    def redirect(url: str, code: int = 302) -> Fault:
        """Send the client elsewhere; nothing is done.

        Whoever follows posts the body again at 307 and 308; at 301, 302 and 303 most do a GET.
        """
        return Redirect(url, code)

    @staticmethod
    def reset_before() -> Fault:
        """Cut the connection; nothing is done."""
        return ResetBefore()

    @staticmethod
    def reset_after() -> Fault:
        """Do what was asked, then cut the connection without a byte of an answer."""
        return ResetAfter()

    @staticmethod
    def half_answer() -> Fault:
        """Do what was asked, send half of the answer's body, then hang up."""
        return HalfAnswer()

    @staticmethod
    def delay(seconds: float) -> Fault:
        """Do what was asked at once, and answer that much later."""
        return Delay(seconds)


@dataclass(frozen=True)
class Errcode(Fault):
    """See Fault.errcode."""

    code: int
    text: str | None = None


@dataclass(frozen=True)
class Status(Fault):
    """See Fault.status."""

    code: int
    html: str


@dataclass(frozen=True)
class Said(Fault):
    """See Fault.answer."""

    value: JsonObject


@dataclass(frozen=True)
class Body(Fault):
    """See Fault.body."""

    content: bytes


@dataclass(frozen=True)
class Redirect(Fault):
    """See Fault.redirect."""

    url: str
    code: int


class ResetBefore(Fault):
    """See Fault.reset_before."""


class ResetAfter(Fault):
    """See Fault.reset_after."""


class HalfAnswer(Fault):
    """See Fault.half_answer."""


@dataclass(frozen=True)
class Delay(Fault):
    """See Fault.delay."""

    seconds: float


class FaultPlan:
    """Faults in the order they were asked for, by path. Not thread-safe."""

    def __init__(self) -> None:
        # path -> [fault, calls it still is for, calls to let through before]
        self._planned: dict[str, list[tuple[Fault, int, int]]] = {}

    def add(self, path: str, fault: Fault, times: int, after: int) -> None:
        """Plan a fault for `times` calls of a path, once `after` calls went through."""
        self._planned.setdefault(path, []).append((fault, times, after))

    def take(self, path: str) -> Fault | None:
        """Give the fault for a call of `path` that comes now; None lets it through."""
        planned = self._planned.get(path)
        if not planned:
            return None
        fault, times, after = planned[0]
        if after > 0:
            planned[0] = (fault, times, after - 1)
            return None
        if times > 1:
            planned[0] = (fault, times - 1, 0)
        else:
            planned.pop(0)
        return fault
