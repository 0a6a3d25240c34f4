"""What else happens between the calls of an apply: others write, the clock jumps, signals come."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from menuops.locks import FileLocks, LockKey
from tests.redis_server import LocalRedis
from tests.site import Ended, Site, click

from .conftest import until
from .gateway import Act, Line, passing
from .processes import At, Running, Zygote, opened_zygote
from .stage import (
    AFTER,
    CALLS,
    Stage,
    appid,
    assert_all_as_wanted,
    assert_end_is_right,
    assert_journal_is_true,
    follow,
    plan_and_apply,
    printed,
    set_stage,
)

NAMES: Final = ("one", "two")
STEPS: Final = len(NAMES) * len(CALLS)
THEIRS: Final = {"button": [{"name": "他们的", "type": "text", "value": "您好"}]}


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with opened_zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.fixture
def stage(site: Site) -> Iterator[Stage]:
    with set_stage(site, NAMES) as opened:
        yield opened


def before(act: Callable[[], object]) -> Act:
    """Do something before a call is done."""

    def acts(line: Line) -> None:
        line.read()
        act()
        passing(line)

    return acts


# Another apply


@pytest.mark.parametrize("step", range(STEPS))
def test_a_second_apply_while_one_is_in_a_call(
    stage: Stage, zygote: Zygote, step: int, counted: Callable[..., None]
) -> None:
    """It is told who holds the lock; the first goes on as if nothing were."""
    others: list[Ended] = []
    number = stage.request_of(*divmod(step, len(CALLS)))
    stage.gateway.acts[number] = before(lambda: others.append(stage.run("apply", "plan.json")))
    running = zygote.begin(stage.site, "apply", "plan.json")
    assert_end_is_right(stage, running.ended(), 0)
    (other,) = others
    assert other.code == 8, other.said
    assert f"process {running.pid} on {os.uname().nodename}, since 20" in other.err
    assert "othing was written" in other.err
    assert_all_as_wanted(stage)
    assert len(stage.runs()) == 1
    counted()


def test_two_applies_at_once_make_each_call_once(
    stage: Stage, counted: Callable[..., None]
) -> None:
    """Whoever comes first; the other is locked out, or finds that all is done."""
    stage.gateway.hold()
    sites: list[Ended] = []
    threads = [
        threading.Thread(target=lambda: sites.append(stage.site.command("apply", "plan.json")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    stage.gateway.go_on()
    for thread in threads:
        thread.join()
    codes = sorted(ended.code for ended in sites)
    assert codes in ([0, 0], [0, 8]), [ended.said for ended in sites]
    assert sum(asked.call in CALLS for asked in stage.gateway.seen) == STEPS
    assert_all_as_wanted(stage)
    counted()


# The web console


@pytest.mark.parametrize("step", range(len(CALLS)))
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["publishes", "switches off"])
def test_the_console_between_two_calls(
    stage: Stage, name: str, step: int, what: str, counted: Callable[..., None]
) -> None:
    """Before the create it is written over, as approved; after it, it is told and left."""

    def change() -> None:
        if what == "publishes":
            stage.site.emulator.put_console(appid(name), THEIRS)
        else:
            stage.site.emulator.close_menu(appid(name))

    number = stage.request_of(NAMES.index(name), step)
    stage.gateway.acts[number] = before(change)
    ended = stage.run("apply", "plan.json")
    stage.gateway.begin()
    (run,) = stage.runs()
    assert_journal_is_true(stage, run)
    if step == 0:
        assert_end_is_right(stage, ended, 0)
        assert_all_as_wanted(stage)
    else:
        assert ended.code == 6, ended.said
        assert "the web console's menu is in force" in ended.out
        look = stage.run(*printed(ended, "Look"))
        assert look.code == 4, look.said
        assert "--allow console-menu" in look.out
        plan_and_apply(stage, run, "console-menu", "live-changed")
    counted()


@pytest.mark.parametrize("step", range(1, len(CALLS)))
def test_another_program_between_two_calls(
    stage: Stage, step: int, counted: Callable[..., None]
) -> None:
    """It replaces all menus; what is left of the calls fails or is told in the end."""
    theirs = [click("别的")]
    number = stage.request_of(0, step)
    stage.gateway.acts[number] = before(lambda: stage.site.live(theirs, appid=appid("one")))
    ended = stage.run("apply", "plan.json")
    stage.gateway.begin()
    assert ended.code == 6, ended.said
    assert "not as planned" in ended.out
    plan_and_apply(stage, "", "live-changed")
    counted()


# The clock


@pytest.mark.parametrize("do", ["jump 90000", "jump -90000", "jump 63072000", "jump -630720000"])
@pytest.mark.parametrize("number", [1, 2, STEPS])
def test_the_clock_jumps_between_two_calls(
    stage: Stage, zygote: Zygote, do: str, number: int, counted: Callable[..., None]
) -> None:
    """By a day or by years: the run is finished, its journal is in order, its lock isn't lost."""
    ended = zygote.run(stage.site, "apply", "plan.json", at=At("call", number, do))
    assert_end_is_right(stage, ended, 0)
    (run,) = stage.runs()
    assert_journal_is_true(stage, run)
    assert stage.journal(run)[-1]["event"] == "end"
    follow(stage, ended, "Undo")
    assert stage.live() == stage.before
    counted()


# Signals


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
def test_a_signal_lets_each_call_finish(
    stage: Stage,
    zygote: Zygote,
    step: int,
    number: signal.Signals,
    code: int,
    counted: Callable[..., None],
) -> None:
    running = begin_with(stage, zygote, step, [number])
    ended = running.ended()
    (run,) = stage.runs()
    last = step == STEPS - 1
    assert ended.code == (0 if last else code), ended.said
    assert_journal_is_true(stage, run)
    said = [word for name in NAMES for word in stage.outcomes(run, name).values()]
    assert said == ["done"] * (step + 1)
    if not last:
        assert ended.out.splitlines()[-1].startswith("Interrupted after the call in flight: ")
        assert stage.journal(run)[-1]["exit_code"] == code
        follow(stage, ended, "Finish")
    assert_all_as_wanted(stage)
    counted()


@pytest.mark.parametrize("step", range(STEPS))
def test_a_second_signal_ends_at_once_and_the_journal_is_true(
    stage: Stage, zygote: Zygote, step: int, counted: Callable[..., None]
) -> None:
    running = begin_with(stage, zygote, step, [signal.SIGTERM, signal.SIGINT])
    ended = running.ended()
    assert ended.code == -signal.SIGINT, ended.said
    assert "the journal is true" in ended.err
    (run,) = stage.runs()
    assert_journal_is_true(stage, run)
    assert [word for name in NAMES for word in stage.outcomes(run, name).values()] == [
        *["done"] * step,
        "started",
    ]
    stage.gateway.begin()
    resumed = stage.run("apply", "--resume", run)
    assert resumed.code == 0, resumed.said
    assert_all_as_wanted(stage)
    counted()


def begin_with(stage: Stage, zygote: Zygote, step: int, signals: list[signal.Signals]) -> Running:
    """Begin an apply that gets signals while a call is in flight."""
    begun: list[Running] = []

    def interrupt() -> None:
        for number in signals:
            os.kill(begun[0].pid, number)
            # Two that are pending at once are handled in the order of their numbers.
            until(lambda: "finished first" in begun[0].said)

    stage.gateway.hold()
    stage.gateway.acts[stage.request_of(*divmod(step, len(CALLS)))] = before(interrupt)
    begun.append(zygote.begin(stage.site, "apply", "plan.json"))
    stage.gateway.go_on()
    return begun[0]


# Who holds a lock


def test_two_checkouts_share_the_locks_of_an_account(stage: Stage) -> None:
    """Another project of the same user, with the same appids under other names."""
    other = stage.site.root.with_name("checkout")
    other.mkdir()
    for path in ("menuops.yaml", "menus"):
        (other / path).symlink_to(stage.site.root / path)
    key = LockKey(stage.site.url, appid("two"), "apply")
    with FileLocks().held(key):
        ended = stage.site.command("apply", "--yes", cwd=other)
    assert ended.code == 8, ended.said
    assert f"process {os.getpid()} on {os.uname().nodename}, since " in ended.err
    assert stage.live() == stage.before


def test_accounts_of_other_hosts_or_appids_do_not_lock_each_other(stage: Stage) -> None:
    keys = [
        LockKey("https://other.example", appid("one"), "apply"),
        LockKey(stage.site.url, "wxthird", "apply"),
    ]
    with FileLocks().held(keys[0]), FileLocks().held(keys[1]):
        assert stage.site.command("apply", "plan.json").code == 0
    assert stage.live() == dict.fromkeys(NAMES, AFTER)


@pytest.fixture
def in_redis(site: Site, redis_server: LocalRedis) -> Iterator[Stage]:
    """Machines that share nothing but a Redis: each has a home of its own."""
    site.environ["TOKENS"] = redis_server.url
    keys = {"token_store": "redis", "token_store_env": "TOKENS"}
    with set_stage(site, NAMES, top=keys) as opened:
        yield opened


def elsewhere(stage: Stage, *arguments: str) -> Ended:
    """Run a command on another machine."""
    home = str(stage.site.home.with_name("elsewhere"))
    return stage.site.run(
        *arguments,
        environ={"HOME": home, "XDG_STATE_HOME": home, "XDG_CACHE_HOME": home},
    )


def test_an_apply_on_another_machine_is_told_who_holds_the_lock_in_redis(
    in_redis: Stage, zygote: Zygote, counted: Callable[..., None]
) -> None:
    others: list[Ended] = []
    number = in_redis.request_of(0, 1)
    in_redis.gateway.acts[number] = before(
        lambda: others.append(elsewhere(in_redis, "apply", "plan.json"))
    )
    running = zygote.begin(in_redis.site, "apply", "plan.json")
    assert_end_is_right(in_redis, running.ended(), 0)
    (other,) = others
    assert other.code == 8, other.said
    assert f"process {running.pid} on {os.uname().nodename}, since 20" in other.err
    assert "othing was written" in other.err
    assert_all_as_wanted(in_redis)
    counted()


def test_the_lock_in_redis_of_a_killed_process_says_when_it_ends(
    in_redis: Stage, zygote: Zygote, redis_server: LocalRedis, counted: Callable[..., None]
) -> None:
    killed = zygote.run(in_redis.site, "apply", "plan.json", at=At("call", 2, "die after"))
    assert killed.code == -signal.SIGKILL
    (run,) = in_redis.runs()
    locked = in_redis.run("apply", "--resume", run)
    assert locked.code == 8, locked.said
    assert "if its process is dead, the lock ends in " in locked.err
    for key in redis_server.call("KEYS", "*apply-lock"):
        redis_server.call("DEL", key)  # as if that time were over
    resumed = in_redis.run("apply", "--resume", run)
    assert resumed.code == 0, resumed.said
    assert_all_as_wanted(in_redis)
    counted()
