"""What is known of an account's token without asking WeChat or a token server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, assert_never
from urllib.parse import urlsplit

from menuops.core.account import (
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    GivenToken,
    SdkToken,
    SecretCommand,
    SecretProvider,
    ServerToken,
    StableToken,
    TokenSource,
)

SourceWord: TypeAlias = Literal[
    "stable", "classic", "command", "url", "file", "env", "sdk", "given"
]


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """The state of a token; never the token itself.

    Times are in seconds since 1970, None where no token is kept or its life isn't ours to know.
    `store` says where it lies: the store, or the place that it is read from. `present` says
    that there is a token, `fresh` that the next use will take it, `problem` why there is none;
    `shared_with` who else may hold it.
    """

    source: SourceWord
    store: str
    shared_with: str = field(kw_only=True)
    present: bool
    fresh: bool
    issued_at_s: float | None = None
    age_s: float | None = None
    renew_at_s: float | None = None
    expires_at_s: float | None = None
    problem: str = ""


_WORDS: Final[dict[type, SourceWord]] = {
    StableToken: "stable",
    ClassicToken: "classic",
    CommandToken: "command",
    ServerToken: "url",
    FileToken: "file",
    EnvToken: "env",
    SdkToken: "sdk",
    GivenToken: "given",
}


def source_word(source: TokenSource) -> SourceWord:
    """Name the kind of a source as the project file does."""
    return _WORDS[type(source)]


def shared_with(source: TokenSource) -> str:
    """Say who else may hold the same token, and what that means for them."""
    match source:
        case StableToken():
            return "everyone who calls stable_token gets the same one; nobody's is voided"
        case ClassicToken():
            return "nobody else: each fetch voids the classic token of all other programs"
        case CommandToken(argv):
            return f"whoever else asks {argv[0]}; what its fetching voids, it alone knows"
        case ServerToken(url):
            return f"the clients of {host_of(url)}"
        case FileToken(cloudbase=True):
            return "the other programs of this Cloud Run container"
        case FileToken():
            return "who writes that file, and all who read it"
        case EnvToken():
            return "who set that variable"
        case SdkToken(sdk):
            return f"the bot whose {sdk} fetches and renews it"
        case GivenToken():
            return "the caller, who brought it"
        case _:
            assert_never(source)


def why_unread(source: TokenSource) -> str:
    """Say why a status doesn't read the token, for to read it would run something; else empty."""
    match source:
        case SdkToken(key=None, secret=SecretCommand()):
            return (
                "not looked at: the AppSecret is a part of its key in Redis, and for a status "
                "`secret_command` isn't run"
            )
        case SdkToken(key=None, secret=SecretProvider()):
            return "not looked at: the AppSecret is a part of its key, and its provider isn't asked"
        case _:
            return ""


def host_of(url: str) -> str:
    """Name the host and the port of a URL, and nothing else that stands in it."""
    return urlsplit(url).netloc.rpartition("@")[2]


def place_of(source: EnvToken | FileToken | SdkToken | GivenToken) -> str:
    """Say where a token that somebody else renews is read."""
    match source:
        case EnvToken(name):
            return f"variable {name}"
        case FileToken(path):
            return f"file {path}"
        case SdkToken(sdk, store_env):
            return f"Redis of {sdk} (${store_env})"
        case GivenToken():
            return "memory"
        case _:
            assert_never(source)
