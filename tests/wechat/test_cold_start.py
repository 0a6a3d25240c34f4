"""Threads and processes that start cold make one token call together."""

from __future__ import annotations

import subprocess
import sys

import pytest

from menuops.core.account import TokenSource
from menuops.wechat.tokens.memory_store import MemoryStore

from .conftest import APPID, CLASSIC, SECRET, STABLE, World, in_threads

PROGRAM = """
import hashlib, sys
from pathlib import Path, PurePath
from menuops.core.account import Account, ClassicToken, SecretEnv, StableToken
from menuops.core.schedule import always
from menuops.locks import FileLocks
from menuops.transport import Http
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore

url, appid, directory, kind, now_s = sys.argv[1:]
source = {"stable": StableToken, "classic": ClassicToken}[kind](SecretEnv("SHOP_APPSECRET"))
account = Account("shop", appid, source, url, menus=always(PurePath("m.yaml")))
with Http() as http:
    container = TokenContainer(
        http,
        FileStore(Path(directory) / "tokens"),
        FileLocks(Path(directory) / "locks"),
        clock=lambda: float(now_s),
    )
    container.register(account)
    print("ready", flush=True)
    sys.stdin.readline()
    print(hashlib.sha256(container.token(account).reveal().encode()).hexdigest())
"""


@pytest.mark.parametrize("source", [STABLE, CLASSIC], ids=["stable", "classic"])
def test_threads_of_one_container(world: World, source: TokenSource) -> None:
    container = world.container()
    account = world.account(source)
    got = in_threads(lambda: container.token(account), 16)
    assert len(set(got)) == 1
    assert world.token_calls() == 1


def test_threads_of_a_container_each(world: World) -> None:
    got = in_threads(lambda: world.container().token(world.account(CLASSIC)), 8)
    assert len(set(got)) == 1
    assert world.token_calls() == 1


def test_memory_is_shared_by_threads(world: World) -> None:
    container = world.container(MemoryStore())
    in_threads(lambda: container.token(world.account(CLASSIC)), 8)
    assert world.token_calls() == 1


@pytest.mark.parametrize("kind", ["stable", "classic"])
def test_processes(world: World, kind: str) -> None:
    command = [sys.executable, "-c", PROGRAM, world.url, APPID, str(world.directory), kind]
    processes = [
        subprocess.Popen(
            [*command, str(world.clock())],
            env={"SHOP_APPSECRET": SECRET, "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    got = [process.communicate(timeout=30)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * 5
    assert len(set(got)) == 1
    assert world.token_calls() == 1
    assert world.container().token(world.account())  # warm now: no further call
    assert world.token_calls() == 1
