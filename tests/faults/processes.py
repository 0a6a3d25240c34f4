"""menuops in processes of its own, which meet with something in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.site import Ended, Site

_PROGRAM: Final = Path(__file__).with_name("zygote.py")


@dataclass(frozen=True, slots=True)
class At:
    """Where a process meets with what; see zygote.py."""

    what: str
    number: int
    do: str

    def __str__(self) -> str:
        return f"{self.do} at {self.what} {self.number}"


class Running:
    """A process that was begun."""

    def __init__(self, zygote: Zygote, pid: int, directory: Path) -> None:
        self.pid = pid
        self._zygote = zygote
        self._directory = directory

    def ended(self) -> Ended:
        """Wait for its end; the code is minus the number of the signal that ended it."""
        code: int = self._zygote.hear()["ended"]
        out, err = ((self._directory / name).read_text("utf-8") for name in ("out", "err"))
        return Ended(code, out, err)

    @property
    def said(self) -> str:
        """What it has printed to stderr so far."""
        return (self._directory / "err").read_text("utf-8")

    @property
    def tally(self) -> dict[str, int]:
        """How many fsyncs and calls there were."""
        numbers: dict[str, int] = json.loads((self._directory / "tally").read_text())
        return numbers


class Zygote:
    """The parent of such processes, one at a time."""

    def __init__(self, popen: subprocess.Popen[str], directory: Path) -> None:
        self._popen = popen
        self._directory = directory

    def begin(self, site: Site, *arguments: str, at: At | None = None) -> Running:
        asked: dict[str, Any] = {
            "argv": arguments,
            "env": site.process_environ(),
            "cwd": str(site.root),
            **{name: str(self._directory / name) for name in ("out", "err", "tally")},
        }
        if at is not None:
            asked["at"] = {"what": at.what, "number": at.number, "do": at.do}
        assert self._popen.stdin is not None
        self._popen.stdin.write(json.dumps(asked) + "\n")
        self._popen.stdin.flush()
        return Running(self, self.hear()["pid"], self._directory)

    def run(self, site: Site, *arguments: str, at: At | None = None) -> Ended:
        return self.begin(site, *arguments, at=at).ended()

    def hear(self) -> dict[str, Any]:
        assert self._popen.stdout is not None
        line = self._popen.stdout.readline()
        assert line, "the zygote has ended"
        said: dict[str, Any] = json.loads(line)
        return said


@contextmanager
def opened_zygote(directory: Path) -> Iterator[Zygote]:
    with subprocess.Popen(
        [sys.executable, str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as popen:
        yield Zygote(popen, directory)
        assert popen.stdin is not None
        popen.stdin.close()
