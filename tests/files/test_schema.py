"""The schemas themselves, and that all who judge by them come to one verdict."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from menuops.core.account import Sdk
from menuops.core.errors import InvalidFiles
from menuops.core.model import ACTIONS
from menuops.files.menu.menu_file import parse_menu
from menuops.files.project.project import parse_project
from menuops.files.project.token_keys import TOKEN_KEYS, key_faults
from menuops.files.schema import free_maps, gate, not_text, schema, schema_text

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
Kind = Literal["menu", "project"]
KINDS: tuple[Kind, ...] = ("menu", "project")

FIELDS = sorted({field for action in ACTIONS.values() for field in action.FIELDS})
TEXT = (
    "a ${v} $${v} 中文菜单名称 https://example.com/ http:/// 104 ios 1 console-menu a:b a: "
    "emulator http://127.0.0.1:80 http://e.com env stable file TOKEN wx1 0123456789abcdef "
    "command url sdk wxjava cloudbase redis redis://:a@b https://e.com/?a#b a.b Host X-Y ${appid}"
)
LONG_WORDS = ("x" * 17, "x" * 61, "x" * 129, "x" * 1025, "0" * 31 + "a")
WORDS = st.sampled_from(["", "\n", "104\n", *TEXT.split(), *LONG_WORDS, *ACTIONS])
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(-1, 5) | st.floats(0, 2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
NAMES = (
    "name type sub_button id menuid button matchrule vars allow conditionalmenu tag tag_id "
    "client_platform_type sex x-a kye ${v} accounts defaults token source secret_env env menu "
    "secret_file api timeout_s connect retry_s protected max_accounts token_store secret "
    "command secret_command url headers_env field path as sdk store_env store_key token_store_env "
    "store_prefix"
)
KEYS = st.sampled_from(NAMES.split() + FIELDS)


def seeds(kind: Kind) -> list[Any]:
    """Parse the case files, with text where ours reads text."""
    found = []
    for path in sorted(CASES.glob(f"{kind}/*/*.yaml")):
        if path.parent.name in ("too-many-aliases", "yaml-syntax"):
            continue  # as data the one would fill the memory; half a character is no JSON
        try:
            data = yaml.load(path.read_bytes(), yaml.BaseLoader)
        except yaml.YAMLError:
            continue
        if data is not None and len(path.read_bytes()) < 2500:
            found.append(data)
    return found


SEEDS = {kind: seeds(kind) for kind in KINDS}


def spots(data: Any) -> Iterable[tuple[Any, Any]]:
    """List every container of a value with each of its keys or indexes."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    if isinstance(data, (dict, list)):
        for key, value in list(items):
            yield data, key
            if isinstance(value, (dict, list)):
                yield from spots(value)


@st.composite
def nearly_valid(draw: st.DrawFn, kind: Kind) -> Any:
    """Take a case and change a few of its parts."""
    data = copy.deepcopy(draw(st.sampled_from(SEEDS[kind])))
    for _ in range(draw(st.integers(0, 3))):
        found = list(spots(data)) if isinstance(data, (dict, list)) else []
        if not found:
            break
        holder, key = draw(st.sampled_from(found))
        match draw(st.sampled_from(["replace", "delete", "add", "copy"])):
            case "replace":
                holder[key] = draw(VALUES)
            case "delete":
                del holder[key]
            case "add" if isinstance(holder, dict):
                holder[draw(KEYS)] = draw(VALUES)
            case _ if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
    return data


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_gate_and_jsonschema_come_to_one_verdict(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(nearly_valid(kind) | VALUES)
    assert gate(kind)(value) is jsonschema.Draft202012Validator(schema(kind)).is_valid(value)


@settings(max_examples=400, deadline=None)
@given(nearly_valid("menu"))
def test_a_menu_file_that_the_schema_refuses_has_an_error_that_says_why(data: Any) -> None:
    """Also where the refusal is of a length or a form, which only the rules speak of."""
    loaded = parse_menu(json.dumps(data).encode(), "m").for_account({"v": "w"}, "a", "wx1")
    assert "schema" not in {finding.rule for finding in loaded.findings}
    if not gate("menu")(data_as_text(data)):
        assert loaded.menu is None
    keys = [(f.line, f.column, f.rule, f.message) for f in loaded.findings]
    assert len(keys) == len(set(keys))


@settings(max_examples=400, deadline=None)
@given(nearly_valid("project"))
def test_a_project_file_that_the_schema_refuses_has_an_error_that_says_why(data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    try:
        parse_project(text.encode(), ROOT, "p")
    except InvalidFiles as invalid:
        assert "schema" not in {each.rule for each in invalid.findings}  # noqa: PT017


TOKENS: dict[str, Any] = {
    "source": st.sampled_from(["stable", "classic", "command", "url", "file", "env", "sdk"]),
    "secret_env": st.sampled_from(["S", "1", "", "0" * 32, "redis://a"]),
    "secret_file": st.sampled_from(["f", "", "0" * 32, "${appid}", "${x}"]),
    "secret_command": st.sampled_from(["c", "", " ", "'", [], [""], ["c", ""], ["${"]]),
    "command": st.sampled_from(["c ${account}", "", '"', "\\", ["c"], [None], ["c", ["d"]]]),
    "url": st.sampled_from(
        ["https://e.com/?a#", "https://${appid}", "https://a:b", "", "http://e"]
    ),
    "headers_env": st.dictionaries(
        st.sampled_from(["A", "a", "Host", "", "a b", "vars", "url"]),
        st.sampled_from(["V", "v w", "Bearer x", "", None, ["V"]]),
        max_size=2,
    ),
    "field": st.sampled_from(["a", "a.b", "", ".", "${appid}", "${"]),
    "path": st.sampled_from(["p", "", "${x}", "~nobody"]),
    "as": st.sampled_from(["cloudbase", "cloud"]),
    "env": st.sampled_from(["E", "", "e-f"]),
    "sdk": st.sampled_from(["wechatpy", "easywechat", "py"]),
    "store_env": st.sampled_from(["R", "redis://:a@b"]),
    "store_prefix": st.sampled_from(["p", "", "${account}", "${x}"]),
    "store_key": st.sampled_from(["k", "", "access_token.wx1." + "0" * 32, "${account}"]),
}


@st.composite
def tokens(draw: st.DrawFn) -> Any:
    """Take a few keys of a token, mostly those of one source, mostly with values that fit."""
    source = draw(TOKENS["source"])
    own = [key for key in TOKEN_KEYS if not list(key_faults((), {key: ""}, source, whole=False))]
    any_key = st.sampled_from(own) | st.sampled_from(own) | st.sampled_from([*TOKENS, "secret"])
    keys = draw(st.lists(any_key, max_size=5, unique=True))
    token = {key: draw(TOKENS.get(key, WORDS) | TOKENS.get(key, WORDS) | VALUES) for key in keys}
    return {**token, "source": source} if draw(st.booleans()) else token


@settings(max_examples=200, deadline=None)
@given(tokens(), tokens(), tokens())
def test_a_token_is_read_or_what_is_wrong_with_it_is_said(
    default: Any, first: Any, second: Any
) -> None:
    data = {
        "accounts": {
            "a": {"appid": "wx1", "menu": "m", "token": first},
            "b": {"appid": "wx2", "menu": "m", "token": second},
            "c": {"appid": "wx3", "menu": "m"},
        },
        "defaults": {"token": default},
    }
    valid = gate("project")(data)
    assert valid is jsonschema.Draft202012Validator(schema("project")).is_valid(data)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    try:
        parse_project(text.encode(), ROOT, "p")
    except InvalidFiles as invalid:
        assert "schema" not in {each.rule for each in invalid.findings}  # noqa: PT017


@pytest.mark.parametrize("source", ["stable", "classic", "command", "url", "file", "env", "sdk"])
def test_schema_and_code_agree_on_the_keys_of_a_source(source: str) -> None:
    good: dict[str, Any] = {
        "url": "https://t.example",
        "headers_env": {"A": "B"},
        "sdk": "wxjava",
        "as": "cloudbase",
    }
    for key in TOKEN_KEYS[1:]:
        token = {"source": source, key: good.get(key, "x")}
        account = {"appid": "x", "menu": "m"}
        in_defaults = {"accounts": {"a": account}, "defaults": {"token": token}}
        in_account = {"accounts": {"a": {**account, "token": token}}}
        for data, whole in ((in_defaults, False), (in_account, True)):
            accepted = not list(key_faults((), token, source, whole=whole))
            assert gate("project")(data) is accepted, (key, whole)


def test_the_schema_knows_the_sdks_of_the_model() -> None:
    assert tuple(schema("project")["$defs"]["sdk"]["enum"]) == get_args(Sdk)


def data_as_text(data: Any) -> Any:
    """Read numbers and booleans as our reader does in a menu file."""
    match data:
        case dict():
            return {k: None if k[:2] == "x-" else data_as_text(v) for k, v in data.items()}
        case list():
            return [data_as_text(item) for item in data]
        case None | str():
            return data
    return json.dumps(data)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_passes_its_metaschema_and_names_itself(kind: Kind) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))
    assert schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(kind)["$id"] == f"urn:menuops:schema:{kind}:1"
    assert json.loads(schema_text(kind)) == schema(kind)


def check_jsonschema(*arguments: str) -> bool:
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


def test_check_jsonschema_agrees_on_the_examples() -> None:
    menu, project = (str(ROOT / "schemas" / f"{kind}.schema.json") for kind in KINDS)
    cases = CASES / "menu"
    assert check_jsonschema("--check-metaschema", menu, project)
    examples = [*(ROOT / "menus").glob("*.yaml"), *cases.glob("stray-field/good-empty*.yaml")]
    assert check_jsonschema("--schemafile", menu, *map(str, examples))
    assert check_jsonschema("--schemafile", project, str(ROOT / "menuops.yaml"))
    for rule in ("missing-field/bad-key", "stray-field/bad-key-on-view", "too-deep/bad"):
        assert not check_jsonschema("--schemafile", menu, str(cases / f"{rule}.yaml"))
    bad = CASES / "project" / "no-secret-here" / "bad-secret.yaml"
    assert not check_jsonschema("--schemafile", project, str(bad))


def test_which_keys_are_not_text_is_read_from_the_schema() -> None:
    assert not_text("menu") == {"menuid"}
    assert not_text("project") == {
        *("protected", "skip_conditional"),
        *("timeout_s", "connect", "read", "retry_s", "max_accounts"),
    }
    assert free_maps("menu") == free_maps("project") == {"vars"}


def test_the_schema_knows_exactly_the_types_and_fields_of_the_model() -> None:
    types = schema("menu")["$defs"]["type"]["enum"]
    assert set(types) == set(ACTIONS)
    *declared, untyped = schema("menu")["$defs"]["fields"]["allOf"]
    assert untyped["if"]["properties"]["type"]["enum"] == types
    (fields,) = untyped["else"]["patternProperties"]
    known = {field for each in ACTIONS.values() for field in each.FIELDS}
    assert set(re.findall(r"\w\w\w+", fields)) == known
    _, *branches = schema("menu")["$defs"]["action"]["allOf"]
    named: list[str] = []
    for branch, without_form in zip(branches, declared, strict=True):
        type_ = branch["if"]["properties"]["type"]
        names = type_.get("enum") or [type_["const"]]
        named += names
        for name in names:
            assert tuple(branch["then"]["required"]) == ACTIONS[name].FIELDS
            assert tuple(branch["then"]["properties"]) == ACTIONS[name].FIELDS
            assert tuple(without_form["then"]["properties"]) == ACTIONS[name].FIELDS
        assert type_.items() >= without_form["if"]["properties"]["type"].items()
    assert sorted(named) == sorted(types)


def test_every_part_of_a_schema_is_explained_to_an_editor() -> None:
    def properties(node: Any) -> Iterable[tuple[str, dict[str, Any] | bool]]:
        if isinstance(node, dict):
            for name, value in node.get("properties", {}).items():
                yield name, value
            for key, value in node.items():
                if key != "if":  # a condition declares nothing
                    yield from properties(value)
        elif isinstance(node, list):
            for value in node:
                yield from properties(value)

    for kind in KINDS:
        for definition in schema(kind)["$defs"].values():
            # Who judges a token from a second side is not to speak over the first.
            assert {"title", "description"} <= set(definition) or "$comment" in definition
        for name, value in properties(schema(kind)["$defs"]):
            if not isinstance(value, bool):
                assert "$ref" in value or {"title", "description"} <= set(value), name


def test_an_editor_is_told_where_a_description_is_markdown() -> None:
    """It escapes what isn't: `key` would show with its backticks, media_id with a backslash."""

    def described(node: Any) -> Iterable[dict[str, Any]]:
        if isinstance(node, dict):
            if isinstance(node.get("description"), str):
                yield node
            for value in node.values():
                yield from described(value)
        elif isinstance(node, list):
            for value in node:
                yield from described(value)

    for kind in KINDS:
        for node in described(schema(kind)):
            text = node["description"]
            shown = node.get("markdownDescription")
            assert shown == (text if {"`", "_"} & set(text) else None), text
            values = node.get("enumDescriptions", [])
            assert not node.get("markdownEnumDescriptions") or (
                node["markdownEnumDescriptions"] == values
            )


def test_each_message_for_an_editor_is_one_text() -> None:
    """A mapping of messages, as another validator has it, ends up in the editor as it is."""

    def messages(node: Any) -> Iterable[Any]:
        if isinstance(node, dict):
            if "errorMessage" in node:
                yield node["errorMessage"]
            for value in node.values():
                yield from messages(value)
        elif isinstance(node, list):
            for value in node:
                yield from messages(value)

    for kind in KINDS:
        assert [each for each in messages(schema(kind)) if not isinstance(each, str)] == []
