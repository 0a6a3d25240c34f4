"""What running bots' SDKs keep in Redis is found and read, and nothing else is taken for a token.

The values are written here as the SDKs' sources write them; wechatpy writes its own into a Redis.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.account import Sdk
from menuops.core.secret import Secret
from menuops.wechat.tokens.sdk_forms import LONGEST_BYTES, SDKS, KeptToken, Slot
from tests.redis_server import LocalRedis

from .conftest import APPID, SECRET, World

TOKEN = "90_" + "aB3-_xYz" * 19 + "A"  # 156 characters, as long as WeChat's own
NAMES: tuple[Sdk, ...] = get_args(Sdk)


def php(token: str) -> bytes:
    return f's:{len(token)}:"{token}";'.encode()


def php_array(token: str) -> bytes:
    return f'a:2:{{s:12:"access_token";{php(token).decode()}s:10:"expires_in";i:7200;}}'.encode()


def igbinary_text(text: str) -> bytes:
    if len(text) <= 0xFF:
        return bytes([0x11, len(text)]) + text.encode()
    return b"\x12" + len(text).to_bytes(2, "big") + text.encode()


def igbinary(token: str) -> bytes:
    return b"\0\0\0\2" + igbinary_text(token)


def igbinary_array(token: str) -> bytes:
    life = b"\x08" + (7200).to_bytes(2, "big")
    pairs = igbinary_text("access_token") + igbinary_text(token) + igbinary_text("expires_in")
    return b"\0\0\0\2\x14\x02" + pairs + life


def kryo(token: str) -> bytes:
    if 2 <= len(token) <= 32:
        return b"\x03" + token[:-1].encode() + bytes([ord(token[-1]) | 0x80])
    length = len(token) + 1
    if length < 0x40:
        return bytes([0x03, 0x80 | length]) + token.encode()
    return bytes([0x03, 0xC0 | (length & 0x3F), length >> 6]) + token.encode()


def java(token: str) -> bytes:
    return b"\xac\xed\x00\x05t" + len(token).to_bytes(2, "big") + token.encode()


def senparc(
    token: str | None, ends: object = "2026-11-22T12:34:56.1234567+08:00", **more: Any
) -> bytes:
    result: dict[str, object] = {"access_token": token, "expires_in": 7200, "errcode": 0}
    result |= {"ErrorCodeValue": 0, "errmsg": None, "P2PData": None, "Hints": None}
    bag: dict[str, object] = {"AppId": APPID, "AppSecret": SECRET, "AccessTokenExpireTime": ends}
    bag |= {"AccessTokenResult": result, "Name": "店铺", "Key": APPID}
    bag |= {"CacheTime": "2026-11-22T10:44:56.1234567+08:00"}
    return json.dumps(bag | more, ensure_ascii=False, separators=(",", ":")).encode()


def quoted(token: str) -> bytes:
    return f'"{token}"'.encode()


WRITERS = {
    "wechatpy": (quoted,),
    "wxjava": (str.encode, kryo, quoted, java),
    "easywechat": (
        *(php, php_array, igbinary, igbinary_array, quoted),
        lambda token: json.dumps({"access_token": token, "expires_in": 7200}).encode(),
        lambda token: php(php(token).decode()),  # phpredis serialises what Symfony serialised
        lambda token: igbinary(php(token).decode()),
    ),
    "senparc": (senparc,),
    "silenceper": (str.encode, quoted),
}
WRITTEN = [
    pytest.param(sdk, write, id=f"{sdk}-{number}")
    for sdk, writers in WRITERS.items()
    for number, write in enumerate(writers)
]


def read(sdk: Sdk, raw: bytes) -> str | None:
    kept = SDKS[sdk].read(raw)
    return kept.value.reveal() if kept else None


def keys(slots: tuple[Slot, ...]) -> list[str]:
    return [
        slot.key.reveal() if slot.field is None else f"{slot.key.reveal()} {slot.field}"
        for slot in slots
    ]


# Where


def test_every_sdk_that_an_account_can_name_has_its_form() -> None:
    assert set(SDKS) == set(NAMES) == set(WRITERS)


def test_keys_by_default() -> None:
    assert keys(SDKS["wechatpy"].slots(APPID)) == [f"wechatpy:{APPID}_access_token"]
    assert keys(SDKS["wxjava"].slots(APPID)) == [
        f"wx:access_token:{APPID}",
        f"wx:mp:multi:access_token:{APPID}",
        f"null:access_token:{APPID}",
    ]
    bag = "Senparc:DefaultCache:Container:Senparc.Weixin.MP.Containers.AccessTokenBag"
    assert keys(SDKS["senparc"].slots(APPID)) == [f"{bag}:{APPID}", f"{bag} {APPID}"]
    assert keys(SDKS["silenceper"].slots(APPID)) == [
        f"gowechat_officialaccount__stable_access_token_{APPID}",
        f"gowechat_officialaccount__access_token_{APPID}",
        f"access_token_{APPID}",
    ]


def test_keys_of_easywechat_hold_the_secret() -> None:
    own = [
        f"official_account.access_token.{APPID}.{SECRET}.1",
        f"official_account.access_token.{APPID}.{SECRET}.0",
        f"official_account.access_token.{APPID}.{SECRET}",
        "easywechat.kernel.access_token.0309e5039b67e78c9cb3f12b0e2a7714",
        f"official_account.access_token.{APPID}",
    ]
    form = SDKS["easywechat"]
    assert form.needs_secret
    assert keys(form.slots(APPID, app_secret=Secret(SECRET))) == [
        *(f"easywechat:{key}" for key in own),
        *own,
    ]
    laravel = form.slots(APPID, prefix="shop_database_shop_cache:", app_secret=Secret(SECRET))
    assert keys(laravel) == [f"shop_database_shop_cache:{key}" for key in own]


def test_a_slash_is_escaped_before_the_digest_as_php_does() -> None:
    slots = SDKS["easywechat"].slots(APPID, prefix="", app_secret=Secret("a/b"))
    assert keys(slots)[3] == "easywechat.kernel.access_token.ce203b2813246c2490ee6b972617e865"


def test_without_the_secret_there_are_the_keys_that_do_without() -> None:
    assert keys(SDKS["easywechat"].slots(APPID, prefix="")) == [
        f"official_account.access_token.{APPID}"
    ]


def test_no_text_of_a_slot_shows_the_secret() -> None:
    slots = SDKS["easywechat"].slots(APPID, app_secret=Secret(SECRET))
    said = f"{slots} {[slot.shown for slot in slots]} {[str(slot.key) for slot in slots]}"
    assert SECRET not in said
    assert "0309e5039b67e78c9cb3f12b0e2a7714" not in said
    assert slots[0].shown == f"easywechat:official_account.access_token.{APPID}.<AppSecret>.1"


@pytest.mark.parametrize(
    ("sdk", "first"),
    [
        ("wechatpy", f"shop:{APPID}_access_token"),
        ("wxjava", f"shop:access_token:{APPID}"),
        ("easywechat", f"shopofficial_account.access_token.{APPID}"),
        (
            "senparc",
            f"Senparc:shop:Container:Senparc.Weixin.MP.Containers.AccessTokenBag:{APPID}",
        ),
        ("silenceper", f"shop_stable_access_token_{APPID}"),
    ],
)
def test_a_prefix_takes_the_place_of_all_defaults(sdk: Sdk, first: str) -> None:
    found = keys(SDKS[sdk].slots(APPID, prefix="shop"))
    assert found[0] == first
    assert all("shop" in key for key in found)


@pytest.mark.parametrize("sdk", NAMES)
def test_a_key_that_the_user_names_is_taken_whole(sdk: Sdk) -> None:
    wanted = ["a:b:c", "a:b c"] if sdk == "senparc" else ["a:b:c"]
    assert keys(SDKS[sdk].slots_at("a:b:c")) == wanted


# What


@pytest.mark.parametrize(("sdk", "write"), WRITTEN)
@pytest.mark.parametrize("token", [TOKEN, "A" * 512, "t" * 33, "short-one"])
def test_a_token_is_read_as_its_sdk_writes_it(sdk: Sdk, write: Any, token: str) -> None:
    assert read(sdk, write(token)) == token


def test_bytes_as_they_stand_in_redis() -> None:
    assert read("wxjava", b"\x03\xdd\x02" + TOKEN.encode()) == TOKEN
    assert read("wxjava", b"\x03sh\xef") == "sho"
    assert read("easywechat", b'a:2:{s:12:"access_token";s:1:"t";s:10:"expires_in";i:7200;}') == "t"
    assert read("easywechat", b"\0\0\0\2\x11\x01t") == "t"
    assert (
        read(
            "easywechat",
            b"\0\0\0\2\x14\x02\x11\x0caccess_token\x11\x01t\x11\x0aexpires_in\x08\x1c\x20",
        )
        == "t"
    )
    assert read("wechatpy", b'"t"') == "t"
    assert read("wxjava", b"\xac\xed\0\x05t\0\x01t") == "t"


def test_senparc_says_when_it_ends_and_the_others_leave_it_to_the_key() -> None:
    ends = datetime(2026, 11, 22, 12, 34, 56, 123456, tzinfo=timezone(timedelta(hours=8)))
    assert SDKS["senparc"].read(senparc(TOKEN)) == KeptToken(Secret(TOKEN), ends.timestamp())
    utc = SDKS["senparc"].read(senparc(TOKEN, "1970-01-01T00:01:00Z"))
    assert utc is not None
    assert utc.expires_at_s == 60
    for sdk in NAMES:
        if sdk != "senparc":
            assert SDKS[sdk].read(WRITERS[sdk][0](TOKEN)) == KeptToken(Secret(TOKEN))


def test_a_value_of_any_size_is_not_read() -> None:
    assert read("senparc", senparc(TOKEN, Name="店" * 1000)) == TOKEN
    assert read("senparc", senparc(TOKEN, Name="店" * LONGEST_BYTES)) is None


def test_what_is_read_shows_neither_the_token_nor_the_secret_beside_it() -> None:
    said = repr([SDKS[sdk].read(write(TOKEN)) for sdk in NAMES for write in WRITERS[sdk]])
    assert TOKEN not in said
    assert SECRET not in said


# What is no token


@pytest.mark.parametrize(
    "raw",
    [
        senparc(None, "0001-01-01T00:00:00+00:00"),  # registered, nothing fetched yet
        senparc(TOKEN, None),
        senparc(TOKEN, 1795322096),
        senparc(TOKEN, "soon"),
        senparc(TOKEN, "9999-12-31T25:00:00Z"),
        senparc(TOKEN, "2026-11-22T12:34:56"),  # of which zone?
        senparc(TOKEN, "/Date(1795322096000+0800)/"),
        senparc(TOKEN, AccessTokenResult=None),
        senparc(TOKEN, AccessTokenResult=TOKEN),
        senparc(TOKEN)[:-1],
        b"[]",
        quoted(TOKEN),
    ],
)
def test_a_bag_of_senparc_without_a_token_and_its_end(raw: bytes) -> None:
    assert SDKS["senparc"].read(raw) is None


@pytest.mark.parametrize(
    ("ends", "expires_at_s"),
    [
        ("0001-01-01T00:00:00+00:00", -62135596800),
        ("0001-01-01T00:00:00+08:00", -62135596800 - 8 * 3600),
        ("9999-12-31T23:59:59-12:00", 253402300799 + 12 * 3600),
    ],
)
def test_the_first_and_last_times_of_dotnet_are_times(ends: str, expires_at_s: float) -> None:
    assert SDKS["senparc"].read(senparc(TOKEN, ends)) == KeptToken(Secret(TOKEN), expires_at_s)


@pytest.mark.parametrize("sdk", NAMES)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b'""',
        b"null;",
        b"{}",
        b"[" * LONGEST_BYTES,
        b'{"a":' * 3000,
        b"1" * 8000,
        b'"\\ud800"',
        b"\xff\xfe\x00",
        b'"two words"',
        b"two words",
        b"token\r\nX-Evil: 1",
        b"token&appid=1",
        "令牌".encode(),
        quoted("A" * 2049),
        b"A" * 2049,
        b'"' + b"A" * LONGEST_BYTES + b'"',
        pickle.dumps(TOKEN),
        b"cos\nsystem\n(S'true'\ntR.",
        b'O:8:"stdClass":1:{s:12:"access_token";s:1:"t";}',
        b'C:11:"ArrayObject":1:{t}',
        b'a:1:{i:0;s:1:"t";}',
        b'a:2:{s:12:"access_token";R:1;s:10:"expires_in";i:7200;}',
        b's:99999:"t";',
        b's:2:"t";',
        b's:0:"";',
        b"\0\0\0\2\x17\x08stdClass\x14\x00",
        b"\0\0\0\3\x11\x01t",
        b"\0\0\0\2\x11\xfft",
        b"\0\0\0\2\x12\0",
        b"\0\0\0\2\x11\x01t\0",
        b"\0\0\0\2\x14\x02\x11\x0caccess_token\x11\x01t",
        b"\x03",
        b"\x03\x80",
        b"\x03\xc0",
        b"\x03\xc9\x82\x01" + b"A" * 8,
        b"\x01\x00java.lang.Runtim\xe5\x03\x82t",
        b"\xac\xed\x00\x05sr\x00\x11java.util.HashMap",
        b"\xac\xed\x00\x05t\xff\xfft",
        b"\x04\x09\x01" + TOKEN.encode(),  # JBoss Marshalling and others: not read, not guessed
    ],
)
def test_what_is_damaged_foreign_or_hostile_is_no_token(sdk: Sdk, raw: bytes) -> None:
    assert SDKS[sdk].read(raw) is None


@pytest.mark.parametrize(("sdk", "write"), WRITTEN)
def test_a_value_cut_short_is_no_token(sdk: Sdk, write: Any) -> None:
    if write is str.encode:
        return  # nothing tells how long it was
    whole = write(TOKEN)
    assert [read(sdk, whole[:end]) for end in range(len(whole))] == [None] * len(whole)


SOUND = st.sampled_from([write(TOKEN) for writers in WRITERS.values() for write in writers])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    raw = draw(SOUND)
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 8)))
    return raw[:start] + draw(st.binary(max_size=8)) + raw[end:]


@given(st.sampled_from(NAMES), st.binary(max_size=400) | damaged())
def test_any_bytes_are_read_or_not_and_never_raise(sdk: Sdk, raw: bytes) -> None:
    kept = SDKS[sdk].read(raw)
    if kept is not None:
        token = kept.value.reveal()
        assert token.isascii()
        assert token.isprintable()
        assert not set(token) & set(" \"'\\&#?;{}:\r\n")


@given(st.text(), st.none() | st.text(), st.none() | st.text().map(Secret))
def test_any_names_give_keys(appid: str, prefix: str | None, app_secret: Secret | None) -> None:
    for form in SDKS.values():
        assert form.slots(appid, prefix=prefix, app_secret=app_secret)
        assert form.slots_at(appid)


# wechatpy itself

PROGRAM = """
import sys
import redis
from wechatpy import WeChatClient
from wechatpy.session.redisstorage import RedisStorage

base, redis_url, appid, secret, *prefix = sys.argv[1:]

class Client(WeChatClient):
    API_BASE_URL = base + "/cgi-bin/"

    def fetch_access_token(self):
        params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(base + "/cgi-bin/token", params)

client = Client(appid, secret, session=RedisStorage(redis.Redis.from_url(redis_url), *prefix))
print(client.access_token)
client.fetch_access_token()
print(client.access_token)
"""


@pytest.mark.parametrize("prefix", [None, "shop:bot"])
def test_wechatpy_fills_a_redis_and_its_token_is_read_there(
    world: World, redis_server: LocalRedis, prefix: str | None
) -> None:
    """In a process of its own, where the warnings of an old library are no errors."""
    if importlib.util.find_spec("wechatpy") is None:
        pytest.skip("wechatpy isn't installed: pip install 'wechatpy[cryptography]==1.8.18'")
    arguments = [world.url, redis_server.url, APPID, SECRET, *([prefix] if prefix else [])]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_PROXY": "*", "no_proxy": "*"},
    )
    assert ran.returncode == 0, ran.stderr
    first, last = ran.stdout.split()
    assert first != last

    [slot] = SDKS["wechatpy"].slots(APPID, prefix=prefix)
    assert slot.field is None
    assert redis_server.call("KEYS", "*") == [slot.key.reveal().encode()]
    kept = SDKS["wechatpy"].read(redis_server.call("GET", slot.key.reveal()))
    assert kept == KeptToken(Secret(last))
    assert 7100 < redis_server.call("TTL", slot.key.reveal()) <= 7200
    assert world.paths() == ["token", "token"]
