"""One holder at a time, over threads and processes; a lock ends with its process."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from menuops.core.errors import Locked
from menuops.core.outcome import Outcome
from menuops.locks import FileLocks, LockKey, LockUnusable, file_stem

KEY = LockKey("https://api.weixin.qq.com", "wx0123456789abcdef", "apply")

HOLD = """
import sys
from pathlib import Path
from menuops.locks import LockKey, FileLocks
with FileLocks(Path(sys.argv[1]), command="menuops apply (run 7)").held(LockKey(*sys.argv[2:5])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(directory: Path, key: LockKey = KEY) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(directory), key.api, key.appid, key.purpose]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(locks: FileLocks, timeout_s: float = 0.0) -> None:
    with locks.held(KEY, timeout_s):
        pass


def test_lock_of_another_process_is_an_error_that_names_it(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process, pytest.raises(Locked) as caught:
        take(FileLocks(tmp_path))
    message = caught.value.message
    assert f"process {process.pid} on " in message
    assert "menuops apply (run 7)" in message
    assert "Z" in message
    assert KEY.appid in message
    assert caught.value.outcome is Outcome.LOCKED
    assert caught.value.fix


def test_lock_ends_with_its_process_however_it_dies(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with FileLocks(tmp_path).held(KEY):
            pass


def test_waiting_gets_the_lock_once_it_is_free(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process:
        assert process.stdin is not None
        process.stdin.close()
        with FileLocks(tmp_path).held(KEY, timeout_s=10.0):
            pass


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "an object each"])
def test_threads_exclude_each_other(tmp_path: Path, shared: bool) -> None:
    locks = FileLocks(tmp_path)
    inside = 0
    most = 0
    turns = 0
    start = threading.Barrier(8)

    def work() -> None:
        nonlocal inside, most, turns
        mine = locks if shared else FileLocks(tmp_path)
        start.wait()
        for _ in range(5):
            with mine.held(KEY, timeout_s=30.0):
                inside += 1
                most = max(most, inside)
                turns += 1
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, turns) == (1, 40)


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "an object each"])
def test_asking_twice_in_one_thread_is_refused_and_not_a_deadlock(
    tmp_path: Path, shared: bool
) -> None:
    locks = FileLocks(tmp_path)
    with locks.held(KEY), pytest.raises(Locked, match=f"process {os.getpid()} "):
        take(locks if shared else FileLocks(tmp_path), timeout_s=0.05)
    with locks.held(KEY):
        pass


def test_other_accounts_purposes_and_hosts_have_locks_of_their_own(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path)
    with (
        locks.held(KEY),
        locks.held(LockKey(KEY.api, KEY.appid, "token")),
        locks.held(LockKey(KEY.api, "wx1", "apply")),
        locks.held(LockKey("http://127.0.0.1:8080", KEY.appid, "apply")),
    ):
        pass


def test_lock_is_free_after_an_exception(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path)
    with pytest.raises(KeyboardInterrupt), locks.held(KEY):
        raise KeyboardInterrupt
    take(FileLocks(tmp_path))


def test_directory_and_files_are_the_users_alone(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "locks"
    with FileLocks(directory).held(KEY):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        made = list(directory.iterdir())
        assert len(made) == 2
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


def test_directory_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    """It may be /tmp."""
    tmp_path.chmod(0o755)
    with FileLocks(tmp_path).held(KEY):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(LockUnusable, match=str(blocked)), FileLocks(blocked / "locks").held(KEY):
        pytest.fail("nothing was locked")


def test_lock_path_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept")
    link = tmp_path / f"{file_stem(KEY.api, KEY.appid)}.apply.lock"
    link.symlink_to(target)
    with pytest.raises(LockUnusable), FileLocks(tmp_path).held(KEY):
        pytest.fail("nothing was locked")
    assert target.read_text() == "kept"


def test_holder_is_told_while_it_holds_and_gone_after(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path, command="menuops apply")
    assert locks.holder(KEY) is None
    with locks.held(KEY):
        holder = locks.holder(KEY)
        assert holder is not None
        assert (holder.pid, holder.command) == (os.getpid(), "menuops apply")
    assert locks.holder(KEY) is None


def test_damaged_label_does_not_hide_the_lock(tmp_path: Path) -> None:
    with held_by_another(tmp_path):
        for label in tmp_path.glob("*.json"):
            label.write_text('{"pid": ')
        with pytest.raises(Locked, match="not said who"), FileLocks(tmp_path).held(KEY):
            pytest.fail("the lock was given twice")


def test_default_directory_is_the_users_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert FileLocks().directory.parts[-2:] == ("menuops", "locks")


def test_names_of_files_are_safe_and_distinct() -> None:
    assert "/" not in file_stem("https://h", "../../etc/passwd")
    assert file_stem("https://h", "wx1") != file_stem("http://h", "wx1")
    assert file_stem("https://h", "a/b") != file_stem("https://h", "a_b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_link_where_the_holder_is_written_stops_nobody(tmp_path: Path) -> None:
    beside = tmp_path / f"{file_stem(KEY.api, KEY.appid)}.{KEY.purpose}.json"
    os.mkfifo(beside)
    take(FileLocks(tmp_path))
    precious = tmp_path / "precious"
    precious.write_text("kept")
    beside.unlink(missing_ok=True)
    beside.symlink_to(precious)
    take(FileLocks(tmp_path))
    assert precious.read_text() == "kept"
