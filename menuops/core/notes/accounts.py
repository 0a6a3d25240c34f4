"""Rules of what one account wants of its menu files: when, and for which bot."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error, warning

_LIST: Final = (
    "Of a list under `menu` the first that is in force counts: a holiday's menu stands above the "
    "everyday one, which has neither `from` nor `until`."
)

ACCOUNTS: Final[tuple[RuleNote, ...]] = (
    error(
        "moment",
        "`from` or `until` is no moment.",
        "Write a date, a time and its offset, `2026-11-11T00:00+08:00`. Without an offset it would "
        "be another moment on each machine.",
    ),
    error(
        "window-empty",
        "A menu of a list ends before it begins.",
        "`until` is the first moment at which it is no longer in force, so it lies after `from`.",
    ),
    warning(
        "window-never",
        "A menu of a list is never in force.",
        f"{_LIST} Those above this one leave it no time; move it up, or delete it.",
    ),
    warning(
        "window-overlap",
        "The times of two menus of a list overlap in part.",
        f"{_LIST} Where two overlap and neither lies within the other, one was most likely meant "
        "to end where the other begins.",
    ),
    warning(
        "window-hole",
        "At some time no menu of a list is in force.",
        f"{_LIST} While none is, the account can't be planned, and its live menu stays as it is.",
    ),
    error(
        "nothing-in-force",
        "No menu of an account is in force at the moment of the plan.",
        "An empty menu is nothing that a list can fall back to by chance. End it with a menu that "
        "has neither `from` nor `until`, or leave the account out with `-a`.",
    ),
    error(
        "click-keys-form",
        "`click_keys` is empty.",
        "It is the path of a file with a key on each line: those that the bot answers.",
    ),
    error(
        "unanswered-key",
        "The account's bot answers no such key.",
        "A follower who taps the button would wait in vain. The keys that the bot knows stand in "
        "the file that `click_keys` names, one on each line, `*` for any characters.",
    ),
    error(
        "unknown-miniprogram-as",
        "`miniprogram_as` has no such value.",
        "It is `view`: a button that opens a mini program opens its `url` instead.",
    ),
    error(
        "unknown-mode",
        "An account has no such `mode`.",
        "`manage`: it is planned and applied. `watch`: plans report how it differs, and nothing is "
        "ever written to it. `paused`: plans and applies leave it out.",
    ),
    error(
        "unknown-unmanaged",
        "`unmanaged` has no such value.",
        "What becomes of live conditional menus that no file has. `remove`: they go, once the "
        "guard `remove-conditional` is lifted. `keep`: they stay, in their order among the others. "
        "`error`: the guard `unmanaged` stops the plan.",
    ),
)
