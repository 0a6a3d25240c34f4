"""Reading what accounts have: two requests an account, side by side, many accounts at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from menuops.core.errors import Interrupted, MenuopsError
from menuops.core.live import Live, read_live
from menuops.wechat.api import TagCount
from menuops.wechat.errors import NotAllowed

T = TypeVar("T")
_log = logging.getLogger(__name__)


class ReadingApi(Protocol):
    """The part of the client that reads."""

    def get_menu(self) -> dict[str, Any] | None:
        """Read `menu/get`; None for no menu."""

    def get_selfmenu(self) -> dict[str, Any]:
        """Read `get_current_selfmenu_info`."""

    def get_tags(self) -> tuple[TagCount, ...]:
        """Read `tags/get`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What an account answered: None for no menu, and for a selfmenu that it may not read.

    `live` is the state of the account that the answers show.
    """

    menu: Mapping[str, Any] | None
    selfmenu: Mapping[str, Any] | None
    live: Live = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "live", read_live(self.menu, self.selfmenu))


def read_account(api: ReadingApi) -> Answers:
    """Read one account, one request after the other. Raises what the client raises."""
    return Answers(api.get_menu(), _selfmenu(api))


class Reader:
    """Runs reads of many accounts, at most `parallel` accounts at a time."""

    def __init__(self, parallel: int) -> None:
        self._menus = ThreadPoolExecutor(parallel, thread_name_prefix="menu")
        self._selfmenus = ThreadPoolExecutor(parallel, thread_name_prefix="selfmenu")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # Reads under way are let finish, unless a person asked to stop: they change nothing.
        interrupted = kind is not None and issubclass(kind, KeyboardInterrupt | Interrupted)
        for pool in (self._menus, self._selfmenus):
            pool.shutdown(wait=not interrupted, cancel_futures=True)

    def read(self, apis: Iterable[ReadingApi]) -> list[Answers | MenuopsError]:
        """Read accounts; the results stand in their order, an error in place of an answer."""
        asked = [
            (
                self._menus.submit(_tried, api.get_menu),
                self._selfmenus.submit(_tried, partial(_selfmenu, api)),
            )
            for api in apis
        ]
        return [_both(menu, selfmenu) for menu, selfmenu in asked]

    def read_tags(self, apis: Iterable[ReadingApi]) -> list[tuple[TagCount, ...] | MenuopsError]:
        """Read the tags of accounts, in their order."""
        return self.run(partial(_tried, api.get_tags) for api in apis)

    def run(self, reads: Iterable[Callable[[], T]]) -> list[T]:
        """Make other reads, one of each account; the results stand in their order."""
        return [future.result() for future in [self._menus.submit(read) for read in reads]]


def _tried(call: Callable[[], T]) -> T | MenuopsError:
    try:
        return call()
    except MenuopsError as error:
        return error


def _selfmenu(api: ReadingApi) -> dict[str, Any] | None:
    try:
        return api.get_selfmenu()
    except NotAllowed as error:
        _log.info("get_current_selfmenu_info can't be read: %s", error)
        return None


def _both(
    menu: Future[dict[str, Any] | MenuopsError | None],
    selfmenu: Future[dict[str, Any] | MenuopsError | None],
) -> Answers | MenuopsError:
    first, second = menu.result(), selfmenu.result()
    if isinstance(first, MenuopsError):
        return first
    return second if isinstance(second, MenuopsError) else Answers(first, second)
