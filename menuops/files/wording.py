"""Words of findings: what a misspelt word was meant to be, and names that a line can hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from menuops.core.secret import SHOWN

_SHOWN: Final = 40
# An AppSecret, a token, a URL with a password, what goes into a header `Authorization`.
_SECRET: Final = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])|[0-9a-z_-]{40}|://[^/]*@|^\W*(?:bearer|basic)\s", re.I
)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Choose the known word that is most like `word`, if one is like it at all."""
    return _nearest(word[:200].lower(), tuple(known))


@functools.lru_cache(1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Compare; a thousand accounts make the same mistake, and each comparison takes 0.1 ms."""
    import difflib  # 10 ms that only a slip pays

    words = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word, words, n=1)
    return words[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean …?`, or nothing."""
    found = nearest(word, known)
    return f"; did you mean {named(found)}?" if found else ""


def looks_secret(text: str) -> bool:
    """Tell whether a text may be, or hold, a secret that somebody put in the wrong place."""
    return _SECRET.search(text) is not None


def named(text: str) -> str:
    """Put a name of the user's in backquotes: escaped where it can't be seen, cut where long.

    What looks like a secret, pasted where a name belongs, is `***`.
    """
    if looks_secret(text):
        return f"`{SHOWN}`"
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    seen = (c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)
    return f"`{''.join(seen)}`"
