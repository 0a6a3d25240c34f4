"""The hidden first line of a comment or an issue of ours, by which it is found again.

`<!-- menuops report 1 state=open -->`. It tells neither whose the comment is nor what it says:
anybody can write such a line, and whoever may write to a repository can edit our comments. So
nothing is taken from a comment but this, and from the token's own comments alone.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["open", "applied", "drift"]

_MARKER: Final = re.compile(r"<!-- menuops report 1 state=(open|applied|drift) -->\r?(?:\n|\Z)")


def marked(state: State, markdown: str) -> str:
    """Put the line before a text. `open`: a later report replaces it; `applied`: none does."""
    return f"<!-- menuops report 1 state={state} -->\n{markdown}"


def state_of(body: str) -> State | None:
    """Read the line at the start of a comment; None where there is none of ours."""
    found = _MARKER.match(body)
    match None if found is None else found[1]:
        case "open":
            return "open"
        case "applied":
            return "applied"
        case "drift":
            return "drift"
    return None
