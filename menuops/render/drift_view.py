"""Drift as a person is told it, for text and Markdown alike.

Names are as they came: whoever writes them escapes them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from menuops.core.drift import AccountDrift, Drift, Status
from menuops.core.jsonform import canonical
from menuops.core.labels import DEFAULT
from menuops.core.live import Console
from menuops.core.meeting import Comparison, Meeting
from menuops.core.model import Foreign, each_entry
from menuops.render.drift_rows import MenuRows, comparison_rows
from menuops.render.language.speech import enumerated, said, sentences
from menuops.render.past_text import past_text
from menuops.render.terminal import count, safe

Again: TypeAlias = Callable[[str, tuple[str, ...]], str]
"""Gives the options that choose an account by its name and lift guards, as they are typed."""

LISTED: Final = 20
"""So many accounts in sync are named; more share one line."""
UNSEEN: Final = (
    "get_current_selfmenu_info can't be read: a menu made or switched off in the web console "
    "(公众号后台) would not be seen here"
)
_CONSOLE: Final[dict[Console, str]] = {
    Console.MADE: "the menu in force was made in the web console (公众号后台)",
    Console.OVERRIDES: (
        "the web console (公众号后台) published another menu over that of the API; the default "
        "menu here is the console's"
    ),
    Console.CLOSED: "the menu is switched off (停用) in the web console (公众号后台)",
    Console.UNREADABLE: UNSEEN,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A comparison under its title."""

    title: str
    menus: tuple[MenuRows, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of one account, or of several of which the same holds.

    `console` is what the web console has to do with it, "" for nothing.
    """

    status: Status
    headline: str
    console: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextCommand:
    """What to type next, and what for; `command` is fit for a shell and for a screen."""

    purpose: str
    command: str
    remark: str = ""


def drift_stories(drift: Drift) -> list[tuple[Story, tuple[AccountDrift, ...]]]:
    """Tell each account that isn't in sync; those with the same story stand together."""
    groups: dict[str, tuple[Story, list[AccountDrift]]] = {}
    for account in drift.read:
        if account.status != "in_sync":
            story = _story(account)
            # What a field holds may be a list, which has no hash.
            groups.setdefault(repr(story), (story, []))[1].append(account)
    return [(story, tuple(members)) for story, members in groups.values()]


def _story(account: AccountDrift) -> Story:
    return Story(
        account.status,
        _headline(account),
        _CONSOLE.get(account.plan.live.console, ""),
        tuple(_sections(account)),
        tuple(_notes(account)),
    )


def _since(account: AccountDrift) -> str:
    past = account.past
    assert past is not None
    return past_text(past.source, past.revision)


def _headline(account: AccountDrift) -> str:
    match account.status:
        case "drift":
            return f"drift: live moved since {_since(account)}, and the files didn't"
        case "both":
            return f"drift: live moved since {_since(account)}, and so did the files"
        case "pending":
            return f"no drift: live is as of {_since(account)}, and the files moved"
        case _:
            return (
                "live isn't as the files say; what was applied last isn't known, so who moved "
                "can't be told"
            )


def _sections(account: AccountDrift) -> Iterator[Section]:
    def section(title: str, side: Comparison | None) -> Iterator[Section]:
        if side is not None and side.changes:
            yield Section(title, comparison_rows(side))

    match account.status:
        case "unknown_past":
            title = "From live to the files: - is live only, + is in the files only"
            yield from section(title, account.differences)
        case "pending":
            yield from section("What moved in the files", account.files)
        case _:
            yield from section("What moved on live", account.live)
            yield from section("What moved in the files", account.files)


def _notes(account: AccountDrift) -> Iterator[str]:
    live = account.plan.live
    if account.status == "both":
        for meeting in account.meetings:
            yield _meeting(meeting)
        if not account.meetings:
            yield "they don't meet: no place was moved by both"
    if live.console is Console.CLOSED:
        yield "no file can say that a menu is off; `mode: paused` leaves the account alone"
    elif not live.menus.button:
        yield "live has no default menu"
    menus = (live.menus.button, *(menu.button for menu in live.menus.conditionalmenu))
    foreign = [
        f"{entry.name} ({entry.type or 'no type'})"
        for buttons in menus
        for entry in each_entry(buttons)
        if isinstance(entry, Foreign)
    ]
    if foreign:
        yield f"live has what the API can't make: {', '.join(foreign)}"
    yield from dead_notes(account)
    if account.plan.is_watched:
        yield "this account is watched (`mode: watch`): menuops reads it and never writes"


def dead_notes(account: AccountDrift) -> Iterator[str]:
    """Name the dead menus of an account, which are no drift."""
    for menu in account.plan.live.dead:
        rule = canonical(dict(menu.matchrule))
        yield f"dead: the conditional menu {menu.menuid} matches nobody, rule {rule}"


def _meeting(meeting: Meeting) -> str:
    how = "alike" if meeting.alike else "each in its own way"
    if meeting.at.startswith("#"):
        return f"both moved the conditional menu {meeting.menu}, {how}"
    menu = "the default menu" if meeting.menu == DEFAULT else f"the conditional menu {meeting.menu}"
    name = "" if meeting.name is None else f" {meeting.name}"
    return f"both moved {meeting.at}{name} of {menu}, {how}"


def next_commands(account: AccountDrift, again: Again) -> Iterator[NextCommand]:
    """Say what to type about an account; the first of a group stands for all."""
    return commands_about(
        account.ref.name,
        account.status,
        account.lifts,
        again,
        is_watched=account.plan.is_watched,
        has_menu=bool(account.plan.live.menus.button),
    )


def commands_about(
    name: str,
    status: str,
    lifts: tuple[str, ...],
    again: Again,
    *,
    is_watched: bool,
    has_menu: bool = True,
) -> Iterator[NextCommand]:
    """Say what to type about an account that stands so; `lifts` stand in the files' way."""
    plan = f"menuops plan{again(name, ())}"
    if status == "pending":
        if is_watched:
            return
        yield NextCommand("See it all", plan)
        yield NextCommand("Apply it", f"menuops apply{again(name, lifts)}")
        return
    yield NextCommand("See it all", plan)
    if status == "unknown_past":
        told = "REV is the commit that was applied last"
        yield NextCommand("Tell who moved", f"menuops drift{again(name, ())} --base REV", told)
    if has_menu:  # else there is nothing that a file could say
        told = "then make the menu file say the same"
        file = safe(shlex.quote(f"live-{name}.yaml"))
        yield NextCommand("Keep theirs", f"menuops import{again(name, ())} --out {file}", told)
    if not is_watched:
        lifted = f"menuops plan{again(name, lifts)}"
        what = "Take it back" if status == "drift" else "Take the files"
        yield NextCommand(what, lifted, "a plan that makes live as the files say")


def standings(statuses: Sequence[str]) -> list[str]:
    """Count accounts by how they stand, as JSON has it: `2 drifted`, the gravest first."""
    parts = [
        (statuses.count("drift") + statuses.count("both"), "drifted"),
        (statuses.count("unknown_past"), "unlike the files, without a past"),
        (statuses.count("pending"), "with files that moved"),
        (statuses.count("in_sync"), "in sync"),
        (statuses.count("unreadable"), "could not be read"),
    ]
    return [f"{number} {word}" for number, word in parts if number]


def totals(drift: Drift) -> str:
    """Count the accounts by how they stand."""
    statuses = [account.status for account in drift.read]
    listed = ", ".join(standings([*statuses, *("unreadable" for _ in drift.unreadable)]))
    return f"{count(len(drift.accounts), 'account')}: {listed}" if listed else "0 accounts"


def verdict(drift: Drift) -> str:
    """Say in one line how it came out, sentence by sentence; agrees with the exit code."""
    return sentences(_verdict(drift))


def _verdict(drift: Drift) -> Iterator[str]:
    match drift.outcome.word:
        case "error":
            unread = count(len(drift.unreadable), "account")
            yield from _drifted(drift)
            yield f"{unread} can't be read."
            yield "Nothing was written."
        case "drift":
            yield from _drifted(drift)
            yield "Nothing was written."
        case "pending":
            pending = count(len(drift.of("pending")), "account")
            yield f"No drift: live is as last applied; the files of {pending} moved since."
        case _:
            yield "No drift. The accounts are as the files say."


def _drifted(drift: Drift) -> Iterator[str]:
    moved, unknown = len(drift.of("drift", "both")), len(drift.of("unknown_past"))
    if moved:
        yield f"Drift (线上改动) on {count(moved, 'account')}."
    if unknown:
        yield (
            f"{count(unknown, 'account')} {'isn' if unknown == 1 else 'aren'}'t as the files say, "
            "and who moved can't be told."
        )


def named(members: Sequence[AccountDrift], most: int) -> str:
    """Name the accounts of a group, some of many."""
    names = [each.ref.name for each in members[:most]]
    more = len(members) - len(names)
    return enumerated(names) + (said(f" and {more} more") if more else "")
