"""Whether a file silences warnings at all: most don't, and pay nothing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from menuops.files.reader.node import Source

if TYPE_CHECKING:
    from menuops.files.rules.silencing import Silencer


def silencer_of(source: Source, file: str) -> Silencer | None:
    """Read the comments of a file that silence something; None where there are none."""
    if source.root is None or "menuops:" not in source.text:
        return None
    from menuops.files.rules.silencing import read_silencer

    return read_silencer(source.text, source.root, file)
