"""The command as users run it, with Python as talkative as it can be."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from menuops.emulator import Fault
from tests.site import APPID, Ended

from .faults import ALL, Sent
from .lines import LIFTED, LINES, Line
from .sources import BAD_URLS, SOURCES
from .watch import APP_SECRET, PROXY_PASSWORD, Watch

TALKATIVE = {"PYTHONDEVMODE": "1", "PYTHONFAULTHANDLER": "1"}


def all_is_well(_watch: Watch) -> None:
    """Nothing is in the way."""


def repeats(call: str, fault: str) -> Callable[[Watch], None]:
    def set_up(watch: Watch) -> None:
        token = watch.issued()
        sent = Sent(APP_SECRET) if "token" in call else Sent(token, APP_SECRET)
        watch.site.emulator.fail_next(call, ALL[fault](sent), times=20)

    return set_up


def source(name: str, broken: str | None = None) -> Callable[[Watch], None]:
    def set_up(watch: Watch) -> None:
        one = SOURCES[name]
        watch.project(token=one.keys(watch))
        one.stand(watch)
        if broken is not None:
            one.breaks[broken](watch)

    return set_up


def redis(name: str) -> Callable[[Watch], None]:
    def set_up(watch: Watch) -> None:
        watch.project(top={"token_store": "redis", "token_store_env": "TOKENS"})
        watch.site.environ["TOKENS"] = BAD_URLS[name](watch)

    return set_up


def proxy(watch: Watch) -> None:
    watch.add("the password of the proxy", PROXY_PASSWORD)
    watch.site.environ["HTTPS_PROXY"] = f"http://shop:{PROXY_PASSWORD}@127.0.0.1:1"
    watch.site.url = "https://wechat.invalid"


CASES: dict[str, tuple[str, Callable[[Watch], None], int]] = {
    "validate": ("validate", all_is_well, 0),
    "plan": ("plan --out", all_is_well, 0),
    "apply": ("apply", repeats("menu/create", "code 40001"), 6),
    "import": ("import", repeats("menu/get", "half an answer"), 7),
    "token": ("token --renew", repeats("stable_token", "code 40125"), 7),
    "reveal": ("token --reveal", source("easywechat"), 0),
    "doctor": ("doctor", source("url", "the server refuses the key in it"), 7),
    "command": ("plan", source("command"), 4),
    "command that fails": ("doctor", source("command", "the token is two words"), 7),
    "Redis": ("plan", redis("another password"), 7),
    "proxy": ("doctor", proxy, 7),
}


@pytest.mark.parametrize(("name", "set_up", "code"), CASES.values(), ids=CASES)
def test_a_process(watch: Watch, name: str, set_up: Callable[[Watch], None], code: int) -> None:
    set_up(watch)
    line = LINES[name]
    ended = watch.site.command(*line.loud("text"), environ=TALKATIVE)
    watch.look(name, ended, reveals="--reveal" in line.words)
    assert ended.code == code, ended.said
    assert "Warning" not in ended.err
    assert "Traceback" not in ended.said
    assert watch.leaks == []


@contextmanager
def started(watch: Watch, *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "menuops", *words],
        cwd=watch.site.root,
        env=watch.site.process_environ(TALKATIVE),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def look_at_end(watch: Watch, what: str, process: subprocess.Popen[Any]) -> Ended:
    out, err = process.communicate(timeout=30)
    ended = Ended(process.returncode, out, err)
    watch.look(what, ended)
    return ended


@pytest.mark.parametrize(
    ("number", "call"),
    [
        (signal.SIGINT, "stable_token"),
        (signal.SIGTERM, "menu/create"),
        (signal.SIGABRT, "menu/create"),
    ],
)
def test_a_process_that_is_ended_in_the_middle_of_a_call(
    watch: Watch, number: signal.Signals, call: str
) -> None:
    """Its command line, which every user of the machine may read, has no secret; nor a crash."""
    watch.site.emulator.fail_next(call, Fault.delay(0.7))
    with started(watch, "apply", "--yes", *LIFTED, "-vv") as process:
        while call not in watch.site.calls:
            assert process.poll() is None
            time.sleep(0.01)
        command_line = Path(f"/proc/{process.pid}/cmdline").read_text()
        process.send_signal(number)
        ended = look_at_end(watch, f"{number.name} in {call}", process)
    assert "menuops" in command_line
    assert watch.secrets.found_in(command_line.replace("\0", " ")) == []
    assert ("Fatal Python error" in ended.err) is (number == signal.SIGABRT)
    assert watch.leaks == []


def test_the_emulator_says_nothing_of_what_it_is_asked(watch: Watch) -> None:
    accounts = ("--account", f"{APPID}:{APP_SECRET}")  # the one secret that a command line takes
    with started(watch, "emulator", "--port", "0", *accounts, "--state", "../vault/w") as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        revealed = watch.site.run("token", "--reveal", "--api-url", url)
        token = watch.add("a token of that emulator", revealed.out.strip())
        watch.drive("plan", "plan", "-vv", "--api-url", url)
        for path in (f"/cgi-bin/menu/get?access_token={token}", f"/no?secret={APP_SECRET}"):
            for method in ("GET", "POST", "PUT", f"X{token}"):
                ask(url, method, path)
        process.send_signal(signal.SIGINT)
        assert look_at_end(watch, "the emulator", process).code == 0
    assert watch.leaks == []


def ask(url: str, method: str, path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body=f"{{{path}")
    connection.getresponse().read()
    connection.close()


def test_a_result_that_can_not_be_written(watch: Watch) -> None:
    line = Line(("token", "--reveal"))
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "menuops", *line.words],
            cwd=watch.site.root,
            env=watch.site.process_environ(TALKATIVE),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    watch.look("a full disk", Ended(ended.returncode, "", ended.stderr))
    assert ended.returncode == 7
    assert watch.leaks == []
