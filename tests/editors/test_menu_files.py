"""What an editor says of a menu file, as people write it: a real language server, our schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from menuops.core.limits import KEY_BYTES, SUB_NAME_BYTES, TOP_NAME_BYTES, URL_BYTES
from menuops.core.model import ACTIONS

from .documents import Diagnostic, Document, Editor

ROOT: Final = Path(__file__).parents[2]
TYPES: Final = f"one of: {', '.join(ACTIONS)}"
TEXT: Final = "text is needed here: put quotes around a number, a date, true or false"
NO_TYPE: Final = "an entry needs `type`, or `sub_button` with 1 to 5 buttons"
LINK: Final = "a link begins with https:// or http://"
ONE_TAG: Final = "`tag` or `tag_id`, not both; delete one"
VARIABLE: Final = (
    "the name of a variable has letters, digits, `_`, `.` and `-`, and no digit at its start; "
    "`appid` and `account` are built in"
)


def not_allowed(key: str) -> str:
    return f"Property {key} is not allowed."


def missing(key: str) -> str:
    return f'Missing property "{key}".'


def too_long(most: int) -> str:
    return f"String is longer than the maximum length of {most}."


def withdrawn(field: str) -> str:
    return (
        f"WeChat withdrew rules by {field} for privacy and refuses such a rule (65320); use a tag"
    )


CLICK: Final = "{name: 帮助, type: click, key: HELP}"
EMPTY: Final = "String is shorter than the minimum length of 1."


def entries(text: str) -> str:
    """Write a menu of these entries, each a mapping on lines of its own."""
    return "button:\n" + text


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def subs(text: str) -> str:
    return f"button:\n  - name: 帮助\n    sub_button:\n{text}"


def rule(text: str) -> str:
    """Write a conditional menu with this rule."""
    return f"button: [{CLICK}]\nconditionalmenu:\n  - matchrule: {text}\n    button: [{CLICK}]\n"


MISTAKES: Final = {
    "a type that nearly is one": (entries("  - {name: A, type: ⟦clik⟧, key: K}\n"), TYPES),
    "a type in capitals": (entries("  - {name: A, type: ⟦VIEW⟧, url: https://a.example}\n"), TYPES),
    "a type of the console": (entries("  - {name: A, type: ⟦news⟧}\n"), TYPES),
    "a type as a variable": (entries("  - {name: A, type: ⟦'${t}'⟧, key: K}\n"), TYPES),
    "a key on a view": (
        entries("  - {name: A, type: view, url: https://a.example, ⟦key⟧: K}\n"),
        not_allowed("key"),
    ),
    "a link on a click": (
        entries("  - {name: A, type: click, key: K, ⟦url⟧: https://a.example}\n"),
        not_allowed("url"),
    ),
    "no link": (entries("  - ⟦{⟧name: A, type: view}\n"), missing("url")),
    "no key": (subs("      - ⟦n⟧ame: A\n        type: click\n"), missing("key")),
    "a mini program without its page": (
        entries("  - ⟦{⟧name: A, type: miniprogram, url: https://a.example, appid: wx1}\n"),
        missing("pagepath"),
    ),
    "neither type nor sub-menu": (entries("  - ⟦n⟧ame: A\n"), NO_TYPE),
    "a field, and no type": (entries("  - ⟦n⟧ame: A\n    url: https://a.example\n"), NO_TYPE),
    "no type in a sub-menu": (subs("      - ⟦{⟧name: A, key: K}\n"), missing("type")),
    "no name": (entries("  - ⟦{⟧type: click, key: K}\n"), missing("name")),
    "a type on an entry with a sub-menu": (
        entries(f"  - name: A\n    ⟦type⟧: click\n    sub_button: [{CLICK}]\n"),
        not_allowed("type"),
    ),
    "a link on an entry with a sub-menu": (
        entries(f"  - name: A\n    ⟦url⟧: https://a.example\n    sub_button: [{CLICK}]\n"),
        not_allowed("url"),
    ),
    "four entries": (
        f"button: ⟦[{CLICK}, {CLICK}, {CLICK}, {CLICK}]⟧\n",
        "Array has too many items. Expected 3 or fewer.",
    ),
    "no entry": ("button: ⟦[]⟧\n", "Array has too few items. Expected 1 or more."),
    "six buttons in a sub-menu": (
        entries(f"  - name: A\n    sub_button: ⟦[{', '.join([CLICK] * 6)}]⟧\n"),
        "Array has too many items. Expected 5 or fewer.",
    ),
    "a sub-menu without buttons": (entries("  - ⟦{⟧name: A, sub_button: []}\n"), NO_TYPE),
    "a sub-menu within a sub-menu": (
        subs(f"      - name: A\n        sub_button: ⟦[{CLICK}]⟧\n"),
        "Array has too many items. Expected 0 or fewer.",
    ),
    "a sub-menu that is text": (
        entries("  - {name: A, sub_button: ⟦text⟧}\n"),
        "a list of 1 to 5 buttons",
    ),
    "an empty name": (entries("  - {name: ⟦''⟧, type: click, key: K}\n"), EMPTY),
    "an empty key": (entries("  - {name: A, type: click, key: ⟦''⟧}\n"), EMPTY),
    "a name of 17 letters": (
        entries(f"  - {{name: ⟦{'x' * 17}⟧, type: click, key: K}}\n"),
        too_long(TOP_NAME_BYTES),
    ),
    "a name of 61 letters in a sub-menu": (
        subs(f"      - {{name: ⟦{'x' * 61}⟧, type: click, key: K}}\n"),
        too_long(SUB_NAME_BYTES),
    ),
    "a key of 129 letters": (
        entries(f"  - {{name: A, type: click, key: ⟦{'x' * 129}⟧}}\n"),
        too_long(KEY_BYTES),
    ),
    "a link of 1025 letters": (
        entries(f"  - {{name: A, type: view, url: ⟦{'https://a.example/'.ljust(1025, 'x')}⟧}}\n"),
        too_long(URL_BYTES),
    ),
    "a link to a file": (entries("  - {name: A, type: view, url: ⟦ftp://a.example/⟧}\n"), LINK),
    "a link without a scheme": (entries("  - {name: A, type: view, url: ⟦a.example⟧}\n"), LINK),
    "a number for a name": (entries("  - {name: ⟦2026⟧, type: click, key: K}\n"), TEXT),
    "true for a key": (entries("  - {name: A, type: click, key: ⟦true⟧}\n"), TEXT),
    "a list for a name": (entries("  - {name: ⟦[A]⟧, type: click, key: K}\n"), TEXT),
    "a mapping for a menu": ("button:\n  ⟦name: A⟧", "a list of 1 to 3 entries"),
    "text for an entry": (entries("  - ⟦A⟧\n"), 'Incorrect type. Expected "Top-level entry".'),
    "an unknown key of a button": (
        entries("  - {name: A, type: click, key: K, ⟦colour⟧: red}\n"),
        not_allowed("colour"),
    ),
    "a slip in a key of a button": (
        entries("  - ⟦{⟧name: A, type: click, ⟦kye⟧: K}\n"),
        missing("key"),
        not_allowed("kye"),
    ),
    "an unknown key of the file": (f"button: [{CLICK}]\n⟦buttons⟧: []\n", not_allowed("buttons")),
    "no button": ("⟦v⟧ars: {a: b}\n", missing("button")),
    "a rule by sex": (rule("{sex: ⟦'1'⟧}"), withdrawn("sex")),
    "a rule by city, in a number": (rule("{tag: VIP, city: ⟦5⟧}"), withdrawn("city")),
    "a tag twice over": (rule("{tag: VIP, tag_id: ⟦'104'⟧}"), ONE_TAG),
    "a tag's number without quotes": (rule("{tag_id: ⟦104⟧}"), "the number of a tag, in quotes"),
    "a tag's name for its number": (
        rule("{tag_id: ⟦VIP⟧}"),
        "the number of a tag; the name of one goes under `tag`",
    ),
    "an unknown platform": (
        rule("{client_platform_type: ⟦iPhone⟧}"),
        "one of: ios, android, other",
    ),
    "an empty rule": (
        rule("⟦{}⟧"),
        "Object has fewer properties than the required number of 1",
    ),
    "an old field of a rule": (rule("{⟦group_id⟧: '2'}"), not_allowed("group_id")),
    "no rule": (
        f"button: [{CLICK}]\nconditionalmenu:\n  - ⟦b⟧utton: [{CLICK}]\n",
        missing("matchrule"),
    ),
    "a variable that is built in": (f"vars: {{⟦appid⟧: wx1}}\nbutton: [{CLICK}]\n", VARIABLE),
    "a variable that begins with a digit": (f"vars: {{⟦1st⟧: a}}\nbutton: [{CLICK}]\n", VARIABLE),
    "a number for a variable": (f"vars: {{year: ⟦2026⟧}}\nbutton: [{CLICK}]\n", TEXT),
    "no guard's name": (
        f"button: [{CLICK}]\nallow: [⟦Remove⟧]\n",
        "write GUARD or GUARD:NAME, as the plan prints it",
    ),
}
MISREAD: Final = {
    "good-over-a-merge-key.yaml",  # the server lets what is merged win over what is written
    "good-in-braces.yaml",  # its parser takes no tab at the start of a line, anywhere
}
GOOD: Final = sorted(
    path
    for path in [*ROOT.glob("menus/*.yaml"), *ROOT.glob("tests/cases/menu/*/good*.yaml")]
    if path.name not in MISREAD
)


def without_modeline(text: str) -> str:
    """Blank out a first line that names a schema: from where it is opened here there is none."""
    first, _, rest = text.partition("\n")
    return f"#\n{rest}" if "$schema=" in first else text


@pytest.fixture(scope="module")
def mistaken(editor: Editor) -> dict[str, Document]:
    """Open all mistakes at once: the server lets a moment pass before it judges a document."""
    return {name: editor.menu(text) for name, (text, *_) in MISTAKES.items()}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_marked_where_it_is(name: str, mistaken: dict[str, Document]) -> None:
    _, *messages = MISTAKES[name]
    marked = zip(mistaken[name].stretches, messages, strict=True)
    wanted = [Diagnostic(start, end, message) for (start, end), message in marked]
    assert mistaken[name].diagnostics() == wanted


def test_what_is_right_has_no_mark(editor: Editor) -> None:
    opened = {path: editor.menu(without_modeline(read(path))) for path in GOOD}
    assert len(opened) > 30
    assert {path: found for path, each in opened.items() if (found := each.diagnostics())} == {}


@pytest.mark.parametrize("type_", ACTIONS)
def test_a_button_is_offered_the_fields_of_its_type_alone(editor: Editor, type_: str) -> None:
    fields = set(ACTIONS[type_].FIELDS)
    top = editor.menu(entries(f"  - type: {type_}\n    §"))
    assert top.keys() == {"name", "id", *fields}
    sub = editor.menu(subs(f"      - name: A\n        type: {type_}\n        §\n"))
    assert sub.keys() == {"id", *fields}


def test_an_entry_with_a_sub_menu_is_offered_no_action(editor: Editor) -> None:
    subs = f"    sub_button:\n      - {CLICK}\n"
    assert editor.menu(entries(f"  - id: a\n    §\n{subs}")).keys() == {"name"}
    assert editor.menu(entries(f"  - name: A\n    §\n{subs}")).keys() == {"id"}


def test_a_new_entry_is_offered_a_type_or_a_sub_menu(editor: Editor) -> None:
    assert editor.menu(entries("  - name: A\n    §\n")).keys() == {"type", "sub_button", "id"}
    assert editor.menu(subs("      - name: A\n        §\n")).keys() == {"type", "id"}


def test_the_types_are_listed_with_what_each_does(editor: Editor) -> None:
    top = editor.menu(entries("  - name: A\n    type: §\n")).values()
    assert set(top) == set(ACTIONS)
    for type_, action in ACTIONS.items():
        assert all(f"{field}" in top[type_] for field in action.FIELDS)
    assert editor.menu(subs("      - name: A\n        type: §\n")).values() == top


def test_a_rule_is_offered_tags_and_platforms_and_nothing_withdrawn(editor: Editor) -> None:
    head = f"button: [{CLICK}]\nconditionalmenu:\n  - matchrule:\n      "
    assert editor.menu(f"{head}§\n").keys() == {"tag", "tag_id", "client_platform_type"}
    platforms = editor.menu(f"{head}client_platform_type: §\n").values()
    assert {"ios", "android", "other"} <= set(platforms)


def test_the_file_is_offered_its_own_keys(editor: Editor) -> None:
    assert editor.menu("§\n").keys() == {"button", "conditionalmenu", "vars", "allow"}
    text = f"button: [{CLICK}]\nconditionalmenu:\n  - §\n"
    assert editor.menu(text).keys() == {"id", "matchrule", "button"}


def test_the_limits_are_shown_over_what_they_limit(editor: Editor) -> None:
    menu = editor.menu(
        "button:\n"
        "  - {§name: A, §type: view, §url: https://a.example}\n"
        "  - name: B\n"
        "    §sub_button:\n"
        "      - {§name: C, type: click, §key: K}\n"
    )
    top, type_, url, sub_menu, sub, key = menu.hovers()
    assert f"{TOP_NAME_BYTES} bytes of UTF-8 at the top level" in top
    assert "5 Chinese characters" in top
    assert f"{SUB_NAME_BYTES} bytes of UTF-8 in a sub-menu" in sub
    assert "20 Chinese characters" in sub
    assert f"{URL_BYTES} bytes" in url
    assert f"{KEY_BYTES} bytes" in key
    assert "1 to 5 buttons" in sub_menu
    assert all(f"* `{name}`: " in type_ for name in ACTIONS)


def test_each_key_of_a_menu_file_is_explained(editor: Editor) -> None:
    text = without_modeline(read(ROOT / "menus" / "full.yaml"))
    keys = dict.fromkeys(re.findall(r"^[ -]*([a-z_]+):", text, re.M))
    assert len(keys) > 15
    for key in keys:  # its last place: the first may stand in a key of the user's own
        text = re.sub(rf"\A(.*^[ -]*)({key}:)", r"\1§\2", text, flags=re.M | re.S)
    hovers = editor.menu(text).hovers()
    assert len(hovers) == len(keys)
    assert [hover for hover in hovers if not re.match("#### .+\n\n.+", hover)] == []
