"""The emulator as its users see it: accounts in, an address out."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from .account import Account
from .errors import EmulatorStateError
from .faults import Fault, FaultPlan
from .state import AccountState, World

# What only a call, a server or a state file needs is imported there: whoever imports this package
# may not use it in the end.
if TYPE_CHECKING:
    from pathlib import Path

    from .answers import Answer
    from .buttons import JsonObject
    from .request import Request
    from .server import Server
    from .statefile import StateFile

T = TypeVar("T")
CALLS_KEPT = 100_000
REQUESTS_KEPT = 1_000


@dataclass(slots=True)
class SeenCall:
    """A call that came in; `errcode` stays None while it runs, and for an answer without one."""

    method: str
    path: str
    fault: Fault | None
    errcode: int | None = None


class Emulator:
    """WeChat's menu interfaces for any number of accounts, served over HTTP or not at all yet.

    `clock` gives seconds since 1970; `latency_s` is how long each answer is held back. With a
    `state_file` what happens is kept for later processes, and shared with those that run now.
    Raises EmulatorStateError if that file can't be used. All methods may be called by any thread.
    """

    def __init__(
        self,
        state_file: Path | None = None,
        clock: Callable[[], float] = time.time,
        latency_s: float = 0.0,
    ) -> None:
        self.latency_s = latency_s
        self._clock = clock
        self._lock = threading.Lock()  # guards the world, the calls seen and the faults planned
        self._file = None if state_file is None else open_state(state_file)
        self._world = World()
        self._accounts: dict[str, Account] = {}
        self._calls: deque[SeenCall] = deque(maxlen=CALLS_KEPT)
        self._requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        self._faults = FaultPlan()
        self._servers: set[Server] = set()
        self._change(lambda _: None)  # reads the file, so that a damaged one is noticed now

    def now_s(self) -> float:
        """Give the time by the emulator's clock."""
        return self._clock()

    # Accounts and what they hold

    def add_account(self, *accounts: Account) -> None:
        """Set accounts up, or change how they are set up.

        What a state file has of an account stays: its menus, tokens, tags and followers. New tags
        and followers are added to these; all other settings are replaced.
        """
        with self._lock:
            self._accounts.update((account.appid, account) for account in accounts)
        self._change(lambda world: set_up(world, accounts))

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
        with self._lock:
            return [(call.method, call.path, call.errcode) for call in self._calls]

    @property
    def requests(self) -> list[Request]:
        """Give the last calls whole, in the order they came: query, headers and body as sent.

        Tokens and secrets stand in them in clear; their repr leaves these out.
        """
        with self._lock:
            return list(self._requests)

    def fail_next(self, path: str, fault: Fault, times: int = 1, after: int = 0) -> None:
        """Let `after` calls of a path through, then play a fault on the next `times`.

        `path` is as in "menu/create" or "stable_token". Faults for one path are played one after
        the other. A call that fails before it is done isn't checked for its token either.
        """
        from .api import PATHS

        name = path.removeprefix("/").removeprefix("cgi-bin/")
        if name not in PATHS:
            raise ValueError(f"no such call: {path}; known are {', '.join(sorted(PATHS))}")
        if times < 1 or after < 0:
            raise ValueError("times must be at least 1, after at least 0")
        with self._lock:
            self._faults.add(name, fault, times, after)

    def note(self, method: str, path: str, request: Request) -> SeenCall:
        """Record a call that came in, for the server."""
        with self._lock:
            seen = SeenCall(method, path, self._faults.take(path.removeprefix("/cgi-bin/")))
            self._calls.append(seen)
            self._requests.append(request)
            return seen

    def respond(self, request: Request) -> Answer:
        """Do what a call asks. Raises nothing: trouble of ours is -1, "system error"."""
        from .answers import refused
        from .api import respond
        from .refusal import Refusal

        now_s = self.now_s()
        try:
            return self._change(lambda world: respond(world, request, now_s))
        except EmulatorStateError as exc:
            return refused(Refusal(-1, f"system error: {exc}"), now_s)
        except Exception:
            import logging

            logging.getLogger(__name__).exception("the emulator failed on %s", request.path)
            return refused(Refusal(-1), now_s)

    # Serving

    @contextlib.contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve in the background, and give the base URL ("http://127.0.0.1:PORT").

        Leaving ends every connection and thread.
        """
        from .server import Server

        server = Server(host, port, self)
        thread = threading.Thread(target=server.run, name="menuops-emulator", daemon=True)
        with self._serving(server):
            thread.start()
            try:
                yield server.url
            finally:
                server.stop()
                thread.join()

    def serve_forever(
        self, host: str = "127.0.0.1", port: int = 0, ready: Callable[[str], None] | None = None
    ) -> None:
        """Serve in this thread until `stop`, or an exception such as KeyboardInterrupt.

        `ready` is called with the base URL once connections are taken.
        """
        from .server import Server

        server = Server(host, port, self)
        with self._serving(server):
            try:
                if ready is not None:
                    ready(server.url)
            except BaseException:
                server.server_close()
                raise
            server.run()

    def stop(self) -> None:
        """Make every `serve_forever` return. May be called by a signal handler."""
        for server in tuple(self._servers):
            server.stop()

    @contextlib.contextmanager
    def _serving(self, server: Server) -> Iterator[None]:
        self._servers.add(server)
        try:
            yield
        finally:
            self._servers.discard(server)

    # The world

    def _edit(self, appid: str, edit: Callable[[AccountState], AccountState]) -> None:
        def change(world: World) -> None:
            state = world.get(appid)
            if state is None:
                raise KeyError(f"the emulator has no account {appid}")
            world.put(edit(state))

        self._change(change)

    def _change(self, change: Callable[[World], T]) -> T:
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
                result = change(self._world)
                if self._world.changes != before:
                    self._file.write(self._world)
                return result


def open_state(path: Path) -> StateFile:
    """Give the state file at a path; it is read when something first changes."""
    from pathlib import Path

    from .statefile import StateFile

    return StateFile(Path(path))


def set_up(world: World, accounts: Iterable[Account]) -> None:
    """Put accounts into a world, keeping what it has of them."""
    for account in accounts:
        state = world.get(account.appid)
        if state is None:
            world.put(AccountState(account))
        else:
            world.put(replace(state, account=account.joined(state.account)))
