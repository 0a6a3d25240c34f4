"""Typical slips behind a YAML syntax error, named as what they are and where they are.

libyaml says where it gave up ("could not find expected ':'"), often a line too late, and in
words of its grammar. A person typed a full-width colon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from menuops.core.finding import Place
from menuops.files.reader.line_slips import (
    FULL_WIDTH,
    full_width_colon_message,
    line_slip,
    mark_message,
)
from menuops.files.reader.other_formats import json_comment, other_format
from menuops.files.reader.parser_words import in_our_words
from menuops.files.reader.template_slips import template_slip
from menuops.files.reader.trouble import Trouble

Slip: TypeAlias = tuple[str, str, Place]

_LINES: Final = 20
"""Lines above the trouble in which its cause is looked for."""
_MOST_KEY: Final = 1024
_CLOSES: Final = {"{": "}", "[": "]"}


def name_slip(trouble: Trouble) -> Slip:
    """Turn a parser's problem into rule, message and place."""
    for search in _SEARCHES:
        found = search(trouble)
        if found:
            return found
    return "yaml-syntax", in_our_words(trouble.problem, trouble.context), trouble.at


def _syntax(message: str, place: Place) -> Slip:
    return "yaml-syntax", message, place


def _conflict(trouble: Trouble) -> Slip | None:
    for number, line in enumerate(trouble.lines, 1):
        if line.startswith("<<<<<<< "):
            message = "a merge of Git left both versions here; keep one, delete the three marks"
            return "merge-conflict", message, Place(number, 1)
    return None


def _other(trouble: Trouble) -> Slip | None:
    return other_format(trouble.text)


def _comment(trouble: Trouble) -> Slip | None:
    # A line's end may be two characters: that is near enough for "not behind the trouble".
    above = sum(len(line) + 2 for line in trouble.lines[: trouble.at.line - 1])
    return json_comment(trouble.text, above + trouble.at.column + 2)


def _tab(trouble: Trouble) -> Slip | None:
    line, at = trouble.line, trouble.at
    indent = len(line) - len(line.lstrip())
    # Within brackets, where alone a `:` is unexpected, a tab is as good as a blank.
    bracket = trouble.trail.bracket or trouble.problem == "found unexpected ':'"
    if trouble.here != "\t" and (bracket or "\t" not in line[: min(indent, at.column - 1)]):
        return None
    if not line.strip():
        return "tab", "a line of nothing but a tab; delete it", at
    if trouble.before.strip() == "-":
        return "tab", "a tab after `-`; type a blank", at
    if at.column - 1 > indent:
        return "tab", "a tab stands here; type a blank, or put the text in quotes", at
    place = Place(at.line, line.index("\t") + 1)
    return "tab", "a tab indents this line; indent with blanks", place


def _variable(trouble: Trouble) -> Slip | None:
    if trouble.here != "{" or not trouble.before.endswith("$"):
        return None
    message = "a `${…}` inside `{…}` or `[…]` needs quotes around the text"
    return "unquoted-variable", message, Place(trouble.at.line, trouble.at.column - 1)


_LAST_WORD: Final = re.compile(r"[^\s{}\[\],:]*\Z")


def _full_width(trouble: Trouble) -> Slip | None:
    """Look at the character where the parser gave up, or at the text that it read last."""
    at, last = trouble.at, trouble.trail.last
    if trouble.here == "：":
        return "full-width-colon", full_width_colon_message(), at
    if trouble.here in FULL_WIDTH:
        return "full-width-mark", mark_message(trouble.here), at
    if trouble.problem == "found unexpected ':'":
        word = _LAST_WORD.search(trouble.before)
        assert word
        if word[0][:1] in FULL_WIDTH:
            place = Place(at.line, word.start() + 1)
            return "full-width-mark", mark_message(word[0][0]), place
        return "missing-blank", "a blank is missing after `:`; or put the text in quotes", at
    if "flow" in trouble.context and last and not last.opens and last.start.line == at.line:
        for column in range(last.start.column, at.column):
            mark = trouble.character(Place(at.line, column))
            if mark in FULL_WIDTH:
                return "full-width-mark", mark_message(mark), Place(at.line, column)
    return None


def _around(trouble: Trouble) -> Iterator[int]:
    """Give the numbers of the lines in which the slip can be, the nearest first.

    A text may go on over lines: where it began with `name：新品`, the next line is refused.
    """
    yield trouble.at.line
    first = max(trouble.since.line if trouble.since else 1, trouble.at.line - _LINES, 1)
    for number in range(trouble.at.line - 1, first - 1, -1):
        line = trouble.line_number(number).strip()
        if line and not line.startswith("#"):
            yield number


def _in_a_line(trouble: Trouble) -> Slip | None:
    """Look at the line and the one above; of several with a slip, one by one, at the first."""
    found = None
    for number in _around(trouble):
        slip = line_slip(trouble.line_number(number))
        if slip:
            rule, message, index = slip
            found = rule, message, Place(number, index + 1)
        elif number != trouble.at.line:
            break
    return found


def _quote(trouble: Trouble) -> Slip | None:
    """Name a quote that closes too early, too late or never."""
    if "end of stream" in trouble.problem and trouble.since:
        return _syntax("this quote is never closed", trouble.since)
    at, last = trouble.at, trouble.trail.last
    if last is None or last.opens not in ("'", '"') or trouble.here in ("", ":"):
        return None
    if trouble.before[last.end.column - 1 :].strip() and at.line == last.end.line:
        return None  # the quote is closed, and something else follows it
    if last.start.line < last.end.line and at.line == last.end.line:
        message = "the text that begins here isn't closed in its line; look for its second quote"
        return _syntax(message, last.start)
    if last.end.line != at.line:
        return None
    if last.end == at:
        mend = "''" if last.opens == "'" else '\\"'
        message = f"this quote ends the text; one within it is written `{mend}`"
        return _syntax(message, Place(at.line, at.column - 1))
    if "flow" not in trouble.context:
        return _syntax("text stands behind the quote; take it in, or delete it", at)
    return None


def _bracket(trouble: Trouble) -> Slip | None:
    """Name a bracket that is never closed, text behind one, and a comma that is missing."""
    at, last, bracket = trouble.at, trouble.trail.last, trouble.trail.bracket
    if bracket and trouble.nothing_follows:
        opens = trouble.character(bracket)
        return _syntax(f"this `{opens}` is never closed by `{_CLOSES.get(opens, '')}`", bracket)
    if bracket and last and "flow" in trouble.context and "content" not in trouble.problem:
        if trouble.here == ":":
            words = trouble.before[last.start.column - 1 :].rstrip().rpartition(" ")
            if last.start.line == at.line and words[1] and not last.opens:
                return _missing_comma(Place(at.line, at.column - len(words[2])))
        elif trouble.here not in _CLOSES.values():
            return _missing_comma(last.end)
    if last and last.opens in _CLOSES and trouble.here:
        return _behind_bracket(trouble, last.opens, last.start, last.end)
    return None


def _missing_comma(place: Place) -> Slip:
    return _syntax("a `,` is missing here", place)


def _behind_bracket(trouble: Trouble, opens: str, start: Place, end: Place) -> Slip | None:
    at = trouble.at
    if "document start" in trouble.problem:
        if trouble.here in _CLOSES:
            message = "a second JSON value begins here; one file holds one"
            return "many-documents", message, at
        return _syntax(f"text stands behind the last `{_CLOSES[opens]}`; delete it", at)
    if end.line == at.line and not trouble.before[end.column - 1 :].strip():
        return _syntax(f"a text can't start with `{opens}`; put the text in quotes", start)
    return None


_SCANNING: Final = (
    "while scanning an alias",
    "while scanning an anchor",
    "while scanning a tag",
    "while parsing a tag",
    "while parsing a node",
    "while scanning a block scalar",
)
_REFUSED: Final = (
    "found character ",
    "mapping keys are not allowed",
    "block sequence entries are not allowed",
    "sequence entries are not allowed",
    "did not find expected node content",
    "expected the node content",
)


_SIGNS: Final = "-?:,[]{}#&*!|>%@`"


def _sign(trouble: Trouble) -> Slip | None:
    """Name a text that begins with a sign of YAML."""
    place = trouble.at
    if trouble.context in _SCANNING and trouble.since:
        place = trouble.since
    elif not trouble.problem.startswith(_REFUSED):
        return None
    sign = trouble.character(place)
    if not sign or sign not in _SIGNS:
        return None
    if sign == "-" and trouble.trail.bracket:
        return _syntax("a list within `{…}` or `[…]` is written `[…]`, without `-`", place)
    if sign in ",]}:":
        return _syntax(f"nothing stands before this `{sign}`; delete it, or quote the text", place)
    above = trouble.line_number(place.line)[: place.column - 1].rstrip()
    if sign == "-" and above.endswith(":"):
        message = "a list begins in the line after its key; a text with `-` first needs quotes"
        return _syntax(message, place)
    shown = "a backtick" if sign == "`" else f"`{sign}`"
    return _syntax(f"a text can't start with {shown}; put the text in quotes", place)


def _no_colon(trouble: Trouble) -> Slip | None:
    message = "no `: ` follows the key in this line; or the text above goes on: indent it deeper"
    if trouble.problem.startswith("could not find expected ':'") and trouble.since:
        return _syntax(message, trouble.since)
    last = trouble.trail.last
    if last and trouble.problem.startswith("mapping values") and not last.opens:
        above = trouble.line_number(last.start.line)[: last.start.column - 1]
        if last.start.line < trouble.at.line and not above.strip(" -"):
            return _syntax(message, last.start)
    return None


def _indent(trouble: Trouble) -> Slip | None:
    """Name a line that begins in another column than those above it."""
    at, last = trouble.at, trouble.trail.last
    here = Place(at.line, trouble.begins)
    if trouble.problem.startswith("mapping values"):
        if at.column > _MOST_KEY:
            return _syntax("a key has at most 1,024 characters", here)
        if last and not last.opens and last.start.line < at.line:
            return _syntax("this line is indented deeper than the keys above it", here)
    elif "parsing a block" in trouble.context and trouble.since and at == here:
        message = "no key and no list above begins in this column; look at the indent"
        return _syntax(message, at) if at.column != trouble.since.column else None
    return None


_SEARCHES: Final[tuple[Callable[[Trouble], Slip | None], ...]] = (
    _conflict,
    _other,
    _variable,
    template_slip,
    _comment,
    _tab,
    _full_width,
    _in_a_line,
    _quote,
    _bracket,
    _sign,
    _no_colon,
    _indent,
)
"""What is asked in turn: the certain first."""
