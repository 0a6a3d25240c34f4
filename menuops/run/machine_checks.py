"""Checks of what all accounts share: project file, directories, locks, hosts and their clocks."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from menuops.core.account import ClassicToken, OfficialAccount
from menuops.core.check import Check, failed_by
from menuops.core.errors import MenuopsError
from menuops.files.private import make_private
from menuops.files.project.project import Project
from menuops.locks import FileLocks, LockKey, Locks
from menuops.run.file_modes import openness_of
from menuops.state.runs import State
from menuops.state.unwritable import StateUnwritable, writing
from menuops.transport import Http
from menuops.wechat.pace import Pace
from menuops.wechat.reach import Reached, reach
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.store import StoreUnusable, TokenStore

WARN_SKEW_S: Final = 60.0
FAIL_SKEW_S: Final = 300.0
_PROBE_BYTES: Final = 4096
_LOCK: Final = LockKey("doctor", "doctor", "apply")
"""No account has it, so it is in nobody's way."""
_LOCK_WAIT_S: Final = 10.0
_LISTED: Final = 3


def check_config(project: Project, selected: int) -> list[Check]:
    """Tell what the project file says, which is valid; a warning each for what it finds odd."""
    if project.findings:
        fix = "mend that place; `menuops validate` looks at the menu files too"
        return [Check(None, "config", "warning", str(each), fix) for each in project.findings]
    there = len(project.accounts)
    return [
        Check(
            None,
            "config",
            "ok",
            f"{project.file}: {there} account{'s' * (there != 1)}, {selected} selected",
        )
    ]


def check_state(state: State) -> Check:
    """Write where journals and snapshots go, and delete it again."""
    root = state.root
    try:
        for directory in (root, root / "runs", root / "used"):
            if directory == root or directory.exists():
                with writing(directory):
                    make_private(directory)
                    _probe(directory)
    except StateUnwritable as error:
        return failed_by(None, "state", error)
    if found := openness_of(root):
        message = f"{root} {found.problem}: the snapshots and the journal are kept there"
        return Check(None, "state", "warning", message, found.fix)
    return Check(None, "state", "ok", f"{root}: writable and private")


def check_locks(locks: Locks) -> Check:
    """Take a lock that nobody needs, and release it."""
    try:
        with locks.held(_LOCK, _LOCK_WAIT_S) as confirm:
            confirm()
    except MenuopsError as error:
        return failed_by(None, "locks", error)
    if not isinstance(locks, FileLocks):
        return Check(None, "locks", "ok", "taken and released")
    if found := openness_of(locks.directory):
        message = f"{locks.directory} {found.problem}: who writes there can hold up every run"
        return Check(None, "locks", "warning", message, found.fix)
    return Check(None, "locks", "ok", f"taken and released in {locks.directory}")


def check_store(store: TokenStore, accounts: Iterable[OfficialAccount]) -> Check:
    """See that tokens can be kept, and by nobody else read; `accounts` are those that keep one."""
    kept = list(accounts)
    if not kept:
        return Check(None, "store", "ok", "not needed: no token of these accounts is kept")
    try:
        store.ready()
    except StoreUnusable as error:
        return failed_by(None, "store", error)
    if isinstance(store, MemoryStore):
        return _memory(kept)
    if isinstance(store, FileStore):
        return _files(store)
    return Check(None, "store", "ok", f"{store.description}: writable")


def check_host(
    http: Http, account: OfficialAccount, clock: Callable[[], float], pace: Pace
) -> tuple[Check, Check]:
    """See that an account's host answers, and how far our clock is from its: `host`, `clock`."""
    name = host_name(account.api)
    try:
        reached = reach(http, account, clock, pace)
    except MenuopsError as error:
        skipped = Check(None, "clock", "skipped", f"{name}: after `host`, which failed")
        return failed_by(None, "host", error), skipped
    answered = f"{name} answers in {max(reached.round_trip_s, 0) * 1000:.0f} ms"
    return Check(None, "host", "ok", answered), clock_check(name, reached)


def clock_check(host: str, reached: Reached) -> Check:
    """Judge how far our clock is from the host's, as far as one answer can prove it."""
    ahead_s = reached.ahead_s
    if ahead_s is None:
        return Check(None, "clock", "skipped", f"{host} doesn't say what time it is")
    skew_s = abs(ahead_s)
    if skew_s <= WARN_SKEW_S:
        return Check(None, "clock", "ok", f"within {WARN_SKEW_S:.0f} s of {host}")
    return Check(
        None,
        "clock",
        "failed" if skew_s > FAIL_SKEW_S else "warning",
        f"this machine's clock is {skew_s:.0f} s {'ahead of' if ahead_s > 0 else 'behind'} "
        f"{host}'s: tokens are renewed too {'early' if ahead_s > 0 else 'late'} where machines "
        "share them, plans expire at the wrong time, and TLS may fail",
        fix="let the network set it: `sudo timedatectl set-ntp true`, or on macOS "
        "`sudo sntp -sS time.apple.com`",
    )


def host_name(api: str) -> str:
    """Name a host as people do: its URL without the scheme."""
    return api.partition("://")[2]


def _probe(directory: Path) -> None:
    descriptor, name = tempfile.mkstemp(dir=directory, prefix=".probe-")
    try:
        os.write(descriptor, bytes(_PROBE_BYTES))
    finally:
        os.close(descriptor)
        Path(name).unlink()


def _memory(accounts: Sequence[OfficialAccount]) -> Check:
    anew = "memory: each run fetches its tokens anew"
    classic = [each.name for each in accounts if isinstance(each.token, ClassicToken)]
    if not classic:
        return Check(None, "store", "ok", anew)
    return Check(
        None,
        "store",
        "warning",
        f"{anew}, and each fetch for {few(classic)} (`source: classic`) voids the token that "
        "other servers of the account hold",
        fix="set `token_store: file` in menuops.yaml, or `source: stable` for the account",
    )


def _files(store: FileStore) -> Check:
    directory = store.directory
    if found := openness_of(directory):
        message = f"{directory} {found.problem}: tokens are kept there"
        return Check(None, "store", "warning", message, found.fix)
    open_files = [path for path in sorted(directory.glob("*.json")) if openness_of(path)]
    if open_files:
        return Check(
            None,
            "store",
            "warning",
            f"{directory}: {few([path.name for path in open_files])}: not private, so others may "
            "have read the token, which works for up to two hours. menuops doesn't use such a file",
            fix=f"`{_removal(directory, open_files)}`; the next run writes it anew",
        )
    return Check(None, "store", "ok", f"{store.description}: writable and private")


def _removal(directory: Path, files: Sequence[Path]) -> str:
    if len(files) > _LISTED:
        return f"find {shlex.quote(str(directory))} -name '*.json' ! -perm 600 -delete"
    return f"rm {' '.join(shlex.quote(str(path)) for path in files)}"


def few(names: Sequence[str]) -> str:
    """Name the first of many: `a, b, c and 12 more`."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
