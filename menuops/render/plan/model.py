"""The values that every view of a plan is laid out from.

Every text here is fit to be shown (`core.visible.safe`); what a format reads as its own, it
escapes itself. `Buttons` stand here as core has them, for phones to be drawn of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from menuops.core.model import Buttons
from menuops.core.outcome import Outcome
from menuops.render.called import called
from menuops.render.language.speech import aside, labelled, mark, said
from menuops.render.plan.next_commands import NextCommands
from menuops.render.terminal import Style, count

_GUARDS: Final = 6


@dataclass(frozen=True, slots=True)
class Marked:
    """A value, split so that what differs from the other side stands in the middle."""

    same: str
    differs: str
    rest: str = ""

    @property
    def whole(self) -> str:
        """The value in one piece."""
        return f"{self.same}{self.differs}{self.rest}"

    @property
    def is_part(self) -> bool:
        """Whether something differs, and not all of it."""
        return bool(self.differs) and bool(self.same or self.rest)


@dataclass(frozen=True, slots=True)
class Field:
    """A field's old and new value; None where it isn't there."""

    name: str
    before: Marked | None
    after: Marked | None

    @property
    def sides(self) -> tuple[tuple[str, Style, Marked], ...]:
        """The values that are there, each with its sign: `-` before, `+` afterwards."""
        both: tuple[tuple[str, Style, Marked | None], ...] = (
            ("-", "removed", self.before),
            ("+", "added", self.after),
        )
        return tuple((sign, style, value) for sign, style, value in both if value is not None)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in its place, or the place that it went away from.

    `fields` are those that change; of an entry that is new or gone (`is_whole`) all of them.
    `word` is what the symbol says: added, removed, changed, renamed, moved, gone; else empty.
    """

    symbol: str
    style: Style
    word: str
    position: str
    depth: int
    name: str
    type: str
    target: str
    notes: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    is_whole: bool = False
    is_before: bool = False
    """Whether `position` is a place before the plan."""

    def below(self, name: str, target: str) -> tuple[Field, ...]:
        """Choose the fields that must stand below a row that shows this name and target.

        Of an entry that is new or gone these are the ones that the row doesn't show whole.
        """
        if not self.is_whole:
            return self.fields
        is_cut = target != self.target

        def seen(field: Field) -> bool:
            value = field.sides[0][2].whole
            if field.name in ("name", "type"):
                return value == (name if field.name == "name" else self.type)
            return not is_cut and value in target

        return tuple(field for field in self.fields if field.sides and not seen(field))


@dataclass(frozen=True, slots=True)
class MenuView:
    """The default menu or a conditional one, with its changes in their places.

    `place` is "#1" for the conditional menu that is tried first, empty for the default menu.
    `rule` is empty where the label says it. Without rows the menu is the same.
    """

    place: str
    label: str
    symbol: str = ""
    style: Style = "plain"
    rule: str = ""
    people: str = ""
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call to WeChat, numbered from 1; `menuid` is empty where each account has its own."""

    number: int
    name: str
    menuid: str
    menu: str
    reason: str

    @property
    def text(self) -> str:
        """The call in words, said: `menu/delconditional 8999 tag:spring: no longer wanted`."""
        return labelled(self.what, self.reason)

    @property
    def what(self) -> str:
        """The call and what it is about: `menu/delconditional 8999 tag:spring`."""
        menuid = f" {self.menuid}" if self.menuid else ""
        return f"{self.name}{menuid} {called(self.menu)}"


@dataclass(frozen=True, slots=True)
class Audience:
    """Followers that get another menu, what they get, and how many they are at most."""

    who: str
    gets: str
    people: str

    @property
    def text(self) -> str:
        """All of it in words, said."""
        return f"{said(self.who)}{mark(': ')}{said(self.gets)}{aside(self.people)}"


@dataclass(frozen=True, slots=True)
class Look:
    """The menus that one kind of followers sees, before and afterwards; for phones.

    `menu_before` and `menu_after` name them; `rows` are the changes between the two where both
    are one menu.
    """

    who: str
    menu_before: str
    menu_after: str
    before: Buttons
    after: Buttons
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardView:
    """A guard that fired, and how it is lifted; `flag` is to be typed as it is.

    `line` lifts it in a menu file, where a reviewer sees it; "" where no file can.
    """

    name: str
    message: str
    lifted: bool
    flag: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a block; `menuids` where they aren't those of all."""

    name: str
    appid: str
    digest: str = ""
    menuids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Accounts with equal changes."""

    members: tuple[Member, ...]
    api: str
    is_watched: bool
    remarks: tuple[str, ...]
    default: MenuView
    conditional: tuple[MenuView, ...]
    dead: tuple[str, ...]
    calls: tuple[Call, ...]
    gaps: tuple[str, ...]
    audience: tuple[Audience, ...]
    looks: tuple[Look, ...]
    keys: str
    guards: tuple[GuardView, ...]
    next_switch: str

    @property
    def menus(self) -> tuple[MenuView, ...]:
        """All menus, the default one first."""
        return (self.default, *self.conditional)


@dataclass(frozen=True, slots=True)
class InSync:
    """An account in sync, and what there is to say of it."""

    name: str
    appid: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Accounts that can't be read, for one reason."""

    members: tuple[Member, ...]
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of what: accounts, changes in words, calls in words."""

    to_change: int
    watched: int
    in_sync: int
    unreadable: int
    changes: tuple[str, ...]
    calls: tuple[str, ...]
    left_today: str

    @property
    def headline(self) -> str:
        """The accounts in a title, which has no room for what isn't so."""
        parts = (
            (self.to_change, f"{count(self.to_change, 'account')} to change"),
            (self.watched, f"{self.watched} watched that differ"),
            (self.in_sync, f"{self.in_sync} in sync"),
            (self.unreadable, f"{self.unreadable} could not be read"),
        )
        return ", ".join(told for number, told in parts if number or told == parts[0][1])

    @property
    def accounts(self) -> str:
        """The accounts in one line."""
        changing = f"{self.to_change} {'account' if self.to_change == 1 else 'accounts'}"
        rest = f"{self.in_sync} in sync, {self.unreadable} could not be read"
        if self.watched:
            return f"{changing} to change, {self.watched} watched that differ, {rest}"
        return f"{changing} to change, {rest}"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A whole plan. `legend` are the symbols in use, each with its words."""

    head: str
    legend: tuple[tuple[str, str], ...]
    guards: tuple[GuardView, ...]
    blocks: tuple[Block, ...]
    in_sync: tuple[InSync, ...]
    unseen: tuple[str, ...]
    """What is to be said of the accounts in sync where they share one line."""
    unreadable: tuple[Unreadable, ...]
    totals: Totals
    digest: str
    short_digest: str
    outcome: Outcome
    stopped: tuple[str, ...]
    """What to type to lift the guards that stop."""

    @property
    def all_guards(self) -> tuple[GuardView, ...]:
        """The guards that fired, those over several accounts first."""
        return (*self.guards, *(guard for block in self.blocks for guard in block.guards))

    @property
    def changing(self) -> tuple[Member, ...]:
        """The accounts that change."""
        return tuple(
            member for block in self.blocks if not block.is_watched for member in block.members
        )

    @property
    def guards_said(self) -> str:
        """Say in a line which guards fired, and how each stands."""
        fired = Counter((guard.name, guard.lifted) for guard in self.all_guards)
        if not fired:
            return "none fired"
        told = [f"{name} {'lifted' if lifted else 'stops'}" for name, lifted in fired][:_GUARDS]
        more = len(fired) - len(told)
        return ", ".join(told) + (f", and {more} more" if more else "")

    def verdict(self, following: NextCommands | None) -> str:
        """Say how the plan came out, and what to type next; None: it is being applied."""
        match self.outcome.word:
            case "error":
                unreadable = count(self.totals.unreadable, "account")
                return f"{unreadable} can't be read. Nothing was written."
            case "refused":
                lifts = " ".join(self.stopped)
                again = "" if following is None else f" If it is meant: {following.plan} {lifts}"
                return f"Refused by a guard.{again}"
            case "changes":
                if following is None:
                    return f"{count(self.totals.to_change, 'account')} to change."
                if following.spent is not None:
                    return f"{following.spent}. A new one: {following.plan}"
                return f"To make this change: {following.apply}"
            case _:
                if self.totals.unreadable:
                    unread = count(self.totals.unreadable, "account")
                    return f"No changes, but for {unread} that can't be read and is left alone."
                if self.totals.watched:
                    return "No changes. Accounts that are only watched differ from their files."
                return "No changes. The accounts are as the files say."
