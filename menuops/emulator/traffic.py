"""The calls that came in and what was answered: kept, recorded, and shown to those who look on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .exchange import Exchange, Seen, appid_of, shown
from .feed import Feed
from .state import World
from .store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from .buttons import JsonObject
    from .faults import Fault
    from .recording import Recording
    from .request import Request

CALLS_KEPT = 100_000
REQUESTS_KEPT = 1_000


class Traffic:
    """The last calls, in the order they came. Thread-safe.

    Those that ended go to `feed`, and to the file `record`, a line each. Raises EmulatorStateError
    if that can't be opened.
    """

    def __init__(self, store: Store, feed: Feed, record: Path | None) -> None:
        self._store = store
        self._feed = feed
        self._recording = None if record is None else open_recording(record)
        self._lock = threading.Lock()
        self._calls: deque[Seen] = deque(maxlen=CALLS_KEPT)
        self._requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)

    @property
    def calls(self) -> list[tuple[str, str, int | None]]:
        """Give (method, path, errcode) of each."""
        with self._lock:
            return [(seen.method, seen.path, seen.errcode) for seen in self._calls]

    @property
    def requests(self) -> list[Request]:
        """Give the requests whole, tokens and secrets with them."""
        with self._lock:
            return list(self._requests)

    def note(
        self, method: str, path: str, request: Request, now_s: float, fault: Fault | None = None
    ) -> Exchange:
        """Keep a call that came in; `done` ends it."""
        exchange = Exchange(Seen(method, path), request, now_s, fault)
        with self._lock:
            self._calls.append(exchange.seen)
            self._requests.append(request)
        return exchange

    def done(self, exchange: Exchange) -> None:
        """Show a call that was answered, or wasn't, to those who look on."""
        exchange.appid = self._store.peek(lambda world: appid_of(exchange.request, world.owner))
        self._feed.add(exchange)
        if self._recording is not None:
            self._recording.add(self.shown([exchange])[0])

    def shown(self, exchanges: Iterable[Exchange]) -> list[JsonObject]:
        """Give exchanges as JSON, without tokens and secrets."""
        known = self._store.peek(secrets)
        return [shown(exchange, known) for exchange in exchanges]


def secrets(world: World) -> set[str]:
    """Give all that mustn't be shown, wherever it stands."""
    found = {state.account.secret for state in world.states if state.account.secret}
    return found.union(token.value for state in world.states for token in state.tokens)


def open_recording(path: Path) -> Recording:
    """Open a file for exchanges. Imported where it is used: who imports the package may never."""
    from pathlib import Path

    from .recording import Recording

    return Recording(Path(path))
