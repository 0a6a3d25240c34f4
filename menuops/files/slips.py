"""Typical slips behind a YAML syntax error, named as what they are.

libyaml says where it gave up ("could not find expected ':'"), often a line too late, and in
words of its grammar. A person typed a full-width colon.
"""

from __future__ import annotations

import re
from typing import Final

from menuops.core.finding import Place
from menuops.files.encoding import lines_of

FULL_WIDTH_COLON: Final = re.compile(r"""^[\s{\[,-]*["']?[\w$.-]+["']?\s*：""")
_QUOTE: Final = "put the text in quotes"
_KEY = "a key was expected here; look at the indent and the line above"
_COLON = "a second `: ` on one line, or a wrong indent; put a text that holds `: ` in quotes"
_WORDS: Final = {
    "mapping values are not allowed": _COLON,
    "could not find expected ':'": "a key without `:`, or a text that goes on at a wrong indent",
    "did not find expected key": _KEY,
    "expected <block end>": _KEY,
    "did not find expected '-' indicator": (
        "a `-` was expected here; look at the indent and the line above"
    ),
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
}
"""How a problem begins, in libyaml's words or in those of PyYAML's own parser, and ours."""


def name_slip(
    text: str, problem: str, context: str, at: Place, since: Place | None
) -> tuple[str, str, Place]:
    """Turn a parser's problem into rule, message and place.

    `at` is where the parser gave up, `since` where the part began that it was reading.
    """
    lines = lines_of(text)
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    here = line[at.column - 1 : at.column]
    first = max(min(since.line if since else at.line, at.line - 1), 1)
    for number in range(first, at.line + 1):
        found = FULL_WIDTH_COLON.match(lines[number - 1]) if number <= len(lines) else None
        if found:
            place = Place(number, found.end())
            return "full-width-colon", full_width_colon_message(), place
    if here == "{" and line[: at.column - 1].endswith("$"):
        message = "a `${…}` inside `{…}` or `[…]` needs quotes around the text"
        return "unquoted-variable", message, Place(at.line, at.column - 1)
    if here == "\t" or "\t" in line[: at.column - 1].replace(line.lstrip(), ""):
        return "tab", "a tab indents this line; indent with blanks", at
    if context in ("while scanning an alias", "while scanning an anchor") and since:
        here, at = line[since.column - 1 : since.column], since
        return "yaml-syntax", f"a text can't start with `{here}`; {_QUOTE}", at
    if problem.endswith("cannot start any token"):
        return "yaml-syntax", f"a text can't start with `{here}`; {_QUOTE}", at
    for start, words in _WORDS.items():
        if problem.startswith(start):
            return "yaml-syntax", words, at
    return "yaml-syntax", f"{problem} ({context})" if context else problem, at


def full_width_colon_message() -> str:
    """Name the mend; also for a file that parses, as another thing than was meant."""
    return "a full-width `：` after a key; type an ASCII `:` and a blank"
