"""Drift as text for people: each account that isn't in sync, the others in a line, the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from menuops.core.drift import AccountDrift, Drift
from menuops.core.live import Console
from menuops.core.plan import UnreadableAccount
from menuops.render.deeds import value_text
from menuops.render.drift_rows import ChangeRow, MenuRows, Symbol
from menuops.render.drift_view import (
    LISTED,
    UNSEEN,
    Again,
    Story,
    dead_notes,
    drift_stories,
    named,
    next_commands,
    totals,
    verdict,
)
from menuops.render.language.speech import said
from menuops.render.local_time import local_time
from menuops.render.short_commit import short_commit
from menuops.render.terminal import Paint, Style, cells, count, fold, pad, safe

WIDTH: Final = 100
_NARROWEST: Final = 40
_NAMED: Final = 10
_LONGEST_NAME: Final = 24
_PLACE: Final = 10
"""Cells before a name: two blanks, a symbol, a place such as `2.1`."""
_STYLES: Final[dict[Symbol, Style]] = {
    "+": "added",
    "-": "removed",
    "~": "changed",
    ">": "moved",
}


def drift_text(drift: Drift, again: Again, *, colour: bool = False, width: int = WIDTH) -> str:
    """Render it in lines of at most `width` cells, 40 to 100; commands stay whole.

    Ends in a line that says how it came out.
    """
    width = max(_NARROWEST, min(WIDTH, width))
    return "\n".join(_View(drift, again, Paint(colour=colour), width).lines()) + "\n"


class _View:
    def __init__(self, drift: Drift, again: Again, paint: Paint, width: int) -> None:
        self._drift = drift
        self._again = again
        self._paint = paint
        self._width = width

    def lines(self) -> Iterator[str]:
        drift = self._drift
        commit = f", files at {short_commit(drift.commit)}" if drift.commit else ""
        head = f"menuops {drift.menuops_version}, drift at {local_time(drift.at)}{commit}"
        yield from self._under("", said(head), 0, "dim")
        for story, members in drift_stories(drift):
            yield ""
            yield from self._story(story, members)
        yield from self._in_sync(drift.of("in_sync"))
        for other in drift.unreadable:
            yield ""
            yield from self._unreadable(other)
        yield ""
        yield from self._under("", said(totals(drift)), 2)
        yield from self._under("", said(verdict(drift)), 2)

    def _story(self, story: Story, members: Sequence[AccountDrift]) -> Iterator[str]:
        first = members[0].ref
        if len(members) == 1:
            head = f"{safe(first.name)}   {first.appid}   {first.api}"
        else:
            head = said(f"{len(members)} accounts: {safe(named(members, _NAMED))}")
        yield from self._under("", head, 2, "bold")
        style: Style = "plain" if story.status == "pending" else "warned"
        yield from self._under("  ", said(story.headline), 2, style)
        if story.console:
            yield from self._under("  ! ", said(story.console), 0)
        for section in story.sections:
            yield from self._under("  ", said(f"{section.title}:"), 2)
            for menu in section.menus:
                yield from self._menu(menu)
        for note in story.notes:
            yield from self._under("  ! ", said(safe(note)), 0)
        commands = list(next_commands(members[0], self._again))
        if len(members) > 1 and commands:
            yield from self._under("  ", said(f"For {safe(first.name)}, and so for each:"), 2)
        for each in commands:
            yield f"  {pad(said(each.purpose), 14)}  {each.command}"
            if each.remark:
                yield from self._under(" " * 18, said(each.remark), 0, "dim")

    def _menu(self, menu: MenuRows) -> Iterator[str]:
        note = f"   {said(menu.note)}" if menu.note else ""
        yield from self._under("    ", f"{said(safe(menu.title))}{note}", 2)
        longest = min(_LONGEST_NAME, (self._width - _PLACE) // 3)
        names = min(longest, max((cells(safe(row.name)) for row in menu.rows), default=0))
        notes = max((cells(said(safe(row.note))) for row in menu.rows), default=0)
        for row in menu.rows:
            yield from self._row(row, names, min(notes, longest))

    def _row(self, row: ChangeRow, names: int, notes: int) -> Iterator[str]:
        style = _STYLES[row.symbol]
        head = f"    {row.symbol} {pad(row.place, 4)}"
        left = f"{pad(safe(row.name), names)}  {pad(said(safe(row.note)), notes)}".rstrip()
        does = f"{row.type}  {row.target}".strip()
        shown = f"{left}  {safe(does)}" if does else left
        if cells(shown) <= self._width - _PLACE:
            yield from self._under(head, shown, 0, style)
        else:
            yield from self._under(head, left, 0, style)
            if does:
                yield from self._under(" " * _PLACE, safe(does), 2, style)
        for field in row.fields:
            for sign, value in (("-", field.before), ("+", field.after)):
                if value is not None:
                    side: Style = "removed" if sign == "-" else "added"
                    told = f"{sign} {safe(field.field)}  "
                    yield from self._under(" " * 12 + told, safe(value_text(value)), 0, side)

    def _in_sync(self, accounts: Sequence[AccountDrift]) -> Iterator[str]:
        if not accounts:
            return
        yield ""
        if len(accounts) > LISTED:
            yield self._paint(said(f"{len(accounts)} accounts in sync"), "added")
            unseen = sum(each.plan.live.console is Console.UNREADABLE for each in accounts)
            if unseen:
                yield from self._under("  ", said(f"for {unseen} of them {UNSEEN}"), 2)
            dead = sum(len(each.plan.live.dead) for each in accounts)
            if dead:
                yield from self._under(
                    "  ", said(f"{count(dead, 'dead menu')} on them, left alone"), 2
                )
            return
        for account in accounts:
            line = f"{safe(account.ref.name)}   {account.ref.appid}   {said('in sync')}"
            yield from self._under("", line, 2, "added")
            if account.plan.live.console is Console.UNREADABLE:
                yield from self._under("  ! ", said(UNSEEN), 0)
            for note in dead_notes(account):
                yield from self._under("  ! ", said(safe(note)), 0)

    def _unreadable(self, account: UnreadableAccount) -> Iterator[str]:
        ref = account.ref
        unread = said("can't be read")
        yield from self._under("", f"{safe(ref.name)}   {ref.appid}   {unread}", 2, "warned")
        yield from self._under("  ", said(safe(account.error.message)), 2)
        if account.error.fix:
            yield from self._under("  ", said(f"fix: {safe(account.error.fix)}"), 2)

    def _under(self, head: str, text: str, hang: int, style: Style = "plain") -> Iterator[str]:
        """Lay out a text behind `head`; further lines stand `hang` cells further in."""
        indent = cells(head)
        if indent > self._width // 2:  # no room is left beside it
            yield head.rstrip()
            head, indent = " " * 14, 14
        for number, line in enumerate(fold(text, self._width - indent - hang)):
            left = head if number == 0 else " " * (indent + hang)
            yield (left + self._paint(line.rstrip(), style)).rstrip()
