"""What is left of a day's calls, and what a host says without a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from menuops.emulator import Account as Emulated
from menuops.emulator import Fault
from menuops.transport import Answer, BadAnswer, Http, Unreachable
from menuops.wechat.api import MenuApi
from menuops.wechat.errors import WeChatError
from menuops.wechat.quota import GET_QUOTA, Quota, read_quota
from menuops.wechat.reach import Reached, reach
from tests.site import payload

from .conftest import APPID, SECRET, ScriptedHttp, World

Scripted: TypeAlias = Callable[..., tuple[MenuApi, ScriptedHttp]]


# Quotas


def test_a_quota_is_what_wechat_counts(world: World) -> None:
    api = world.api()
    assert read_quota(api, "menu/create") == Quota(1000, 0, 1000)
    api.create_menu([{"type": "click", "name": "帮助", "key": "HELP"}])
    assert read_quota(api, "menu/create") == Quota(1000, 1, 999)
    assert world.token_calls() == 1


def test_the_documented_answer_is_read(scripted: Scripted) -> None:
    api, http = scripted(payload("quota-get-response"))
    assert read_quota(api, "menu/create") == Quota(1000, 3, 997)
    assert http.calls == ["stable_token", GET_QUOTA]


@pytest.mark.parametrize(
    ("rights", "call", "errcode"),
    [(False, "menu/create", 76022), (True, "menu/nothing", 76021)],
)
def test_a_refusal_keeps_its_number(world: World, rights: bool, call: str, errcode: int) -> None:
    world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, rights=rights))
    with pytest.raises(WeChatError) as caught:
        read_quota(world.api(), call)
    assert caught.value.errcode == errcode


@pytest.mark.parametrize(
    "said",
    [{}, {"quota": None}, {"quota": {}}, {"quota": {"daily_limit": "1", "used": 0, "remain": 1}}],
)
def test_an_answer_of_another_shape_is_said_to_be_one(
    scripted: Scripted, said: dict[str, Any]
) -> None:
    api, _ = scripted(said)
    with pytest.raises(BadAnswer, match="holds no quota"):
        read_quota(api, "menu/create")


# Hosts


def reached(world: World, api: str | None = None) -> Reached:
    account = replace(world.account(), api=api or world.url, retry_s=0.0)
    return reach(world.http, account, world.clock, world.clock.pace)


def test_a_host_is_reached_without_a_token_and_says_its_time(world: World) -> None:
    found = reached(world)
    assert found.date_s == world.clock.now_s
    assert found.ahead_s == 0
    assert world.paths() == ["get_current_selfmenu_info"]
    assert world.emulator.calls[0][2] == 41001


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.answer({"hello": "world"}), BadAnswer),
        (Fault.body(b"<html>Sign in</html>"), BadAnswer),
        (Fault.status(502), BadAnswer),
        (Fault.redirect("http://127.0.0.1:9/"), BadAnswer),
        (Fault.reset_before(), Unreachable),
    ],
)
def test_what_is_not_wechat_is_not_reached(
    world: World, fault: Fault, error: type[Exception]
) -> None:
    world.emulator.fail_next("get_current_selfmenu_info", fault)
    with pytest.raises(error):
        reached(world)


def test_a_gateway_that_stumbles_is_asked_again(world: World) -> None:
    world.emulator.fail_next("get_current_selfmenu_info", Fault.status(502))
    account = replace(world.account(), retry_s=30.0)
    assert reach(world.http, account, world.clock, world.clock.pace).date_s is not None


@pytest.mark.parametrize(
    ("asked", "answered", "date", "ahead"),
    [
        (100.0, 100.0, 100.0, 0.0),
        (100.9, 100.9, 100.0, 0.0),  # the host cuts its second
        (160.0, 160.0, 100.0, 59.0),
        (40.0, 40.0, 100.0, -60.0),
        (100.0, 220.0, 100.0, 0.0),  # the answer came late, and may have been written at any time
        (100.0, 220.0, 220.0, 0.0),
        (300.0, 420.0, 100.0, 199.0),
        (100.0, 220.0, 400.0, -180.0),
        (100.0, 100.0, None, None),
    ],
)
def test_a_clock_is_ahead_by_what_the_answer_proves(
    asked: float, answered: float, date: float | None, ahead: float | None
) -> None:
    assert Reached(asked, answered, date).ahead_s == ahead


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026 04:00:00 GMT", "0"])
def test_a_date_that_can_not_be_read_is_none(world: World, date: str) -> None:
    class Undated(Http):
        def call(self, *_args: Any, **_options: Any) -> Answer:
            return Answer(200, {"errcode": 41001}, date)

    found = reach(Undated(), world.account(), world.clock, world.clock.pace)
    assert (found.date_s, found.ahead_s) == (None, None)
