"""Access tokens: how they are issued, renewed and voided. Pure; times are seconds by one clock.

Rules: WeChat's pages on `token`, `stable_token` and Cloud Run (微信云托管). The kinds live side by
side; fetching one never voids another.
"""

from __future__ import annotations

import binascii
import os
import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["classic", "stable", "cloudbase"]
KINDS = get_args(Kind)

LIFE_S = 7200
CLOUDBASE_LIFE_S = 1800  # a container finds a new one in its file every ten minutes
OVERLAP_S = 300  # old and new token both work this long
FORCE_GAP_S = 30
FORCES_A_DAY = 20
KEPT_DEAD = 16  # dead tokens that an account still recognises, to tell 42001 from 40001
URL_SAFE = str.maketrans("+/", "-_")
SHAPE = re.compile(r"[0-9A-Za-z_-]{33,512}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was issued; a dead one is kept for a while to name the way it died."""

    value: str
    kind: Kind
    expires_at_s: float
    void_at_s: float | None = None  # set once a newer token or a leak drill took its place

    def errcode(self, now_s: float) -> int:
        """0 while it works; 40001 once it was voided; 42001 once its time is over."""
        if self.void_at_s is not None and self.void_at_s <= min(now_s, self.expires_at_s):
            return 40001
        return 42001 if self.expires_at_s <= now_s else 0

    def latest(self, now_s: float) -> bool:
        """Tell whether this is the one token of its kind that a newer one hasn't replaced."""
        return self.void_at_s is None and now_s < self.expires_at_s


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token call gives: the account's tokens from now on, and the answer's two fields."""

    tokens: tuple[Token, ...]
    value: str
    expires_in_s: int


def new_value() -> str:
    """Make a token of the length of real ones (136 to 157 characters, url-safe)."""
    return "90_" + binascii.b2a_base64(os.urandom(105), newline=False).decode("ascii").translate(
        URL_SAFE
    )


def grant_classic(tokens: tuple[Token, ...], now_s: float) -> Grant:
    """Answer GET token: always a new one; the former works for five more minutes."""
    return issue(retire(tokens, "classic", now_s, keep_s=OVERLAP_S), "classic", now_s)


def grant_stable(tokens: tuple[Token, ...], now_s: float) -> Grant:
    """Answer stable_token in plain mode: the same token, until its last five minutes.

    The former then lives out the time it was promised, so both work for five minutes.
    """
    for token in tokens:
        left_s = token.expires_at_s - now_s
        if token.kind == "stable" and token.latest(now_s) and left_s >= OVERLAP_S:
            return Grant(tokens, token.value, int(left_s))
    return issue(retire(tokens, "stable", now_s, keep_s=OVERLAP_S), "stable", now_s)


def grant_forced(tokens: tuple[Token, ...], now_s: float, overlap_s: float = OVERLAP_S) -> Grant:
    """Answer stable_token with force_refresh.

    WeChat's page says both that the last token is void at once and that a leak takes two forced
    calls. The second reading needs this: the last token has an overlap, all before it have none.
    The first is that of an `overlap_s` of 0.
    """
    cleared = tuple(
        replace(token, void_at_s=min(now_s, token.void_at_s))
        if token.kind == "stable" and token.void_at_s is not None
        else token
        for token in tokens
    )
    return issue(retire(cleared, "stable", now_s, keep_s=overlap_s), "stable", now_s)


def retire(tokens: tuple[Token, ...], kind: Kind, now_s: float, keep_s: float) -> tuple[Token, ...]:
    """Let the tokens of a kind that nothing replaced yet work for `keep_s` more, at most."""
    return tuple(
        replace(token, void_at_s=now_s + keep_s)
        if token.kind == kind and token.void_at_s is None
        else token
        for token in tokens
    )


def issue(tokens: tuple[Token, ...], kind: Kind, now_s: float) -> Grant:
    """Add a new token that lives two hours."""
    token = Token(new_value(), kind, now_s + LIFE_S)
    return Grant(added(tokens, token, now_s), token.value, LIFE_S)


def cloudbase_token(now_s: float) -> Token:
    """Make a token as Cloud Run puts it into a container's file. It voids none before it.

    How real ones look isn't published; here they look as any other, so that a client can't tell.
    """
    return Token(new_value(), "cloudbase", now_s + CLOUDBASE_LIFE_S)


def added(tokens: tuple[Token, ...], token: Token, now_s: float) -> tuple[Token, ...]:
    """Give the tokens with one more, without the longest dead."""
    alive = [one for one in tokens if one.errcode(now_s) == 0]
    dead = [one for one in tokens if one.errcode(now_s) != 0]
    return (*dead[-KEPT_DEAD:], *alive, token)


def void_all(tokens: tuple[Token, ...], now_s: float) -> tuple[Token, ...]:
    """Make every live token answer 40001 from now on."""
    return tuple(
        replace(token, void_at_s=now_s) if token.errcode(now_s) == 0 else token for token in tokens
    )


def expire_all(tokens: tuple[Token, ...], now_s: float) -> tuple[Token, ...]:
    """Make every live token answer 42001 from now on."""
    return tuple(
        replace(token, expires_at_s=now_s, void_at_s=None) if token.errcode(now_s) == 0 else token
        for token in tokens
    )
