"""Real clients of WeChat, installed from their registries, against `menuops emulator`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .driving import Client, Emulated, Lacks, driven, emulated
from .installing import Driver, NotInstalled, drivers, install_node, install_python
from .trials import TRIALS, Bench


@dataclass
class Crowd:
    """All clients; each is started when it is first asked for."""

    emulated: Emulated
    directory: Path
    requires: Callable[[str], None]
    python: dict[Driver, Future[list[str]]]
    node: Future[Path]
    stack: ExitStack
    running: dict[Driver, Client] = field(default_factory=dict)
    told: dict[tuple[Driver, str], str | Lacks | AssertionError] = field(default_factory=dict)

    def tell(self, driver: Driver, trial: str) -> str:
        """Give the words of a cell; tried once. Raises Lacks, and what the trial does."""
        cell = (driver, trial)
        if cell not in self.told:
            try:
                self.told[cell] = TRIALS[trial](self._bench(driver))
            except (Lacks, AssertionError) as why:
                self.told[cell] = why
        told = self.told[cell]
        if isinstance(told, Exception):
            raise told
        return told

    def _bench(self, driver: Driver) -> Bench:
        client = self._client(driver)
        appid = self.emulated.new_account()
        client.open(appid)
        directory = self.directory / appid
        directory.mkdir()
        return Bench(client, self.emulated, appid, directory)

    def _client(self, driver: Driver) -> Client:
        if driver not in self.running:
            environ = {}
            try:
                if driver.in_node:
                    self.requires("node")
                    self.requires("npm")
                    environ["NODE_PATH"] = str(self.node.result())
                    command = ["node", str(driver.path)]
                else:
                    command = self.python[driver].result()
            except NotInstalled as why:
                pytest.skip(f"{driver.title} can't be installed here: {why}")
            cwd = self.directory / driver.path.stem
            cwd.mkdir()
            client = driven(command, self.emulated.url, cwd, environ)
            self.running[driver] = self.stack.enter_context(client)
        return self.running[driver]


@pytest.fixture(scope="session")
def crowd(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    requires: Callable[[str], None],
) -> Iterator[Crowd]:
    """Install side by side, and serve."""
    cache = pytestconfig.cache.mkdir("clients")
    directory = tmp_path_factory.mktemp("clients")
    with ExitStack() as stack:
        installs = stack.enter_context(ThreadPoolExecutor(max_workers=3))
        node = installs.submit(install_node, cache)
        python = {
            driver: installs.submit(install_python, driver, cache)
            for driver in drivers()
            if not driver.in_node
        }
        served = stack.enter_context(emulated(directory / "emulator.json"))
        yield Crowd(served, directory, requires, python, node, stack)
