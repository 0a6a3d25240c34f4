"""Tokens of a running bot's SDK, read from a real Redis and never written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from menuops.core.account import SdkToken, SecretCommand, SecretEnv, SecretProvider
from menuops.core.secret import Secret
from menuops.locks import RedisUnusable
from menuops.wechat.tokens.handed import NoToken
from menuops.wechat.tokens.void import TokenVoid
from tests.redis_server import LocalRedis

from .conftest import APPID, SECRET, World

TOKEN = "92_the-bots-own-token"
KEY = f"wechatpy:{APPID}_access_token"


def bot(sdk: Any = "wechatpy", **keys: Any) -> SdkToken:
    return SdkToken(sdk, "BOT_REDIS", **keys)


@pytest.fixture
def bots(redis_server: LocalRedis, world: World) -> LocalRedis:
    world.environ["BOT_REDIS"] = redis_server.url
    return redis_server


def test_the_token_is_read_at_each_use_with_what_the_key_has_left(
    world: World, bots: LocalRedis
) -> None:
    account = world.account(bot())
    container = world.container()
    bots.call("SET", KEY, json.dumps(TOKEN), "EX", 7000)
    grant = container.token_and_life(account)
    assert grant.value.reveal() == TOKEN
    assert grant.expires_in_s is not None
    assert 6990 < grant.expires_in_s <= 7000
    bots.call("SET", KEY, json.dumps("another"))
    assert container.token_and_life(account).expires_in_s is None
    assert container.token(account).reveal() == "another"
    assert world.paths() == []


def test_refused_it_is_read_again_and_never_renewed_or_written(
    world: World, bots: LocalRedis
) -> None:
    account = world.account(bot())
    container = world.container()
    bots.call("SET", KEY, json.dumps(TOKEN))
    old = container.token(account)
    with pytest.raises(TokenVoid, match="stands in the Redis of wechatpy") as caught:
        container.refused(account, old)
    assert "never renews" in caught.value.fix
    bots.call("SET", KEY, json.dumps("renewed-by-the-bot"))
    assert container.refused(account, old).reveal() == "renewed-by-the-bot"
    assert container.renew(account) is False
    assert bots.call("KEYS", "*") == [KEY.encode()]
    assert world.paths() == []


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (bot(prefix="shop"), f"shop:{APPID}_access_token"),
        (bot(key="my:own:key"), "my:own:key"),
        (bot("silenceper"), f"gowechat_officialaccount__access_token_{APPID}"),
        (
            bot("easywechat", secret=SecretEnv("SHOP_APPSECRET")),
            f"easywechat:official_account.access_token.{APPID}.{SECRET}.1",
        ),
    ],
)
def test_the_bots_own_prefix_or_key_is_looked_at(
    world: World, bots: LocalRedis, source: SdkToken, key: str
) -> None:
    value = {"easywechat": f's:{len(TOKEN)}:"{TOKEN}";', "silenceper": TOKEN}
    bots.call("SET", key, value.get(source.sdk, json.dumps(TOKEN)))
    assert world.container().token(world.account(source)).reveal() == TOKEN


def test_senparcs_hash_is_read_and_its_own_expiry_counts(world: World, bots: LocalRedis) -> None:
    world.clock.now_s = 1_700_000_000.0
    key = "Senparc:DefaultCache:Container:Senparc.Weixin.MP.Containers.AccessTokenBag"
    bag = {
        "AccessTokenResult": {"access_token": TOKEN, "expires_in": 7200},
        "AccessTokenExpireTime": "2023-11-14T22:23:20+00:00",
    }
    bots.call("HSET", key, APPID, json.dumps(bag))
    account = world.account(bot("senparc"))
    assert world.container().token_and_life(account).expires_in_s == 600
    world.clock.now_s += 601
    with pytest.raises(NoToken):
        world.container().token(account)


def test_a_key_of_another_kind_counts_as_none(world: World, bots: LocalRedis) -> None:
    bots.call("LPUSH", KEY, "x")
    with pytest.raises(NoToken, match="no token of wechatpy") as caught:
        world.container().token(world.account(bot()))
    assert KEY in caught.value.message
    assert "store_prefix" in caught.value.fix


@pytest.mark.usefixtures("bots")
def test_the_appsecret_in_a_key_is_never_shown(world: World) -> None:
    source = bot("easywechat", secret=SecretEnv("SHOP_APPSECRET"))
    with pytest.raises(NoToken) as caught:
        world.container().token(world.account(source))
    assert "<AppSecret>" in caught.value.message
    assert SECRET not in str(caught.value)
    world.environ["BOT_REDIS"] = "redis://127.0.0.1:1/0"
    with pytest.raises(RedisUnusable) as down:
        world.container().token(world.account(source))
    assert SECRET not in str(down.value)


@pytest.mark.parametrize("value", [None, "", " "])
def test_a_variable_without_a_url_is_named(world: World, value: str | None) -> None:
    if value is not None:
        world.environ["BOT_REDIS"] = value
    with pytest.raises(NoToken, match="BOT_REDIS"):
        world.container().token(world.account(bot()))


def test_a_redis_that_is_down_is_an_error_of_its_own(world: World) -> None:
    world.environ["BOT_REDIS"] = "redis://:swordfish@127.0.0.1:1/0"
    with pytest.raises(RedisUnusable, match=r"127\.0\.0\.1:1") as caught:
        world.container().token(world.account(bot()))
    assert "swordfish" not in str(caught.value)
    status = world.container().status(world.account(bot()))
    assert not status.present
    assert "127.0.0.1:1" in status.problem


def test_the_accounts_of_one_redis_share_its_connection(world: World, bots: LocalRedis) -> None:
    for appid in (APPID, "wx2"):
        bots.call("SET", f"wechatpy:{appid}_access_token", json.dumps(f"token-of-{appid}"))

    def clients() -> set[bytes]:
        """Name the connections but the one that asks; one that was closed may still be there."""
        listed: bytes = bots.call("CLIENT", "LIST")
        return {
            line.split(b" ")[0] for line in listed.splitlines() if b"cmd=client|list" not in line
        }

    before = clients()
    with world.container() as container:
        for appid in (APPID, "wx2", APPID):
            account = replace(world.account(bot()), appid=appid)
            assert container.try_token(account).reveal() == f"token-of-{appid}"
        assert len(clients() - before) == 1


def test_a_secret_is_no_part_of_a_readers_memory(world: World, bots: LocalRedis) -> None:
    bots.call("SET", KEY, json.dumps(TOKEN))
    with world.container() as container:
        assert container.token(world.account(bot())) == Secret(TOKEN)
        assert TOKEN not in repr(vars(container))


@pytest.mark.parametrize("kind", [SecretCommand, SecretProvider])
def test_a_status_runs_nothing_for_a_key_that_has_the_secret(
    world: World, bots: LocalRedis, tmp_path: Path, kind: type[SecretCommand | SecretProvider]
) -> None:
    ran = tmp_path / "ran"
    secret: SecretCommand | SecretProvider = SecretCommand(("touch", str(ran)))
    if kind is SecretProvider:
        secret = SecretProvider(lambda: str(ran.write_text("")))
    status = world.container().status(world.account(bot("easywechat", secret=secret)))
    assert not ran.exists()
    assert (status.present, status.problem.partition(":")[0]) == (False, "not looked at")
    bots.call("SET", "their:key", json.dumps(TOKEN))
    keyed = bot("easywechat", secret=secret, key="their:key")
    assert "not looked at" not in world.container().status(world.account(keyed)).problem
    assert not ran.exists()
