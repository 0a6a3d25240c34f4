"""What the journal and the snapshots of a run cost an account, beside plain writes of the same.

Both are put on disk (fsync) before the next thing is done, in turns; the emulator and HTTP aren't
in it. Give a directory to measure its disk: python benchmarks/journal.py /var/tmp
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from menuops.core.plan import AccountRef
from menuops.state.runs import State

ACCOUNTS, STEPS, LIMIT_MS = 200, 5, 10.0
BUTTON = {"type": "view", "name": "新品", "url": "https://shop.example.com/new?from=menu&id=1"}
MENU = {
    "menu": {"button": [{"name": "商城", "sub_button": [BUTTON] * 5}] * 3},
    "conditionalmenu": [
        {"menuid": 449710113 + n, "matchrule": {"group_id": str(100 + n)}, "button": [BUTTON] * 3}
        for n in range(3)
    ],
}
SELFMENU = {"is_menu_open": 1, "selfmenu_info": MENU["menu"]}
CALL = {"step": 1, "call": "menu/addconditional", "menu": "tag:VIP", "reason": "new"}


class Journalled:
    """A run of menuops under way."""

    def __init__(self, root: Path) -> None:
        head: dict[str, Any] = {"command": "apply", "of": None, "accounts": []}
        self._run = State(root).start_run("20261122T104100Z-3f9c", head, time.time, plan={})

    def account(self, number: int) -> None:
        """Keep a snapshot, a line before and after each call, and the read-back."""
        ref = AccountRef(f"shop{number}", f"wx{number:016}", "https://api.weixin.qq.com")
        self._run.save_snapshot(ref, MENU, SELFMENU)
        for _ in range(STEPS):
            self._run.record("call", account=ref.name, outcome="started", **CALL)
            self._run.record("call", account=ref.name, outcome="done", menuid="449710113", **CALL)
        self._run.record("read_back", account=ref.name, outcome="as_predicted", places=[])


class Plain:
    """The same bytes with as many calls of write and fsync, and nothing around them."""

    def __init__(self, root: Path, snapshot: bytes, line: bytes) -> None:
        root.mkdir()
        self._root, self._snapshot, self._line = root, snapshot, line
        self._journal = os.open(root / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def account(self, number: int) -> None:
        """Write a file, and as many lines."""
        file = os.open(self._root / f"{number}", os.O_WRONLY | os.O_CREAT)
        os.write(file, self._snapshot)
        os.fsync(file)
        os.close(file)
        for _ in range(2 * STEPS + 2):
            os.write(self._journal, self._line)
            os.fsync(self._journal)


def main(directory: str | None) -> int:
    """Print both medians and their ratio; 1 where an account costs more than it may."""
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        root = Path(scratch)
        ours = Journalled(root / "ours")
        ours.account(ACCOUNTS)
        (snapshot, *_) = (root / "ours" / "snapshots").iterdir()
        (journal,) = (root / "ours" / "runs").rglob("journal.jsonl")
        size, line = snapshot.read_bytes(), journal.read_bytes().splitlines(keepends=True)[3]
        sides = {"menuops": ours.account, "write and fsync": Plain(root / "p", size, line).account}
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(ACCOUNTS):
            for name, account in sides.items():
                start = time.perf_counter()
                account(number)
                taken[name].append(time.perf_counter() - start)
    ours_ms, plain_ms = (statistics.median(times) * 1000 for times in taken.values())
    worst_ms = statistics.quantiles(taken["menuops"], n=20)[-1] * 1000
    print(f"a snapshot of {len(size)} bytes and {STEPS} calls each, {ACCOUNTS} accounts in turn")
    print(f"  menuops          {ours_ms:7.2f} ms an account; 19 of 20 under {worst_ms:.2f} ms")
    print(f"  write and fsync  {plain_ms:7.2f} ms   menuops is {ours_ms / plain_ms:.2f} of it")
    kept = ours_ms < LIMIT_MS
    print(f"  {'kept' if kept else 'MISSED'}: at most {LIMIT_MS:.0f} ms on a local disk")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
