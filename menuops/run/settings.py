"""What a run was told by its command line, and what it is given of the world."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

DEFAULT_PARALLEL: Final = 8
DAY_S: Final = 86400


@dataclass(frozen=True, slots=True)
class Settings:
    """The common options of all commands.

    `directory` is where the project file is looked for and what paths in messages are relative
    to; `accounts` are names with wildcards, empty for all that aren't protected; `menu` is the
    file of an account that stands in no project file. `at_s`, seconds since 1970, is the moment
    whose menus count; None: now.
    """

    directory: Path = field(default_factory=Path)
    config: Path | None = None
    accounts: tuple[str, ...] = ()
    api_url: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    parallel: int = DEFAULT_PARALLEL
    menu: Path | None = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What belongs to every command that makes a plan: guards lifted, order, expiry.

    With `check_ids` the ids of tags that files give are looked up as names are. `base` is the
    commit whose files tell one's own changes from those of others; None: what was applied last.
    """

    lifts: tuple[str, ...] = ()
    delete_first: bool = False
    expires_in_s: float = 7 * DAY_S
    check_ids: bool = False
    base: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What isn't a value: the clock (seconds since 1970), waiting, and the environment."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
