"""Every source of tokens: how it is set up, and what of it can be broken with a secret in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tests.site import APPID, Json
from tests.transport.conftest import answered

from .watch import APP_SECRET, HEADER, ODD_TOKEN, OTHER_SECRET, REDIS_PASSWORD, Watch

Do = Callable[[Watch], None]


@dataclass(frozen=True)
class Source:
    """The keys under `token`; `stand` makes them work, each of `breaks` makes them fail."""

    keys: Callable[[Watch], Json]
    stand: Do
    breaks: Mapping[str, Do]
    renewed_first: bool = False


def _nothing(_watch: Watch) -> None:
    """Leave all as it is."""


# The AppSecret, and what a user may have put in its place


_SECRETS: Final[Mapping[str, str | bytes]] = {
    "another account's": OTHER_SECRET,
    "two words": f"{APP_SECRET} {OTHER_SECRET}",
    "two lines": f"{APP_SECRET}\n{OTHER_SECRET}",
    "a variable as it is set": f"export SECRET={APP_SECRET}",
    "JSON": json.dumps({"secret": APP_SECRET}),
    "not text": b"\xff\xfe" + APP_SECRET.encode(),
    "far too long": f"{APP_SECRET}-" * 3000,
    "nothing": "",
}


def _put_secret(content: str | bytes) -> Do:
    def put(watch: Watch) -> None:
        watch.add("another AppSecret", OTHER_SECRET)
        watch.keep("secret", content)
        text = content.decode(errors="surrogateescape") if isinstance(content, bytes) else content
        watch.site.environ["MENUOPS_SECRET_SHOP"] = text[:60_000]

    return put


def _secret_is_gone(watch: Watch) -> None:
    (watch.vault / "secret").unlink()
    del watch.site.environ["MENUOPS_SECRET_SHOP"]


_BROKEN_SECRETS: Final = {
    **{f"the secret is {what}": _put_secret(content) for what, content in _SECRETS.items()},
    "no secret": _secret_is_gone,
}


# A token that somebody else fetched, and what may stand in its place


def _bad_tokens(token: str) -> Mapping[str, str | bytes]:
    return {
        "two words": f"{token} {token}",
        "half of JSON": f'{{"access_token": "{token}',
        "JSON of another form": json.dumps({"data": {"token": token}}),
        "JSON with a bad life": json.dumps({"access_token": token, "expires_in": "7200"}),
        "an error": json.dumps({"errcode": 40001, "errmsg": f"bad secret {APP_SECRET}"}),
        "not text": b"\xff\xfe" + token.encode(),
        "too long": token * 40,
        "far too long": token * 600,
        "odd": ODD_TOKEN,
        "unknown to WeChat": "91_" + "Xq7v_Rk2-" * 15,
        "nothing": "",
    }


def _token(content: Callable[[str], str | bytes]) -> Do:
    def put(watch: Watch) -> None:
        said = content(watch.issued())
        for text in (ODD_TOKEN, "91_" + "Xq7v_Rk2-" * 15):
            watch.add("a token that isn't WeChat's", text)
        watch.keep("token", said)
        text = said.decode(errors="surrogateescape") if isinstance(said, bytes) else said
        watch.site.environ["SHOP_TOKEN"] = text[:60_000]

    return put


_BROKEN_TOKENS: Final = {
    f"the token is {what}": _token(lambda token, what=what: _bad_tokens(token)[what])  # type: ignore[misc]
    for what in _bad_tokens("")
}


def _in_json(token: str) -> str:
    return json.dumps({"access_token": token, "expires_in": 7000})


def _ends_badly(watch: Watch) -> None:
    """Print the token, say it in the name of a file that isn't there, and end with 1."""
    watch.keep("token", watch.issued())
    watch.site.write("bin/token", f"#!/bin/sh\ncat {watch.vault}/token\nexit 1\n").chmod(0o755)


def _can_not_be_run(watch: Watch) -> None:
    watch.site.write("bin/token", "").chmod(0o644)


def _program(watch: Watch) -> None:
    """A token program that writes down the command line that it was started with, and ours."""
    words = watch.site.root / "words"
    seen = f"cat /proc/$$/cmdline /proc/$PPID/cmdline >> {words}"
    script = f"#!/bin/sh\n{seen}\ncat {watch.vault}/token\n"
    watch.site.write("bin/token", script).chmod(0o755)
    _token(_in_json)(watch)


def _cloudbase(watch: Watch) -> None:
    token = watch.site.emulator.cloudbase_token(APPID)
    watch.keep("token", watch.add("a token of Cloud Run", token))


# A token server


def _answers(answer: Callable[[str], bytes | None]) -> Do:
    def set_up(watch: Watch) -> None:
        watch.site.environ["SHOP_AUTH"] = HEADER
        watch.token_server.answers = [answer(watch.issued())] * 20

    return set_up


def _refuses(text: str, status: str = "401 Unauthorized") -> Callable[[str], bytes]:
    return lambda _token: answered(text.encode(), status)


def _header(value: str | None) -> Do:
    def set_up(watch: Watch) -> None:
        watch.site.environ.pop("SHOP_AUTH", None)
        if value is not None:
            watch.site.environ["SHOP_AUTH"] = value

    return set_up


def _cut(token: str) -> bytes:
    body = f'{{"data": {{"it": "{token[:30]}'.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) + 200}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


_KEY: Final = HEADER.split()[1]
_IN_BASE64: Final = base64.b64encode(HEADER.encode()).decode()
_ANSWERS: Final[Mapping[str, Callable[[str], bytes | None]]] = {
    "refuses the header": _refuses(json.dumps({"error": f"unknown: {HEADER}"})),
    "refuses the key in it": _refuses(f"<p>no such key: {_KEY}</p>"),
    "refuses half of the key": _refuses(f"no such key: {_KEY[:14]}…"),
    "refuses the key in a URL": _refuses(f"no: {quote(_KEY, safe='')}", "403 Forbidden"),
    "refuses in base64": _refuses(f"no: {_IN_BASE64}"),
    "refuses in the status line": _refuses("", f"401 {HEADER}"),
    "names the header as a type": lambda token: answered(b"", "500 No", f"text/{_KEY} {token}"),
    "gives the token with an error": lambda token: answered(_in_json(token).encode(), "500 No"),
    "gives it alone": lambda token: answered(token.encode()),
    "gives a short one alone": lambda token: answered(token[:30].encode()),
    "gives a list": lambda token: answered(json.dumps([token[:30]]).encode()),
    "gives it in a page": lambda token: answered(f"<p>{token[:30]}</p>".encode()),
    "gives it under another name": lambda token: answered(json.dumps({"t": token}).encode()),
    "gives it with a bad life": lambda token: answered(
        json.dumps({"access_token": token, "expires_in": token}).encode()
    ),
    "gives an odd one": lambda _: answered(json.dumps({"access_token": ODD_TOKEN}).encode()),
    "gives two words": lambda token: answered(
        json.dumps({"access_token": f"{token} {token}"}).encode()
    ),
    "breaks off": _cut,
    "sends it elsewhere": lambda token: answered(
        b"", "302 Found", extra=f"Location: /?t={token}\r\nConnection: close\r\n".encode()
    ),
    "hangs up": lambda _: None,
    "speaks no HTTP": lambda token: f"{token}\r\n\r\n".encode(),
}


# A bot's Redis


def _redis_url(watch: Watch, url: str | None = None) -> None:
    watch.site.environ["SHOP_REDIS"] = watch.redis.url if url is None else url


def _kept(key: str, words: Callable[[str], tuple[str | bytes, ...]]) -> Do:
    """Have the bot write its token: `words` are the command's after the key."""

    def set_up(watch: Watch) -> None:
        watch.redis.call("FLUSHALL")
        _redis_url(watch)
        watch.keep("secret", APP_SECRET)
        command, *rest = words(watch.issued())
        watch.redis.call(command, key, *rest)

    return set_up


def _at(url: Callable[[Watch], str]) -> Do:
    return lambda watch: _redis_url(watch, url(watch))


def _limited(watch: Watch) -> str:
    watch.redis.call("ACL", "SETUSER", "limited", "on", f">{REDIS_PASSWORD}", "-@all", "+ping")
    return f"redis://limited:{quote(REDIS_PASSWORD, safe='')}@{watch.redis.address}/0"


_QUOTED: Final = quote(REDIS_PASSWORD, safe="")
BAD_URLS: Final[Mapping[str, Callable[[Watch], str]]] = {
    "another password": lambda watch: f"redis://:{_QUOTED}x@{watch.redis.address}/0",
    "a user that isn't there": lambda watch: f"redis://{_QUOTED}:x@{watch.redis.address}/0",
    "a user without rights": _limited,
    "no database": lambda watch: f"redis://:{_QUOTED}@{watch.redis.address}/99",
    "nobody there": lambda _: f"redis://:{_QUOTED}@127.0.0.1:1/0",
    "no Redis there": lambda watch: f"redis://:{_QUOTED}@{watch.site.url.partition('//')[2]}/0",
    "a bare password": lambda watch: f"redis://:{REDIS_PASSWORD}@{watch.redis.address}/0",
    "no number of a port": lambda _: f"redis://127.0.0.1:{_QUOTED}/0",
    "no number of a database": lambda watch: f"redis://{watch.redis.address}/{_QUOTED}",
    "a stray parameter": lambda watch: f"redis://{watch.redis.address}/0?password={_QUOTED}",
    "a fragment": lambda watch: f"redis://{watch.redis.address}/0#{_QUOTED}",
    "another scheme": lambda watch: f"http://:{_QUOTED}@{watch.redis.address}/0",
    "no URL": lambda _: REDIS_PASSWORD,
    "no host": lambda _: f"redis://:{_QUOTED}@[::1/0",
    "no socket": lambda _: f"unix://:{_QUOTED}@/no/such.sock",
}
"""Ways to write a URL of Redis, with its password in it, that lead nowhere."""

_SLOW: Final = ("nobody there", "no Redis there", "no socket")  # each is tried three times

_WECHATPY: Final = f"wechatpy:{APPID}_access_token"
_EASYWECHAT: Final = f"easywechat:official_account.access_token.{APPID}.{APP_SECRET}.1"


def _set(token: str) -> tuple[str | bytes, ...]:
    return "SET", json.dumps(token), "EX", "7000"


def _set_for_php(token: str) -> tuple[str | bytes, ...]:
    return "SET", f's:{len(token)}:"{token}";', "EX", "7000"


SOURCES: Final = {
    "stable": Source(lambda _: {}, _put_secret(APP_SECRET), _BROKEN_SECRETS),
    "stable, a file": Source(
        lambda watch: {"secret_file": str(watch.vault / "secret")},
        _put_secret(APP_SECRET),
        _BROKEN_SECRETS,
    ),
    "classic, a program": Source(
        lambda watch: {
            "source": "classic",
            "secret_command": ["cat", str(watch.vault / "secret")],
        },
        _put_secret(APP_SECRET),
        _BROKEN_SECRETS,
        renewed_first=True,
    ),
    "command": Source(
        lambda _: {"source": "command", "command": "./bin/token"},
        _program,
        {**_BROKEN_TOKENS, "it ends badly": _ends_badly, "it can't be run": _can_not_be_run},
    ),
    "url": Source(
        lambda watch: {
            "source": "url",
            "url": f"{watch.token_server.url}/token?for=${{appid}}",
            "headers_env": {"Authorization": "SHOP_AUTH"},
        },
        _answers(lambda token: answered(_in_json(token).encode())),
        {
            **{f"the server {what}": _answers(answer) for what, answer in _ANSWERS.items()},
            "no header": _header(None),
            "a header of two lines": _header(f"{HEADER}\r\nX: {HEADER}"),
            "a header that isn't ASCII": _header(f"{HEADER}菜"),
        },
    ),
    "file": Source(
        lambda watch: {"source": "file", "path": str(watch.vault / "token")},
        _token(_in_json),
        _BROKEN_TOKENS,
    ),
    "file, Cloud Run": Source(
        lambda watch: {"source": "file", "as": "cloudbase", "path": str(watch.vault / "token")},
        _cloudbase,
        {},
    ),
    "env": Source(lambda _: {"source": "env", "env": "SHOP_TOKEN"}, _token(str), _BROKEN_TOKENS),
    "wechatpy": Source(
        lambda _: {"source": "sdk", "sdk": "wechatpy", "store_env": "SHOP_REDIS"},
        _kept(_WECHATPY, _set),
        {
            **{f"Redis: {what}": _at(url) for what, url in BAD_URLS.items() if what not in _SLOW},
            "a list": _kept(_WECHATPY, lambda token: ("RPUSH", token)),
            "a hash": _kept(_WECHATPY, lambda token: ("HSET", token, token)),
            "no JSON": _kept(_WECHATPY, lambda token: ("SET", token)),
            "a key of another form": _kept(f"my:{APPID}", _set),
        },
    ),
    "easywechat": Source(
        lambda watch: {
            "source": "sdk",
            "sdk": "easywechat",
            "store_env": "SHOP_REDIS",
            "secret_file": str(watch.vault / "secret"),
        },
        _kept(_EASYWECHAT, _set_for_php),
        {
            "Redis: a user without rights": _at(_limited),
            "a list": _kept(_EASYWECHAT, lambda token: ("RPUSH", token)),
            "no PHP": _kept(_EASYWECHAT, lambda token: ("SET", token)),
            "a key of another form": _kept(f"my:{APPID}", _set),
        },
    ),
}
