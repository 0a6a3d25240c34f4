"""An account's settings can change while it is served, as somebody changes them in the console."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from menuops.emulator import Account, Emulator, EmulatorStateError

from .conftest import APPID, SECRET, Caller, Clock


@pytest.fixture(params=["in memory", "in a file"])
def emulator(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, account: Account
) -> Emulator:
    path = tmp_path / "emulator.json" if request.param == "in a file" else None
    emulator = Emulator(state_file=path, clock=clock)
    emulator.add_account(account)
    return emulator


def token_errcodes(call: Caller, secret: str = SECRET) -> set[int | None]:
    """Ask for a token in both ways."""
    answers = call.fetch_token(secret=secret), call.fetch_stable(secret=secret)
    return {answer.get("errcode") for answer in answers}


def test_an_address_is_listed_and_taken_off_the_list(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    for listed in ((), ("10.0.0.1",)):
        emulator.add_account(replace(account, ip_whitelist=listed))
        assert token_errcodes(call) == {40164}
        emulator.add_account(replace(account, ip_whitelist=(*listed, "127.0.0.1")))
        assert token_errcodes(call) == {None}
    emulator.add_account(replace(account, ip_whitelist=()))
    emulator.add_account(account)
    assert token_errcodes(call) == {None}


def test_a_new_secret_replaces_the_old_one_and_tokens_stay_good(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, secret="new"))
    assert token_errcodes(call) == {40125}
    assert token_errcodes(call, secret="new") == {None}
    assert call.errcode("menu/get") == 46003


def test_rights_are_taken_and_given_back(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, rights=False))
    assert call.errcode("menu/get") == 48001
    assert call.errcode("tags/get") == 48001
    assert token_errcodes(call) == {None}
    emulator.add_account(account)
    assert call.errcode("menu/get") == 46003


def test_what_was_counted_and_published_stays(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    menu = {"button": [{"type": "click", "name": "a", "key": "k"}]}
    assert call.errcode("menu/create", menu) == 0
    emulator.add_account(replace(account, quotas={"menu/create": 2}, ip_whitelist=()))
    assert call.errcode("menu/get") is None
    assert [call.errcode("menu/create", menu) for _ in range(2)] == [0, 45009]


def test_a_change_by_one_emulator_holds_for_another_on_the_same_file(
    tmp_path: Path, clock: Clock, account: Account
) -> None:
    path = tmp_path / "emulator.json"
    one, other = Emulator(state_file=path, clock=clock), Emulator(state_file=path, clock=clock)
    one.add_account(account)
    with one.serve() as url:
        call = Caller(url)
        with call.session:
            call.token = call.fetch_stable()["access_token"]
            changed = replace(account, rights=False, secret="new", ip_whitelist=())
            with pytest.raises(EmulatorStateError, match="another secret, rights, ip_whitelist"):
                other.add_account(changed)
            other.change_account(APPID, lambda one: replace(changed, tags=one.tags))
            assert call.errcode("menu/get") == 48001
            assert token_errcodes(call) == {40125}
            assert token_errcodes(call, secret="new") == {40164}
