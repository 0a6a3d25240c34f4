"""The open connections of a run: HTTP, token containers, the embedded emulator."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from platformdirs import user_state_path

from menuops.core.account import EMULATOR, Account, SecretGiven, StableToken
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.files.private import make_private
from menuops.files.project.project import Project
from menuops.locks import FileLocks, Locks, RedisLocks, RedisServer
from menuops.run.settings import World
from menuops.state.runs import State
from menuops.transport import Http
from menuops.wechat.api import MenuApi
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import TokenStore

_EMULATOR_SECRET = "embedded-emulator"  # noqa: S105  # it opens nothing but our own loopback


def state_of(project: Project) -> State:
    """Give the state directory that a project uses."""
    return State(project.state_dir or user_state_path("menuops", appauthor=False))


class Remote:
    """Gives the client of each account; a context manager that closes all it opened."""

    def __init__(self, project: Project, world: World, *, parallel: int) -> None:
        self.state = state_of(project)
        self._project = project
        self._world = world
        self.http = Http(pool_size=2 * parallel)
        self._pace = Pace(sleep=world.sleep)
        self._open = ExitStack()
        self._emulated: TokenContainer | None = None
        self._emulator_url = ""

    def __enter__(self) -> Self:
        self._open.enter_context(self.http)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    @cached_property
    def tokens(self) -> TokenContainer:
        """The container of all accounts but the emulated; raises CannotStart without its Redis."""
        store, locks = self._store_and_locks
        return self._container(store, locks)

    @property
    def store(self) -> TokenStore:
        """Where the tokens of all accounts but the emulated are kept. Raises as `tokens`."""
        return self._store_and_locks[0]

    @property
    def locks(self) -> Locks:
        """The locks that reach as far as the tokens do. Raises as `tokens`."""
        return self._store_and_locks[1]

    def locks_of(self, account: Account) -> Locks:
        """Choose the locks of one account: an emulated one is on this machine alone.

        Raises as `tokens`.
        """
        return FileLocks() if account.api == EMULATOR else self.locks

    def api(self, account: Account) -> MenuApi:
        """Give the client of an account; makes no request. Starts the emulator at first need.

        Raises CannotStart, as `tokens`, or where the emulator can't start.
        """
        if account.api != EMULATOR:
            return MenuApi(self.http, self.tokens, account, pace=self._pace)
        container = self._emulated or self._start_emulator()
        there = replace(
            account,
            api=self._emulator_url,
            token=StableToken(SecretGiven(Secret(_EMULATOR_SECRET))),
        )
        return MenuApi(self.http, container, there, pace=self._pace)

    def _start_emulator(self) -> TokenContainer:
        # Only projects with `api: emulator` pay for the import of a server.
        from menuops import emulator as wechat

        state_file = self.state.root / "emulator.json"
        try:
            make_private(self.state.root)
            emulator = wechat.Emulator(state_file=state_file, clock=self._world.clock)
            for account in self._project.accounts:
                if account.api == EMULATOR:
                    emulator.add_account(wechat.demo_account(account.appid, _EMULATOR_SECRET))
            self._emulator_url = self._open.enter_context(emulator.serve())
        except (OSError, wechat.EmulatorStateError) as cause:
            raise CannotStart(
                f"the embedded emulator can't start: {cause}",
                fix=f"look at {state_file}; deleting it makes the emulator forget its menus",
                code="emulator",
            ) from None
        # Its port is another one each time: its tokens, and the locks that stand for them, are
        # of no use to a later run.
        try:
            scratch = self._open.enter_context(TemporaryDirectory(prefix="menuops-"))
        except OSError as cause:
            raise CannotStart(
                f"there is no room for the tokens of the emulator: {cause}",
                fix="set TMPDIR to a directory that can be written to",
                code="emulator",
            ) from None
        self._emulated = self._container(MemoryStore(), FileLocks(Path(scratch)))
        return self._emulated

    @cached_property
    def _store_and_locks(self) -> tuple[TokenStore, Locks]:
        """Give what the project file says, once somebody needs it."""
        variable = self._project.token_store_env
        match self._project.token_store:
            case "memory":
                return MemoryStore(), FileLocks()
            case "file":
                return FileStore(), FileLocks()
        assert variable is not None, "the project file names it with `token_store: redis`"
        url = self._world.environ.get(variable, "").strip()
        if not url:
            problem = "is empty" if variable in self._world.environ else "isn't set"
            raise CannotStart(
                f"the tokens are kept in Redis, and the environment variable {variable} {problem}",
                fix=f"put its URL into {variable}: redis://:PASSWORD@HOST:6379/0, or rediss://",
                code="no_store",
            )
        server = RedisServer(Secret(url), named_by=f"the environment variable {variable}")
        self._open.callback(server.close)
        return RedisStore(server), RedisLocks(server)

    def _container(self, store: TokenStore, locks: Locks) -> TokenContainer:
        container = TokenContainer(
            self.http,
            store,
            locks,
            clock=self._world.clock,
            pace=self._pace,
            environ=self._world.environ,
        )
        self._open.callback(container.close)
        return container
