"""What an editor says of a project file: a real language server, our schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, get_args

import pytest

from menuops.core.account import Sdk
from menuops.files.project.project_faults import _SECRETS
from menuops.files.project.token_keys import TOKEN_KEYS, key_faults
from menuops.files.schema import schema

from .documents import Diagnostic, Document, Editor
from .test_menu_files import missing, not_allowed, read, without_modeline

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("stable", "classic", "command", "url", "file", "env", "sdk")
A_SECRET: Final = "0f0e0d0c0b0a09080706050403020100"
VARIABLE: Final = "the name of an environment variable, never its value"
API: Final = "`emulator` or an https URL without user, query and fragment (http only on loopback)"
NO_SECRET: Final = (
    "no secret stands in this file: under `token`, a key ending in `_env`, `_file` or `_command` "
    "says where it is; delete this, and renew the secret"
)
ONE_SECRET: Final = "one of `secret_env`, `secret_file` and `secret_command`; delete the others"


def account(text: str) -> str:
    return f"accounts:\n  shop: {{appid: wx1, menu: m.yaml, {text}}}\n"


def token(text: str) -> str:
    return account(f"token: {{{text}}}")


MISTAKES: Final = {
    "an unknown key of the file": (f"{account('')}⟦parallel⟧: 4\n", not_allowed("parallel")),
    "no accounts": ("⟦s⟧tate_dir: x\n", missing("accounts")),
    "no account": (
        "accounts: ⟦{}⟧\n",
        "Object has fewer properties than the required number of 1",
    ),
    "an account's name with a slash": (
        "accounts:\n  ⟦a/b⟧: {appid: wx1, menu: m.yaml}\n",
        "the name of an account has letters, digits, `.`, `_` and `-`, up to 100",
    ),
    "an unknown key of an account": (account("⟦protcted⟧: true"), not_allowed("protcted")),
    "no appid": ("accounts:\n  ⟦shop⟧: {menu: m.yaml}\n", missing("appid")),
    "no menu": ("accounts:\n  ⟦shop⟧: {appid: wx1}\n", missing("menu")),
    "an appid with a blank": (
        "accounts:\n  shop: {appid: ⟦wx 1⟧, menu: m.yaml}\n",
        "1 to 64 letters, digits, `_` and `-`; never the AppSecret",
    ),
    "a secret under the account": (
        account(f"⟦⟦secret⟧: {A_SECRET}⟧"),
        not_allowed("secret"),
        NO_SECRET,
    ),
    "a secret under the token": (
        token(f"⟦⟦secret⟧: {A_SECRET}⟧"),
        not_allowed("secret"),
        NO_SECRET,
    ),
    "a secret at the top": (
        f"{account('')}⟦⟦secret⟧: {A_SECRET}⟧\n",
        not_allowed("secret"),
        NO_SECRET,
    ),
    "a secret for a variable": (token(f"secret_env: ⟦{A_SECRET}⟧"), VARIABLE),
    "a secret for a path": (
        token(f"secret_file: ⟦{A_SECRET}⟧"),
        "the path of a file, never its content",
    ),
    "a header's value": (
        token("source: url, url: https://t.example, headers_env: {Authorization: ⟦Bearer x⟧}"),
        VARIABLE,
    ),
    "two ways to a secret": (token("secret_env: A, ⟦secret_file⟧: b"), ONE_SECRET),
    "an unknown source": (
        token("source: ⟦redis⟧, url: https://t.example"),
        "one of: stable, classic, command, url, file, env, sdk",
    ),
    "a key of another source": (
        token("source: env, env: TOKEN, ⟦url⟧: https://t.example"),
        not_allowed("url"),
    ),
    "a secret for a source without one": (
        token("source: command, command: c, ⟦secret_env⟧: A"),
        not_allowed("secret_env"),
    ),
    "a source without its key": (
        "accounts:\n  shop: {appid: wx1, menu: m.yaml, ⟦token⟧: {source: file}}\n",
        missing("path"),
    ),
    "an unknown SDK": (
        token("source: sdk, store_env: R, sdk: ⟦wechat⟧"),
        f"one of: {', '.join(get_args(Sdk))}",
    ),
    "plain http": (account("api: ⟦http://api.example⟧"), API),
    "a password in a URL": (account("api: ⟦https://a:b@api.example⟧"), API),
    "a Redis without its variable": (
        f"⟦a⟧{account('')[1:]}token_store: redis\n",
        "`token_store: redis` needs `token_store_env`, the variable with its URL",
    ),
    "a variable without its Redis": (
        f"{account('')}⟦token_store_env⟧: R\n",
        "`token_store_env` goes with `token_store: redis`",
    ),
    "an unknown store": (
        f"{account('')}token_store: ⟦disk⟧\n",
        'Value is not accepted. Valid values: "file", "memory", "redis".',
    ),
    "text for true": (account("protected: ⟦'yes'⟧"), 'Incorrect type. Expected "boolean".'),
    "a time below nothing": (
        account("timeout_s: ⟦-1⟧"),
        "Value is below the exclusive minimum of 0.",
    ),
    "a moment without its offset": (
        "accounts:\n  shop: {appid: wx1, menu: [{from: ⟦2026-11-11⟧, menu: m.yaml}]}\n",
        "a date, a time and its offset: 2026-11-11T00:00+08:00",
    ),
    "a number for a variable": (
        account("vars: {year: ⟦2026⟧}"),
        "text is needed here: put quotes around a number, a date, true or false",
    ),
}
GOOD: Final = sorted(
    [
        ROOT / "menuops.yaml",
        *ROOT.glob("tests/cases/project/*/good*.yaml"),
    ]
)


@pytest.fixture(scope="module")
def mistaken(editor: Editor) -> dict[str, Document]:
    """Open all mistakes at once: the server lets a moment pass before it judges a document."""
    return {name: editor.project(text) for name, (text, *_) in MISTAKES.items()}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_marked_where_it_is(name: str, mistaken: dict[str, Document]) -> None:
    _, *messages = MISTAKES[name]
    marked = zip(mistaken[name].stretches, messages, strict=True)
    wanted = [Diagnostic(start, end, message) for (start, end), message in marked]
    assert mistaken[name].diagnostics() == wanted


def test_what_is_right_has_no_mark(editor: Editor) -> None:
    opened = {path: editor.project(without_modeline(read(path))) for path in GOOD}
    assert len(opened) > 10
    assert {path: found for path, each in opened.items() if (found := each.diagnostics())} == {}


def own_keys(source: str) -> set[str]:
    """List the keys that a token of this source takes."""
    return {key for key in TOKEN_KEYS if not list(key_faults((), {key: ""}, source, whole=False))}


@pytest.mark.parametrize("source", SOURCES)
def test_a_token_is_offered_the_keys_of_its_source_alone(editor: Editor, source: str) -> None:
    head = "accounts:\n  shop:\n    appid: wx1\n    menu: m.yaml\n    token:\n"
    offered = editor.project(f"{head}      source: {source}\n      §\n").keys()
    assert offered == own_keys(source) - {"source"}


def test_a_token_without_a_source_is_offered_one_and_what_the_default_takes(
    editor: Editor,
) -> None:
    head = "accounts:\n  shop:\n    appid: wx1\n    menu: m.yaml\n    token:\n"
    assert editor.project(f"{head}      §\n").keys() == own_keys("stable")
    sources = editor.project(f"{head}      source: §\n").values()
    assert set(sources) == set(SOURCES)
    assert all(sources.values())


def test_an_account_is_offered_its_own_keys(editor: Editor) -> None:
    offered = editor.project("accounts:\n  shop:\n    appid: wx1\n    §\n").keys()
    assert {"api", "menu", "vars", "token", "click_keys", "skip_conditional"} <= offered
    assert not offered & {"secret_env", "source", "accounts", "token_store", "from"}
    assert editor.project("§\n").keys() >= {"accounts", "defaults", "token_store", "state_dir"}
    menus = "accounts:\n  shop:\n    appid: wx1\n    menu:\n      - §\n"
    assert editor.project(menus).keys() == {"from", "until", "menu"}


def test_each_key_says_what_it_is_for(editor: Editor) -> None:
    project = editor.project(
        "§accounts:\n"
        "  shop:\n"
        "    §api: emulator\n"
        "    §appid: wx1\n"
        "    §menu: m.yaml\n"
        "    §token:\n"
        "      §source: sdk\n"
        "      §sdk: wxjava\n"
        "      §store_env: R\n"
    )
    accounts, api, appid, menu, token_, source, sdk, store = project.hovers()
    assert "a name is a label" in accounts
    assert "no account, no network, no secret" in api
    assert "AppID" in appid
    assert "from the folder of this file" in menu
    assert "No key takes a secret itself" in token_
    assert all(f"* `{name}`: " in source for name in SOURCES)
    assert "wxjava" in sdk
    assert "environment variable" in store


def test_an_editor_knows_the_names_under_which_secrets_are_put() -> None:
    """Those that `validate` knows too."""
    (pattern,) = schema("project")["$defs"]["no_secret"]["patternProperties"]
    assert [name for name in _SECRETS if not re.search(pattern, name)] == []
