"""What WeChat can answer in place of a result, as errors with a meaning and a fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from menuops.core.account import WECHAT_HOST
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.outcome import Outcome
from menuops.core.secret import Secret
from menuops.transport.errors import BadAnswer, Unreachable
from menuops.transport.excerpt import escaped
from menuops.transport.redaction import redacted
from menuops.wechat.codes import code_of, is_known

# "… rid: 617682e0-09059ac5-34a8e2ea" today, "… hint: [6NqJ8a08333228]" in older answers.
_RID: Final = re.compile(r"[\s,]*\brid:?\s*([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})\b.*", re.DOTALL)
_HINT: Final = re.compile(r"[\s,]*\bhint:?\s*\[[^\]]*\].*", re.DOTALL)
_IP: Final = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\bip(?:v6)?:? ([0-9a-f:]{3,}:[0-9a-f:]+)", re.I
)
_TEXT_CHARS: Final = 300
_READ_CHARS: Final = 4096


class WeChatError(CannotStart):
    """WeChat answered with a code other than 0, so the call wasn't done.

    `call` is "menu/create", "stable_token", …; `url` its URL without the query, which alone holds
    a token; `errcode` the number, `code` the same as text; `errmsg` WeChat's text without rid and
    hint; `rid` names the request to WeChat's support for 7 days, or is empty; `meaning` and `fix`
    are ours. `is_known` is false for a number that is in no table: what it means for a write
    isn't known either.
    """

    transient: ClassVar[bool] = False
    EXPLAINED_AS: ClassVar[int | None] = None

    def __init__(
        self, call: str, errcode: int, errmsg: str, *, rid: str = "", api: str = WECHAT_HOST
    ) -> None:
        known = code_of(errcode if self.EXPLAINED_AS is None else self.EXPLAINED_AS)
        self.call = call
        self.url = f"{api}/cgi-bin/{call}"
        self.errcode = errcode
        self.is_known = is_known(errcode)
        self.errmsg = errmsg
        self.rid = rid
        self.meaning = known.meaning
        text = errmsg or known.message
        super().__init__(
            f"{call}: WeChat answers {errcode}{f' ({text})' if text else ''}: {self.meaning}"
            + (f" [rid {rid}]" if rid else ""),
            fix=_fix(errcode, errmsg, known.fix),
            code=str(errcode),
        )


class TokenRefused(WeChatError):
    """40001, 40014, 42001 on an API call: the token is void, unknown or expired."""


class Busy(WeChatError):
    """-1: WeChat's system is busy. Whether a write was done isn't certain."""

    transient: ClassVar[bool] = True


class RateLimited(WeChatError):
    """45009, 45011, 45102: a quota of the day or the minute is used up."""


class NotAllowed(WeChatError):
    """48001 and its kin: the account may not use the interface."""


class NoMenu(WeChatError):
    """46002, 46003: the account has no menu that was made through the API."""


class UnknownConditional(WeChatError):
    """65301: the account has no conditional menu of this menuid."""


class MenuLimit(WeChatError):
    """65305: the account can't hold one more conditional menu."""


class DomainLimit(WeChatError):
    """65316: the links of all conditional menus together lead to more than three domains."""


class NotWhitelisted(WeChatError):
    """40164, 61004: the caller's IP isn't listed; `ip` is the one that WeChat saw, or empty."""

    @property
    def ip(self) -> str:
        """The address to list."""
        return _ip(self.errmsg)


class WrongSecret(WeChatError):
    """40001 or 40125 on a token call: the AppSecret isn't this account's (any more)."""

    EXPLAINED_AS = 40125


_KINDS: Final[Mapping[int, type[WeChatError]]] = {
    -1: Busy,
    40001: TokenRefused,
    40014: TokenRefused,
    42001: TokenRefused,
    40164: NotWhitelisted,
    61004: NotWhitelisted,
    45009: RateLimited,
    45011: RateLimited,
    45102: RateLimited,
    46002: NoMenu,
    46003: NoMenu,
    48001: NotAllowed,
    50001: NotAllowed,
    61007: NotAllowed,
    61016: NotAllowed,
    61017: NotAllowed,
    65301: UnknownConditional,
    65305: MenuLimit,
    65316: DomainLimit,
}


class LostAnswer(CannotStart):
    """A write went out and nobody knows whether it was done; only reading the menu can tell.

    `reason` says what came instead of an answer. Never repeat the write without reading.
    """

    outcome = Outcome.UNKNOWN

    def __init__(self, call: str, reason: Unreachable | BadAnswer) -> None:
        super().__init__(
            f"{call}: sent, but not known to be done: {reason.message.removeprefix(f'{call}: ')}",
            fix="read the menu again before anything else is written",
        )
        self.call = call
        self.reason = reason


def raise_for_code(
    call: str,
    body: Mapping[str, Any],
    *,
    api: str = WECHAT_HOST,
    secrets: Iterable[Secret] = (),
    token_call: bool = False,
) -> None:
    """Raise the error that `body` says; do nothing for `errcode` 0 or none.

    `secrets` are taken out of WeChat's text should it ever repeat them. Raises WeChatError of
    the fitting kind, and BadAnswer for an `errcode` that is no number.
    """
    raw = body.get("errcode", 0)
    try:
        errcode = int(raw)
    except (TypeError, ValueError):
        errcode = None
    if errcode is None or isinstance(raw, bool | float):
        raise BadAnswer(call, "the answer's errcode isn't a whole number")
    if errcode == 0:
        return
    said = redacted(str(body.get("errmsg") or "")[:_READ_CHARS], secrets)
    rid = _RID.search(said)
    errmsg = escaped(_HINT.sub("", _RID.sub("", said)).strip())
    if len(errmsg) > _TEXT_CHARS:
        errmsg = f"{errmsg[: _TEXT_CHARS - 1]}…"
    kind = _KINDS.get(errcode, WeChatError)
    if token_call and errcode in {40001, 40125}:
        # On the token calls themselves 40001 is the documented code for a wrong AppSecret.
        kind = WrongSecret
    raise kind(call, errcode, errmsg, rid=rid.group(1) if rid else "", api=api)


def is_transient(error: MenuopsError) -> bool:
    """Tell whether the same call may work a little later with nobody's help."""
    return isinstance(error, WeChatError | Unreachable | BadAnswer) and error.transient


def _ip(errmsg: str) -> str:
    found = _IP.search(errmsg)
    return (found.group(1) or found.group()) if found else ""


def _fix(errcode: int, errmsg: str, fix: str) -> str:
    ip = _ip(errmsg) if errcode in {40164, 61004} else ""
    return fix.replace("the address that WeChat names", ip) if ip else fix
