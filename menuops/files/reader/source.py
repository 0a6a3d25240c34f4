"""The reader of YAML and JSON: from a file's bytes to its tree, or to what is wrong with it."""

from __future__ import annotations

import re
from typing import Final

from menuops.core.finding import Finding, Place
from menuops.files.capping import MOST_FINDINGS, left_out
from menuops.files.reader.encoding import NotText, decode
from menuops.files.reader.node import Map, Mark, Node, Source, place_of
from menuops.files.reader.stand_ins import Restore, swap
from menuops.files.reader.tree import Builder, Clean, Report, Stop
from menuops.files.reader.yaml_parser import (
    MarkedYAMLError,
    YAMLError,
    is_pure,
    is_too_nested,
    parser_of,
    stream_of,
)

# What only a file with a slip needs is imported where it is: 12 ms in all.

MIN_NODES: Final = 20_000
"""Nodes that a file may come to once its aliases are followed; or as many as it has bytes."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_EATEN: Final = re.compile(r"[^\s#][ \t]+#[^\s#!]")
"""May be a comment that was meant as text; to be sure, the file is read again."""


def read_source(raw: bytes, file: str, most_bytes: int, *, pure: bool = False) -> Source:
    """Read a file's bytes; `file` is its name in findings. Raises nothing for any content.

    `pure` takes PyYAML's own parser where libyaml would do: slower, for tests and for
    systems without libyaml.
    """
    findings: list[Finding] = []
    more = 0

    def report(rule: str, message: str, place: Place) -> None:
        nonlocal more
        if len(findings) < MOST_FINDINGS:
            findings.append(Finding(file, place.line, place.column, rule, "error", message))
        else:
            more += 1

    text, root = "", None
    pure = is_pure(wanted=pure)
    try:
        if len(raw) > most_bytes:
            what = f"the file has more than {most_bytes:,} bytes"
            raise Stop("too-large", what, Place(1, 1))
        text = decode(raw)
        root = _read(text, report, pure=pure)
        if _EATEN.search(text):
            from menuops.files.reader.meant import EATEN, eaten_comments

            eaten = eaten_comments(text, stream_of(text, "event", pure=pure))
            findings += (Finding(file, each.line, each.column, *EATEN) for each in eaten)
    except NotText as exc:
        report(exc.rule, exc.message, exc.place)
    except Stop as stop:
        place = stop.place
        if not any((each.line, each.column) == (place.line, place.column) for each in findings):
            report(stop.rule, stop.message, place)
    if more:
        findings.append(left_out(findings[-1], more))
    return Source(text, root, tuple(findings))


def reread(text: str) -> Node | None:
    """Build the tree of a text again that was read before, for places in it."""
    return read_source(text.encode(), "", len(text) * 4).root


def _read(text: str, report: Report, *, pure: bool) -> Node:
    parsed, restore = swap(text)
    clean = _cleaner(restore, pure=pure)
    most = max(MIN_NODES, len(text))
    try:
        root = Builder(parser_of(parsed, pure=pure), most, report, clean).document()
    except MarkedYAMLError as exc:
        if not pure and is_too_nested(exc):
            # libyaml scans far ahead; PyYAML's own parser comes to the limit at its place.
            Builder(parser_of(parsed, pure=True), most, _unheard, clean).document()
        from menuops.files.reader.slips import name_slip
        from menuops.files.reader.trouble import follow, trouble_of

        trail = follow(parser_of(parsed, pure=pure).get_event, YAMLError)
        raise Stop(*name_slip(trouble_of(text, exc, trail))) from None
    except YAMLError:
        from menuops.files.reader.meant import unreadable

        raise Stop(*unreadable(text)) from None
    if not isinstance(root, Map) or any(key.startswith("u'") for key in root.entries):
        from menuops.files.reader.meant import not_meant

        meant = not_meant(text, root)
        if meant:
            raise Stop(*meant)
    return root


def _unheard(_rule: str, _message: str, _place: Place) -> None:
    """Hear what was said before."""


def _cleaner(restore: Restore | None, *, pure: bool) -> Clean | None:
    if restore is None:
        return _refuse_surrogates if pure else None
    return lambda value, mark: restore(_refuse_surrogates(value, mark))


def _refuse_surrogates(value: str, mark: Mark) -> str:
    """Refuse half a character, which PyYAML's own parser lets through and libyaml doesn't."""
    if _SURROGATE.search(value):
        message = r"a `\u` escape of half a character; write the character itself"
        raise Stop("yaml-syntax", message, place_of(mark))
    return value
