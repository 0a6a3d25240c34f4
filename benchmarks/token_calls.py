"""How many token calls clients make under load, and how many of their own calls fail.

menuops, wechatpy 1.8.18 and co-wechat-api 3.11.0 take classic tokens (`GET token`) of one account,
played by the emulator in this run. WeChat lets the token before the newest work for five minutes
more; "strict" rows are played by an emulator that ends it at once, as earlier measurements did.

    pip install -e '.[bench]'; python benchmarks/token_calls.py

co-wechat-api is installed by npm into a scratch directory; without npm its column is empty. The
rows with processes are menuops's alone: the peers share nothing between processes by themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from menuops.emulator import Account, Emulator, Fault
from menuops.emulator.answers import Answer
from menuops.emulator.request import Request

APPID: Final = "wx0123456789abcdef"
SECRET: Final = "0f0e0d0c0b0a09080706050403020100"  # noqa: S105  # the emulator's
LIMIT_S: Final = 120
PEER: Final = "co-wechat-api@3.11.0"

# Each client says "ready", waits for a line, makes its first calls at once and prints as JSON what
# each met: nothing, or an error.
MENUOPS: Final = """
import json, sys, threading
from menuops.wechat import (ClassicToken, Client, FileLocks, FileStore, Http, MenuopsError,
                            OfficialAccount, RedisLocks, RedisServer, RedisStore, Secret,
                            SecretGiven, TokenContainer)
from pathlib import Path
url, appid, secret, threads, directory, redis = sys.argv[1:]
account = OfficialAccount("bench", appid, ClassicToken(SecretGiven(Secret(secret))), url)
if redis:
    server = RedisServer(Secret(redis), named_by="the benchmark")
    store, locks = RedisStore(server), RedisLocks(server)
else:
    store, locks = FileStore(Path(directory) / "tokens"), FileLocks(Path(directory) / "locks")
http = Http()
client = Client(http, TokenContainer(http, store, locks), account)
def call():
    try:
        client.get("get_current_selfmenu_info")
        return ""
    except MenuopsError as error:
        return error.code
"""
WECHATPY: Final = """
import json, sys, threading
sys.setrecursionlimit(1000)
from wechatpy import WeChatClient
url, appid, secret, threads, directory, redis = sys.argv[1:]
class Local(WeChatClient):
    API_BASE_URL = url + "/cgi-bin/"
    def fetch_access_token(self):
        params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=url + "/cgi-bin/token", params=params)
client = Local(appid, secret)
def call():
    try:
        client.menu.get_menu_info()
        return ""
    except Exception as error:
        return type(error).__name__
"""
CROWD: Final = """
start = threading.Barrier(int(threads))
results = []
def run():
    start.wait()
    results.append(call())
crowd = [threading.Thread(target=run) for _ in range(int(threads))]
print("ready", flush=True)
sys.stdin.readline()
for thread in crowd: thread.start()
for thread in crowd: thread.join()
print(json.dumps(results), flush=True)
"""
NODE: Final = """
const [url, appid, secret, threads] = process.argv.slice(2);
const API = require('co-wechat-api');
const api = new API(appid, secret);
api.prefix = url + '/cgi-bin/';
const once = async () => {
  try {
    await api.getMenuConfig();
    return '';
  } catch (error) {
    return error.name + ' ' + error.code;
  }
};
console.log('ready');
process.stdin.once('data', async () => {
  const results = await Promise.all(Array.from({length: Number(threads)}, once));
  console.log(JSON.stringify(results));
  process.exit(0);
});
"""


class Strict(Emulator):
    """Ends the token before the newest at once."""

    def respond(self, request: Request) -> Answer:
        """End all tokens before a new one is given."""
        if request.path == "token":
            self.void_tokens(APPID)
        return super().respond(request)


@dataclass(frozen=True)
class Result:
    """What a crowd of clients did."""

    token_calls: int
    errors: tuple[str, ...]
    calls: int

    def __str__(self) -> str:
        words = [f"{self.token_calls} token call{'s' * (self.token_calls != 1)}"]
        if self.errors:
            kinds = ", ".join(sorted(set(self.errors)))
            words.append(f"{len(self.errors)} of {self.calls} failed ({kinds})")
        return ", ".join(words)


Trouble = Callable[[Emulator], None]


def nothing(_emulator: Emulator) -> None:
    """Let WeChat be as it is."""


def refuse_once(emulator: Emulator) -> None:
    """Answer 40001 to the first call, as when somebody else has fetched a token."""
    emulator.fail_next("get_current_selfmenu_info", Fault.errcode(40001))


def refuse_for_ever(emulator: Emulator) -> None:
    """Answer 40001 whatever the token is."""
    emulator.fail_next("get_current_selfmenu_info", Fault.errcode(40001), times=10**6)


def measure(
    command: list[str],
    *,
    processes: int = 1,
    threads: int = 1,
    strict: bool = False,
    trouble: Trouble = nothing,
    redis: str = "",
) -> Result:
    """Let clients make their first calls together, and count."""
    emulator = Strict() if strict else Emulator()
    emulator.add_account(Account(appid=APPID, secret=SECRET))
    trouble(emulator)
    with tempfile.TemporaryDirectory() as shared, emulator.serve() as url:
        crowd = []
        for number in range(processes):
            directory = Path(shared) / (str(number) if redis else "shared")
            arguments = [url, APPID, SECRET, str(threads), str(directory), redis]
            crowd.append(
                subprocess.Popen(
                    [*command, *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    env={**os.environ, "HOME": shared},
                )
            )
        results: list[str] = []
        try:
            for client in crowd:
                assert client.stdout is not None
                if client.stdout.readline() != "ready\n":
                    sys.exit(f"{command[0]} didn't start: {command[-1]}")
            for client in crowd:
                assert client.stdin is not None
                client.stdin.write("go\n")
                client.stdin.flush()
            for client in crowd:
                results += json.loads(client.communicate(timeout=LIMIT_S)[0])
        finally:
            for client in crowd:
                client.kill()
                client.wait()
        token_calls = sum(path.endswith("/token") for _, path, _ in emulator.calls)
    return Result(token_calls, tuple(filter(None, results)), len(results))


@contextmanager
def redis_url() -> Iterator[str | None]:
    """Start a Redis of our own, if one is installed."""
    if shutil.which("redis-server") is None:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if "Ready to accept connections" in line:
                break
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.communicate()


@contextmanager
def node_client() -> Iterator[list[str] | None]:
    """Install the peer that npm has; None without npm."""
    if shutil.which("npm") is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", directory, PEER],
            check=True,
        )
        script = Path(directory) / "client.js"
        script.write_text(NODE)
        yield ["node", str(script)]


def main() -> None:
    """Print the table."""
    with node_client() as node, redis_url() as redis:
        ours = [sys.executable, "-c", MENUOPS + CROWD]
        clients = {"menuops": ours, "wechatpy": [sys.executable, "-c", WECHATPY + CROWD]}
        if node is not None:
            clients["co-wechat-api"] = node
        rows: dict[str, Callable[[list[str]], Result]] = {
            "8 first calls at once": lambda client: measure(client, threads=8),
            "the same, strict": lambda client: measure(client, threads=8, strict=True),
            "the token is refused once": lambda client: measure(client, trouble=refuse_once),
            "every token is refused": lambda client: measure(client, trouble=refuse_for_ever),
        }
        for row, run in rows.items():
            print(row)
            for name, client in clients.items():
                print(f"  {name:<14} {run(client)}")
        print("50 processes with 4 threads each, strict")
        print(f"  {'menuops':<14} {measure(ours, processes=50, threads=4, strict=True)}")
        if redis is not None:
            print("10 processes that share a Redis alone, strict")
            print(f"  {'menuops':<14} {measure(ours, processes=10, strict=True, redis=redis)}")


if __name__ == "__main__":
    main()
