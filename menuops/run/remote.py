"""The open connections of a run: HTTP, token containers, the embedded emulator."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from platformdirs import user_state_path

from menuops.core.account import EMULATOR, Account, SecretGiven, StableToken
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.files.private import make_private
from menuops.files.project import Project
from menuops.locks import FileLocks, Locks
from menuops.run.settings import World
from menuops.state.runs import State
from menuops.transport import Http
from menuops.wechat.api import MenuApi
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.store import TokenStore

_EMULATOR_SECRET = "embedded-emulator"  # noqa: S105  # it opens nothing but our own loopback


class Remote:
    """Gives the client of each account; a context manager that closes all it opened."""

    def __init__(self, project: Project, world: World, *, parallel: int) -> None:
        self.state = State(project.state_dir or user_state_path("menuops", appauthor=False))
        self.locks: Locks = FileLocks()
        self._project = project
        self._world = world
        self.http = Http(pool_size=2 * parallel)
        self._pace = Pace(sleep=world.sleep)
        in_memory = project.token_store == "memory"  # noqa: S105  # the store's name
        self.tokens = self._container(MemoryStore() if in_memory else FileStore(), self.locks)
        self._emulated: TokenContainer | None = None
        self._emulator_url = ""
        self._open = ExitStack()

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

    def api(self, account: Account) -> MenuApi:
        """Give the client of an account; makes no request. Starts the emulator at first need."""
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
                    emulator.add_account(
                        wechat.Account(appid=account.appid, secret=_EMULATOR_SECRET)
                    )
            self._emulator_url = self._open.enter_context(emulator.serve())
        except (OSError, wechat.EmulatorStateError) as cause:
            raise CannotStart(
                f"the embedded emulator can't start: {cause}",
                fix=f"look at {state_file}; deleting it makes the emulator forget its menus",
                code="emulator",
            ) from None
        # Its port is another one each time: its tokens, and the locks that stand for them, are
        # of no use to a later run.
        scratch = self._open.enter_context(TemporaryDirectory(prefix="menuops-"))
        self._emulated = self._container(MemoryStore(), FileLocks(Path(scratch)))
        return self._emulated

    def _container(self, store: TokenStore, locks: Locks) -> TokenContainer:
        return TokenContainer(
            self.http,
            store,
            locks,
            clock=self._world.clock,
            pace=self._pace,
            environ=self._world.environ,
        )
