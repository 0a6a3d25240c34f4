"""An Official Account: how it is reached, and where its token comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from menuops.core.basis import Unmanaged
from menuops.core.finding import Place
from menuops.core.schedule import Window
from menuops.core.secret import Secret

WECHAT_HOST: Final = "https://api.weixin.qq.com"
EMULATOR: Final = "emulator"
CLOUDBASE_FILE: Final = PurePath("/.tencentcloudbase/wx/cloudbase_access_token")
"""Where Cloud Run (微信云托管) mounts the token of a container. Source: reference, 2.5."""

Sdk: TypeAlias = Literal["wechatpy", "wxjava", "easywechat", "senparc", "silenceper"]


@dataclass(frozen=True, slots=True)
class SecretEnv:
    """The AppSecret stands in the environment variable `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class SecretFile:
    """The AppSecret is the content of `path`, white space around it dropped."""

    path: PurePath


@dataclass(frozen=True, slots=True)
class SecretCommand:
    """The AppSecret is what a program prints; no shell sees its words."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecretProvider:
    """The AppSecret is what a function of a library user gives, each time that it is needed."""

    provide: Callable[[], str]


@dataclass(frozen=True, slots=True)
class SecretGiven:
    """The AppSecret is at hand: that of the embedded emulator, or one that a library user has."""

    secret: Secret


SecretSource: TypeAlias = SecretEnv | SecretFile | SecretCommand | SecretProvider | SecretGiven


@dataclass(frozen=True, slots=True)
class StableToken:
    """`POST stable_token` in plain mode: never voids a token that others hold."""

    secret: SecretSource


@dataclass(frozen=True, slots=True)
class ClassicToken:
    """`GET token`: voids the classic token that other servers of the account hold."""

    secret: SecretSource


@dataclass(frozen=True, slots=True)
class CommandToken:
    """A program prints the token, or JSON with `access_token` and `expires_in`."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerToken:
    """A company's own token server gives it, in answer to a GET.

    `headers` are pairs of a header's name and the environment variable that holds its value;
    `field` is the way to the token in the JSON of the answer, key by key.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    field: tuple[str, ...] = ("access_token",)


@dataclass(frozen=True, slots=True)
class EnvToken:
    """Somebody else fetches the token and hands it over in the environment variable `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class FileToken:
    """Somebody else writes the token to `path`, and writes it anew before it ends.

    With `cloudbase` it is one of Cloud Run, and is sent as `cloudbase_access_token`.
    """

    path: PurePath
    cloudbase: bool = False


@dataclass(frozen=True, slots=True)
class SdkToken:
    """A running bot's SDK keeps the token in Redis, whose URL is in the variable `store_env`.

    `prefix` is the bot's own setting of that name, in place of its SDK's default, and `key` takes
    the place of the whole key. `secret` is for an SDK that makes the AppSecret a part of its key.
    """

    sdk: Sdk
    store_env: str
    key: str | None = None
    secret: SecretSource | None = None
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class GivenToken:
    """The caller of the library brought the token; nobody renews it."""

    token: Secret


FetchedToken: TypeAlias = StableToken | ClassicToken | CommandToken | ServerToken
"""Those that are asked for, kept, and asked for again before they end."""

ReadToken: TypeAlias = EnvToken | FileToken | SdkToken | GivenToken
"""Those that are read at each use, since somebody else renews them."""

TokenSource: TypeAlias = FetchedToken | ReadToken


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """An account as its API sees it. Tokens and locks go by (`api`, `appid`); `name` is a label.

    `api` is a base URL without a trailing slash, or "emulator". Times are in seconds.
    """

    name: str
    appid: str
    token: TokenSource
    api: str = WECHAT_HOST
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 20.0
    retry_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Account(OfficialAccount):
    """An account with its menu files, as the project file gives it.

    Of `menus` the first in force counts. `variables` are the account's own `vars`, built-ins not
    among them. `click_keys` is the file of the keys that its bot answers, None where that isn't
    known. Of `mode` "watch" only reads, and "paused" is left out.
    """

    menus: tuple[Window, ...] = field(kw_only=True)
    variables: tuple[tuple[str, str], ...] = ()
    click_keys: PurePath | None = None
    skip_conditional: bool = False
    miniprogram_as_view: bool = False
    mode: Literal["manage", "watch", "paused"] = "manage"
    unmanaged: Unmanaged = "remove"
    protected: bool = False
    place: Place | None = None


def request_time_s(account: OfficialAccount) -> float:
    """How long one request of an account may take; a program that it names may take as long."""
    return account.connect_timeout_s + account.read_timeout_s
