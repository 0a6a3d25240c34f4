"""What all our JSON documents share."""

from __future__ import annotations

from typing import Final, Protocol

FORMAT_VERSION: Final = "1"
"""Of every document; a new number means that programs that read them have to change."""


class Told(Protocol):
    """An error as a document tells it."""

    @property
    def code(self) -> str:
        """WeChat's number as text, or a word of ours."""

    @property
    def message(self) -> str:
        """What, where, and in which state the account is now."""

    @property
    def fix(self) -> str:
        """The next thing to do or to type."""


def error_to_json(error: Told) -> dict[str, str]:
    """Give `{code, message, fix}`."""
    return {"code": error.code, "message": error.message, "fix": error.fix}
