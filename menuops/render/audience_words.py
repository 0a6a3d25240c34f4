"""Who gets which menu, in the words that all views share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from menuops.core.who import Doubt

DOUBTS: Final[Mapping[Doubt, str]] = {
    "which": "a tag's name and an id can't be compared offline; who --user asks WeChat",
    "two": "a tag by name and one by id may be the same: offline they count as two",
}
"""What of an answer isn't known."""
