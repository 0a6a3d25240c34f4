"""What somebody has in a file becomes a menu file: every sample, and any body at all."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from menuops.core.errors import InvalidFiles, MenuopsError, Usage
from menuops.core.finding import errors_of
from menuops.core.jsonform import buttons_to_json, parse_buttons
from menuops.core.outcome import Outcome
from menuops.files.formatting.style import in_style
from menuops.files.menu.menu_file import MENU_BYTES, parse_menu
from menuops.run.importing import Imported, import_file
from menuops.run.saving import save_answers
from menuops.run.settings import Settings
from tests.site import PAYLOADS, Json, Site, click, conditional, view
from tests.strategies import as_live, menus

MENU = {
    "menu-create-all-types",
    "menu-create-basic",
    "menu-create-emoji-and-ampersand",
    "menu-create-limits",
    "menu-create-minimal",
    "menu-create-three-plain",
    "menu-get-all-types",
    "menu-get-live-miniprogram",
    "menu-get-live-raw",
    "menu-get-plain",
    "menu-get-with-conditional",
    "selfmenu-api",
    "selfmenu-console",
    "selfmenu-live-miniprogram",
    "trymatch-response-doc",
    "trymatch-response-wrapped",
    "wecom-menu-create-basic",  # nothing tells it from a menu of an Official Account
}
TO_MEND = {
    # A conditional menu without a default one.
    "addconditional-request",
    "addconditional-request-empty-rule-rejected",
    "addconditional-request-legacy-rejected",
    # Seven entries, as on the page that it is from.
    "menu-create-doc-other-types",
    # Their authors took the links out.
    "menu-get-live-platform-conditionals",
    "menu-get-tag-conditional-after-recreate",
}
REFUSED = {
    "addconditional-response": "an object with `menuid`",
    "addconditional-response-error-privacy": "answered, 65320: a rule uses sex",
    "delconditional-request": "an object with `menuid`",
    "delconditional-response-error": "answered, 65301: ",
    "delconditional-response-ok": "a call was done",
    "errors": "a list, of which the first is an object with `code`",
    "errors-wecom": "a list, of which the first is an object with `code`",
    "menu-create-rejected": "a list, of which the first is an object with `case`",
    "menu-create-response-error": "answered, 40018: ",
    "menu-create-response-error-rid": "answered, 40018: ",
    "menu-create-response-ok": "a call was done",
    "menu-delete-response-ok": "a call was done",
    "menu-get-none": "answered, 46003: the account has no menu that was made through the API",
    "quota-get-request": "an object with `cgi_path`",
    "quota-get-response": "a call was done",
    "rid-get-request": "an object with `rid`",
    "rid-get-response": "a call was done",
    "selfmenu-closed": "switched off (停用)",
    "stable-token-request": "an object with `grant_type`, `appid`, `secret`",
    "stable-token-response": "an object with `access_token`",
    "tags-create-request": "an object with `tag`",
    "tags-create-response": "an object with `tag`",
    "tags-get-response": "an object with `tags`",
    "token-expired-responses": "a list, of which the first is an object with `errcode`",
    "token-response": "an object with `access_token`",
    "token-response-error": "answered, 40013: ",
    "token-response-error-ip": "answered, 40164: ",
    "trymatch-request": "an object with `user_id`",
    "wecom-gettoken-response": "a call was done",
    "wecom-menu-create-types": "a menu of WeCom (企业微信)",
    "wecom-menu-get": "WeCom's (企业微信) menu/get",
}


def of(content: object, *accounts: str) -> Imported:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return import_file(Settings(accounts=accounts), raw, "answer.json", "menu.yaml")


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_becomes_a_menu_file_or_is_refused_for_a_reason(path: Path) -> None:
    if path.stem in REFUSED:
        with pytest.raises(InvalidFiles) as caught:
            of(path.read_bytes())
        (finding,) = caught.value.findings
        assert finding.rule == "not-a-menu"
        assert REFUSED[path.stem] in finding.message
        return
    imported = of(path.read_bytes())
    assert path.stem in MENU | TO_MEND
    assert (imported.outcome is Outcome.DONE) is (path.stem in MENU)


def test_no_refusal_shows_a_value() -> None:
    with pytest.raises(InvalidFiles) as caught:
        of({"access_token": "A-TOKEN", "expires_in": 7200})
    assert "A-TOKEN" not in caught.value.findings[0].message


def test_a_secret_that_is_left_out_is_not_shown() -> None:
    secret = "66333b7b129109dc145d5b16330f1c9a"
    button = [{"type": "click", "name": "a", "key": "K"}]
    for body in ({"secret": secret, "button": button}, {secret: {"button": button}, "a": secret}):
        imported = of(body)
        said = "".join(map(str, imported.findings))
        assert "left-out" in said
        assert secret not in said + imported.text


def test_what_no_menu_is_made_of_may_be_anything() -> None:
    button = [{"type": "click", "name": "a", "key": "K"}]
    assert of({"button": button, "menu": [1]}).findings == ()


def test_a_conditional_menu_alone_is_said_to_need_a_default_one() -> None:
    button = [{"type": "click", "name": "a", "key": "K"}]
    for rule in ({"tag_id": "2"}, {"sex": "1"}):
        imported = of({"button": button, "matchrule": rule})
        (finding,) = errors_of(imported.findings)
        assert finding.rule == "entry-count"
        assert "write the default menu above them (65303)" in finding.message


NO_CODE = "this is no menu, and its `errcode` is no number that WeChat answers"


@pytest.mark.parametrize(
    "errcode",
    [
        *(b'"--1"', b"[1]", b"1e400", b"-1e400", b'""', b'"00"', b"40001.5", b"true", b"NaN"),
        *(b'"\xef\xbc\x94\xef\xbc\x90"', b'"66333b7b129109dc145d5b16330f1c9a"', b"{}", b"null"),
        *(b"10000000000", b"9" * 30, b'"' + b"9" * 5000 + b'"', b"-10000000000"),
    ],
)
def test_an_errcode_that_is_no_number_is_not_taken_for_one(errcode: bytes) -> None:
    with pytest.raises(InvalidFiles) as caught:
        of(b'{"errcode":%b,"errmsg":"x"}' % errcode)
    assert caught.value.findings[0].message == NO_CODE


def test_an_errcode_is_said_with_what_it_means_where_that_is_known() -> None:
    told = {
        "-1": "answered, -1: ",
        '"40013"': "answered, 40013: ",
        "9999999999": "9999999999: a code",
    }
    for errcode, message in told.items():
        with pytest.raises(InvalidFiles) as caught:
            of(f'{{"errcode":{errcode}}}'.encode())
        assert message in caught.value.findings[0].message


def test_of_many_equal_rules_each_has_an_id_of_its_own() -> None:
    """Four thousand: to compare each with all others, for each, would take minutes."""
    bodies = [{"button": [click()], "matchrule": {"tag_id": "2"}}] * 4_000
    text = of([{"button": [click()]}, *bodies]).text
    ids = re.findall(r"^  - id: (.*)$", text, re.MULTILINE)
    assert ids == ["tag-2", *(f"tag-2-{number}" for number in range(2, 4_001))]


def test_ids_that_another_rule_would_give_are_kept_apart() -> None:
    given = [("100", "VIP"), ("101", "vip 2"), ("102", "Vip"), ("103", "vIp"), ("104", "default")]
    account = {"name": "shop", "appid": "wx1", "api": "https://api.weixin.qq.com", "selfmenu": None}
    others = [conditional(click(), tag_id=number) for number, _ in given]
    menu = {"menu": {"button": [view()]}, "conditionalmenu": others}
    tags = {"tags": [{"id": number, "name": name} for number, name in given]}
    answers = [{**account, "menu": menu, "tags": tags}]
    text = of({"format_version": "1", "read_at": "", "answers": answers}).text
    ids = re.findall(r"^  - id: (.*)$", text, re.MULTILINE)
    assert sorted(ids) == ["default-menu", "vip", "vip-2", "vip-3", "vip-4"]


@settings(deadline=None)
@given(body=menus(0))
def test_a_body_of_menu_create_comes_back_as_it_was(body: Json) -> None:
    button = body["button"]
    text = of({"button": button}).text
    loaded = parse_menu(text.encode(), "menu.yaml").for_account({}, "demo", "wx1")
    assert not errors_of(loaded.findings)
    assert loaded.menu is not None
    assert buttons_to_json(loaded.menu.button) == buttons_to_json(parse_buttons(button))
    assert loaded.menu.conditionalmenu == ()


@settings(deadline=None)
@given(body=menus())
def test_an_answer_and_the_body_that_made_it_become_one_file(body: Json) -> None:
    assert of(as_live(body)).text == of(body).text


@settings(deadline=None)
@given(body=menus())
def test_a_file_that_is_imported_is_in_our_style(body: Json) -> None:
    raw = of(body).text.encode()
    assert in_style(raw, "menu.yaml", MENU_BYTES, "yaml").content == raw


# Answers that were saved by menuops


def test_the_answers_of_one_account_become_what_the_account_becomes(site: Site) -> None:
    site.live([view()], conditional(click(), group_id="100", client_platform_type="1"))
    document = save_answers(site.settings(), site.world)
    assert of(document) == replace(site.imported(), findings=())
    assert "tag: VIP" in of(document).text


def test_of_several_accounts_one_is_chosen(site: Site) -> None:
    site.accounts(2)
    site.live([view("二")], appid="wxa02")
    site.live([view("一")], appid="wxa01")
    document = save_answers(site.settings(), site.world)
    with pytest.raises(Usage) as caught:
        of(document)
    assert caught.value.fix == "name it with -a; there are a01, a02"
    assert "name: 二" in of(document, "a02").text
    assert of(document, "*1").account == "a01"


def test_a_tag_stands_by_its_id_where_its_name_would_not_lead_back_to_it(site: Site) -> None:
    rules = [{"group_id": number} for number in ("1", "2", "3", "4", "5")]
    site.live([view()], *(conditional(click(), **rule) for rule in rules))
    document = save_answers(site.settings(), site.world)
    names = {1: "老友", 2: "VIP", 3: "VIP", 4: "a\nb", 5: ""}
    tags = [{"id": number, "name": name} for number, name in names.items()]
    document["answers"][0]["tags"] = {"tags": tags}
    lines = [line.strip() for line in of(document).text.splitlines() if "tag" in line]
    assert lines == [
        "tag: 老友",
        *("- id: tag-2", 'tag_id: "2"', "- id: tag-3", 'tag_id: "3"'),
        *("- id: tag-4", 'tag_id: "4"', "- id: tag-5", 'tag_id: "5"'),
    ]


def test_saved_answers_without_any_menu_hold_none(site: Site) -> None:
    site.no_menu()
    document = save_answers(site.settings(), site.world)
    with pytest.raises(MenuopsError) as caught:
        of(document)
    assert caught.value.code == "no_menu"


def test_saved_answers_of_another_format_are_refused(site: Site) -> None:
    document = save_answers(site.settings(), site.world)
    for broken in (
        {**document, "format_version": "2"},
        {**document, "answers": {}},
        {**document, "answers": [{**document["answers"][0], "menu": {"menu": {}}}]},
        {**document, "answers": [{**document["answers"][0], "selfmenu": {"is_menu_open": 2}}]},
        {**document, "answers": [{**document["answers"][0], "selfmenu": []}]},
        {**document, "answers": [{**document["answers"][0], "tags": {"tags": [{"id": 1}]}}]},
        {**document, "answers": [{**document["answers"][0], "tags": []}]},
    ):
        with pytest.raises(InvalidFiles) as caught:
            of(broken)
        assert caught.value.findings[0].rule == "not-a-menu"


def test_a_sample_of_each_kind_is_tried() -> None:
    names = {path.stem for path in PAYLOADS.glob("*.json")}
    assert names == MENU | TO_MEND | set(REFUSED)
