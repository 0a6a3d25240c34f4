"""An emulated WeChat, and processes that share an account of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from menuops import emulator
from menuops.core.secret import Secret
from menuops.locks import RedisServer, file_stem
from menuops.wechat.tokens.keeper import LOOK_AGAIN_S
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import StoredToken, TokenKey, token_from_json
from tests.redis_server import LocalRedis

from .agent import Said, digest

APPID = "wx0123456789abcdef"
SECRET = "0f0e0d0c0b0a09080706050403020100"
PROGRAM = Path(__file__).with_name("agent.py")
LIMIT_S = 60.0
"""What a test waits for comes sooner, however busy the machine."""

OVERLAP_S = 301.0
"""After this time a classic token is void that another took the place of."""

POINTS = ["asking", "answered"]
"""Where an agent can pause in a renewal, in their order."""

LATER = f"later {LOOK_AGAIN_S}"
"""Tells an agent that it is time to look into the store again."""

Setting = dict[str, Any]


class WeChat:
    """One account, with a clock of its own that tests put forward."""

    def __init__(self) -> None:
        self.later_s = 0.0
        self.emulator = emulator.Emulator(clock=lambda: time.time() + self.later_s)
        self.emulator.add_account(emulator.Account(appid=APPID, secret=SECRET))
        self.url = ""

    def calls(self, name: str) -> int:
        """How many calls came in of a path below /cgi-bin/."""
        return sum(path == f"/cgi-bin/{name}" for _, path, _ in self.emulator.calls)

    @property
    def token_calls(self) -> int:
        return self.calls("token") + self.calls("stable_token")

    def later(self, seconds: float) -> None:
        """Let time pass for WeChat alone."""
        self.later_s += seconds

    @property
    def tokens_given(self) -> int:
        """How many tokens it has made, whether or not an answer with one has arrived."""
        return len(self._tokens())

    def is_latest(self, name: str) -> bool:
        """Whether a token, named by its digest, works, and no other has taken its place."""
        is_latest: bool = self._tokens()[name].latest(self.emulator.now_s())
        return is_latest

    def _tokens(self) -> dict[str, Any]:
        state = self.emulator.state_of(APPID)
        assert state is not None
        return {digest(Secret(token.value)): token for token in state.tokens}


class Process:
    """An agent, or a crowd of them, and the pipes to it."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen = popen

    def tell(self, line: str) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{line}\n")
        self.popen.stdin.flush()

    def hear(self) -> Any:
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        assert line, "it has ended"
        return json.loads(line)

    def hear_that_it_is(self, where: str) -> None:
        assert self.hear() == {"at": where}

    def ask(self, line: str) -> Said:
        self.tell(line)
        said: Said = self.hear()
        return said

    def goes_to(self, point: str) -> None:
        """Renew as far as to one of POINTS, each of which must be in its `pauses`."""
        self.tell("token")
        for place in POINTS:
            self.hear_that_it_is(place)
            if place == point:
                return
            self.tell("go")

    def goes_on(self) -> Said:
        """End what it paused in, whatever it does about it; give what it says then."""
        while True:
            self.tell("go")
            said: Said = self.hear()
            if "at" not in said:
                return said

    def token(self) -> str:
        """The digest of the token that it is given now."""
        said = self.ask("token")
        assert "token" in said, said
        token: str = said["token"]
        return token

    def sleep(self) -> None:
        """Stop all its threads, as a machine that is suspended does."""
        self.popen.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(self.popen.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

    def wake(self) -> None:
        self.popen.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Let it end by itself."""
        assert self.popen.stdin is not None
        self.popen.stdin.close()
        assert self.popen.wait() == 0

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()


Start = Callable[..., Process]
"""Starts an agent: what is shared, then settings by name; `env` and `cwd` are its own."""


@pytest.fixture
def wechat() -> Iterator[WeChat]:
    made = WeChat()
    with made.emulator.serve() as url:
        made.url = url
        yield made


@pytest.fixture
def start(wechat: WeChat, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(shared: Setting, *, env: Mapping[str, str] | None = None, **keys: Any) -> Process:
            process = stack.enter_context(started(wechat, shared | keys, env or {}, tmp_path))
            assert process.hear() == {"ready": True}
            return process

        yield begin


@contextmanager
def started(
    wechat: WeChat, setting: Setting, env: Mapping[str, str], cwd: Path
) -> Iterator[Process]:
    said = {"url": wechat.url, "appid": APPID, "source": "classic"} | setting
    cwd = Path(said.pop("cwd", cwd))
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), json.dumps(said)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={"PATH": os.defpath, "SHOP_APPSECRET": SECRET, **env},
    ) as popen:
        try:
            yield Process(popen)
        finally:
            popen.send_signal(signal.SIGCONT)
            popen.kill()


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    limit_s = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < limit_s
        time.sleep(0.005)


# What is shared, and what is kept there


def in_redis(redis: LocalRedis) -> Setting:
    return {"redis": redis.url}


def in_files(directory: Path) -> Setting:
    return {"directory": str(directory)}


def kept(wechat: WeChat, shared: Setting) -> str | None:
    """The digest of the token that the store holds."""
    key = TokenKey(wechat.url, APPID)
    token: StoredToken | None
    if "redis" in shared:
        with RedisServer(Secret(shared["redis"]), named_by="the test") as server:
            token = RedisStore(server).get(key)
    else:
        token = token_from_json(token_file(wechat, shared).read_bytes(), key)
    return None if token is None else digest(token.value)


def token_file(wechat: WeChat, shared: Setting) -> Path:
    return Path(shared["directory"]) / "tokens" / f"{file_stem(wechat.url, APPID)}.json"


def lock_file(wechat: WeChat, shared: Setting) -> Path:
    return Path(shared["directory"]) / "locks" / f"{file_stem(wechat.url, APPID)}.token.lock"


@contextmanager
def waiting(redis: LocalRedis) -> Iterator[None]:
    """Do what makes an agent wait for the lock, and wait until it does."""
    before = scripts_run(redis)
    yield
    until(lambda: scripts_run(redis) > before + 3)


def scripts_run(redis: LocalRedis) -> int:
    calls: int = redis.call("INFO", "commandstats").get("cmdstat_eval", {"calls": 0})["calls"]
    return calls


def end_lease(wechat: WeChat, redis: LocalRedis) -> None:
    """End the lease of the token lock now, as if its time were over."""
    redis.call("DEL", f"menuops:{{{file_stem(wechat.url, APPID)}}}:token-lock")


# How it all is to end


def assert_one_owner(wechat: WeChat, shared: Setting, *agents: Process) -> None:
    """All hold the token that is kept, it works, and nobody asks for another."""
    held = [agent.token() for agent in agents]
    calls = wechat.token_calls
    assert held == [kept(wechat, shared)] * len(agents)
    assert wechat.is_latest(held[0])
    wechat.later(OVERLAP_S)
    assert [agent.ask("call") for agent in agents] == [{"token": held[0]}] * len(agents)
    assert wechat.token_calls == calls
