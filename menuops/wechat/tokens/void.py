"""A token that WeChat refuses and that nobody gives anew, said for each source."""

from __future__ import annotations

from typing import assert_never

from menuops.core.account import (
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    GivenToken,
    OfficialAccount,
    SdkToken,
    ServerToken,
    StableToken,
)
from menuops.core.errors import CannotStart


class TokenVoid(CannotStart):
    """WeChat refuses the token, and asking for another can't help."""


def void_token(account: OfficialAccount) -> TokenVoid:
    """Make the error of an account; its fix says who can do something about it."""
    source, name, appid = account.token, account.name, account.appid
    match source:
        case StableToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token and gives the same one again",
                fix="wait a few minutes and try again; check that the AppSecret and the appid "
                f"{appid} are of one account. Only a forced refresh makes a new one, and it voids "
                "the token of the account's other programs, so menuops does it for nobody unasked",
            )
        case ClassicToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that it has just given",
                fix=f"check that the AppSecret and the appid {appid} are of one account",
            )
        case CommandToken() | ServerToken():
            who = "the program" if isinstance(source, CommandToken) else "the token server"
            return TokenVoid(
                f"{name}: WeChat refuses the token, and {who} gives the same one again",
                fix=f"{who} holds a token that is void, expired or of another account than "
                f"{appid}: let it fetch a new one",
            )
        case GivenToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that was brought",
                fix="it is void, expired or of another account; bring a new one",
            )
        case EnvToken() | FileToken() | SdkToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that stands in {_place(source)}: it is void, "
                "expired or of another account",
                fix=f"let whoever fetches it put a new token of {appid} there; menuops reads it "
                "and never renews it",
            )
        case _:
            assert_never(source)


def _place(source: EnvToken | FileToken | SdkToken) -> str:
    match source:
        case EnvToken(variable):
            return f"the environment variable {variable}"
        case FileToken(path):
            return f"the file {path}"
        case SdkToken(sdk):
            return f"the Redis of {sdk}"
        case _:
            assert_never(source)
