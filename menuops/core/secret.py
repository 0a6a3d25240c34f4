"""A secret that can't be printed by mistake."""

from __future__ import annotations

import gc
from typing import Any, Final, Self

SHOWN: Final = "***"
_SHORTEST_CHARS: Final = 6


class Secret(str):
    """A token or an AppSecret: as text it is `***`, whoever makes text of it, JSON and pickle too.

    To every function of Python and of a library the string is those three characters; the value
    stands beside it and only `reveal()` gives it, so a search for that word finds each place that
    can leak. Two are equal if their values are. A copy is the same object; what comes out of
    pickle is the plain string `***`.
    """

    __slots__ = ("_value",)
    _value: str

    def __new__(cls, value: str) -> Self:
        """Hide a value."""
        made = super().__new__(cls, SHOWN)
        made._value = value
        return made

    def reveal(self) -> str:
        """Give the value itself; for what sends it and the token stores alone."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._value)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (SHOWN,)

    def __reduce_ex__(self, _protocol: Any) -> tuple[type[str], tuple[str]]:
        return self.__reduce__()


def secrets_in_memory() -> list[Secret]:
    """Give every secret that this process holds right now, to be left out of what it reports.

    Those of a few characters aren't given: they stand in any text, which would be of no use
    without them.
    """
    return [
        each
        for each in gc.get_objects()
        if type(each) is Secret and len(each.reveal()) >= _SHORTEST_CHARS
    ]
