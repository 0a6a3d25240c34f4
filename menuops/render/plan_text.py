"""A plan as text for people: each account that changes, the others in a line, and the totals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from menuops.core.plan import Plan
from menuops.render.account_text import BlockText, guard_lines, member_lines
from menuops.render.language.speech import listed, said
from menuops.render.plan.model import PlanView, Unreadable
from menuops.render.plan.next_commands import NextCommands as NextCommands
from menuops.render.plan.view import LISTED, SEEN, plan_view
from menuops.render.sheet import NARROWEST, WIDEST, Sheet
from menuops.render.terminal import Paint, cells, count, pad

_DIGESTS: Final = 20
"""So many digests of accounts are listed."""


def plan_text(
    plan: Plan,
    *,
    colour: bool = False,
    next_commands: NextCommands | None = None,
    width: int = WIDEST,
    ascii_only: bool = False,
) -> str:
    """Render a whole plan; ends in a line that says how it came out, and what to type next.

    Without `next_commands` it is being applied already. `width` are the terminal's cells, of
    which 40 are needed and 100 used at most.
    """
    sheet = Sheet(min(max(width, NARROWEST), WIDEST), Paint(colour=colour), ascii_only)
    return "\n".join(_lines(plan_view(plan), sheet, next_commands)) + "\n"


def _lines(view: PlanView, sheet: Sheet, following: NextCommands | None) -> Iterator[str]:
    yield from sheet.lines(view.head, style="dim")
    if view.legend:
        yield from _legend(view, sheet)
    for block in view.blocks:
        yield ""
        yield from BlockText(block, sheet).lines()
    yield from _in_sync(view, sheet)
    for group in view.unreadable:
        yield ""
        yield from _unreadable(group, sheet)
    yield ""
    yield from _totals(view, sheet)
    yield said(view.verdict(following))


def _legend(view: PlanView, sheet: Sheet) -> Iterator[str]:
    line = ""
    for sign, words in view.legend:
        item = f"{sheet.sign(sign)} {said(words)}"
        if line and cells(line) + 3 + cells(item) > sheet.width:
            yield sheet.paint(line, "dim")
            line = ""
        line += f"   {item}" if line else item
    yield sheet.paint(line, "dim")


def _in_sync(view: PlanView, sheet: Sheet) -> Iterator[str]:
    if view.in_sync:
        yield ""
    if len(view.in_sync) > LISTED:
        yield sheet.paint(said(f"{count(len(view.in_sync), 'account')} in sync"), "added")
        for note in view.unseen:
            yield from sheet.lines(note, "  ", hang=4)
        return
    for account in view.in_sync:
        first, *rest = account.notes
        name = f"{account.name}   {account.appid}"
        lines = list(sheet.lines(f"{name}   {said(first)}", hang=2, is_said=True))
        yield sheet.paint(lines[0][: len(name)], "added") + lines[0][len(name) :]
        yield from lines[1:]
        for note in rest:
            yield from sheet.lines(note, "  ", hang=4)


def _unreadable(group: Unreadable, sheet: Sheet) -> Iterator[str]:
    if len(group.members) == 1:
        (member,) = group.members
        unread = said("can't be read")
        head = f"{member.name}   {member.appid}   {unread}"
        yield from sheet.lines(head, hang=2, style="warned", is_said=True)
    else:
        head = f"{count(len(group.members), 'account')} can't be read"
        yield from sheet.lines(head, style="warned")
        yield from member_lines(group.members, sheet)
    yield from sheet.lines(group.message, "  ", hang=4)
    if group.fix:
        yield from sheet.lines(f"fix: {group.fix}", "  ", hang=4)


def _totals(view: PlanView, sheet: Sheet) -> Iterator[str]:
    totals = view.totals
    word = said("Plan")
    first, *rest = sheet.lines(totals.accounts, _head(word))
    yield sheet.paint(word, "bold") + first[len(word) :]
    yield from rest
    for number, text in enumerate(totals.changes):
        yield from sheet.lines(text, " " * 8 if number else _head(said("Changes")))
    if totals.calls:
        told = listed(totals.calls)
        if totals.left_today:
            told = said(f"{told}; {totals.left_today}")
        yield from sheet.lines(told, _head(said("Calls")))
    if totals.to_change:
        yield from sheet.lines(view.guards_said, _head(said("Guards")))
    yield from guard_lines(view.guards, sheet, " " * 8)
    if totals.to_change:
        yield from sheet.lines(SEEN, _head(said("Seen")))
        yield from _digests(view, sheet)


def _head(word: str) -> str:
    return pad(word, 8)


def _digests(view: PlanView, sheet: Sheet) -> Iterator[str]:
    long = f"{view.short_digest}   {view.digest}"
    if len(long) + 8 <= sheet.width:
        yield f"{_head(said('Digest'))}{long}"
    else:  # a digest is copied, and so never broken
        yield f"{_head(said('Digest'))}{view.short_digest}"
        yield view.digest
    if view.totals.to_change < 2:
        return
    listed = view.changing[:_DIGESTS]
    for member in listed:
        line = f"        {member.name} {member.digest}"
        yield line
    more = view.totals.to_change - len(listed)
    if more:
        yield from sheet.lines(f"and of {count(more, 'more account')}: --format json", " " * 8)
