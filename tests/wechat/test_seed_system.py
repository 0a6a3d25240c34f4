"""Held against Senparc.Weixin, the system that this container takes after, row by row.

Each test names a row: what its AccessTokenContainer, CommonJsonSend and ApiHandlerWapper do, and
then what they lack.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from menuops.core.account import GivenToken, SecretProvider
from menuops.core.secret import Secret
from menuops.emulator import Account as Emulated
from menuops.emulator import Emulator, Fault
from menuops.locks import FileLocks, LockKey
from menuops.wechat import (
    Client,
    FileStore,
    MemoryStore,
    NotRegistered,
    OfficialAccount,
    StableToken,
    TokenContainer,
    TokenRefused,
    WeChatError,
)

from .conftest import APPID, CLASSIC, SECRET, STABLE, World, in_threads

# What it does


def test_register_makes_no_call(world: World) -> None:
    container = world.container()
    container.register(world.account())
    assert world.paths() == []


def test_register_keeps_a_token_that_is_there(world: World) -> None:
    """Senparc throws it away, and voids it with the next fetch."""
    token = world.container().token(world.account(CLASSIC))
    again = world.container()
    again.register(world.account(CLASSIC))
    assert again.token(world.account(CLASSIC)) == token


def test_register_with_a_secret_provider_that_is_asked_late_and_whose_answer_is_not_kept(
    world: World,
) -> None:
    asked = []

    def provide() -> str:
        asked.append(1)
        return SECRET

    account = world.account(StableToken(SecretProvider(provide)))
    container = world.container()
    container.register(account)
    assert asked == []
    container.token(account)
    assert asked == [1]
    kept = "".join(path.read_text() for path in (world.directory / "tokens").iterdir())
    assert SECRET not in kept


def test_unregister_forgets_the_account_and_its_token(world: World) -> None:
    container = world.container()
    account = world.account()
    container.token(account)
    assert container.unregister(account)
    assert not container.is_registered(account)
    assert not container.status(account).present
    assert not container.unregister(account)
    with pytest.raises(NotRegistered):
        container.token(account)


def test_is_registered_makes_no_call_and_survives_a_store_that_was_flushed(world: World) -> None:
    container = world.container()
    assert not container.is_registered(replace(world.account(), appid="wxother"))
    container.token(world.account())
    for path in (world.directory / "tokens").iterdir():
        path.unlink()
    assert container.is_registered(world.account())
    assert container.token(world.account())
    assert world.token_calls() == 1


def test_get_is_lazy_and_then_costs_nothing(world: World) -> None:
    container = world.container()
    assert world.token_calls() == 0
    assert {container.token(world.account()).reveal() for _ in range(5)}
    assert world.token_calls() == 1


def test_get_with_expires_in_counts_down(world: World) -> None:
    container = world.container()
    assert container.token_and_life(world.account()).expires_in_s == 7200
    world.clock.now_s += 100
    assert container.token_and_life(world.account()).expires_in_s == 7100


def test_force_new_classic(world: World) -> None:
    container = world.container()
    old = container.token(world.account(CLASSIC))
    assert container.renew(world.account(CLASSIC)) is True
    assert container.token(world.account(CLASSIC)) != old


def test_force_new_stable_voids_nobodys_unless_told_to(world: World) -> None:
    container = world.container()
    old = container.token(world.account(STABLE))
    assert container.renew(world.account(STABLE)) is False
    assert container.token(world.account(STABLE)) == old
    assert container.renew(world.account(STABLE), force_refresh=True) is True
    assert container.token(world.account(STABLE)) != old
    with pytest.raises(ValueError, match="only a stable"):
        container.renew(world.account(CLASSIC), force_refresh=True)


def test_force_new_by_many_threads_at_once_is_one_call(world: World) -> None:
    """Senparc makes one for each that met 40001, one after the other."""
    container = world.container()
    container.token(world.account(CLASSIC))
    world.emulator.fail_next("token", Fault.delay(0.3))
    in_threads(lambda: container.renew(world.account(CLASSIC)), 8)
    assert world.token_calls() == 2


def test_try_get_registers_first(world: World) -> None:
    container = TokenContainer(
        world.http,
        MemoryStore(),
        FileLocks(world.directory / "locks"),
        clock=world.clock,
        environ=world.environ,
    )
    assert not container.is_registered(world.account())
    token = container.try_token(world.account())
    assert container.is_registered(world.account())
    assert container.try_token(world.account()) == token


@pytest.mark.parametrize(
    ("life_s", "early_s"),
    [(7200, 600), (3601, 600), (3600, 300), (1801, 300), (1800, 30), (301, 30), (300, 30)],
)
def test_early_margin_in_steps(world: World, life_s: int, early_s: int) -> None:
    """Senparc's last step is 300 s and shorter: no margin at all; ours there is a tenth."""
    answer = {"access_token": "first", "expires_in": life_s}
    world.emulator.fail_next("stable_token", Fault.answer(answer))
    container = world.container()
    container.token(world.account())
    world.clock.now_s += life_s - early_s - 1
    assert container.token(world.account()).reveal() == "first"
    world.clock.now_s += 1
    assert container.token(world.account()).reveal() != "first"


def test_a_lock_for_each_account_and_none_for_all(world: World) -> None:
    """One account's renewal, however slow, holds up no other account."""
    world.emulator.add_account(Emulated(appid="wxother", secret=SECRET))
    container = world.container()
    other = replace(world.account(), appid="wxother")
    container.register(other)
    locks = FileLocks(world.directory / "locks")
    with locks.held(LockKey(world.url, APPID, "token")):
        assert container.token(other)
        assert world.token_calls() == 1


def test_a_shared_store_serves_other_containers(world: World) -> None:
    first = TokenContainer(
        world.http,
        FileStore(world.directory / "tokens"),
        FileLocks(world.directory / "locks"),
        clock=world.clock,
        environ=world.environ,
    )
    token = first.try_token(world.account())
    assert world.container().token(world.account()) == token
    assert world.token_calls() == 1


def test_the_host_can_be_changed_and_each_has_tokens_of_its_own(world: World) -> None:
    """So that a stand-in never gets a live token."""
    container = world.container()
    live = container.token(world.account())
    stand_in = Emulator(clock=world.clock)
    stand_in.add_account(Emulated(appid=APPID, secret=SECRET))
    with stand_in.serve() as url:
        theirs = container.try_token(replace(world.account(), api=url))
        assert theirs != live
        assert world.container().token(replace(world.account())) == live
    assert world.token_calls() == 1


def test_send_get_and_post(world: World) -> None:
    client = Client(world.http, world.container(), world.account(), pace=world.clock.pace)
    button = [{"name": "帮助", "type": "click", "key": "HELP"}]
    assert client.post("menu/create", {"button": button}) == {"errcode": 0, "errmsg": "ok"}
    (entry,) = client.get("menu/get")["menu"]["button"]
    assert (entry["name"], entry["key"]) == ("帮助", "HELP")


@pytest.mark.parametrize(
    ("send", "code", "path"),
    [
        (lambda client: client.get("menu/get"), 46003, "menu/get"),
        (lambda client: client.post("menu/create", {"button": []}), 40016, "menu/create"),
    ],
)
def test_the_error_is_typed_and_has_code_text_and_the_url_without_the_token(
    world: World, send: Callable[[Client], object], code: int, path: str
) -> None:
    container = world.container()
    client = Client(world.http, container, world.account(), pace=world.clock.pace)
    with pytest.raises(WeChatError) as caught:
        send(client)
    error = caught.value
    assert (error.errcode, error.url) == (code, f"{world.url}/cgi-bin/{path}")
    assert error.errmsg
    assert container.token(world.account()).reveal() not in f"{error!r} {error} {vars(error)}"


def test_retry_once_on_an_invalid_token(world: World) -> None:
    client = Client(world.http, world.container(), world.account(), pace=world.clock.pace)
    client.get("get_current_selfmenu_info")
    world.emulator.void_tokens(APPID)
    client.get("get_current_selfmenu_info")
    name = "get_current_selfmenu_info"
    assert world.paths() == ["stable_token", name, name, "stable_token", name]


def test_never_for_a_token_that_the_caller_brought(world: World) -> None:
    brought = replace(world.account(), token=GivenToken(Secret("x" * 120)))
    client = Client(world.http, world.container(), brought, pace=world.clock.pace)
    with pytest.raises(TokenRefused):
        client.get("menu/get")
    assert world.paths() == ["menu/get"]


# What it lacks


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_all_three_codes_are_retried_once(world: World, code: int) -> None:
    client = Client(world.http, world.container(), world.account(CLASSIC), pace=world.clock.pace)
    world.emulator.fail_next("tags/get", Fault.errcode(code))
    assert client.get("tags/get")["tags"]
    assert world.paths() == ["token", "tags/get", "token", "tags/get"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refusal_without_end_costs_one_renewal(world: World, code: int) -> None:
    client = Client(world.http, world.container(), world.account(CLASSIC), pace=world.clock.pace)
    world.emulator.fail_next("tags/get", Fault.errcode(code), times=50)
    with pytest.raises(TokenRefused):
        client.get("tags/get")
    assert world.paths() == ["token", "tags/get"] * 2


def test_compare_before_renewing(world: World) -> None:
    """Eight threads meet the refusal of one token, and one of them renews it."""
    container = world.container()
    old = container.token(world.account(CLASSIC))
    world.emulator.void_tokens(APPID)
    got = in_threads(lambda: container.refused(world.account(CLASSIC), old), 8)
    assert len({token.reveal() for token in got}) == 1
    assert world.token_calls() == 2


def test_a_lock_that_is_really_held_while_the_token_is_fetched(world: World) -> None:
    """Senparc's lock gives up after 200 ms and goes on without it."""
    world.emulator.fail_next("token", Fault.delay(0.6))
    containers = [world.container() for _ in range(6)]
    start = threading.Barrier(len(containers))
    got = []

    def ask(container: TokenContainer) -> None:
        start.wait()
        got.append(container.token(world.account(CLASSIC)).reveal())

    threads = [threading.Thread(target=ask, args=(each,)) for each in containers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert world.token_calls() == 1


def test_a_stable_token_in_the_container(world: World) -> None:
    account = OfficialAccount("shop", APPID, STABLE, world.url)
    container = world.container()
    container.token(account)
    assert world.paths() == ["stable_token"]
    assert container.status(account).source == "stable"
