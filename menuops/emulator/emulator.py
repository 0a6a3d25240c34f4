"""The emulator as its users see it: accounts in, an address out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from .account import Account, Follower
from .errors import EmulatorStateError
from .faults import Fault, FaultPlan, PlannedFault
from .feed import Feed
from .ports import Ports
from .state import AccountState
from .store import Store
from .traffic import Traffic

# What only a call, a server or a state file needs is imported there: whoever imports this package
# may not use it in the end.
if TYPE_CHECKING:
    from pathlib import Path

    from .answers import Answer
    from .buttons import JsonObject
    from .request import Request
    from .sight import Sight

LATEST_S = 253_402_214_400.0  # 9999-12-31 00:00 UTC, which is that year in China, too


class Emulator:
    """WeChat's menu interfaces for any number of accounts, served over HTTP or not at all yet.

    `clock` gives seconds since 1970; `latency_s` is how long each answer is held back. With a
    `state_file` what happens is kept for later processes, and shared with those that run now. All
    calls and answers, without secrets and tokens, are appended to the file `record`, a line each.
    Raises EmulatorStateError if one of these can't be used. Any thread may call all methods.
    """

    def __init__(
        self,
        state_file: Path | None = None,
        clock: Callable[[], float] = time.time,
        latency_s: float = 0.0,
        record: Path | None = None,
    ) -> None:
        self.latency_s = latency_s
        self.feed = Feed()
        self._clock = clock
        self._ahead_s = 0.0
        self._lock = threading.Lock()  # guards the time
        self._faults = FaultPlan()
        self._store = Store(state_file, self.feed.touch)
        self._ports = Ports(self._store)
        self.traffic = Traffic(self._store, self.feed, record)  # for the server and who looks on

    # Time

    def now_s(self) -> float:
        """Give the time by the emulator's clock."""
        return self._clock() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass, for this emulator alone: tokens end, a new day has new quotas.

        A state file doesn't keep it. Raises ValueError for a time that isn't ahead, or so far that
        no date can tell it.
        """
        if not 0 <= seconds < float("inf"):
            raise ValueError("time passes forwards")
        with self._lock:
            if self.now_s() + seconds > LATEST_S:
                raise ValueError("the clock goes no further than the year 9999")
            self._ahead_s += seconds
        self.feed.touch()

    def next_day(self) -> None:
        """Go to the next midnight in China, when daily quotas start again."""
        from .quotas import day_start_s

        now_s = self.now_s()
        self.advance(day_start_s(now_s, 1) - now_s)

    def set_latency(self, seconds: float) -> None:
        """Hold each answer of a call back for so long, from now on."""
        self.latency_s = seconds
        self.feed.touch()

    # Accounts and what they hold

    @property
    def states(self) -> list[AccountState]:
        """Give all accounts as they are now. Raises EmulatorStateError."""
        return self._store.change(lambda world: list(world.states))

    def state_of(self, appid: str) -> AccountState | None:
        """Give one account as it is now; None if it isn't there. Raises EmulatorStateError."""
        return self._store.change(lambda world: world.get(appid))

    @property
    def shares_state(self) -> bool:
        """Tell whether a state file may be changed by other processes."""
        return self._store.on_disk

    def look(self) -> None:
        """Notice what other processes changed in the state file. Raises EmulatorStateError."""
        self._store.change(lambda _: None)

    def add_account(self, *accounts: Account) -> None:
        """Set accounts up, or change how they are set up.

        What a state file has of an account stays: its menus, tokens, tags and followers. New tags
        and followers are added to these; all other settings are replaced. Raises
        EmulatorStateError, and changes nothing, where that would change them under another
        emulator that serves the same file: `change_account` does.
        """
        self._store.set_up(accounts)
        self.feed.touch()

    def change_account(self, appid: str, change: Callable[[Account], Account]) -> None:
        """Put `change` of an account's setting in its place, or of a new account's defaults."""
        self._store.set_up_again(appid, change)
        self.feed.touch()

    def put_live(self, appid: str, menu_get_answer: JsonObject) -> None:
        """Make menu/get answer this value: {menu, conditionalmenu?}, or 46003 for no menu.

        Nothing is checked against what could be posted today: withdrawn rule fields, masked links
        and numbers for text are kept as they are. A `menuid` in `menu` without conditional menus
        isn't shown again, as WeChat doesn't. What the console published stays in force. Raises
        ValueError if it is no answer of menu/get.
        """
        from .seeds import live

        self._edit(appid, lambda state: live(state, menu_get_answer))

    def put_console(self, appid: str, selfmenu_info: JsonObject | None, is_open: int = 1) -> None:
        """Publish a menu in the web console; None takes the console's menu away.

        It is in force, and get_current_selfmenu_info shows it as given, until the next menu/create.
        With `is_open` 0 the menu is switched off, and the answer is {"is_menu_open": 0} alone.
        """
        from .seeds import console

        self._edit(appid, lambda state: console(state, selfmenu_info, is_open))

    def close_menu(self, appid: str) -> None:
        """Switch the menu off, as a person can in the console."""
        self._edit(appid, lambda state: replace(state, is_open=False))

    def open_menu(self, appid: str) -> None:
        """Switch the menu on again."""
        self._edit(appid, lambda state: replace(state, is_open=True))

    def void_tokens(self, appid: str) -> None:
        """Void every token of an account: the next call with one answers 40001."""
        from .tokens import void_all

        now_s = self.now_s()
        self._edit(appid, lambda state: replace(state, tokens=void_all(state.tokens, now_s)))

    def expire_tokens(self, appid: str) -> None:
        """End every token's time: the next call with one answers 42001."""
        from .tokens import expire_all

        now_s = self.now_s()
        self._edit(appid, lambda state: replace(state, tokens=expire_all(state.tokens, now_s)))

    def cloudbase_token(self, appid: str) -> str:
        """Make a token as Cloud Run (微信云托管) puts it into a container's file.

        It works for 30 minutes, as query parameter `cloudbase_access_token` alone; those made
        before stay good until their own end.
        """
        from .tokens import added, cloudbase_token

        now_s = self.now_s()
        token = cloudbase_token(now_s)
        self._edit(appid, lambda state: replace(state, tokens=added(state.tokens, token, now_s)))
        return token.value

    # Calls

    @property
    def calls(self) -> list[tuple[str, str, int | None]]:
        """Give the last calls in the order they came: (method, path, errcode)."""
        return self.traffic.calls

    @property
    def requests(self) -> list[Request]:
        """Give the last calls whole, in the order they came: query, headers and body as sent.

        Tokens and secrets stand in them in clear; their repr leaves these out.
        """
        return self.traffic.requests

    def sight_of(self, appid: str, follower: str | Follower) -> Sight:
        """Give what a follower sees in the chat: one of the account's, by openid, or any.

        Raises KeyError for an account that isn't there, Refusal as trymatch does for an openid.
        """
        from .matching import find_follower
        from .sight import sight_of

        state = self.state_of(appid)
        if state is None:
            raise KeyError(f"the emulator has no account {appid}")
        seen_by = find_follower(state.account, follower) if isinstance(follower, str) else follower
        return sight_of(state, seen_by)

    # Faults

    @property
    def faults(self) -> list[PlannedFault]:
        """Give the faults that are still to come; those of one path in their order."""
        return self._faults.all

    def fault_for(self, path: str) -> Fault | None:
        """Take the fault that a call of a path meets now, for the server."""
        return self._faults.take(path.removeprefix("/cgi-bin/"))

    def fail_next(self, path: str, fault: Fault, times: int | None = 1, after: int = 0) -> None:
        """Let `after` calls of a path through, then play a fault on the next `times`.

        `path` is as in "menu/create" or "stable_token"; `times` of None is for ever. Faults for
        one path are played one after the other. A call that fails before it is done isn't checked
        for its token either. Raises ValueError for a path that no call has.
        """
        name = path_of_call(path)
        if (times is not None and times < 1) or after < 0:
            raise ValueError("times must be at least 1, after at least 0")
        self._faults.add(PlannedFault(name, fault, times, after))
        self.feed.touch()

    def clear_faults(self, path: str | None = None) -> None:
        """Forget the faults that are still to come, of one path or all. Raises ValueError."""
        self._faults.clear(None if path is None else path_of_call(path))
        self.feed.touch()

    def respond(self, request: Request) -> Answer:
        """Do what a call asks. Raises nothing: trouble of ours is -1, "system error"."""
        from .answers import refused
        from .api import respond
        from .refusal import Refusal

        now_s = self.now_s()
        try:
            return self._store.change(lambda world: respond(world, request, now_s))
        except EmulatorStateError as exc:
            return refused(Refusal(-1, f"system error: {exc}"), now_s)
        except Exception:
            import logging

            logging.getLogger(__name__).exception("the emulator failed on %s", request.path)
            return refused(Refusal(-1), now_s)

    # Serving

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[str]:
        """Serve in the background, and give the base URL ("http://127.0.0.1:PORT").

        Leaving ends every connection and thread.
        """
        return self._ports.background(self, host, port)

    def serve_forever(
        self, host: str = "127.0.0.1", port: int = 0, ready: Callable[[str], None] | None = None
    ) -> None:
        """Serve in this thread until `stop`, or an exception such as KeyboardInterrupt.

        `ready` is called with the base URL once connections are taken.
        """
        self._ports.foreground(self, host, port, ready)

    def stop(self) -> None:
        """Make every `serve_forever` return. May be called by a signal handler."""
        self._ports.stop()

    def _edit(self, appid: str, edit: Callable[[AccountState], AccountState]) -> None:
        self._store.edit(appid, edit)
        self.feed.touch()


def path_of_call(path: str) -> str:
    """Give the path of a call as PATHS has it. Raises ValueError for one that no call has."""
    from .api import PATHS

    name = path.removeprefix("/").removeprefix("cgi-bin/")
    if name not in PATHS:
        raise ValueError(f"no such call: {path}; known are {', '.join(sorted(PATHS))}")
    return name
