"""Calls a day, by Shanghai's calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.api import PATHS
from menuops.emulator.quotas import DAILY, take_call
from menuops.emulator.refusal import Refusal

from .conftest import APPID, Caller, Clock


def test_after_the_days_calls_comes_45009_until_midnight_in_shanghai(
    call: Caller, emulator: Emulator, account: Account, clock: Clock
) -> None:
    emulator.add_account(replace(account, quotas={"menu/get": 2}))
    for wanted in (46003, 46003, 45009):
        assert call.errcode("menu/get") == wanted
    clock.pass_s(12 * 3600 - 1)
    call.token = call.fetch_stable()["access_token"]
    assert call.errcode("menu/get") == 45009
    clock.pass_s(1)
    assert call.errcode("menu/get") == 46003


def test_a_refused_menu_counts_and_other_calls_do_not(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"menu/create": 1}))
    assert call.errcode("menu/create", {}) == 40016
    assert call.errcode("menu/create", {}) == 45009
    assert call.errcode("menu/delete") == 0


def test_a_call_without_a_good_token_is_not_counted(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"menu/get": 1}))
    good, call.token = call.token, "x" * 140
    assert call.errcode("menu/get") == 40001
    call.token = good
    assert call.errcode("menu/get") == 46003


def test_token_calls_have_quotas_too(
    anonymous: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"token": 1, "stable_token": 1}))
    assert "access_token" in anonymous.fetch_token()
    assert anonymous.fetch_token()["errcode"] == 45009
    assert "access_token" in anonymous.fetch_stable()
    assert anonymous.fetch_stable()["errcode"] == 45009


@pytest.mark.parametrize("path", DAILY)
@pytest.mark.parametrize("test_account", [False, True])
def test_the_figures_hold(path: str, test_account: bool) -> None:
    account = Account(APPID, test_account=test_account)
    limit = DAILY[path][test_account]
    used = take_call(account, {path: (0, limit - 1)}, path, now_s=0)
    assert used == {path: (0, limit)}
    with pytest.raises(Refusal, match="45009"):
        take_call(account, used, path, now_s=0)


def test_each_call_has_a_figure() -> None:
    assert set(DAILY) == PATHS
