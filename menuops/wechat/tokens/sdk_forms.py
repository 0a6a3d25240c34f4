"""Where and how the SDKs of running bots keep an account's token in Redis.

Read from their sources, named at each form; what a user can change there is what `prefix` takes.
Nothing here asks Redis.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from menuops.core.account import Sdk
from menuops.core.secret import Secret
from menuops.wechat.tokens.sdk_values import (
    as_text,
    java_string,
    json_value,
    kryo_string,
    php_value,
)

LONGEST_BYTES: Final = 16 * 1024
"""No value is read past this; the largest, Senparc's object, has about 700 bytes."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{1,2048}")  # WeChat's own have 512 at most


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a token may stand: a string under `key`, or `field` of the hash under `key`.

    `key` may hold the AppSecret; `shown` is the same for messages, without it.
    """

    key: Secret
    shown: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token as an SDK keeps it, and when it ends, in seconds since 1970.

    `expires_at_s` is None where only the life (TTL) of the key tells.
    """

    value: Secret
    expires_at_s: float | None = None


_Slots: TypeAlias = Callable[[str | None, str, Secret | None], Iterator[Slot]]


@dataclass(frozen=True, slots=True)
class SdkForm:
    """What one SDK writes.

    `prefix_is` says what a user's prefix stands for, and `unread` what of this SDK can't be read,
    both for messages. With `needs_secret` the AppSecret is a part of the key, but for versions
    long gone; with `hashed` the token may stand in a hash.
    """

    title: str
    prefix_is: str
    unread: str
    _slots: _Slots
    _read: Callable[[bytes], KeptToken | None]
    needs_secret: bool = False
    hashed: bool = False

    def slots(
        self, appid: str, *, prefix: str | None = None, app_secret: Secret | None = None
    ) -> tuple[Slot, ...]:
        """Give the places of an account's token in the order to try them, newest version first.

        Without `prefix` they are those of the SDK's own defaults; without `app_secret` only those
        that don't need it.
        """
        return tuple(self._slots(prefix, appid, app_secret))

    def slots_at(self, key: str) -> tuple[Slot, ...]:
        """Give the places for a key that the user names whole."""
        return tuple(_string_and_hash(key)) if self.hashed else (_slot(key),)

    def read(self, raw: bytes) -> KeptToken | None:
        """Read what stands there; None if it is no token in this SDK's form. Raises nothing."""
        return self._read(raw) if len(raw) <= LONGEST_BYTES else None


# wechatpy 1.x and 2.x: GET <prefix>:<appid>_access_token, a JSON string, for `expires_in` seconds.
# A token that the caller handed to the client has no end. It never asks for a stable token. What
# 2.x keeps beside it (<appid>_access_token_expires_at) is the same time once more.
# Source: wechatpy/wechatpy wechatpy/session/redisstorage.py, wechatpy/client/base.py.
def _wechatpy_slots(prefix: str | None, appid: str, _secret: Secret | None) -> Iterator[Slot]:
    yield _slot(f"{'wechatpy' if prefix is None else prefix}:{appid}_access_token")


def _read_wechatpy(raw: bytes) -> KeptToken | None:
    return _kept(json_value(raw))


# WxJava: GET <keyPrefix>:access_token:<appid>, a stable token under the same key, for `expires_in`
# seconds (Redisson: 200 less). "wx" is the default of the Spring Boot starter, "wx:mp:multi" of
# that for many accounts, and "null" what Java makes of no prefix.
# Jedis and StringRedisTemplate write the token as it is; Redisson as its codec does: Kryo 5 by
# default (since 3.19), or JSON, Java's serialization, plain text.
# Source: binarywang/WxJava weixin-java-mp/src/main/java/me/chanjar/weixin/mp/config/impl/
# {WxMpRedisConfigImpl,WxMpRedissonConfigImpl}.java, weixin-java-common/src/main/java/me/chanjar/
# weixin/common/redis/*WxRedisOps.java, spring-boot-starters/wx-java-mp-{,multi-}spring-boot-starter
# (WxMpProperties.java, WxMpMultiProperties.java).
def _wxjava_slots(prefix: str | None, appid: str, _secret: Secret | None) -> Iterator[Slot]:
    for one in ("wx", "wx:mp:multi", "null") if prefix is None else (prefix,):
        yield _slot(f"{one}:access_token:{appid}")


def _read_wxjava(raw: bytes) -> KeptToken | None:
    return (
        _kept(as_text(raw))
        or _kept(json_value(raw))
        or _kept(as_text(kryo_string(raw)))
        or _kept(as_text(java_string(raw)))
    )


# EasyWeChat: GET, for `expires_in` seconds, under a key with the AppSecret in it:
#   6.15.1 on  official_account.access_token.<appid>.<secret>.<1 if stable, else 0>
#   6.6.1 on   the same without the last part, stable or not
#   6.0 on     official_account.access_token.<appid>
#   4.x, 5.x   easywechat.kernel.access_token.<MD5 of the JSON of what is sent for the token>
# The value is the token (6.x) or {access_token, expires_in} (4.x, 5.x), as the cache encodes it
# that the bot's own code hands over: Symfony's RedisAdapter, whose namespace and a colon stand in
# front (the guide's is "easywechat", formerly none), or Laravel's, with the prefixes of its
# connection and its cache. Both write PHP's serialize(); Symfony before 7.2 igbinary, if that
# extension is there; phpredis may encode on top, as serialize(), igbinary or JSON.
# Source: w7corp/easywechat src/OfficialAccount/AccessToken.php (6.x), src/Kernel/AccessToken.php
# and src/OfficialAccount/Auth/AccessToken.php (4.x, 5.x), docs/src/6.x/cache.md; symfony/cache
# Adapter/AbstractAdapter.php, Traits/RedisTrait.php, Marshaller/DefaultMarshaller.php;
# illuminate/cache RedisStore.php; igbinary/igbinary src/php7/igbinary.c.
def _easywechat_slots(prefix: str | None, appid: str, secret: Secret | None) -> Iterator[Slot]:
    for one in ("easywechat:", "") if prefix is None else (prefix,):
        key = f"{one}official_account.access_token.{appid}"
        if secret is not None:
            for end in (".1", ".0", ""):
                yield _slot(f"{key}.{secret.reveal()}{end}", f"{key}.<AppSecret>{end}")
            sent = {"grant_type": "client_credential", "appid": appid, "secret": secret.reveal()}
            # PHP's json_encode escapes slashes.
            as_json = json.dumps(sent, separators=(",", ":")).replace("/", "\\/")
            digest = hashlib.md5(as_json.encode(), usedforsecurity=False).hexdigest()
            kernel = f"{one}easywechat.kernel.access_token."
            yield _slot(f"{kernel}{digest}", f"{kernel}<MD5 of appid and AppSecret>")
        yield _slot(key)


def _read_easywechat(raw: bytes) -> KeptToken | None:
    inner = php_value(raw)
    if inner is not None:
        return _kept(as_text(inner)) or _kept(as_text(php_value(inner)))
    value = json_value(raw)
    return _kept(value.get("access_token") if isinstance(value, dict) else value)


# Senparc: Senparc:<namespace>:Container:Senparc.Weixin.MP.Containers.AccessTokenBag:<appid>, a
# string (GET), or with the hash strategy (HGET) the key up to the last colon and the rest as
# field; neither has a life. Both hold the bag as JSON: AccessTokenResult.access_token, and
# AccessTokenExpireTime, which is up to 10 minutes early and year 1 before the first fetch. The
# container never asks for a stable token.
# Source: Senparc/Senparc.CO2NET src/Senparc.CO2NET/Cache/CacheStrategy/BaseCacheStrategy.cs and
# Cache/ObjectCacheStrategy/CacheSerializeExtension.cs, src/Senparc.CO2NET.Cache.{Redis,CsRedis}/
# ObjectCacheStrategy/Redis{,HashSet}ObjectCacheStrategy.cs; JeffreySu/WeiXinMPSDK
# src/Senparc.Weixin/Senparc.Weixin/Helpers/Containers/ContainerHelper.cs,
# src/Senparc.Weixin.MP/Senparc.Weixin.MP/Containers/AccessTokenContainer.cs.
def _senparc_slots(prefix: str | None, appid: str, _secret: Secret | None) -> Iterator[Slot]:
    namespace = "DefaultCache" if prefix is None else prefix
    bag = "Container:Senparc.Weixin.MP.Containers.AccessTokenBag"
    yield from _string_and_hash(f"Senparc:{namespace}:{bag}:{appid}")


def _read_senparc(raw: bytes) -> KeptToken | None:
    bag = json_value(raw)
    result = bag.get("AccessTokenResult") if isinstance(bag, dict) else None
    if not isinstance(bag, dict) or not isinstance(result, dict):
        return None
    expires_at_s = _time_s(bag.get("AccessTokenExpireTime"))
    kept = _kept(result.get("access_token"))
    return KeptToken(kept.value, expires_at_s) if kept and expires_at_s is not None else None


# silenceper/wechat: GET <cacheKeyPrefix>_stable_access_token_<appid> (300 s less than
# `expires_in`) or <cacheKeyPrefix>_access_token_<appid> (1500 s less); the prefix ends with an
# underscore of its own. 1.x wrote access_token_<appid>. The token stands there as it is; before
# 2.1.3, with redigo, as a JSON string.
# Source: silenceper/wechat credential/default_access_token.go, cache/redis.go (v2);
# context/access_token.go (1.x, branch master).
def _silenceper_slots(prefix: str | None, appid: str, _secret: Secret | None) -> Iterator[Slot]:
    start = "gowechat_officialaccount_" if prefix is None else prefix
    yield _slot(f"{start}_stable_access_token_{appid}")
    yield _slot(f"{start}_access_token_{appid}")
    if prefix is None:
        yield _slot(f"access_token_{appid}")


def _read_silenceper(raw: bytes) -> KeptToken | None:
    return _kept(as_text(raw)) or _kept(json_value(raw))


SDKS: Final[Mapping[Sdk, SdkForm]] = {
    "wechatpy": SdkForm(
        title="wechatpy",
        prefix_is="the `prefix` of its RedisStorage",
        unread="a session of another kind than RedisStorage",
        _slots=_wechatpy_slots,
        _read=_read_wechatpy,
    ),
    "wxjava": SdkForm(
        title="WxJava",
        prefix_is="its keyPrefix (wx.mp.config-storage.key-prefix)",
        unread="Redisson's Marshalling and FST codecs (its defaults before 3.19) and those that "
        "compress",
        _slots=_wxjava_slots,
        _read=_read_wxjava,
    ),
    "easywechat": SdkForm(
        title="EasyWeChat",
        prefix_is="all that stands before its own key, the last colon or underscore too: the "
        "namespace of Symfony's adapter, or the prefixes of Laravel's connection and cache",
        unread="what phpredis or a marshaller of Symfony compresses or encrypts, msgpack, and "
        "tag-aware adapters",
        _slots=_easywechat_slots,
        _read=_read_easywechat,
        needs_secret=True,
    ),
    "senparc": SdkForm(
        title="Senparc",
        prefix_is="its DefaultCacheNamespace",
        unread="other names or dates than Newtonsoft's default settings give, and Dapr",
        _slots=_senparc_slots,
        _read=_read_senparc,
        hashed=True,
    ),
    "silenceper": SdkForm(
        title="silenceper/wechat",
        prefix_is="the cacheKeyPrefix of its access token handle",
        unread="a cache of the bot's own that writes another form",
        _slots=_silenceper_slots,
        _read=_read_silenceper,
    ),
}


def _slot(key: str, shown: str | None = None, field: str | None = None) -> Slot:
    return Slot(Secret(key), key if shown is None else shown, field)


def _string_and_hash(key: str) -> Iterator[Slot]:
    yield _slot(key)
    start, colon, field = key.rpartition(":")
    if colon:
        yield _slot(start, field=field)


def _kept(value: object) -> KeptToken | None:
    if isinstance(value, str) and _TOKEN.fullmatch(value):
        return KeptToken(Secret(value))
    return None


def _time_s(said: object) -> float | None:
    """Read .NET's 2024-05-01T10:00:00.1234567+08:00 as seconds since 1970."""
    try:
        time = datetime.fromisoformat(said) if isinstance(said, str) else None
        return time.timestamp() if time and time.tzinfo else None
    except (ValueError, OverflowError):
        return None
