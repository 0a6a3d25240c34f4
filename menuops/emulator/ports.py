"""Where an emulator is served: in the background, in the caller's thread, at several ports."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .store import Store

# http.server is slow to import, so it is where something is served.
if TYPE_CHECKING:
    from .emulator import Emulator
    from .server import Server


class Ports:
    """The servers of one emulator, which is `service` to them. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._servers: set[Server] = set()

    @contextlib.contextmanager
    def background(self, service: Emulator, host: str, port: int) -> Iterator[str]:
        """Serve in a thread while the block runs, and give the base URL."""
        with self._serving(service, host, port) as server:
            thread = threading.Thread(target=server.run, name="menuops-emulator", daemon=True)
            thread.start()
            try:
                yield server.url
            finally:
                server.stop()
                thread.join()

    def foreground(
        self, service: Emulator, host: str, port: int, ready: Callable[[str], None] | None
    ) -> None:
        """Serve in this thread until `stop`, or an exception."""
        with self._serving(service, host, port) as server:
            try:
                if ready is not None:
                    ready(server.url)
            except BaseException:
                server.server_close()
                raise
            server.run()

    def stop(self) -> None:
        """Make every server end. May be called by a signal handler."""
        for server in tuple(self._servers):
            server.stop()

    @contextlib.contextmanager
    def _serving(self, service: Emulator, host: str, port: int) -> Iterator[Server]:
        from .server import Server

        with self._store.serving():
            server = Server(host, port, service)
            self._servers.add(server)
            try:
                yield server
            finally:
                self._servers.discard(server)
