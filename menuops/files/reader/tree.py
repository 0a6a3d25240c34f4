"""Builds the tree of a file out of a parser's events.

A scalar stays the text that was written; what type it should have is the schema's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from menuops.core.finding import Place
from menuops.files.reader.node import At, List, Map, Mark, Node, Text, place_of
from menuops.files.reader.yaml_parser import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from menuops.files.wording import named

DEPTH: Final = 64
"""Mappings and lists in one another, at most; a menu file has eight."""
_LISTS: Final = ("button", "sub_button", "conditionalmenu")
"""Keys whose lists are meant as one where they stand twice."""
_TEXT_TAGS: Final = frozenset((None, "!", "tag:yaml.org,2002:str"))


class Stop(Exception):
    """The rest of the file can't be read."""

    def __init__(self, rule: str, message: str, place: Place) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.place = place


Report: TypeAlias = Callable[[str, str, Place], None]
"""Hears of what is wrong, where the rest can be read all the same."""
Clean: TypeAlias = Callable[[str, Mark], str]
"""Gives the text of a scalar, out of what the parser makes of it. Raises Stop."""


class Builder:
    """Builds nodes out of one document's events: at most `most`, aliases followed."""

    def __init__(self, parser: Any, most: int, report: Report, clean: Clean | None) -> None:
        self._next: Callable[[], Any] = parser.get_event
        self._most = most
        self._report = report
        self._clean = clean
        self._count = 0
        self._anchors: dict[str, tuple[Node, int] | None] = {}

    def document(self) -> Node:
        """Read the stream whole: exactly one document. Raises Stop, YAMLError."""
        self._next()  # the stream's start
        kind = type(self._next())
        if kind is not DocumentStartEvent:
            raise Stop("empty-file", "the file is empty", Place(1, 1))
        event = self._next()
        root = self._node(event, 0)
        if isinstance(root, Text) and root.is_null:
            raise Stop("empty-file", "the file says nothing", Place(1, 1))
        self._next()  # the document's end
        second = self._next()
        kind = type(second)
        if kind is DocumentStartEvent:
            message = "a second document begins here; one file holds one"
            raise Stop("many-documents", message, place_of(second.start_mark))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        self._count += 1
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None  # until it is complete, it can't be used
            before = self._count
        node: Node
        if kind is ScalarEvent:
            node = self._scalar(event)
        else:
            if event.tag is not None:
                self._unknown_tag(event)
            if depth == DEPTH:
                message = f"more than {DEPTH} mappings and lists in one another"
                raise Stop("too-nested", message, place_of(event.start_mark))
            if kind is MappingStartEvent:
                node = self._mapping(event.start_mark, depth + 1)
            else:
                assert kind is SequenceStartEvent
                node = self._sequence(event.start_mark, depth + 1)
        if anchor is not None:
            self._anchors[anchor] = node, self._count - before + 1
        return node

    def _scalar(self, event: Any) -> Text:
        value: str = event.value
        if self._clean is not None:
            value = self._clean(value, event.start_mark)
        if event.tag is None:
            return Text(value, event.implicit[0], event.start_mark)
        if event.tag not in _TEXT_TAGS:
            self._unknown_tag(event)
            value = value or event.tag
        return Text(value, False, event.start_mark)

    def _sequence(self, mark: Mark, depth: int) -> List:
        items: list[Node] = []
        following = self._next
        while True:
            event = following()
            kind = type(event)
            if kind is SequenceEndEvent:
                return List(items, mark)
            items.append(self._node(event, depth))

    def _mapping(self, mark: Mark, depth: int) -> Map:
        entries: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        merged: list[Map] = []
        merge: Mark | None = None
        following, clean = self._next, self._clean
        while True:
            event = following()
            kind = type(event)
            if kind is not ScalarEvent:
                if kind is MappingEndEvent:
                    break
                raise _not_text(event, mark)
            at: Mark = event.start_mark
            key: str = event.value if clean is None else clean(event.value, at)
            if event.anchor is not None or event.tag is not None:
                self._node(event, depth)  # for what it reports and names
            value = following()
            kind = type(value)
            # The common case in line: a run reads a million of these.
            if kind is ScalarEvent and clean is None and value.anchor is None and value.tag is None:
                self._count += 1
                node: Node = Text(value.value, value.implicit[0], value.start_mark)
            else:
                node = self._node(value, depth)
            if event.implicit[0] and (":" in key or not key.isascii()):
                key, node = self._mended(key, node, event)
            if key == "<<" and event.implicit[0]:
                if merge is not None:
                    self._twice(key, at, merge)
                merge = at
                merged += self._merged(node, at)
            elif key in entries:
                self._twice(key, at, keys[key])
            else:
                entries[key] = node
                keys[key] = at
        for base in merged:
            for key, node in base.entries.items():
                if key not in entries:
                    entries[key] = node
                    keys[key] = base.keys[key]
        return Map(entries, keys, mark)

    def _mended(self, key: str, node: Node, event: Any) -> tuple[str, Node]:
        """Take a plain key for what it was meant to be, and say what is wrong with it."""
        from menuops.files.reader.line_slips import mend_key  # 3 ms that only such keys pay

        alone = isinstance(node, Text) and node.plain and not node.text
        start, end = event.start_mark, event.end_mark
        mended = mend_key(key, alone=alone) if start.line == end.line else None
        if mended is None:
            return key, node
        rule, message, index = mended.slip
        at = At(start.line, start.column + index)
        if not mended.clear:
            raise Stop(rule, message, place_of(at))
        self._report(rule, message, place_of(at))
        return mended.key, node if mended.value is None else Text(mended.value, True, at)

    def _twice(self, key: str, mark: Mark, first: Mark) -> None:
        message = f"{named(key)} stands here a second time; the first is in line {first.line + 1}"
        if key in _LISTS:
            message += "; put all entries into one list, or delete one"
        self._report("duplicate-key", message, place_of(mark))

    def _merged(self, node: Node, mark: Mark) -> list[Map]:
        """List what `<<` takes over; of two with the same key the first counts."""
        bases = node.items if isinstance(node, List) else [node]
        maps = [base for base in bases if isinstance(base, Map)]
        if len(maps) < len(bases):
            message = "`<<` takes an alias of a mapping, or a list of them"
            raise Stop("merge-key", message, place_of(mark))
        return maps

    def _alias(self, event: Any) -> Node:
        name: str = event.anchor
        place, shown = place_of(event.start_mark), named(f"*{name}")
        if name not in self._anchors:
            message = f"{shown} names an anchor that isn't above; put a text in quotes"
            raise Stop("unknown-anchor", message, place)
        known = self._anchors[name]
        if known is None:
            raise Stop("unknown-anchor", f"{shown} stands within its own anchor", place)
        node, size = known
        self._spend(size, event.start_mark)
        return node

    def _spend(self, nodes: int, mark: Mark) -> None:
        self._count += nodes
        if self._count > self._most:
            message = f"aliases blow the file up to more than {self._most:,} nodes"
            raise Stop("too-many-aliases", message, place_of(mark))

    def _unknown_tag(self, event: Any) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        message = f"{named(tag)}: tags have no meaning here; delete it (quotes make a text)"
        self._report("yaml-tag", message, place_of(event.start_mark))


def _not_text(event: Any, above: Mark) -> Stop:
    """Refuse a key that is a list or a mapping; `{{ name }}` is one within one."""
    at: Mark = event.start_mark
    doubled = above.column > 0 and (at.line, at.column) == (above.line, above.column + 1)
    if doubled and type(event) is MappingStartEvent and event.flow_style:
        from menuops.files.reader.template_marks import mark_message

        return Stop("other-format", mark_message("{{"), place_of(above))
    return Stop("key-not-text", "a key must be text", place_of(at))
