"""A menu file as a person would write it, out of menus in normal form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from menuops.core.jsonform import buttons_to_json
from menuops.core.live import DeadMenu
from menuops.core.model import PLATFORMS, Entry, MatchRule, Menus
from menuops.core.visible import escape
from menuops.files.data import reads_as_text

_PLAIN: Final = re.compile(
    r"[^\s#&*!|<>'\"%@`{}\[\],:?~-]"  # what may begin it
    r"(?:[^\s:#]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*"
)
"""A text that is itself in block YAML: no indicator at its start, no `: ` and no ` #` in it."""


def write_menu(
    menus: Menus, ids: Sequence[str], dead: Iterable[DeadMenu], tag_names: Mapping[str, str]
) -> str:
    """Write the file: the default menu, the conditional menus under their `ids`, dead ones.

    Tags stand by name where `tag_names` has it. Dead menus, which can't be made again, stand
    as comments. Reading the file gives `menus` back, as far as the API can make them.
    """
    lines = []
    lines += ["button:", *_entries(menus.button, "  ")] if menus.button else ["button: []"]
    if menus.conditionalmenu:
        lines += ["conditionalmenu:  # the first that matches wins; else the default menu above"]
        for menu, id_ in zip(menus.conditionalmenu, ids, strict=True):
            lines += [f"  - id: {scalar(id_)}", "    matchrule:", *_rule(menu.matchrule, tag_names)]
            lines += ["    button:", *_entries(menu.button, "      ")]
    for gone in dead:
        rule = json.dumps(dict(gone.matchrule), ensure_ascii=False)
        lines += [_line(f"# dead: menuid {gone.menuid} matches nobody any more; its rule: {rule}")]
        lines += [f"# {line}" for line in _entries(gone.button, "  ")]
    return "\n".join(lines) + "\n"


def _rule(rule: MatchRule, tag_names: Mapping[str, str]) -> Iterator[str]:
    if rule.tag_id is not None:
        name = tag_names.get(rule.tag_id)
        yield (
            f"      tag_id: {scalar(rule.tag_id)}" if name is None else f"      tag: {scalar(name)}"
        )
    if rule.client_platform_type is not None:
        platform = PLATFORMS.get(rule.client_platform_type, rule.client_platform_type)
        yield f"      client_platform_type: {scalar(platform)}"


def _entries(entries: Iterable[Entry], indent: str) -> Iterator[str]:
    for entry in buttons_to_json(entries):
        yield from _entry(entry, indent)


def _entry(entry: Mapping[str, Any], indent: str) -> Iterator[str]:
    # The name first: it is what a person looks for.
    names = ["name", *(name for name in entry if name != "name")]
    for number, name in enumerate(names):
        value = entry.get(name, "")
        start = f"{indent}{'  ' if number else '- '}{scalar(name)}:"
        if name == "sub_button" and isinstance(value, list):
            yield start
            for child in value:
                yield from _entry(child, f"{indent}    ")
        else:
            yield f"{start} {scalar(value) if isinstance(value, str) else _line(json.dumps(value))}"


def scalar(text: str) -> str:
    """Write a text as `as_yaml` does; a `${` of the remote's own becomes `$${`, the literal."""
    return as_yaml(text.replace("${", "$${"))


def as_yaml(text: str) -> str:
    """Write a text as YAML: plain where that reads back as the same text, else quoted."""
    if _PLAIN.fullmatch(text) and text.isprintable() and reads_as_text(text):
        return text
    return _line(json.dumps(text, ensure_ascii=False))


def _line(quoted: str) -> str:
    """Escape what JSON may hold raw and YAML may not: the text stays on its line."""
    return "".join(c if c.isprintable() else escape(c) for c in quoted)
