"""Many processes and threads that need a token at the same moment make one call for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Fault
from tests.redis_server import LocalRedis

from .agent import CALL
from .conftest import Process, Start, WeChat, in_files, in_redis, kept


def turn(crowd: Process) -> list[dict[str, Any]]:
    """Let all of a crowd do what is next; give what each thread got."""
    crowd.tell("go")
    got: list[dict[str, Any]] = crowd.hear()
    return got


def test_fifty_processes_with_four_threads_each_make_one_call(
    wechat: WeChat, start: Start, tmp_path: Path
) -> None:
    shared = in_files(tmp_path)
    crowd = start(shared, crowd={"processes": 50, "threads": 4, "words": ["token"]})
    got = turn(crowd)
    assert len(got) == 200
    assert {tuple(said) for said in got} == {("token",)}
    assert {said["token"] for said in got} == {kept(wechat, shared)}
    assert wechat.token_calls == 1


@pytest.mark.parametrize("source", ["stable", "classic"])
def test_ten_processes_that_share_nothing_but_a_redis_make_one_call(
    wechat: WeChat, start: Start, redis_server: LocalRedis, tmp_path: Path, source: str
) -> None:
    shared = in_redis(redis_server)
    machines = []
    for number in range(10):
        home = tmp_path / str(number)
        home.mkdir()
        env = {"HOME": str(home), "TMPDIR": str(home)}
        env |= {f"XDG_{kind}_HOME": str(home / kind) for kind in ("STATE", "CACHE", "CONFIG")}
        machines.append(start(shared, env=env, cwd=str(home), source=source))
    for machine in machines:
        machine.tell("token")
    got = [machine.hear() for machine in machines]
    assert got == [{"token": kept(wechat, shared)}] * 10
    assert wechat.token_calls == 1
    assert [list(path.rglob("*")) for path in sorted(tmp_path.glob("[0-9]"))] == [[]] * 10


def test_two_hundred_threads_that_share_a_redis_make_one_call(
    wechat: WeChat, start: Start, redis_server: LocalRedis
) -> None:
    shared = in_redis(redis_server)
    crowd = start(shared, crowd={"processes": 50, "threads": 4, "words": ["token"]})
    assert turn(crowd) == [{"token": kept(wechat, shared)}] * 200
    assert wechat.token_calls == 1


def test_token_that_is_refused_to_all_at_once_is_renewed_once(
    wechat: WeChat, start: Start, tmp_path: Path
) -> None:
    """Also where that goes on for ever: each token costs one call, whoever holds it."""
    shared = in_files(tmp_path)
    words = ["token", *["refused"] * 4]
    crowd = start(shared, crowd={"processes": 5, "threads": 8, "words": words})
    for calls in range(1, len(words) + 1):
        assert turn(crowd) == [{"token": kept(wechat, shared)}] * 40
        assert wechat.token_calls == calls


def test_endless_refusals_void_no_token_that_nobody_tried(
    wechat: WeChat, start: Start, tmp_path: Path
) -> None:
    """40001, whatever the token, which no renewal helps; each goes on at its own pace."""
    wechat.emulator.fail_next(CALL, Fault.errcode(40001), times=10_000)
    crowd = start(
        in_files(tmp_path), crowd={"processes": 5, "threads": 8, "words": ["call again 5"]}
    )
    assert [said["error"] for said in turn(crowd)] == ["TokenRefused"] * 40
    requests = wechat.emulator.requests
    tried = {request.query["access_token"] for request in requests if request.path == CALL}
    assert wechat.token_calls == len(tried)
