"""The world of an emulator: in memory, and with a state file shared with other processes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from .account import Account
from .errors import EmulatorStateError
from .state import AccountState, World

if TYPE_CHECKING:  # only a state file needs it
    from pathlib import Path

    from .statefile import StateFile

T = TypeVar("T")


class Store:
    """Runs changes of the world one at a time. Thread-safe.

    `changed_elsewhere` is called when the file turns out to be another one than was read or
    written last. Raises EmulatorStateError where the file can't be used.
    """

    def __init__(self, state_file: Path | None, changed_elsewhere: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._file = None if state_file is None else open_state(state_file)
        self._world = World()
        self._accounts: dict[str, Account] = {}
        self._changed_elsewhere = changed_elsewhere
        self.change(lambda _: None)  # reads the file, so that a damaged one is noticed now

    @property
    def on_disk(self) -> bool:
        """Tell whether other processes may change it."""
        return self._file is not None

    def set_up(self, accounts: Iterable[Account]) -> None:
        """Set accounts up, or change how they are set up; see Emulator.add_account."""
        added = tuple(accounts)

        def put(world: World) -> None:
            if self._file is not None:
                check_agreed(self._file, world, added)
            set_up(world, added)

        self.change(put)
        with self._lock:
            self._accounts.update((account.appid, account) for account in added)

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Let other processes know that the state file is served."""
        if self._file is None:
            yield
            return
        with self._lock:
            self._file.come()
        try:
            yield
        finally:
            with self._lock:
                self._file.go()

    def set_up_again(self, appid: str, change: Callable[[Account], Account]) -> None:
        """Put another setting in place of an account's, or of Account's defaults."""

        def put(world: World) -> Account:
            state = world.get(appid) or AccountState(Account(appid))
            account = change(state.account)
            world.put(replace(state, account=account))
            return account

        account = self.change(put)
        with self._lock:
            self._accounts[appid] = account

    def edit(self, appid: str, edit: Callable[[AccountState], AccountState]) -> None:
        """Change one account. Raises KeyError if it isn't there."""

        def change(world: World) -> None:
            state = world.get(appid)
            if state is None:
                raise KeyError(f"the emulator has no account {appid}")
            world.put(edit(state))

        self.change(change)

    def peek(self, look: Callable[[World], T]) -> T:
        """Look at what was on disk last, without a look at the disk."""
        with self._lock:
            return look(self._world)

    def change(self, change: Callable[[World], T]) -> T:
        """Run `change` alone, on what is on disk now, and write what it did."""
        with self._lock:
            if self._file is None:
                return change(self._world)
            with self._file.locked():
                changed = self._file.changed()
                if changed:
                    self._world = self._file.read()
                before = self._world.changes
                if changed:
                    missing = [
                        account
                        for appid, account in self._accounts.items()
                        if self._world.get(appid) is None  # somebody deleted the file
                    ]
                    set_up(self._world, missing)
                    self._changed_elsewhere()
                result = change(self._world)
                if self._world.changes != before:
                    self._file.write(self._world)
                return result


def open_state(path: Path) -> StateFile:
    """Give the state file at a path, tidied; it is read when something first changes."""
    from pathlib import Path

    from .statefile import StateFile

    opened = StateFile(Path(path))
    opened.sweep()
    return opened


def check_agreed(file: StateFile, world: World, accounts: Iterable[Account]) -> None:
    """Raise EmulatorStateError if these would change accounts under somebody who serves them."""
    for account in accounts:
        state = world.get(account.appid)
        differing = [] if state is None else account.settings_unlike(state.account)
        if differing and file.served_elsewhere():
            raise EmulatorStateError(
                f"{file.path}: another emulator serves this state, where {account.appid} has "
                f"another {', '.join(differing)}; "
                "give it the same, stop the other one first or choose another file"
            )


def set_up(world: World, accounts: Iterable[Account]) -> None:
    """Put accounts into a world, keeping what it has of them."""
    for account in accounts:
        state = world.get(account.appid)
        if state is None:
            world.put(AccountState(account))
        else:
            world.put(replace(state, account=account.joined(state.account)))
