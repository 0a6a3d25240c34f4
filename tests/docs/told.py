"""What differs from run to run, turned into what a page shows, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.site import Site

RUNS: Final = tuple(f"20261122T{10 + n}4100Z-{n:x}f9c" for n in range(9))
_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
_NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ| \d\d:\d\d(?::\d\d)? [+-]\d\d:\d\d)")
_FIXED: Final = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "https://api.weixin.qq.com"),
    (re.compile(r"127\.0\.0\.1:\d+"), "api.weixin.qq.com"),
    (re.compile(r"\bwxdemo[0-9a-f]{12}\b"), "wxdemo000000000001"),
    (
        re.compile(r"go on after \S+ \([^)]+\): midnight"),
        "go on after 2026-11-22T16:00:00Z (2026-11-23 00:00 +08:00): midnight",
    ),
    (
        re.compile(r"请在 \S+ \([^)]+\) 之后继续"),
        "请在 2026-11-22T16:00:00Z (2026-11-23 00:00 +08:00) 之后继续",
    ),
    (re.compile(r"\b[0-9a-f]{64}\b"), "5d1e9ac377f0" + "0" * 52),
    (re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b"), "5d1e-9ac3-77f0"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\b"), "6b011740-83d6f599-dbf074fc"),
    (re.compile(r"commit [0-9a-f]{12}"), "commit 3f9c2d1b07aa"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "3f9c2d1b07aa" + "0" * 28),
    (re.compile(r"提交 [0-9a-f]{12}"), "提交 3f9c2d1b07aa"),
    (re.compile(r"(files at|文件版本) [0-9a-f]{10}"), r"\1 3f9c2d1b07"),
    (re.compile(r"\[main( \(root-commit\))? [0-9a-f]{7}\]"), r"[main\1 3f9c2d1]"),
    (re.compile(r"^ Date: .*\n", re.MULTILINE), ""),
    (re.compile(r"process \d+ on \S+, since"), "process 4711 on build-7, since"),
    (re.compile(r"[^\s，：]+ 上的进程 \d+"), "build-7 上的进程 4711"),
)


def moments_in(texts: Iterable[str]) -> frozenset[datetime]:
    """The moments that a page itself names: they are shown as they are."""
    return frozenset(_moment(found[0]) for text in texts for found in _NAMED.finditer(text))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))


class Told:
    """Shows what a command printed on one machine as the page has it."""

    def __init__(self, site: Site, root: Path, named: frozenset[datetime]) -> None:
        self._site = site
        self._root = root
        self._named = named

    def _runs(self) -> list[str]:
        return [path.name for path in self._site.runs]

    def _shown_moment(self, found: re.Match[str]) -> str:
        if _moment(found[0]) in self._named:
            return found[0]
        return "2026-11-22T10:41:00Z" if found[0].endswith("Z") else "2026-11-22 18:41 +08:00"

    def shown(self, said: str) -> str:
        """What the page shows of this."""
        runs = self._runs()
        for run, name in zip(runs, RUNS, strict=False):
            said = said.replace(run, name)
        said = _RUN.sub(lambda found: found[0] if found[0] in RUNS else RUNS[len(runs)], said)
        said = said.replace(str(self._site.home), "/home/xiaoming")
        said = said.replace(str(self._root), "/home/xiaoming/menus")
        said = _MOMENT.sub(self._shown_moment, said)
        for pattern, text in _FIXED:
            said = pattern.sub(text, said)
        return "".join(f"{line.rstrip()}\n" for line in said.strip("\n").splitlines())

    def real(self, command: str) -> str:
        """The command with the runs that this machine knows."""
        for run, name in zip(self._runs(), RUNS, strict=False):
            command = command.replace(name, run)
        return command
