"""One holder at a time over processes and machines; whoever loses a lock is told."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from menuops.core.errors import Locked
from menuops.core.outcome import Outcome
from menuops.core.secret import Secret
from menuops.locks import LockKey, LockLost, LockUnusable, RedisLocks, RedisServer
from tests.redis_server import LocalRedis

KEY = LockKey("https://api.weixin.qq.com", "wx0123456789abcdef", "apply")
NAME = "menuops:{wx0123456789abcdef-def862e4c8b6649b}:apply-lock"
SHORT_S = 1.0
TIMEOUT_S = 30.0

HOLD = """
import sys
from menuops.core.secret import Secret
from menuops.locks import LockKey, LockLost, LockUnusable, RedisLocks, RedisServer
url, lease_s, *key = sys.argv[1:]
with RedisServer(Secret(url), named_by="it") as server:
    locks = RedisLocks(server, command="menuops apply (run 7)")
    try:
        with locks.held(LockKey(*key), 30.0, lease_s=float(lease_s)) as confirm:
            print("held", flush=True)
            for line in sys.stdin:
                confirm()
                print("confirmed", flush=True)
    except LockLost as error:
        print(error.message, flush=True)
"""


@contextmanager
def opened(url: str, timeout_s: float = 5.0, command: str = "menuops") -> Iterator[RedisLocks]:
    with RedisServer(Secret(url), named_by="SHOP_REDIS", timeout_s=timeout_s) as server:
        yield RedisLocks(server, command=command)


@pytest.fixture
def locks(redis_server: LocalRedis) -> Iterator[RedisLocks]:
    with opened(redis_server.url) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until_s = time.monotonic() + 5
    while set(threading.enumerate()) - before:
        assert time.monotonic() < until_s
        time.sleep(0.005)


def renewing_threads() -> int:
    return sum(thread.name == "menuops-leases" for thread in threading.enumerate())


class Holding:
    """Another process that holds the lock; each line that it is told makes it confirm."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def hears(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def confirms(self) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.hears()

    def ends(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait() == 0


@contextmanager
def held_by_another(redis: LocalRedis, lease_s: float = 60.0) -> Iterator[Holding]:
    command = [sys.executable, "-c", HOLD, redis.url, str(lease_s), KEY.api, KEY.appid, KEY.purpose]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        holding = Holding(process)
        assert holding.hears() == "held"
        yield holding
        process.send_signal(signal.SIGCONT)
        process.kill()


def take(locks: RedisLocks, timeout_s: float = 0.0) -> None:
    with locks.held(KEY, timeout_s):
        pass


def until(true: Callable[[], bool]) -> None:
    limit_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit_s
        time.sleep(0.005)


def test_lock_of_another_process_is_an_error_that_names_it_and_its_end(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    with held_by_another(redis_server) as other, pytest.raises(Locked) as caught:
        take(locks)
    error = caught.value
    assert f"menuops apply (run 7), process {other.process.pid} on " in error.message
    assert KEY.appid in error.message
    assert error.outcome is Outcome.LOCKED
    assert "the lock ends in " in error.fix


def test_waiting_gets_the_lock_once_it_is_free(redis_server: LocalRedis, locks: RedisLocks) -> None:
    with held_by_another(redis_server) as other:
        other.ends()
        take(locks, TIMEOUT_S)


def test_waiting_ends_in_time(redis_server: LocalRedis, locks: RedisLocks) -> None:
    with held_by_another(redis_server):
        began_s = time.monotonic()
        with pytest.raises(Locked):
            take(locks, 0.3)
        assert 0.3 <= time.monotonic() - began_s < 3


def test_lock_of_a_dead_process_ends_with_its_lease(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    with held_by_another(redis_server, lease_s=SHORT_S) as other:
        other.process.kill()
        other.process.wait()
        with pytest.raises(Locked):
            take(locks)
        assert 0 < redis_server.call("PTTL", NAME) <= 1000
        take(locks, TIMEOUT_S)


def test_lease_is_renewed_for_as_long_as_the_lock_is_held(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    with locks.held(KEY, lease_s=SHORT_S):
        text = redis_server.call("GET", NAME)
        until_s = time.monotonic() + 2.5 * SHORT_S
        while time.monotonic() < until_s:
            assert redis_server.call("GET", NAME) == text
    assert redis_server.call("EXISTS", NAME) == 0


def test_confirming_gives_a_whole_lease(redis_server: LocalRedis, locks: RedisLocks) -> None:
    with locks.held(KEY, lease_s=60.0) as confirm:
        redis_server.call("PEXPIRE", NAME, 5000)
        confirm()
        assert redis_server.call("PTTL", NAME) > 59_000


def test_frozen_holder_loses_its_lease_and_is_told_who_has_it(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    with held_by_another(redis_server, lease_s=SHORT_S) as other:
        assert other.confirms() == "confirmed"
        other.process.send_signal(signal.SIGSTOP)
        with locks.held(KEY, TIMEOUT_S) as confirm:
            other.process.send_signal(signal.SIGCONT)
            told = other.confirms()
            assert "the apply lock was lost" in told
            assert f"now menuops, process {os.getpid()} on " in told
            assert other.process.wait() == 0
            confirm()  # its end took nothing from us
        assert redis_server.call("EXISTS", NAME) == 0


def test_lease_that_ended_is_lost_also_where_nobody_took_it(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    """Somebody may have had it in between."""
    with locks.held(KEY) as confirm:
        text = redis_server.call("GET", NAME)
        redis_server.call("DEL", NAME)
        with pytest.raises(LockLost, match=r"forgot it\n") as caught:
            confirm()
        assert caught.value.fix
        redis_server.call("SET", NAME, text)  # as a primary that comes back may have it
        with pytest.raises(LockLost):
            confirm()


def test_loss_is_noticed_by_the_renewal_and_kept_in_mind(
    redis_server: LocalRedis, locks: RedisLocks, caplog: pytest.LogCaptureFixture
) -> None:
    with locks.held(KEY, lease_s=SHORT_S) as confirm:
        text = redis_server.call("GETDEL", NAME)
        until(lambda: "was lost while it was held" in caplog.text)
        redis_server.call("SET", NAME, text)
        with pytest.raises(LockLost):
            confirm()


def test_lock_of_another_is_not_released(redis_server: LocalRedis, locks: RedisLocks) -> None:
    with locks.held(KEY):
        redis_server.call("SET", NAME, "another's")
    assert redis_server.call("GET", NAME) == b"another's"


def test_redis_that_comes_back_empty_is_told(own_redis: LocalRedis) -> None:
    with opened(own_redis.url) as locks, locks.held(KEY) as confirm:
        own_redis.stop()
        with pytest.raises(LockUnusable, match=r"can't be confirmed.*refused"):
            confirm()
        own_redis.start()
        with pytest.raises(LockLost, match="forgot it"):
            confirm()
        take_by_another(own_redis)


def take_by_another(redis: LocalRedis) -> None:
    with opened(redis.url) as locks:
        take(locks)


def test_renewal_goes_on_once_redis_answers_again(
    own_redis: LocalRedis, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(own_redis.url, timeout_s=0.2) as locks, locks.held(KEY, lease_s=3.0) as confirm:
        own_redis.freeze()
        until(lambda: "aren't renewed" in caplog.text)
        own_redis.thaw()
        own_redis.call("PEXPIRE", NAME, 2000)
        until(lambda: own_redis.call("PTTL", NAME) > 2000)
        confirm()


def test_lock_is_never_done_without(own_redis: LocalRedis) -> None:
    own_redis.stop()
    with opened(own_redis.url) as locks:
        with pytest.raises(LockUnusable, match="can't be taken") as caught:
            take(locks, TIMEOUT_S)
        assert own_redis.address in caught.value.message
        assert caught.value.fix
        assert locks.holder(KEY) is None


def test_redis_that_hangs_is_asked_for_a_lock_only_once(own_redis: LocalRedis) -> None:
    own_redis.freeze()
    with opened(own_redis.url, timeout_s=1.0) as locks:
        began_s = time.monotonic()
        with pytest.raises(LockUnusable, match="no answer in time"):
            take(locks, TIMEOUT_S)
        assert time.monotonic() - began_s < 1.9


def test_redis_that_dies_while_another_waits_is_told_at_once(own_redis: LocalRedis) -> None:
    told: list[Exception] = []

    def wait() -> None:
        with opened(own_redis.url) as locks:
            try:
                take(locks, TIMEOUT_S)
            except Exception as error:
                told.append(error)

    with opened(own_redis.url) as locks, locks.held(KEY):
        thread = threading.Thread(target=wait)
        thread.start()
        until(lambda: own_redis.call("INFO", "commandstats")["cmdstat_eval"]["calls"] > 3)
        own_redis.stop()
        thread.join()
    assert [type(error) for error in told] == [LockUnusable]


def test_leaving_hides_nothing_and_raises_nothing(
    own_redis: LocalRedis, caplog: pytest.LogCaptureFixture
) -> None:
    """A lock that can't be released ends with its lease."""
    caplog.set_level(logging.INFO)
    with opened(own_redis.url) as locks:
        with pytest.raises(ZeroDivisionError), locks.held(KEY):
            stop_and_fail(own_redis)
        own_redis.start()
        with locks.held(KEY):
            own_redis.stop()
    assert "isn't released, its lease will end" in caplog.text
    assert {record.levelname for record in caplog.records} == {"INFO"}


def stop_and_fail(redis: LocalRedis) -> None:
    redis.stop()
    raise ZeroDivisionError


def test_lock_is_free_after_an_exception(redis_server: LocalRedis, locks: RedisLocks) -> None:
    with pytest.raises(ZeroDivisionError), locks.held(KEY):
        raise ZeroDivisionError
    assert redis_server.call("KEYS", "*") == []


def test_threads_exclude_each_other(redis_server: LocalRedis) -> None:
    """Some share their locks, some have their own, as other processes would."""
    inside = 0
    most = 0
    turns = 0
    with ExitStack() as stack:
        two = [stack.enter_context(opened(redis_server.url)) for _ in range(2)]

        def work(locks: RedisLocks) -> None:
            nonlocal inside, most, turns
            for _ in range(5):
                with locks.held(KEY, TIMEOUT_S):
                    inside += 1
                    most = max(most, inside)
                    turns += 1
                    inside -= 1

        threads = [threading.Thread(target=work, args=(two[n % 2],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, turns) == (1, 40)


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "an object each"])
def test_asking_twice_in_one_thread_is_refused_and_not_a_deadlock(
    redis_server: LocalRedis, locks: RedisLocks, shared: bool
) -> None:
    with opened(redis_server.url) as others, locks.held(KEY):
        for _ in range(2):  # a refusal leaves nothing behind
            with pytest.raises(Locked, match=f"process {os.getpid()} "):
                take(locks if shared else others, timeout_s=0.05)
    take(locks)


def test_other_accounts_purposes_and_hosts_have_locks_of_their_own(locks: RedisLocks) -> None:
    with (
        locks.held(KEY),
        locks.held(LockKey(KEY.api, KEY.appid, "token")),
        locks.held(LockKey(KEY.api, "wx1", "apply")),
        locks.held(LockKey("http://127.0.0.1:8080", KEY.appid, "apply")),
    ):
        assert renewing_threads() == 1


def test_thousand_locks_are_renewed_by_one_thread(
    redis_server: LocalRedis, locks: RedisLocks
) -> None:
    keys = [LockKey(KEY.api, f"wx{n}", "apply") for n in range(1000)]
    with ExitStack() as stack:
        confirms = [stack.enter_context(locks.held(key, lease_s=6.0)) for key in keys]
        assert renewing_threads() == 1
        names = redis_server.call("KEYS", "menuops:*")
        assert len(names) == 1000
        with redis_server.client() as client, client.pipeline(transaction=False) as pipeline:
            # Each was renewed if each lives for longer than it does now, 2 s after the last.
            until(lambda: all(left_ms > 4500 for left_ms in lives(pipeline, names)))
            until(lambda: all(left_ms < 4400 for left_ms in lives(pipeline, names[:1])))
            until(lambda: all(left_ms > 4500 for left_ms in lives(pipeline, names)))
        confirms[0]()
        confirms[-1]()
    assert redis_server.call("DBSIZE") == 0


def lives(pipeline: Any, names: list[bytes]) -> list[int]:
    for name in names:
        pipeline.pttl(name)
    left_ms: list[int] = pipeline.execute()
    return left_ms


def test_thousand_locks_are_left_soon_when_redis_hangs(own_redis: LocalRedis) -> None:
    with opened(own_redis.url, timeout_s=0.2) as locks:
        with ExitStack() as stack:
            for n in range(1000):
                stack.enter_context(locks.held(LockKey(KEY.api, f"wx{n}", "apply")))
            own_redis.freeze()
            began_s = time.monotonic()
        assert time.monotonic() - began_s < 3


def test_no_thread_stays_when_nothing_is_held(locks: RedisLocks) -> None:
    for _ in range(3):
        with locks.held(KEY):
            assert renewing_threads() == 1
        until(lambda: renewing_threads() == 0)


def test_renewal_of_an_earlier_turn_leaves_the_next_alone(locks: RedisLocks) -> None:
    """It may be under way while its lock is released and taken again."""
    with locks.held(KEY):
        (earlier,) = locks._renewal._leases.values()
    with locks.held(KEY) as confirm:
        locks._renewal._renew([earlier])
        assert not earlier.lost
        assert list(locks._renewal._leases) == [NAME]
        confirm()


def test_forked_process_leaves_alone_what_its_parent_holds(redis_server: LocalRedis) -> None:
    program = """
import os, sys, time
from menuops.core.secret import Secret
from menuops.locks import LockKey, RedisLocks, RedisServer
with RedisServer(Secret(sys.argv[1]), named_by="it") as server:
    locks = RedisLocks(server)
    child = 0
    try:
        with locks.held(LockKey("https://h", "wx1", "apply"), lease_s=1.0) as confirm:
            child = os.fork()
            if child == 0:
                with locks.held(LockKey("https://h", "wx2", "apply"), lease_s=1.0) as confirm:
                    assert len(locks._renewal._leases) == 1
                    time.sleep(1.5)
                    confirm()
                sys.exit()  # leaves the parent's block, too
            assert os.waitpid(child, 0)[1] == 0
            confirm()
    finally:
        if child == 0:
            os._exit(sys.exc_info()[0] is not SystemExit)
"""
    subprocess.run([sys.executable, "-c", program, redis_server.url], check=True, timeout=60)


@contextmanager
def losing_answers(redis: LocalRedis, count: int) -> Iterator[str]:
    """A way to Redis that hands its first `count` commands of EVAL on, and cuts off the answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    left = count
    threads: list[threading.Thread] = []

    def carry(near: socket.socket) -> None:
        nonlocal left
        with near, socket.create_connection(("127.0.0.1", redis.port)) as far:
            while sent := near.recv(65536):
                far.sendall(sent)
                answer = far.recv(65536)
                if b"EVAL" in sent and left:
                    left -= 1
                    return
                near.sendall(answer)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                threads.append(threading.Thread(target=carry, args=(near,)))
                threads[-1].start()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        serving.join()
        for thread in threads:
            thread.join()


def test_lock_that_was_got_though_the_answer_was_lost_is_ours(redis_server: LocalRedis) -> None:
    with (
        losing_answers(redis_server, 2) as url,
        opened(url) as locks,
        locks.held(KEY) as confirm,
    ):
        assert redis_server.call("EXISTS", NAME) == 1
        confirm()
    assert redis_server.call("EXISTS", NAME) == 0


def test_interrupt_while_asking_leaves_no_lock(
    redis_server: LocalRedis, locks: RedisLocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C may come after Redis gave the lock and before we heard of it."""
    asked = RedisServer.replace

    def interrupted(*arguments: Any) -> Any:
        asked(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(RedisServer, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take(locks)
    assert redis_server.call("EXISTS", NAME) == 0


def test_holder_is_told_while_it_holds_and_gone_after(redis_server: LocalRedis) -> None:
    with opened(redis_server.url, command="menuops apply 发布\udc80") as locks:
        assert locks.holder(KEY) is None
        with locks.held(KEY):
            holder = locks.holder(KEY)
            assert holder is not None
            assert (holder.pid, holder.command) == (os.getpid(), "menuops apply 发布?")
        assert locks.holder(KEY) is None


@pytest.mark.parametrize("text", [b"", b"\xff", b"{}", b"[" * 5000, b'{"pid": "x"}', b"null"])
def test_lock_of_who_knows_whom_is_respected(
    redis_server: LocalRedis, locks: RedisLocks, text: bytes
) -> None:
    redis_server.call("SET", NAME, text)
    assert locks.holder(KEY) is None
    with pytest.raises(Locked, match="not said who") as caught:
        take(locks)
    assert NAME in caught.value.fix


def test_key_that_can_be_no_lock_is_told(redis_server: LocalRedis, locks: RedisLocks) -> None:
    redis_server.call("HSET", NAME, "a", "b")
    assert locks.holder(KEY) is None
    with pytest.raises(LockUnusable, match="is no lock but a hash") as caught:
        take(locks, TIMEOUT_S)
    assert NAME in caught.value.fix


def test_every_turn_has_a_text_of_its_own(redis_server: LocalRedis, locks: RedisLocks) -> None:
    """So that a turn of the same process in the same second isn't taken for this one."""
    nonces = set()
    for _ in range(3):
        with locks.held(KEY):
            nonces.add(json.loads(redis_server.call("GET", NAME))["nonce"])
    assert len(nonces) == 3


def test_processes_exclude_each_other(redis_server: LocalRedis) -> None:
    """Each adds one to a number, in steps that another in between would undo."""
    program = """
import sys
from menuops.core.secret import Secret
from menuops.locks import LockKey, RedisLocks, RedisServer
import redis
url, *key = sys.argv[1:]
with RedisServer(Secret(url), named_by="it") as server, redis.Redis.from_url(url) as other:
    locks = RedisLocks(server)
    for _ in range(10):
        with locks.held(LockKey(*key), 60.0):
            seen = int(other.get("count") or 0)
            other.ping()
            other.set("count", seen + 1)
"""
    command = [sys.executable, "-c", program, redis_server.url, KEY.api, KEY.appid, KEY.purpose]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    assert redis_server.call("GET", "count") == b"40"
