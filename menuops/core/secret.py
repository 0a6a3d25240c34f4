"""A secret that can't be printed by mistake."""

from __future__ import annotations

from typing import Final, NoReturn

SHOWN: Final = "***"


class Secret:
    """A token or an AppSecret: every way to print it gives `***`.

    Only `reveal()` opens it, so a search for that word finds each place that can leak.
    It can't be pickled and JSON refuses it, since both would write the value itself.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value itself; for the transport and the token store alone."""
        return self._value

    def __str__(self) -> str:
        return SHOWN

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    def __format__(self, spec: str) -> str:
        return format(SHOWN, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled")
