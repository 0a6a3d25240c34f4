"""`${name}` in the texts of a menu file: replaced once, with no logic and no recursion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from menuops.files.wording import did_you_mean, named

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
BUILT_IN: Final = ("appid", "account")
"""Variables that every account has; nobody else may give them."""
_MOST_SLIPS: Final = 20
_MOST_CHARACTERS: Final = 4096
"""What the values in one text may come to; the longest that fits anywhere has 1,024 bytes."""
_USE: Final = re.compile(r"(\$\$\{)|\$\{([^{}]*)(\}?)")


class Slip(NamedTuple):
    """A `${` that can't be replaced: the how-manieth of its text, from 0, and what is wrong."""

    use: int
    rule: str
    message: str


def fill(text: str, values: Mapping[str, str]) -> tuple[str, list[Slip]]:
    """Replace each `${name}` by its value and each `$${` by a literal `${`.

    Values aren't filled in again: a use in one is a slip, `$${` in one is a literal there too.
    A use that can't be replaced stays, with a slip that says why, once for each name.
    """
    slips: dict[str, Slip] = {}
    index = -1
    length = 0

    def replace(use: re.Match[str]) -> str:
        nonlocal index, length
        index += 1
        length += len(values.get(use[2] or "", ""))
        if length > _MOST_CHARACTERS:  # a short file could ask for all the memory there is
            message = (
                f"with its variables filled in it has more than {_MOST_CHARACTERS:,} characters"
            )
            slips.setdefault("", Slip(index, "too-much-filled-in", message))
            return ""
        if use[1]:
            return "${"
        name = use[2]
        if not use[3]:
            message = "`${` is never closed by `}`; write `$${` for a literal `${`"
            slips.setdefault("${", Slip(index, "unclosed-variable", message))
        elif name in values:
            if "${" not in values[name]:
                return values[name]
            if _holds_a_use(values[name]):
                message = f"the value of {named(name)} holds `${{`, and values aren't filled in"
                slips.setdefault(name, Slip(index, "nested-variable", message))
            return values[name].replace("$${", "${")
        elif name not in slips and len(slips) < _MOST_SLIPS:
            slips[name] = Slip(index, "unknown-variable", _unknown(name, values))
        return use[0]

    return _USE.sub(replace, text), list(slips.values())


def is_variable_name(name: str) -> bool:
    """Tell whether a variable can be called so."""
    return _NAME.match(name) is not None


def uses(text: str) -> tuple[str, ...]:
    """List the names that a text uses, each once."""
    found = (use[2] for use in _USE.finditer(text) if not use[1])
    return tuple(dict.fromkeys(found))


def _holds_a_use(value: str) -> bool:
    return any(not use[1] for use in _USE.finditer(value))


def _unknown(name: str, values: Mapping[str, str]) -> str:
    if not _NAME.match(name):
        shown = named(f"${{{name}}}")
        return f"{shown} holds no name of a variable; write `$${{` for a literal `${{`"
    hint = did_you_mean(name, values) or "; give it under `vars` or with --var"
    return f"no variable is called {named(name)}{hint}"
