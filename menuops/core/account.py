"""An account as the project file gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias

from menuops.core.finding import Place
from menuops.core.secret import Secret

WECHAT_HOST: Final = "https://api.weixin.qq.com"
EMULATOR: Final = "emulator"


@dataclass(frozen=True, slots=True)
class SecretEnv:
    """The AppSecret stands in the environment variable `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class SecretFile:
    """The AppSecret is the content of `path`, white space around it dropped."""

    path: PurePath


@dataclass(frozen=True, slots=True)
class SecretGiven:
    """The AppSecret is at hand: that of the embedded emulator, or one that a library user has."""

    secret: Secret


SecretSource: TypeAlias = SecretEnv | SecretFile | SecretGiven


@dataclass(frozen=True, slots=True)
class StableToken:
    """`POST stable_token` in plain mode: never voids a token that others hold."""

    secret: SecretSource


@dataclass(frozen=True, slots=True)
class ClassicToken:
    """`GET token`: voids the classic token that other servers of the account hold."""

    secret: SecretSource


@dataclass(frozen=True, slots=True)
class EnvToken:
    """Somebody else fetches the token and hands it over in the environment variable `name`."""

    name: str


TokenSource: TypeAlias = StableToken | ClassicToken | EnvToken


@dataclass(frozen=True, slots=True)
class Account:
    """One Official Account. Tokens, locks and state go by (`api`, `appid`); `name` is a label.

    `api` is "emulator" or a base URL without a trailing slash. Times are in seconds.
    `variables` are the account's own `vars`, built-ins not among them.
    """

    name: str
    appid: str
    api: str
    menu: PurePath
    token: TokenSource
    variables: tuple[tuple[str, str], ...] = ()
    protected: bool = False
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 20.0
    retry_s: float = 30.0
    place: Place | None = None
