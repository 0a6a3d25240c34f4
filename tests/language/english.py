"""What of a text that should be Chinese is English still."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from menuops.render.language.po import read_po
from tests.language.update import CATALOGUE

_TYPED: Final = re.compile(
    r"`[^`]*`|<code>.*?</code>|'[^'\n]*'|\$\{\w+\}|"  # typed, or a name
    r"(?:[A-Z_]+=\S+ )*menuops(?: [a-z-]+\b)?(?: +(?:--?[a-z-]+|[A-Z]+\b|\S*[./=:]\S*))*|"
    r"https?://\S+|\S+\.(?:yaml|json|html|png|fish|md)\b\S*|"
    r"\[[a-z|-]+\]|--[a-z-]+|\bmenu/[a-z]+|\b[A-Z][A-Z_]+\b"
)
_WORD: Final = re.compile(r"(?<![\w./:_-])[A-Za-z][a-z']+(?![\w/:_-]|\.\w)")
_SMALL: Final = re.compile(r"(?<![\w./:-])[a-z']{2,} [a-z']{2,} [a-z']{2,}(?![\w./:-])")


@cache
def vocabulary() -> frozenset[str]:
    """Give the words that only English texts of ours have: no translation keeps them."""
    entries = read_po(CATALOGUE.read_text(encoding="utf-8"))
    english = set().union(*(map(str.lower, _WORD.findall(text)) for text in entries))
    kept = set().union(
        *(map(str.lower, re.findall(r"[A-Za-z][a-z']+", text)) for text in entries.values())
    )
    return frozenset(english - kept)


def english_left(text: str, *names: str) -> list[str]:
    """Find the lines of a text with words of ours that are English, but for `names`.

    Three small words in a row are English, whoever's they are.
    """
    found = []
    for line in text.splitlines():
        bare = _TYPED.sub(" ", line)
        words = [word for word in _WORD.findall(bare) if word.lower() in vocabulary()]
        words = [word for word in words if word not in names]
        if words or _SMALL.search(bare):
            found.append(f"{line}   <- {', '.join(words)}")
    return found
