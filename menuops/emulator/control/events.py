"""The stream of what happens, as `text/event-stream` has it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from menuops.emulator.errors import EmulatorStateError

if TYPE_CHECKING:
    from menuops.emulator.emulator import Emulator

BEAT_S = 15.0  # a comment, so that whoever listens knows that the emulator is there
LOOK_S = 1.0  # how often another process's change of the state file is looked for


def events(emulator: Emulator, since: int | None, ended: Callable[[], bool]) -> Iterator[str]:
    """Give the stream in pieces, a `state` first; ends once `ended` says so.

    Without `since` it begins with what comes from now on. Calls carry their numbers as ids.
    """
    begun = emulator.feed.since(0)
    last = begun.last if since is None else since if since <= begun.last else 0
    version = begun.version
    yield "retry: 1000\n" + event("state", {})
    beat_s = time.monotonic() + BEAT_S
    while not ended():
        left_s = beat_s - time.monotonic()
        if left_s <= 0:
            beat_s = time.monotonic() + BEAT_S
            yield ": still here\n\n"
            continue
        if emulator.shares_state:
            left_s = min(left_s, LOOK_S)
            with contextlib.suppress(EmulatorStateError):  # the calls say it
                emulator.look()
        news = emulator.feed.wait(last, version, left_s, ended)
        if news is None:
            continue
        pieces = [
            event("call", shown, shown["n"]) for shown in emulator.traffic.shown(news.exchanges)
        ]
        if news.version != version:
            pieces.append(event("state", {}))
        last, version = news.last, news.version
        if pieces:
            yield "".join(pieces)


def event(name: str, data: Any, number: int | None = None) -> str:
    """Write one event; JSON has no line break outside its strings, and none inside."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    identity = "" if number is None else f"id: {number}\n"
    return f"{identity}event: {name}\ndata: {text}\n\n"
