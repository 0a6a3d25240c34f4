"""Texts in another format than YAML and JSON, named by how they begin.

Asked only where a file can't be read, or comes to one single text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import Final

from menuops.core.finding import Place
from menuops.files.reader.encoding import lines_of, place_in

_NAME: Final = r"[A-Za-z_$][\w$.]*"
PYTHON: Final = "this is what Python prints; save what `json.dumps` makes of it"
_ALONE: Final = "leave what stands between the outermost `{` and `}`"
_JAVASCRIPT: Final = (
    r"(?:module\.)?exports(?:\.\w+)?\s*=|export\s+(?:default|const)\b"
    rf"|(?:const|let|var)\s+(?:{_NAME}|\{{[^}}]*\}}|\[[^\]]*\])(?:\s*:\s*\w+)?\s*="
    r"|import\s+(?:[\w${}*,][\w${}*,\s]*\sfrom\s*)?['\"]"
    rf"|require\s*\(|window\.{_NAME}\s*="
)
_FORMATS: Final = (
    (r"(?i)<!doctype html|<(?:html|head|body|script|div|meta)\b", "a web page",
     "perhaps that of a login; save the data itself"),
    (r"<\?php\b|return\s+(?:array\s*\(|\[)|array\s*\(|\$\w+\s*=", "PHP",
     "save what `json_encode` makes of it"),
    (r"<%|\{%|\{#", "a template", "save what it makes; a menu file has `${name}` for variables"),
    (r"<\?xml\b|<[A-Za-z][\w:.-]*[\s>/]", "XML", "write it as YAML or JSON"),
    (_JAVASCRIPT, "JavaScript", _ALONE),
    (rf"{_NAME}\s*=\s*[\[{{(]", "an assignment of a program", _ALONE),
    (rf"{_NAME}\s*\(\s*[\[{{]", "JSON within a call (JSONP)", _ALONE),
    (r"```|~~~", "a piece of Markdown", "delete the lines with ``` around it"),
    (r"[\[{]\s*(?::\w+|\"[^\"\n]*\"|'[^'\n]*')\s*=>", "Ruby or PHP", "save it as JSON"),
    (rf"\[\[?{_NAME}\]\]?[ \t]*\r?\n\s*{_NAME}[ \t]*=", "TOML or an INI file",
     "write it as YAML"),
    (rf"{_NAME}[ \t]*=[ \t]*\S", "a list of `name=value`", "write it as YAML: `name: value`"),
    (r"curl\s", "a command for a shell", "save the body that it sends"),
    (r"-----BEGIN ", "a key or a certificate", "it belongs into no menu and no project file"),
)  # fmt: skip
"""How each begins, what it is, and what to do."""
_PYTHON: Final = re.compile(r"[\[{][^\"#]*?\bu'")
_COMMENT: Final = re.compile(
    r"""
      "(?:[^"\\\n]|\\.)*"
    | (?<![^\s,\[\]{}"']) (?P<slip> //[^\r\n]* | /\*[\s\S]*?(?:\*/|\Z) )
    """,
    re.VERBOSE,
)
_SHOWN_LINES: Final = 5
_SKIPPED: Final = re.compile(
    r"""(?:\s|(?:\#|//)[^\n]*(?:\n|\Z)|/\*[\s\S]*?\*/|(?:'use\ strict'|"use\ strict");?(?=\s))*""",
    re.VERBOSE,
)
"""Blanks, comments, and what a program in JavaScript may begin with."""


def other_format(text: str) -> tuple[str, str, Place] | None:
    """Name the format of a text that is none of ours: rule, message and place."""
    start = _SKIPPED.match(text)
    at = start.end() if start else 0
    for pattern, name, mend in _FORMATS:
        if re.compile(pattern).match(text, at):
            message = f"this is {name}, neither YAML nor JSON; {mend}"
            return "other-format", message, place_in(text, at)
    if _PYTHON.match(text, at):
        return "other-format", PYTHON, place_in(text, at)
    return None


def json_comment(text: str, most: int) -> tuple[str, str, Place] | None:
    """Find the `//` and `/*` outside a string; None if none is before the index `most`."""
    if not text.lstrip().startswith(("{", "[", "/")):
        return None
    found = (each for each in _COMMENT.finditer(text) if each["slip"])
    first = next(found, None)
    if first is None or first.start() >= most:
        return None
    place = place_in(text, first.start())
    lines = _lines_of(text, chain((first,), found))
    delete = "delete it" if lines == str(place.line) else f"delete them (lines {lines})"
    return "json-comment", f"JSON has no comments, and YAML's begin with `#`; {delete}", place


def _lines_of(text: str, found: Iterable[re.Match[str]]) -> str:
    """Give the lines that comments are in: `1 to 3, 7 and 9`."""
    ranges: list[tuple[int, int]] = []
    number, counted = 1, 0
    for each in found:
        start = number + len(lines_of(text[counted : each.start()])) - 1
        counted, number = each.end(), start + len(lines_of(each["slip"])) - 1
        if ranges and start <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((start, number))
    shown = [f"{start} to {end}" if start < end else str(start) for start, end in ranges]
    if len(shown) > _SHOWN_LINES:
        shown[_SHOWN_LINES - 1 :] = ["more"]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def json_in_a_text(text: str) -> str | None:
    """Say so if a file's only text is JSON, or YAML, once more put in quotes."""
    if re.match(r"\s*(?:[\[{]\s*[\"'\[{]|\w+:\s)", text):
        return "this is JSON put in quotes; save what it says, without the quotes around it"
    return None
