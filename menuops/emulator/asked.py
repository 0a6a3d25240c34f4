"""A call whose token was good, as those handlers get it that look beyond their own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .answers import Answer
from .request import Request
from .state import AccountState, World

Reply: TypeAlias = tuple[AccountState, Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """`state` is the account's, the call counted; `world` is to be read alone."""

    world: World
    state: AccountState
    request: Request
    now_s: float
