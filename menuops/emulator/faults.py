"""What can go wrong between a client and WeChat, for the tests of a client.

emulator.fail_next("menu/create", Fault.reset_after())
"""

from __future__ import annotations

from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class Errcode(Fault):
    """See Fault.errcode."""

    code: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Status(Fault):
    """See Fault.status."""

    code: int
    html: str


@dataclass(frozen=True, slots=True)
class ResetBefore(Fault):
    """See Fault.reset_before."""


@dataclass(frozen=True, slots=True)
class ResetAfter(Fault):
    """See Fault.reset_after."""


@dataclass(frozen=True, slots=True)
class HalfAnswer(Fault):
    """See Fault.half_answer."""


@dataclass(frozen=True, slots=True)
class Delay(Fault):
    """See Fault.delay."""

    seconds: float


@dataclass(slots=True)
class _Planned:
    fault: Fault
    times: int
    after: int


@dataclass(slots=True)
class FaultPlan:
    """Faults in the order they were asked for, by path. Not thread-safe."""

    _planned: dict[str, list[_Planned]] = field(default_factory=dict)

    def add(self, path: str, fault: Fault, times: int, after: int) -> None:
        """Plan a fault for `times` calls of a path, once `after` calls went through."""
        self._planned.setdefault(path, []).append(_Planned(fault, times, after))

    def take(self, path: str) -> Fault | None:
        """Give the fault for a call of `path` that comes now; None lets it through."""
        planned = self._planned.get(path)
        if not planned:
            return None
        first = planned[0]
        if first.after > 0:
            first.after -= 1
            return None
        first.times -= 1
        if first.times <= 0:
            planned.pop(0)
        return first.fault
