"""The real command while it writes: signals, and a person at a terminal."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from menuops.emulator import Fault
from tests.site import Site, click, conditional


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
def test_a_signal_lets_the_call_in_flight_finish(
    site: Site, number: signal.Signals, code: int
) -> None:
    """WeChat answers late; the signal comes meanwhile."""
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})
    site.emulator.fail_next("menu/create", Fault.delay(1.0))
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", "apply", "--yes", "--format", "json"],
        cwd=site.root,
        env=site.process_environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while "menu/create" not in site.calls:
        assert process.poll() is None
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code, (out, err)
    document = json.loads(out)
    steps = [step["outcome"] for step in document["accounts"][0]["steps"]]
    assert (document["outcome"], steps) == ("partial", ["done", "not_tried"])
    assert err.decode().strip().startswith("menuops: the call in flight is finished first")
    assert site.writes == ["menu/create"]
    assert site.steps() == ["menu/create started", "menu/create done"]
    assert site.journal()[-1]["exit_code"] == code
    assert site.run("apply", "--yes").code == 0
    assert len(site.now()[1]) == 1


SLOW = """
import sys, time
alive = open(sys.argv[1], "w")
alive.write("x")
alive.flush()
time.sleep(60)
"""
"""Holds one end of a pipe for as long as it lives."""


@pytest.mark.parametrize(
    ("arguments", "number", "code"),
    [
        ("plan", signal.SIGINT, 130),
        ("plan", signal.SIGTERM, 143),
        ("plan", signal.SIGHUP, -signal.SIGHUP),
        ("token --renew", signal.SIGINT, 130),
        ("doctor", signal.SIGTERM, 143),
        ("apply --yes", signal.SIGINT, 130),
    ],
)
def test_a_signal_ends_the_programs_that_the_project_file_names(
    site: Site, arguments: str, number: signal.Signals, code: int
) -> None:
    """They have sessions of their own, so a terminal's Ctrl-C doesn't reach them by itself."""
    pipe = site.home / "alive"
    site.home.mkdir(exist_ok=True)
    os.mkfifo(pipe)
    names = site.accounts(2)
    command = [sys.executable, "-I", "-c", SLOW, str(pipe)]
    keys = {"token": {"source": "command", "command": [*command, "${account}"]}}
    listed = {name: site.shop(appid=f"wx{name}", **keys) for name in names}
    site.write("menuops.yaml", {"accounts": listed})
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", *arguments.split()],
        cwd=site.root,
        env=site.process_environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        begun = b""
        while len(begun) < len(names):
            assert process.stdout is not None  # it ends with the process
            ready = select.select([reader, process.stdout.fileno()], [], [], 30)[0]
            assert ready == [reader], process.communicate(timeout=1)
            begun += os.read(reader, 1)
        process.send_signal(number)
        out, err = process.communicate(timeout=15)  # a program has 25 s
        assert process.returncode == code, (out, err)
        assert select.select([reader], [], [], 15)[0]
        assert os.read(reader, 1) == b""  # nobody has the other end any more
    finally:
        os.close(reader)
        process.kill()
        process.communicate()


def test_a_person_applies_in_a_terminal(site: Site, requires: Callable[[str], None]) -> None:
    """tmux is the terminal: the plan is read off the screen, `yes` is typed."""
    requires("tmux")
    socket = str(site.home / "tmux")
    menuops = shlex.join([sys.executable, "-m", "menuops", "apply"])
    environ = {**site.process_environ(), "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def tmux(*arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", socket, "-f", "/dev/null", *arguments],
            env=environ,
            cwd=site.root,
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.stdout

    tmux(
        "new-session",
        "-d",
        "-x",
        "100",
        "-y",
        "40",
        f"{menuops}; echo ended: $?; tmux -S {socket} wait-for -S ended; cat",
    )
    try:
        screen = ""
        for _ in range(3000):  # a look at the screen takes some milliseconds
            screen = tmux("capture-pane", "-p")
            if "as an answer:" in screen:
                break
        assert "as an answer:" in screen
        assert site.writes == []
        assert "帮助" in screen
        assert "1 account to change" in screen
        tmux("send-keys", "yes", "Enter")
        tmux("wait-for", "ended")
        screen = tmux("capture-pane", "-p")
        assert "Applied 1 call on 1 account." in screen
        assert "ended: 0" in screen
    finally:
        tmux("kill-server")
    assert site.writes == ["menu/create"]
