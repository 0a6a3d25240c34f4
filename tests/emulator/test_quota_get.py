"""openapi/quota/get: figures of the day, and who may ask for which."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.api import PATHS

from .conftest import APPID, Caller, Clock, payload

PATH = "openapi/quota/get"
BODY = {"button": [{"type": "click", "name": "a", "key": "k"}]}


def ask(call: Caller, path: str) -> dict[str, Any]:
    return call(PATH, {"cgi_path": f"/cgi-bin/{path}"})


def figures(call: Caller, path: str) -> tuple[int, int, int]:
    quota = ask(call, path)["quota"]
    return quota["daily_limit"], quota["used"], quota["remain"]


def test_the_sample_is_answered(call: Caller) -> None:
    for _ in range(3):
        call("menu/create", BODY)
    assert call(PATH, payload("quota-get-request")) == payload("quota-get-response")


def test_each_known_path_has_figures_and_only_asking_for_itself_counts(call: Caller) -> None:
    used = {path: figures(call, path)[1] for path in sorted(PATHS - {PATH})}
    assert used == {path: int(path == "stable_token") for path in used}
    assert figures(call, PATH) == (10_000, len(PATHS), 10_000 - len(PATHS))


def test_only_the_stable_token_has_a_limit_a_minute(call: Caller) -> None:
    rate = {"call_count": 10_000, "refresh_second": 60}
    assert ask(call, "stable_token") == {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 500_000, "used": 1, "remain": 499_999},
        "rate_limit": rate,
    }
    assert [path for path in PATHS if "rate_limit" in ask(call, path)] == ["stable_token"]


def test_token_calls_are_counted(call: Caller) -> None:
    assert figures(call, "token") == (2_000, 0, 2_000)
    call.fetch_token()
    call.fetch_stable()
    assert figures(call, "token") == (2_000, 1, 1_999)
    assert figures(call, "stable_token") == (500_000, 2, 499_998)


def test_figures_are_those_that_calls_are_held_to(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"tags/get": 2}, test_account=True))
    assert figures(call, "menu/create") == (100, 0, 100)
    assert figures(call, "get_current_selfmenu_info") == (1_000, 0, 1_000)
    assert figures(call, "tags/get") == (2, 0, 2)
    assert [call.errcode("tags/get") for _ in range(3)] == [None, None, 45009]
    assert figures(call, "tags/get") == (2, 2, 0)
    emulator.add_account(replace(account, quotas={"tags/get": 1}))
    assert figures(call, "tags/get") == (1, 2, 0)


def test_counts_begin_again_at_midnight_in_shanghai(call: Caller, clock: Clock) -> None:
    call("menu/get")
    clock.pass_s(12 * 3600)
    call.token = call.fetch_stable()["access_token"]
    assert figures(call, "menu/get") == (10_000, 0, 10_000)


def test_it_has_a_quota_of_its_own(call: Caller, emulator: Emulator, account: Account) -> None:
    emulator.add_account(replace(account, quotas={PATH: 1}))
    assert figures(call, PATH) == (1, 1, 0)
    assert ask(call, "token")["errcode"] == 45009


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"cgi_path": "https://api.weixin.qq.com/cgi-bin/menu/create"}, 76003),
        ({"cgi_path": "api.weixin.qq.com/cgi-bin/menu/create"}, 76003),
        ({"cgi_path": "cgi-bin/menu/create"}, 76003),
        ({"cgi_path": ""}, 76003),
        ({"cgi_path": None}, 76003),
        ({"cgi_path": 5}, 76003),
        ({}, 76003),
        ({"cgi_path": "/cgi-bin/menu/creat"}, 76021),
        ({"cgi_path": "/cgi-bin/menu/create?access_token=x"}, 76021),
        ({"cgi_path": "/cgi-bin/menu/create/"}, 76021),
        ({"cgi_path": "/menu/create"}, 76021),
        ({"cgi_path": "/token"}, 76021),
        ({"cgi_path": "/"}, 76021),
        ({"cgi_path": "/sns/oauth2/access_token"}, 76022),
        ([], 47001),
    ],
)
def test_a_wrong_path_is_refused(call: Caller, body: Any, errcode: int) -> None:
    assert call.errcode(PATH, body) == errcode


def test_the_refusal_has_the_tables_text(call: Caller) -> None:
    answer = ask(call, "nothing")
    assert answer["errmsg"].startswith("cgi_path not found, please check rid: ")


def test_an_empty_body_is_refused(call: Caller) -> None:
    assert call.raw(PATH, b"").json()["errcode"] == 44002


def test_without_rights_it_tells_which_interfaces_are_closed(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, rights=False))
    opened = {path for path in PATHS if ask(call, path)["errcode"] == 0}
    assert opened == {path for path in PATHS if not path.startswith(("menu/", "tags/", "user/"))}
    assert {ask(call, path)["errcode"] for path in PATHS - opened} == {76022}


def test_an_account_without_conditional_menus_still_has_their_quota(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, conditional=False))
    assert figures(call, "menu/addconditional") == (2_000, 0, 2_000)


def test_token_and_method_are_checked_as_for_every_call(call: Caller, emulator: Emulator) -> None:
    assert call.errcode(PATH) == 43002
    emulator.void_tokens(APPID)
    assert ask(call, "token")["errcode"] == 40001
    call.token = call.fetch_stable()["access_token"]
    emulator.expire_tokens(APPID)
    assert ask(call, "token")["errcode"] == 42001
    call.token = ""
    assert ask(call, "token")["errcode"] == 41001


def test_each_account_has_figures_of_its_own(call: Caller, emulator: Emulator) -> None:
    emulator.add_account(Account("wxdemo000000000001"))
    call("menu/get")
    call.token = call.fetch_stable(appid="wxdemo000000000001", secret="x")["access_token"]
    assert figures(call, "menu/get") == (10_000, 0, 10_000)
