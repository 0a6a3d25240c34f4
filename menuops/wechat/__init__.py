"""What WeChat is asked and answers: the token container, the menu calls, the error codes.

As a library: `from menuops.wechat import TokenContainer`. What this package names is imported at
first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from menuops.core.account import (
        ClassicToken,
        CommandToken,
        EnvToken,
        FileToken,
        GivenToken,
        OfficialAccount,
        SdkToken,
        SecretCommand,
        SecretEnv,
        SecretFile,
        SecretGiven,
        SecretProvider,
        ServerToken,
        StableToken,
        TokenSource,
    )
    from menuops.core.errors import Locked, MenuopsError
    from menuops.core.secret import Secret
    from menuops.locks import (
        FileLocks,
        LockLost,
        LockUnusable,
        RedisLocks,
        RedisServer,
        RedisUnusable,
    )
    from menuops.transport import BadAnswer, Http, Unreachable
    from menuops.wechat.api import MenuApi
    from menuops.wechat.client import Client
    from menuops.wechat.errors import LostAnswer, TokenRefused, WeChatError
    from menuops.wechat.pace import Pace
    from menuops.wechat.tokens.app_secret import NoSecret
    from menuops.wechat.tokens.container import NotRegistered, TokenContainer
    from menuops.wechat.tokens.file_store import FileStore
    from menuops.wechat.tokens.grant import Grant
    from menuops.wechat.tokens.handed import NoToken
    from menuops.wechat.tokens.memory_store import MemoryStore
    from menuops.wechat.tokens.program import ProgramFailed
    from menuops.wechat.tokens.redis_store import RedisStore
    from menuops.wechat.tokens.status import TokenStatus
    from menuops.wechat.tokens.store import StoreUnusable, TokenStore
    from menuops.wechat.tokens.token_server import NoHeader
    from menuops.wechat.tokens.void import TokenVoid

__all__ = [
    "BadAnswer",
    "ClassicToken",
    "Client",
    "CommandToken",
    "EnvToken",
    "FileLocks",
    "FileStore",
    "FileToken",
    "GivenToken",
    "Grant",
    "Http",
    "LockLost",
    "LockUnusable",
    "Locked",
    "LostAnswer",
    "MemoryStore",
    "MenuApi",
    "MenuopsError",
    "NoHeader",
    "NoSecret",
    "NoToken",
    "NotRegistered",
    "OfficialAccount",
    "Pace",
    "ProgramFailed",
    "RedisLocks",
    "RedisServer",
    "RedisStore",
    "RedisUnusable",
    "SdkToken",
    "Secret",
    "SecretCommand",
    "SecretEnv",
    "SecretFile",
    "SecretGiven",
    "SecretProvider",
    "ServerToken",
    "StableToken",
    "StoreUnusable",
    "TokenContainer",
    "TokenRefused",
    "TokenSource",
    "TokenStatus",
    "TokenStore",
    "TokenVoid",
    "Unreachable",
    "WeChatError",
]

_FROM: Final = {
    "core.account": (
        "ClassicToken CommandToken EnvToken FileToken GivenToken OfficialAccount SdkToken "
        "SecretCommand SecretEnv SecretFile SecretGiven SecretProvider ServerToken "
        "StableToken TokenSource"
    ),
    "core.errors": "Locked MenuopsError",
    "core.secret": "Secret",
    "locks": "FileLocks LockLost LockUnusable RedisLocks RedisServer RedisUnusable",
    "transport": "BadAnswer Http Unreachable",
    "wechat.api": "MenuApi",
    "wechat.client": "Client",
    "wechat.errors": "LostAnswer TokenRefused WeChatError",
    "wechat.pace": "Pace",
    "wechat.tokens.app_secret": "NoSecret",
    "wechat.tokens.container": "NotRegistered TokenContainer",
    "wechat.tokens.file_store": "FileStore",
    "wechat.tokens.grant": "Grant",
    "wechat.tokens.handed": "NoToken",
    "wechat.tokens.memory_store": "MemoryStore",
    "wechat.tokens.program": "ProgramFailed",
    "wechat.tokens.redis_store": "RedisStore",
    "wechat.tokens.status": "TokenStatus",
    "wechat.tokens.store": "StoreUnusable TokenStore",
    "wechat.tokens.token_server": "NoHeader",
    "wechat.tokens.void": "TokenVoid",
}
_MODULES: Final = {name: module for module, names in _FROM.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(importlib.import_module(f"menuops.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
