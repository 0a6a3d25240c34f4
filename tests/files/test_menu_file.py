from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from menuops.core.finding import Place, errors_of
from menuops.core.model import (
    ACTIONS,
    Action,
    Click,
    MiniProgram,
    Parent,
    View,
    Wanted,
    WantedConditional,
)
from menuops.files.menu.menu_file import MENU_BYTES, LoadedMenu, parse_menu, read_menu

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT / "tests" / "payloads"
INVALID = ("menu-create-doc-other-types.json",)  # seven entries, as the index says
BODIES = sorted(
    path
    for path in PAYLOADS.glob("menu-create-*.json")
    if "response" not in path.name and "rejected" not in path.name and path.name not in INVALID
)
REJECTED: list[dict[str, Any]] = json.loads(
    (PAYLOADS / "menu-create-rejected.json").read_text(encoding="utf-8")
)
CLICK = "{name: 一, type: click, key: K}"


def load(text: str, **variables: str) -> LoadedMenu:
    return parse_menu(text.encode(), "m").for_account(variables, "shop", "wx1")


def wanted(text: str, **variables: str) -> Wanted:
    loaded = load(text, **variables)
    assert loaded.menu is not None, loaded.findings
    return loaded.menu


def body_of(menu: Wanted) -> dict[str, Any]:
    def button(action: Any) -> dict[str, Any]:
        if isinstance(action, Parent):
            return {"name": action.name, "sub_button": [button(sub) for sub in action.sub_button]}
        fields = {field: getattr(action, field) for field in action.FIELDS}
        return {"type": action.TYPE, "name": action.name, **fields}

    return {"button": [button(entry) for entry in menu.button]}


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_a_body_of_menu_create_is_a_menu_file(path: Path) -> None:
    loaded = read_menu(path, path.name).for_account({}, "a", "wx1")
    assert errors_of(loaded.findings) == ()
    assert loaded.menu is not None
    assert body_of(loaded.menu) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: str(case["case"]))
@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "raw"])
def test_what_the_remote_rejects_is_refused_offline(case: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(case["body"], ensure_ascii=ascii_only)
    loaded = parse_menu(text.encode(), "m").for_account({}, "a", "wx1")
    if case["errcode"] == 45064:  # whether a mini program is linked, only the remote knows
        assert loaded.menu is not None
    else:
        assert loaded.menu is None
        assert len(loaded.findings) == 1


def test_no_finding_shows_what_stands_under_an_unknown_key() -> None:
    value = "x7KLeXGHVw"
    for body in (f"x: {value}", f"secret: {value}", f"a: [yes, {{token: {value}}}]\nb: 12:30"):
        loaded = load(f"button: [{{name: a, type: click, key: k}}]\n{body}\n")
        assert {each.rule for each in loaded.findings} <= {"unknown-key", "no-secret-here"}
        assert value not in "".join(map(str, loaded.findings))


FOREIGN = ("wrapped-menu", "conditional-body")


@pytest.mark.parametrize(
    "pattern", ["menu-get-*.json", "selfmenu-*.json", "addconditional-r*.json"]
)
def test_an_answer_or_another_body_is_named_once(pattern: str) -> None:
    """The menu in an answer of menu/get is judged beside it; of two the links were taken out."""
    for path in PAYLOADS.glob(pattern):
        loaded = read_menu(path, path.name).for_account({}, "a", "wx1")
        assert loaded.menu is None
        rules = [each.rule for each in errors_of(loaded.findings)]
        named = [rule for rule in rules if rule in FOREIGN]
        assert len(named or rules) == 1, path.name


@pytest.mark.parametrize("type_", ACTIONS)
@pytest.mark.parametrize("level", ["top", "sub"])
def test_every_type_is_read_with_exactly_its_fields(type_: str, level: str) -> None:
    fields = {field: f"https://example.com/{field}" for field in ACTIONS[type_].FIELDS}
    entry = {"name": "一", "type": type_, "id": "i", "sub_button": [], **fields}
    top = entry if level == "top" else {"name": "二", "sub_button": [entry]}
    [read] = wanted(json.dumps({"button": [top]})).button
    if isinstance(read, Parent):
        [read] = read.sub_button
    assert read == ACTIONS[type_]("一", *fields.values())
    assert read.id == "i"
    for field in fields:
        less = {key: value for key, value in entry.items() if key != field}
        assert load(json.dumps({"button": [less]})).menu is None
    for field in {"key", "url", "appid", "pagepath", "media_id", "article_id"} - set(fields):
        more = {**entry, field: "https://example.com/"}
        [finding] = errors_of(load(json.dumps({"button": [more]})).findings)
        assert finding.rule == "stray-field"


def test_conditional_menus_keep_their_order_and_have_one_spelling_of_platforms() -> None:
    rules = (
        "{tag: VIP, client_platform_type: ios}",
        "{client_platform_type: '2'}",
        "{tag_id: '3'}",
    )
    text = f"button: [{CLICK}]\nconditionalmenu:\n"
    text += "".join(
        f"- {{id: c{n}, matchrule: {r}, button: [{CLICK}]}}\n" for n, r in enumerate(rules)
    )
    button: tuple[Action, ...] = (Click("一", "K"),)
    assert wanted(text).conditionalmenu == (
        WantedConditional(button, tag="VIP", client_platform_type="1", id="c0"),
        WantedConditional(button, client_platform_type="2", id="c1"),
        WantedConditional(button, tag_id="3", id="c2"),
    )


def test_place_finds_values_without_another_read_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        f"button: [{CLICK}]\nconditionalmenu:\n  - matchrule:\n      tag: VIP\n"
        f"    button: [{CLICK}]\n",
        encoding="utf-8",
    )
    loaded = read_menu(path, "m").for_account({}, "a", "wx1")
    path.unlink()
    assert loaded.place(("conditionalmenu", 0, "matchrule", "tag")) == Place(4, 12)
    assert loaded.place(("conditionalmenu", 0, "matchrule", "nothing")) == Place(4, 7)
    assert loaded.place(()) == Place(1, 1)


def test_later_variables_win_and_built_ins_win_over_all() -> None:
    text = "vars: {a: file, b: file}\nbutton: [{name: x, type: click, key: '${a} ${b} ${appid}'}]"
    assert wanted(text, b="account", appid="no").button == (Click("x", "file account wx1"),)


def test_values_of_variables_are_not_filled_in_again() -> None:
    text = "vars: {a: '${b}', b: c}\nbutton: [{name: x, type: click, key: '${a}'}]"
    (finding,) = parse_menu(text.encode(), "m").for_account({}, "a", "wx1").findings
    assert (finding.rule, finding.line, finding.column) == ("nested-variable", 2, 39)
    text = "vars: {a: '$${b}', b: c}\nbutton: [{name: x, type: click, key: '${a}$${b}'}]"
    assert wanted(text).button == (Click("x", "${b}${b}"),)


def test_one_source_serves_accounts_that_differ() -> None:
    source = parse_menu(
        b"button: [{name: '${shop}', type: view, url: 'https://e.com/${account}'}]", "m"
    )
    good = source.for_account({"shop": "a"}, "one", "wx1")
    long = source.for_account({"shop": "a" * 17}, "two", "wx2")
    none = source.for_account({}, "three", "wx3")
    assert good.menu == Wanted((View("a", "https://e.com/one"),))
    assert [finding.rule for finding in long.findings] == ["name-too-long"]
    assert [finding.rule for finding in none.findings] == ["unknown-variable"]


def test_findings_of_schema_rules_and_variables_come_together_by_place() -> None:
    text = (
        "button:\n"
        "  - {name: 中文菜单名称, type: click, key: 12}\n"
        "  - {name: b, type: view, url: '${x}', key: k}\n"
        "  - {name: c, type: clik}\n"
    )
    assert [(f.line, f.rule) for f in load(text).findings] == [
        (2, "name-too-long"),
        (2, "quote-it"),
        (3, "unknown-variable"),
        (3, "stray-field"),
        (4, "unknown-type"),
    ]


def test_a_mistake_behind_an_alias_is_found_once() -> None:
    text = "x-a: &a {name: 中文菜单名称, type: click, kei: k}\nbutton: [*a, *a]\n"
    assert [(f.line, f.rule) for f in load(text).findings] == [
        (1, "duplicate-name"),
        (1, "name-too-long"),
        (1, "unknown-key"),
    ]


def test_what_cannot_be_read_is_a_finding_and_no_wait(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_bytes(b"#" * (MENU_BYTES + 1))
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "a\n.yaml").mkdir()
    for name, rule in (
        ("none.yaml", "unreadable"),
        (".", "unreadable"),
        ("a\n.yaml", "unreadable"),
        ("pipe.yaml", "unreadable"),
        ("none.yaml/below", "unreadable"),
        ("\0", "unreadable"),
        ("large.yaml", "too-large"),
    ):
        source = read_menu(tmp_path / name, "m")
        loaded = source.for_account({}, "a", "wx1")
        assert loaded.menu is None
        assert [(f.line, f.column, f.rule) for f in loaded.findings] == [(1, 1, rule)]
        assert loaded.place(("button",)) == Place(1, 1)
    assert read_menu(Path("/dev/zero"), "m").findings[0].rule == "unreadable"


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Be nobody for a while where the tests run as root, who may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    if user == 0:
        os.seteuid(0)


def test_a_file_without_permission_is_a_finding(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "m.yaml"
    path.touch(mode=0)
    request.getfixturevalue("unprivileged")
    assert "permissions" in read_menu(path, "m").findings[0].message


@pytest.mark.parametrize("name", ["demo.yaml", "full.yaml"])
def test_the_examples_have_no_findings(name: str) -> None:
    loaded = read_menu(ROOT / "menus" / name, name).for_account({}, "demo", "wx1")
    assert loaded.findings == ()
    assert loaded.menu is not None


def test_the_full_example_has_every_type() -> None:
    menu = read_menu(ROOT / "menus" / "full.yaml", "m").for_account({}, "demo", "wx1").menu
    assert menu is not None
    subs = [sub for entry in menu.button if isinstance(entry, Parent) for sub in entry.sub_button]
    assert {type(sub) for sub in subs} == set(ACTIONS.values())
    assert MiniProgram in {type(sub) for sub in subs}
    assert len(menu.conditionalmenu) == 2
