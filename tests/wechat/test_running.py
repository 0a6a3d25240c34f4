"""Programs that run for us end with us, and none is started once the end was asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from subprocess import Popen

import pytest

from menuops.wechat.tokens.running import Running

WAITING = "import sys; print(flush=True); sys.stdin.read()"


@pytest.fixture
def programs() -> Iterator[list[Popen[bytes]]]:
    made: list[Popen[bytes]] = []
    yield made
    for program in made:
        program.kill()
        program.communicate()


def started(running: Running, programs: list[Popen[bytes]]) -> Popen[bytes]:
    def start() -> Popen[bytes]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, "-c", WAITING]
        programs.append(Popen(command, start_new_session=True, **pipes))  # type: ignore[call-overload]
        return programs[-1]

    program = running.start(start)
    assert program is not None
    assert program.stdout is not None
    assert program.stdout.readline() == b"\n"
    return program


def test_all_are_ended_and_none_is_started_until_it_is_allowed_again(
    programs: list[Popen[bytes]],
) -> None:
    running = Running()
    both = [started(running, programs) for _ in range(2)]
    running.end_all()
    assert [program.wait() for program in both] == [-signal.SIGKILL] * 2
    assert running.start(pytest.fail) is None
    running.reopen()
    assert not running.has_ended(started(running, programs))


def test_what_was_forgotten_or_has_ended_is_left_alone(programs: list[Popen[bytes]]) -> None:
    """The number of a process that has ended may be another's by then."""
    running = Running()
    forgotten, ended = (started(running, programs) for _ in range(2))
    running.forget(forgotten)
    ended.kill()
    ended.wait()
    assert running.has_ended(ended)
    running.kill(ended)
    running.end_all()
    assert forgotten.poll() is None
