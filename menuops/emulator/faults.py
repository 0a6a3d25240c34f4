"""What can go wrong between a client and WeChat, for the tests of a client.

Written as `emulator.fail_next("menu/create", Fault.reset_after())`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing the package stays quick
    from .buttons import JsonObject

GATEWAY_PAGE = "<html><body>Bad Gateway</body></html>"


class Fault:
    """A fault to be played instead of, or after, the next call of a path.

    Where `done` can be given, it says that WeChat did what was asked, and that only its answer
    was lost to this one.
    """

    @staticmethod
    def errcode(code: int, text: str | None = None) -> Fault:
        """Refuse the call with a number; nothing is done."""
        return Errcode(code, text)

    @staticmethod
    def status(code: int, html: str = GATEWAY_PAGE, done: bool = False) -> Fault:
        """Answer as a gateway in front of WeChat does."""
        return Status(code, html, done)

    @staticmethod
    def answer(value: JsonObject, done: bool = False) -> Fault:
        """Answer this JSON object, as if WeChat had."""
        return Said(value, done)

    @staticmethod
    def body(content: bytes, done: bool = False) -> Fault:
        """Answer these bytes as if they were WeChat's JSON."""
        return Body(content, done)

    @staticmethod
    def encoding(name: str) -> Fault:
        """Do what was asked, and answer in another encoding, as something on the way may."""
        return Encoding(name)

    @staticmethod
    def redirect(url: str, code: int = 302) -> Fault:
        """Send the client elsewhere; nothing is done.

        Whoever follows posts the body again at 307 and 308; at 301, 302 and 303 most do a GET.
        """
        return Redirect(url, code)

    @staticmethod
    def refused(seconds: float) -> Fault:
        """Cut the connection, and refuse whoever connects within that time; nothing is done.

        Other connections that are open stay so.
        """
        return Refused(seconds)

    @staticmethod
    def reset_unread() -> Fault:
        """Cut the connection before the body is read; nothing is done."""
        return ResetUnread()

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

    @staticmethod
    def sent_twice() -> Fault:
        """Do it twice, as when a proxy sends again what it believes to be lost."""
        return SentTwice()


@dataclass(frozen=True)
class Errcode(Fault):
    """See Fault.errcode."""

    code: int
    text: str | None = None


@dataclass(frozen=True)
class Status(Fault):
    """See Fault.status."""

    code: int
    html: str = GATEWAY_PAGE
    done: bool = False


@dataclass(frozen=True)
class Said(Fault):
    """See Fault.answer."""

    value: JsonObject
    done: bool = False


@dataclass(frozen=True)
class Body(Fault):
    """See Fault.body."""

    content: bytes
    done: bool = False


@dataclass(frozen=True)
class Encoding(Fault):
    """See Fault.encoding."""

    name: str


@dataclass(frozen=True)
class Redirect(Fault):
    """See Fault.redirect."""

    url: str
    code: int = 302


@dataclass(frozen=True)
class Refused(Fault):
    """See Fault.refused."""

    seconds: float


class ResetUnread(Fault):
    """See Fault.reset_unread."""


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


class SentTwice(Fault):
    """See Fault.sent_twice."""


# As the control API and the list of calls name them.
KINDS: dict[str, type[Fault]] = {
    "errcode": Errcode,
    "status": Status,
    "answer": Said,
    "body": Body,
    "encoding": Encoding,
    "redirect": Redirect,
    "refused": Refused,
    "reset_unread": ResetUnread,
    "reset_before": ResetBefore,
    "reset_after": ResetAfter,
    "half_answer": HalfAnswer,
    "delay": Delay,
    "sent_twice": SentTwice,
}


def kind_of(fault: Fault) -> str:
    """Name the kind of a fault: a key of KINDS."""
    return next(name for name, kind in KINDS.items() if type(fault) is kind)


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault that is still to come: for `times` calls of `path`, once `after` went through.

    `times` of None is for ever.
    """

    path: str
    fault: Fault
    times: int | None = 1
    after: int = 0


class FaultPlan:
    """Faults in the order they were asked for, by path. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[str, list[PlannedFault]] = {}

    @property
    def all(self) -> list[PlannedFault]:
        """Give all that are still to come."""
        with self._lock:
            return [one for planned in self._planned.values() for one in planned]

    def add(self, planned: PlannedFault) -> None:
        """Plan one, behind those of its path."""
        with self._lock:
            self._planned.setdefault(planned.path, []).append(planned)

    def clear(self, path: str | None = None) -> None:
        """Forget all faults of a path, or of every one."""
        with self._lock:
            for name in list(self._planned) if path is None else [path]:
                self._planned.pop(name, None)

    def take(self, path: str) -> Fault | None:
        """Give the fault for a call of `path` that comes now; None lets it through."""
        with self._lock:
            planned = self._planned.get(path)
            if not planned:
                return None
            first = planned[0]
            if first.after > 0:
                planned[0] = replace(first, after=first.after - 1)
                return None
            if first.times is not None:
                if first.times > 1:
                    planned[0] = replace(first, times=first.times - 1)
                else:
                    planned.pop(0)
            return first.fault
