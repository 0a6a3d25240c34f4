"""Saved answers in place of WeChat: no token is needed for them, and no request is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from menuops.core.account import Account
from menuops.core.errors import CannotStart, InvalidFiles
from menuops.core.finding import Finding
from menuops.core.plan import AccountRef
from menuops.files.answers.answers import AnswersFile, SavedAnswers
from menuops.wechat.api import GET_SELFMENU, TagCount
from menuops.wechat.errors import NotAllowed
from menuops.wechat.quota import Quota

_MANY = 5


@dataclass(frozen=True, slots=True)
class SavedApi:
    """Reads one account's saved answers as its client reads the account."""

    saved: SavedAnswers
    file: str

    def get_menu(self) -> dict[str, Any] | None:
        """Give the answer of `menu/get`; None for no menu."""
        return None if self.saved.menu is None else dict(self.saved.menu)

    def get_selfmenu(self) -> dict[str, Any]:
        """Give that of `get_current_selfmenu_info`; raises NotAllowed where there was none."""
        if self.saved.selfmenu is None:
            raise NotAllowed(GET_SELFMENU, 48001, "")
        return dict(self.saved.selfmenu)

    def get_tags(self) -> tuple[TagCount, ...]:
        """Give that of `tags/get`; raises CannotStart where there was none."""
        if self.saved.tags is None:
            raise CannotStart(
                f"{self.file} doesn't hold them",
                fix="save the answers of an account that may read its tags: "
                "menuops import --raw --out FILE",
                code="no_tags",
            )
        return tuple(
            TagCount(str(tag["id"]), tag["name"], _count(tag)) for tag in self.saved.tags["tags"]
        )

    def get_quota(self, call: str) -> Quota:  # noqa: ARG002  # as the client has it
        """Raise CannotStart: what is left of a day isn't saved."""
        raise CannotStart(f"{self.file} doesn't hold it", fix="plan online", code="no_quota")


def _count(tag: Mapping[str, Any]) -> int:
    count = tag.get("count")
    return count if isinstance(count, int) else 0


class SavedAccounts:
    """Gives the saved answers of each account, where `Remote` gives its client."""

    def __init__(self, saved: AnswersFile, accounts: Sequence[Account]) -> None:
        """Find the answers of all `accounts`. Raises InvalidFiles for those that aren't there."""
        found = [_find(saved, account, alone=len(accounts) == 1) for account in accounts]
        missing = [each for each in found if isinstance(each, Finding)]
        if missing:
            raise InvalidFiles(missing)
        self._apis = {
            (account.api, account.appid): SavedApi(each, saved.file)
            for account, each in zip(accounts, found, strict=True)
            if isinstance(each, SavedAnswers)
        }

    def api(self, account: Account) -> SavedApi:
        """Give the answers of one of the accounts."""
        return self._apis[account.api, account.appid]


def _find(saved: AnswersFile, account: Account, *, alone: bool) -> SavedAnswers | Finding:
    for each in saved.answers:
        # An account is its API host and its appid: names are labels.
        if each.ref is not None and (each.ref.api, each.ref.appid) == (account.api, account.appid):
            return each
    (first, *_) = (*saved.answers, None)
    if first is not None and first.ref is None:
        if alone:
            return first
        message = f"this is the answer of one account, and {account.name} is one of several"
        return _finding(saved, "other-account", f"{message}; choose it with -a")
    refs = [each.ref for each in saved.answers if each.ref is not None]
    for ref in refs:
        if ref.name == account.name:
            return _finding(saved, "other-account", _differing(ref, account))
    names = ", ".join(ref.name for ref in refs[:_MANY]) + (" …" if len(refs) > _MANY else "")
    return _finding(
        saved,
        "no-answers",
        f"{account.name} isn't in this file, which has {names or 'no account'}; "
        f"save its answers: menuops import --raw -a {account.name} --out FILE",
    )


def _differing(ref: AccountRef, account: Account) -> str:
    if ref.appid != account.appid:
        what = f"the appid {ref.appid} here and {account.appid} in the project"
    else:
        what = f"the API {ref.api} here and {account.api} in the project"
    return f"{account.name} has {what}: these are another account's answers"


def _finding(saved: AnswersFile, rule: str, message: str) -> Finding:
    return Finding(saved.file, 1, 1, rule, "error", message)
