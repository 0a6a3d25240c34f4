"""Runs menuops in processes of their own, each forked from this one, which has all imported.

It reads a JSON object a line: `argv`, `env`, `cwd`, `tally`, `out` and `err` (files for what is
printed), and optionally `at`: {"what": "fsync" or "call", "number", "do"}, which meets the process
at its nth fsync, or nth call to WeChat that writes. `do` is one of

| do | what happens |
|---|---|
| `die before` | SIGKILL before it |
| `die after` | SIGKILL when it is done |
| `power cut` | at an fsync: the file loses what none before has kept, and SIGKILL |
| `power cut` | at a call: when it is done, all files lose what no fsync kept, and SIGKILL |
| `no space` | the disk is full (ENOSPC) |
| `jump N` | the clock jumps by N seconds, and the thing is done |

It answers {"pid"} and, when the process has ended, {"ended": exit code, or minus the signal's
number}. The file `tally` has the numbers of fsyncs and calls so far.
"""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NOW = time.time
_jumped_s = 0.0


def _time() -> float:
    return _NOW() + _jumped_s


vars(time).update(time=_time)  # before anything is imported that keeps time.time

import click  # noqa: E402, F401
import deepdiff  # noqa: E402, F401
import filelock  # noqa: E402, F401

import menuops.cli.commands.apply  # noqa: E402
import menuops.cli.commands.plan  # noqa: E402
import menuops.transport.wire  # noqa: E402, F401
from menuops.cli.main import run  # noqa: E402
from menuops.transport import Answer, Http  # noqa: E402

WRITES = ("menu/create", "menu/addconditional", "menu/delconditional", "menu/delete")


class Meeting:
    """What happens to the process, and where."""

    def __init__(self, at: dict[str, Any] | None, tally: Path) -> None:
        self.at = at or {"what": "", "number": 0, "do": ""}
        self.tally = tally
        self.numbers = {"fsync": 0, "call": 0}
        self.kept: dict[int, int] = {}
        self.since = time.time()

    def syncs(self, file: int, fsync: Callable[[int], None]) -> None:
        """Make an fsync of a file, or what is to happen in its place."""
        about = os.fstat(file)

        def work() -> None:
            if self.at["do"] == "power cut" and self.is_here("fsync"):
                if stat.S_ISREG(about.st_mode):
                    os.ftruncate(file, self.kept.get(about.st_ino, 0))
                os.kill(os.getpid(), signal.SIGKILL)
            fsync(file)
            self.kept[about.st_ino] = about.st_size

        self.does("fsync", work)

    def is_here(self, what: str) -> bool:
        return (what, self.numbers[what]) == (self.at["what"], self.at["number"])

    def does(self, what: str, work: Callable[[], Any]) -> Any:
        self.numbers[what] += 1
        self.tally.write_text(json.dumps(self.numbers))
        if not self.is_here(what):
            return work()
        return self.meets(self.at["do"], work)

    def meets(self, do: str, work: Callable[[], Any]) -> Any:
        global _jumped_s
        match do.split():
            case ["die", "before"]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["no", "space"]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case ["jump", seconds]:
                _jumped_s += float(seconds)
        result = work()
        if do == "power cut":
            self.lose_what_is_not_kept()
        if do in ("die after", "power cut"):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def lose_what_is_not_kept(self) -> None:
        for path in Path(os.environ["XDG_STATE_HOME"]).rglob("*"):
            about = path.stat()
            kept = self.kept.get(about.st_ino, 0)
            if stat.S_ISREG(about.st_mode) and about.st_mtime >= self.since:
                os.truncate(path, min(kept, about.st_size))


def meet(meeting: Meeting) -> None:
    """Put it round fsync and round the calls."""
    fsync, call = os.fsync, Http.call

    def counted_fsync(file: int) -> None:
        meeting.syncs(file, fsync)

    def counted_call(self: Http, method: str, base: str, path: str, **options: Any) -> Answer:
        def work() -> Answer:
            return call(self, method, base, path, **options)

        if path.removeprefix("/cgi-bin/") not in WRITES:
            return work()
        answer: Answer = meeting.does("call", work)
        return answer

    vars(os).update(fsync=counted_fsync)
    setattr(Http, Http.call.__name__, counted_call)


def be_menuops(asked: dict[str, Any]) -> int:
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    time.tzset()
    meet(Meeting(asked.get("at"), Path(asked["tally"])))
    return run(asked["argv"])


def fork(asked: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for number, (name, flags) in enumerate(
            [
                (os.devnull, os.O_RDONLY),
                (asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
                (asked["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            ]
        ):
            os.dup2(os.open(name, flags, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(number, mode, closefd=False), "utf-8")
            for number, mode in enumerate(("r", "w", "w"))
        )
        code = be_menuops(asked)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> None:
    said = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        child = fork(json.loads(line))
        said.write(json.dumps({"pid": child}) + "\n")
        _, status = os.waitpid(child, 0)
        said.write(json.dumps({"ended": os.waitstatus_to_exitcode(status)}) + "\n")


if __name__ == "__main__":
    main()
