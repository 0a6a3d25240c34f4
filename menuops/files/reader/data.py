"""A tree as plain data for the schema: text, but where the schema wants something else."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from menuops.core.finding import Place
from menuops.files.reader.node import NULLS, List, Map, Node, Text, place_of
from menuops.files.schema import SchemaName, free_maps, not_text

Warn: TypeAlias = Callable[[str, str, Place], None]

_SUSPECT: Final = frozenset("0123456789+-.yYnNtTfFoO=~")
_OTHER_TYPE: Final = r"""(?xi)(?:
      y | yes | n | no | on | off | true | false                           # a boolean
    | [-+]? (?: 0b[01_]+ | 0o[0-7_]+ | 0x[0-9a-f_]+ )                       # an integer
    | [-+]? (?: [0-9][0-9_]* (?:\.[0-9_]*)? | \.[0-9][0-9_]* ) (?:e[-+]?[0-9]+)?
    | [-+]? [0-9][0-9_]* (?: :[0-5]?[0-9] )+ (?:\.[0-9_]*)?                 # base 60
    | [-+]? \.(?:inf|nan)
    | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} (?: (?:t|[ \t]+) [0-9:.]+ .* )?    # a date
    | =
    )\Z"""
"""What some YAML reader, of 1.1 or 1.2, takes for something else than text; see
https://yaml.org/type/ and https://yaml.org/spec/1.2.2/#103-core-schema ."""
_MOMENTS: Final = ("from", "until")
"""Keys of what every reader may take for a date: nobody has to quote one."""
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:e[-+]?[0-9]{1,2})?\Z")
_BOOLEANS: Final = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@functools.cache
def _other_type() -> re.Pattern[str]:
    """Compile it when it is needed: it takes 1 ms."""
    return re.compile(_OTHER_TYPE)


def to_data(root: Node, name: SchemaName, warn: Warn) -> Any:
    """Turn a tree into what the schema `name` judges: dict, list, str, int, float, bool, None.

    Values of top-level `x-…` keys are left out (None). `warn` hears of each plain scalar that
    is taken as text here and would be something else to another YAML reader.
    """
    typed, free = not_text(name), free_maps(name)
    if not isinstance(root, Map) or not any(key.startswith("x-") for key in root.entries):
        return _convert(root, typed, free, warn)
    rest = {key: node for key, node in root.entries.items() if not key.startswith("x-")}
    data = _convert(root._replace(entries=rest), typed, free, warn)
    return {key: data.get(key) for key in root.entries}


def _convert(node: Node, typed: frozenset[str], free: frozenset[str], warn: Warn) -> Any:
    if isinstance(node, Map):
        data: dict[str, Any] = {}
        for key, value in node.entries.items():
            # The common cases in line: a run converts a million of these.
            if not isinstance(value, Text):
                inner = frozenset[str]() if key in free else typed
                data[key] = _convert(value, inner, free, warn)
            elif key in typed:
                data[key] = _typed(value)
            elif value.plain and (not value.text or value.text[0] in _SUSPECT):
                data[key] = _plain(value, warn) if key not in _MOMENTS else value.text or None
            else:
                data[key] = value.text
        return data
    if isinstance(node, List):
        return [_convert(item, typed, free, warn) for item in node.items]
    return _plain(node, warn) if node.plain else node.text


def reads_as_text(text: str) -> bool:
    """Tell whether a plain scalar is text to every YAML reader; where it isn't, quote it."""
    return text not in NULLS and not _other_type().match(text)


def _plain(node: Text, warn: Warn) -> str | None:
    if node.text in NULLS:
        return None
    if _other_type().match(node.text):
        # Without the value: it could be a secret that somebody put where none belongs.
        message = "this is taken as text; put it in quotes, other YAML readers see another type"
        warn("quote-it", message, place_of(node.mark))
    return node.text


def _typed(node: Text) -> str | int | float | bool | None:
    """Read a scalar where the schema wants no text; what isn't of that type stays text."""
    if not node.plain:
        return node.text
    if node.text in NULLS:
        return None
    if node.text in _BOOLEANS:
        return _BOOLEANS[node.text]
    if not _NUMBER.match(node.text):
        return node.text
    return float(node.text) if set(node.text) & set(".e") else int(node.text)
