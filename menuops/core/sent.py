"""What was sent of a result, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

What: TypeAlias = Literal["comment", "status", "issue", "message", "picture"]
Doing: TypeAlias = Literal[
    "created", "updated", "unchanged", "closed", "nothing", "sent", "would be sent"
]


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, or would be; `to` says where, or why it wasn't.

    `url` is where it can be looked at, `text` what wasn't sent but would be; "" for neither.
    """

    what: What
    doing: Doing
    to: str
    url: str = ""
    text: str = ""
