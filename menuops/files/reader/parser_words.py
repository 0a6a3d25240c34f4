"""What libyaml and PyYAML's own parser say of a file, in our words."""

from __future__ import annotations

from typing import Final

_KEY: Final = "a key was expected here; look at the indent and the line above"
_COLON: Final = "a second `: ` on one line, or a wrong indent; put a text that holds `: ` in quotes"
_DASH: Final = "a `-` was expected here; look at the indent and the line above"
_END: Final = "text stands behind the end of the document; delete it"
_WORDS: Final = {
    "mapping values are not allowed": _COLON,
    "could not find expected ':'": "a key without `:`, or a text that goes on at a wrong indent",
    "did not find expected key": _KEY,
    "expected <block end>": _KEY,
    "did not find expected '-' indicator": _DASH,
    "did not find expected ',' or ']'": "`,` or `]` was expected here",
    "expected ',' or ']'": "`,` or `]` was expected here",
    "did not find expected ',' or '}'": "`,` or `}` was expected here",
    "expected ',' or '}'": "`,` or `}` was expected here",
    "found unexpected end of stream": "a quote or bracket that is never closed",
    "found unknown escape character": (
        r"an unknown escape in double quotes; write `\\` for a backslash, or use single quotes"
    ),
    "found invalid Unicode character escape code": (
        r"a `\u` escape of half a character; write the character itself"
    ),
    "did not find expected <document start>": _END,
    "expected '<document start>'": _END,
    "did not find expected node content": "a value was expected here",
    "expected the node content": "a value was expected here",
    "found incompatible YAML document": "a version of YAML that isn't 1.1 or 1.2; delete the line",
    "found unknown directive name": "a line can't start with `%`; delete it, or put it in quotes",
    "did not find expected hexdecimal number": r"an escape with fewer digits than it needs",
}
"""How a problem begins, in libyaml's words or in those of PyYAML's own parser, and ours."""


def in_our_words(problem: str, context: str) -> str:
    """Translate what is known; give the rest as it is."""
    for start, words in _WORDS.items():
        if problem.startswith(start):
            return words
    return f"{problem} ({context})" if context else problem
