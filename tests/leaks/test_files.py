"""Files that hold a secret where none belongs: what is said of them doesn't repeat it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site import APPID, Json

from .driving import drive
from .lines import Line
from .watch import APP_SECRET, HEADER, PROXY_PASSWORD, Watch

pytestmark = pytest.mark.no_cover  # others reach what they reach, and tracing doubles their time

TOKEN = "92_" + "kV3x-Qe9_Zt1Lw7" * 9
REDIS_URL = f"rediss://shop:{PROXY_PASSWORD}@redis.example.com:6380/0"
VALUES = {"AppSecret": APP_SECRET, "token": TOKEN, "Redis": REDIS_URL, "header": HEADER}
SHOWN = ("appid", "menu", "state_dir", "path", "secret_file", "command", "secret_command")
"""An AppID, the path of a file, the name of a program: messages have to say which.

An AppSecret is refused there.
"""

READERS = [Line(words) for words in (("validate",), ("plan",), ("doctor",), ("render",))]

TOKENS: dict[str, Json] = {
    "stable": {"source": "stable", "secret_env": "SHOP_SECRET"},
    "a secret's file": {"secret_file": "secret"},
    "a secret's command": {"secret_command": ["cat", "secret"]},
    "command": {"source": "command", "command": ["cat", "token"]},
    "url": {
        "source": "url",
        "url": "https://tokens.example.com/${appid}",
        "headers_env": {"Authorization": "SHOP_AUTH"},
        "field": "data.access_token",
    },
    "file": {"source": "file", "path": "token", "as": "cloudbase"},
    "env": {"source": "env", "env": "SHOP_TOKEN"},
    "sdk": {"source": "sdk", "sdk": "wechatpy", "store_env": "SHOP_REDIS", "store_key": "a"},
}


def projects() -> Iterator[tuple[str, Json]]:
    for name, token in TOKENS.items():
        shop = {"appid": APPID, "menu": "../project/menus/shop.yaml", "retry_s": 0, "token": token}
        yield name, {"accounts": {"shop": shop}}
    plain = {"appid": APPID, "menu": "../project/menus/shop.yaml", "vars": {"a": "b"}}
    store = {"token_store": "redis", "token_store_env": "TOKENS", "state_dir": "../home/state"}
    yield (
        "a store",
        {"accounts": {"shop": {**plain, "api": "https://wechat.invalid"}}, "defaults": {}, **store},
    )


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values, those of mappings too."""
    if path:
        yield path
    if isinstance(data, dict | list):
        for step, below in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(below, (*path, step))


def with_value(data: Json, path: tuple[Any, ...], value: Any) -> Json:
    made = copy.deepcopy(data)
    holder: Any = made
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return made


def with_key(data: Json, path: tuple[Any, ...], key: str) -> Json:
    made = copy.deepcopy(data)
    holder: Any = made
    for step in path:
        holder = holder[step]
    holder[key] = "x"
    return made


@pytest.mark.parametrize(("what", "value"), VALUES.items(), ids=VALUES)
def test_a_secret_in_the_project_file(watch: Watch, what: str, value: str) -> None:
    watch.add(what, PROXY_PASSWORD if what == "Redis" else value)
    for name, project in projects():
        for path in places(project):
            if what == "AppSecret" or not {*path[-2:]} & {*SHOWN}:
                read(
                    watch,
                    json.dumps(with_value(project, path, value)),
                    f"{what} at {path} of {name}",
                )
    assert watch.leaks == []


@pytest.mark.parametrize(("what", "value"), VALUES.items(), ids=VALUES)
def test_a_secret_as_a_key_of_the_project_file(watch: Watch, what: str, value: str) -> None:
    watch.add(what, PROXY_PASSWORD if what == "Redis" else value)
    for name, project in projects():
        for path in [(), *places(project)]:
            try:
                text = json.dumps(with_key(project, path, value))
            except TypeError:
                continue
            read(watch, text, f"{what} as a key at {path} of {name}")
    assert watch.leaks == []


SLIPS = {
    "no colon": "accounts:\n  shop:\n    token\n      secret {}\n",
    "a quote that isn't closed": "accounts:\n  shop: {{secret: '{}\n",
    "a tab": "accounts:\n\tshop: {}\n",
    "twice": "{0}: 1\n{0}: 2\n",
    "an anchor that isn't there": "accounts: *{}\n",
    "a tag": "accounts: !{} x\n",
    "a variable": "accounts:\n  shop:\n    appid: ${{{}}}\n    menu: a\n",
    "a text": "{}\n",
    "a list": "- {}\n",
    "a shell's file": "MENUOPS_APPID=wx1\nMENUOPS_SECRET={}\n",
    "a shell's file with export": "export MENUOPS_SECRET='{}'\n",
    "an answer of WeChat": '{{"access_token": "{}", "expires_in": 7200}}\n',
    "half an answer": '{{"access_token": "{}',
    "a header": "Authorization: {}\n",
    "two documents": "accounts: {{}}\n---\nsecret: {}\n",
    "a control character": "secret: {}\x07\n",
}


@pytest.mark.parametrize(("what", "value"), VALUES.items(), ids=VALUES)
def test_a_file_that_is_no_project_menu_or_plan(watch: Watch, what: str, value: str) -> None:
    """Somebody named the wrong file, or slipped while typing."""
    watch.add(what, PROXY_PASSWORD if what == "Redis" else value)
    files = {name: text.format(value).encode() for name, text in SLIPS.items()}
    files["no text"] = b"\xff\xfe" + value.encode("utf-16-le")
    files["no UTF-8"] = b"secret: \xb2\xcb" + value.encode()
    files["with a NUL"] = b"secret: \0" + value.encode()
    for name, raw in files.items():
        watch.keep("file", raw)
        for words in (
            *((*line.words, "--config", "../vault/file") for line in READERS),
            ("validate", "../vault/file"),
            ("apply", "../vault/file"),
            ("show", "../vault/file"),
            ("emulator", "--port", "0", "--state", "../vault/file"),
        ):
            drive(watch, Line(words), f"{what}, {name}")
    assert watch.leaks == []


def read(watch: Watch, text: str, why: str) -> None:
    watch.fresh()
    watch.keep("menuops.yaml", text)
    for line in READERS:
        drive(watch, Line((*line.words, "--config", "../vault/menuops.yaml")), why)
