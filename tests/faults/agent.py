"""A process with a token container of its own, which does what it is told, line by line.

`python agent.py SETTING` takes a JSON object: `url`, `appid`, `source` (classic or stable), and
either `redis`, a URL, or `directory`, where tokens and locks are kept. It reads words on stdin and
answers each with a line of JSON: {"token": digest} or {"error", "message", "fix", "exit"}.

| word | does |
|---|---|
| `token` | asks the container |
| `refused` | says that WeChat refused the token that this thread got last |
| `call` | makes an API call with it, as the client does; `token` is the one that it ended with |
| `call again N` | makes N calls, whatever comes of all but the last |
| `later N` | puts its clock N seconds forward |

With `pauses`, a list of "asking" and "answered", it says {"at": "asking"} before a token call goes
out, {"at": "answered"} after its answer came, and goes on at the next line. `lease_s` and `wait_s`
replace how long a lease lasts and how long a lock is waited for, `retry_s` is the account's,
`file_bytes` the size that a file may have, and `user` whom the process runs as. With
`dies_when_written` it kills itself when the store's file has its bytes and not yet its name.

With `crowd`, {"processes", "threads", "words"}, it is the parent of processes that are forked
before they have a container. It says {"ready": true}, and then each line that it reads lets all
threads of all of them do the next of `words` at once; it answers with the list of what they got.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from menuops.core.account import ClassicToken, OfficialAccount, SecretEnv, StableToken
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.locks import FileLocks, LockKey, Locks, RedisLocks, RedisServer
from menuops.transport import Answer, Http
from menuops.wechat.client import Client
from menuops.wechat.tokens import container, keeper
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import StoredToken, TokenKey, TokenStore

Setting = dict[str, Any]
Said = dict[str, Any]

CALL = "get_current_selfmenu_info"


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def digest(token: Secret) -> str:
    """Name a token without giving it."""
    return hashlib.sha256(token.reveal().encode()).hexdigest()[:16]


class PausingHttp(Http):
    """Lets the test act before a token call goes out, and after its answer came."""

    def __init__(self, pauses: Sequence[str]) -> None:
        super().__init__()
        self.pauses = pauses

    def call(self, *args: Any, **options: Any) -> Answer:
        if not str(args[2]).endswith("token"):
            return super().call(*args, **options)
        self._at("asking")
        answer = super().call(*args, **options)
        self._at("answered")
        return answer

    def _at(self, where: str) -> None:
        if where in self.pauses:
            say({"at": where})
            sys.stdin.readline()


class Agent:
    """A container, and what it takes to use it."""

    def __init__(self, setting: Setting) -> None:
        secret = SecretEnv("SHOP_APPSECRET")
        source = ClassicToken(secret) if setting["source"] == "classic" else StableToken(secret)
        self.account = OfficialAccount(
            "shop",
            setting["appid"],
            api=setting["url"],
            token=source,
            retry_s=setting.get("retry_s", 30.0),
        )
        self.later_s = 0.0
        self.last = threading.local()
        http = PausingHttp(setting.get("pauses", ()))
        store, locks = places(setting)
        self.container = container.TokenContainer(
            http, store, locks, clock=lambda: time.time() + self.later_s
        )
        self.client = Client(http, self.container, self.account)

    def does(self, line: str) -> Said:
        match line.split():
            case ["later", seconds]:
                self.later_s += float(seconds)
                return {}
            case ["call", "again", times]:
                return [self.does("call") for _ in range(int(times))][-1]
            case ["call"]:
                return self.tries(self.call)
            case ["token"]:
                return self.tries(lambda: self.container.token(self.account))
            case ["refused"]:
                return self.tries(lambda: self.container.refused(self.account, self.last.token))
        raise AssertionError(line)

    def call(self) -> Secret:
        self.client.get(CALL)
        return self.container.token(self.account)

    def tries(self, work: Callable[[], Secret]) -> Said:
        try:
            self.last.token = work()
            return {"token": digest(self.last.token)}
        except MenuopsError as error:
            return {
                "error": type(error).__name__,
                "message": error.message,
                "fix": error.fix,
                "exit": error.outcome.exit_code,
            }


def places(setting: Setting) -> tuple[TokenStore, Locks]:
    if "redis" in setting:
        timeout_s = setting.get("redis_timeout_s", 5.0)
        server = RedisServer(Secret(setting["redis"]), named_by="SHOP_REDIS", timeout_s=timeout_s)
        return RedisStore(server), RedisLocks(server, command="an agent")
    if "directory" in setting:
        directory = Path(setting["directory"])
        return FileStore(directory / "tokens"), FileLocks(directory / "locks", command="an agent")
    return FileStore(), FileLocks(command="an agent")


def be_set_up(setting: Setting) -> None:
    """Change this process, and the names that can't be had otherwise, as the setting says."""
    if "lease_s" in setting:
        vars(keeper).update(LEASE_S=setting["lease_s"], request_time_s=lambda _account: 0.0)
    if "wait_s" in setting:
        vars(keeper).update(TOKEN_WAIT_S=setting["wait_s"])
    if setting.get("dies_when_written"):
        vars(os).update(fsync=lambda _file: os.kill(os.getpid(), signal.SIGKILL))
    if "user" in setting:
        import_all(setting["url"])  # the new user may not be allowed to read the packages
        os.setgroups([])
        os.setgid(setting["user"])
        os.setuid(setting["user"])
    if "file_bytes" in setting:
        resource.setrlimit(resource.RLIMIT_FSIZE, (setting["file_bytes"],) * 2)


def import_all(url: str) -> None:
    """Import all that is else imported at its first use, by using it."""
    key = TokenKey(url, "wx")
    token = StoredToken(Secret("t"), "stable", 0.0, 1.0)
    with tempfile.TemporaryDirectory() as scratch, Http() as http:
        store, locks = places({"directory": scratch})
        with locks.held(LockKey(url, "wx", "token")):
            store.ready()
            store.put(key, token, None)
            store.get(key)
        http.call(
            "GET",
            url,
            "/cgi-bin/nothing",
            query={},
            body=None,
            connect_timeout_s=9,
            read_timeout_s=9,
        )


def alone(setting: Setting) -> None:
    agent = Agent(setting)
    say({"ready": True})
    while line := sys.stdin.readline():
        say(agent.does(line))


def crowd(setting: Setting) -> None:
    words: list[str] = setting["crowd"]["words"]
    processes: int = setting["crowd"]["processes"]
    import_all(setting["url"])
    turns = [os.pipe() for _ in words]
    from_all, to_parent = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            try:
                os.close(from_all)
                for _, starts in turns:
                    os.close(starts)
                one_of_crowd(setting, [waits for waits, _ in turns], to_parent)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        children.append(child)
    os.close(to_parent)
    with os.fdopen(from_all, encoding="utf-8") as results:
        for _ in range(processes):
            assert results.readline() == "ready\n"
        say({"ready": True})
        for waits, starts in turns:
            sys.stdin.readline()
            os.close(waits)
            os.close(starts)  # which all see at once
            say([said for _ in range(processes) for said in json.loads(results.readline())])
    for child in children:
        os.waitpid(child, 0)


def one_of_crowd(setting: Setting, turns: Sequence[int], to_parent: int) -> None:
    agent = Agent(setting)
    threads: int = setting["crowd"]["threads"]
    together = threading.Barrier(threads)

    def do(word: str) -> Said:
        together.wait()
        return agent.does(word)

    with ThreadPoolExecutor(threads) as pool:
        os.write(to_parent, b"ready\n")
        for turn, word in zip(turns, setting["crowd"]["words"], strict=True):
            os.read(turn, 1)
            got = list(pool.map(do, [word] * threads))
            os.write(to_parent, json.dumps(got).encode() + b"\n")


def main() -> None:
    setting = json.loads(sys.argv[1])
    be_set_up(setting)
    if "crowd" in setting:
        crowd(setting)
    else:
        alone(setting)


if __name__ == "__main__":
    main()
