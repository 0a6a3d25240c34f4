"""An emulated WeChat over real HTTP, an account of it, and time that only a test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

import pytest

from menuops import emulator as wechat
from menuops.core.account import (
    Account,
    ClassicToken,
    EnvToken,
    SecretEnv,
    StableToken,
    TokenSource,
)
from menuops.core.errors import MenuopsError
from menuops.core.schedule import always
from menuops.locks import FileLocks
from menuops.transport import Answer, Http
from menuops.wechat.api import MenuApi
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.store import TokenStore
from tests import site

T = TypeVar("T")

APPID = "wx0123456789abcdef"
SECRET = "0f0e0d0c0b0a09080706050403020100"

STABLE = StableToken(SecretEnv("SHOP_APPSECRET"))
CLASSIC = ClassicToken(SecretEnv("SHOP_APPSECRET"))
ENV = EnvToken("SHOP_TOKEN")


class Clock(site.Clock):
    """Paces tries too."""

    @property
    def pace(self) -> Pace:
        return Pace(sleep=self.sleep, clock=self, jitter=lambda: 0.0)


class ScriptedHttp(Http):
    """Answers what a test says, one after the other; a token call is answered by itself."""

    def __init__(self, *script: dict[str, Any] | MenuopsError) -> None:
        super().__init__()
        self.script = list(script)
        self.calls: list[str] = []

    def call(self, *args: Any, **_options: Any) -> Answer:
        name = str(args[2]).removeprefix("/cgi-bin/")
        self.calls.append(name)
        if name == "stable_token" and self.script_is_for_menus:
            return Answer(200, {"access_token": "the-token", "expires_in": 7200})
        said = self.script.pop(0)
        if isinstance(said, MenuopsError):
            raise said
        return Answer(200, said)

    script_is_for_menus = True


@dataclass
class World:
    """One account of one emulated WeChat, and what it takes to talk to it."""

    emulator: wechat.Emulator
    url: str
    http: Http
    clock: Clock
    directory: Path
    environ: dict[str, str] = field(default_factory=lambda: {"SHOP_APPSECRET": SECRET})

    def account(self, token: TokenSource = STABLE) -> Account:
        return Account("shop", APPID, token, self.url, menus=always(PurePath("shop.yaml")))

    def store(self) -> FileStore:
        return FileStore(self.directory / "tokens")

    def container(
        self, store: TokenStore | None = None, http: Http | None = None
    ) -> TokenContainer:
        made = TokenContainer(
            http or self.http,
            store or self.store(),
            FileLocks(self.directory / "locks"),
            clock=self.clock,
            pace=self.clock.pace,
            environ=self.environ,
        )
        made.register(self.account())
        return made

    def api(self, account: Account | None = None) -> MenuApi:
        return MenuApi(self.http, self.container(), account or self.account(), pace=self.clock.pace)

    def paths(self) -> list[str]:
        """The calls that WeChat saw, without /cgi-bin/."""
        return [path.removeprefix("/cgi-bin/") for _, path, _ in self.emulator.calls]

    def token_calls(self) -> int:
        return sum(path in {"token", "stable_token"} for path in self.paths())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock, tmp_path: Path) -> Iterator[World]:
    emulator = wechat.Emulator(clock=clock)
    emulator.add_account(
        wechat.Account(
            appid=APPID,
            secret=SECRET,
            tags=(wechat.Tag(101, "VIP", 3),),
            followers=(wechat.Follower("o-vip", tags=(101,)),),
        )
    )
    with emulator.serve() as url, Http() as http:
        yield World(emulator, url, http, clock, tmp_path)


@pytest.fixture
def scripted(clock: Clock, tmp_path: Path) -> Callable[..., tuple[MenuApi, ScriptedHttp]]:
    """Make the client of an account whose answers a test writes down."""

    def make(*script: dict[str, Any] | MenuopsError) -> tuple[MenuApi, ScriptedHttp]:
        http = ScriptedHttp(*script)
        account = Account(
            "shop", APPID, STABLE, "https://wechat.example", menus=always(PurePath("m.yaml"))
        )
        container = TokenContainer(
            http,
            FileStore(tmp_path / "tokens"),
            FileLocks(tmp_path / "locks"),
            clock=clock,
            pace=clock.pace,
            environ={"SHOP_APPSECRET": SECRET},
        )
        return MenuApi(http, container, account, pace=clock.pace), http

    return make


def with_retry(account: Account, retry_s: float) -> Account:
    return replace(account, retry_s=retry_s)


def in_threads(work: Callable[[], T], count: int) -> list[T]:
    """Run `work` in `count` threads that start together; give what they returned."""
    start = threading.Barrier(count)
    results: list[T] = []

    def run() -> None:
        start.wait()
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
