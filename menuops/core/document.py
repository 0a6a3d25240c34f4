"""What all our JSON documents share."""

from __future__ import annotations

from typing import Final

from menuops.core.errors import MenuopsError

FORMAT_VERSION: Final = "1"
"""Of every document; a new number means that programs that read them have to change."""


def error_to_json(error: MenuopsError) -> dict[str, str]:
    """Give `{code, message, fix}`."""
    return {"code": error.code, "message": error.message, "fix": error.fix}
