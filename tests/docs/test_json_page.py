"""The page about JSON names every key that its examples have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from .page import CHINESE, GUIDE, Console, Page

PAGES = [Page(GUIDE / "json.md"), Page(CHINESE / "json.md")]
USERS_OWN = {"before", "after", "button", "matchrule", "fields", "labels", "ids", "live", "error"}
"""Below these stand menus, or what the schema of plans tells."""


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from keys(each)
    elif isinstance(value, dict):
        for name, below in value.items():
            yield name
            if name not in USERS_OWN:
                yield from keys(below)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_section_names_each_key_of_its_example(page: Page) -> None:
    head, *sections = re.split(r"^## ", page.text, flags=re.MULTILINE)
    seen = 0
    for section in sections:
        named = set(re.findall(r"`(\w+)`", head + section))
        for block in re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
            for typed in Console(block).typed:
                document = json.loads(typed.shown.partition("\n}")[0] + "\n}")
                assert set(keys(document)) - named == set(), typed.command
                seen += 1
    assert seen == sum("--format json" in command for command in page.commands)
