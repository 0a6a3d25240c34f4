"""A process that is forked while its parent holds a lock has nothing of it, and takes its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.redis_server import LocalRedis

LOCKS = """
import os, signal, sys, threading
from pathlib import Path
from menuops.core.errors import Locked
from menuops.core.secret import Secret
from menuops.locks import FileLocks, LockKey, RedisLocks, RedisServer

KEY, OTHER = (LockKey("https://h", appid, "apply") for appid in ("wx1", "wx2"))
signal.alarm(50)

def made():
    kind, where = sys.argv[1:]
    if kind == "file":
        return FileLocks(Path(where))
    return RedisLocks(RedisServer(Secret(where), named_by="it"))

def is_free(key):
    try:
        with made().held(key):
            return True
    except Locked:
        return False

def in_child(act):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if act() else 2
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0

locks = made()
"""

LEAVES = """
class Leaves(Exception):
    pass

child = 0
try:
    with locks.held(KEY):
        child = os.fork()
        if child == 0:
            raise Leaves
        assert os.waitpid(child, 0)[1] == 0
        assert locks.holder(KEY).pid == os.getpid()
        in_child(lambda: not is_free(KEY))
except Leaves:
    os._exit(0)
finally:
    if child == 0:
        os._exit(1)
assert is_free(KEY)
"""

THREAD = """
held, over = threading.Event(), threading.Event()

def hold():
    with locks.held(KEY):
        held.set()
        over.wait()

thread = threading.Thread(target=hold)
thread.start()
held.wait()

def takes_it_once_it_is_free():
    with locks.held(OTHER):
        pass
    os.write(asks, b"x")
    with locks.held(KEY, timeout_s=40.0):
        return locks.holder(KEY).pid == os.getpid()

hears, asks = os.pipe()
child = os.fork()
if child == 0:
    code = 1
    try:
        code = 0 if takes_it_once_it_is_free() else 2
    finally:
        os._exit(code)
os.read(hears, 1)
over.set()
thread.join()
assert os.waitpid(child, 0)[1] == 0
"""

THREADS = """
with locks.held(KEY):
    pass

def of_many_threads_one_is_inside():
    inside, most, start = [], [], threading.Barrier(8)

    def work():
        start.wait()
        with locks.held(KEY, timeout_s=40.0) as confirm:
            inside.append(1)
            most.append(len(inside))
            confirm()
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return most == [1] * 8

in_child(of_many_threads_one_is_inside)
"""


@pytest.mark.parametrize("kind", ["file", "redis"])
@pytest.mark.parametrize(
    "program",
    [LEAVES, THREAD, THREADS],
    ids=["leaves its parent's block", "thread of its parent", "threads of its own"],
)
def test_forked_process_has_locks_of_its_own(
    kind: str, program: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    where = str(tmp_path)
    if kind == "redis":
        redis: LocalRedis = request.getfixturevalue("redis_server")
        where = redis.url
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOCKS + program, kind, where],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
