"""Accounts with equal changes as text: menus with the changes in place, the calls, who sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from menuops.render.language.speech import enumerated, labelled, listed, mark, said
from menuops.render.plan.model import Block, GuardView, Member, MenuView
from menuops.render.sheet import Sheet
from menuops.render.table_text import table_lines
from menuops.render.terminal import Style, cells, count, pad
from menuops.render.value_text import field_lines

_LISTED: Final = 20
"""So many accounts of a block have a line each; more are named in a list."""
_NAMED: Final = 200
"""So many accounts are named at all."""


class BlockText:
    """Writes a block of accounts."""

    def __init__(self, block: Block, sheet: Sheet) -> None:
        self._block = block
        self._sheet = sheet

    def lines(self) -> Iterator[str]:
        """Give the lines of the block, its accounts first."""
        block, sheet = self._block, self._sheet
        yield from self._head()
        for remark in block.remarks:
            yield from sheet.lines(remark, "  ")
        yield from self._default_menu(block.default)
        if block.conditional:
            yield ""
            yield from sheet.lines(
                "Conditional menus: a follower gets the first that matches, else the default menu",
                "  ",
            )
        for menu in block.conditional:
            yield from self._conditional_menu(menu)
        for text in block.dead:
            yield from sheet.lines(text, "  ", hang=4)
        yield ""
        for number, call in enumerate(block.calls):
            yield from self._under("" if number else "Calls", f"{call.number}. {call.text}", 3)
        for text in block.gaps:
            yield from self._under("Gap", f"! {said(text)}", 2, is_warning=True)
        for number, seen in enumerate(block.audience):
            yield from self._under("" if number else "Who", seen.text, 2)
        if block.keys:
            yield from self._under("Keys", said(block.keys), 2)
        yield from guard_lines(block.guards, sheet)
        if block.next_switch:
            yield from self._under("Next", said(block.next_switch), 2)

    def _head(self) -> Iterator[str]:
        block, sheet = self._block, self._sheet
        watched = f"   {said('watched: never written')}" if block.is_watched else ""
        if len(block.members) == 1:
            (member,) = block.members
            text = f"{member.name}   {member.appid}   {block.api}{watched}"
            first, *rest = sheet.lines(text, hang=2, is_said=True)
            # The name alone is bold; it may be all that the first line has.
            bold = first[: len(member.name)]
            yield sheet.paint(bold, "bold") + first[len(bold) :]
            yield from rest
            return
        alike = said(f"{count(len(block.members), 'account')} with equal changes")
        text = f"{alike}   {block.api}{watched}"
        for line in sheet.lines(text, hang=2, is_said=True):
            yield sheet.paint(line, "bold")
        yield from member_lines(block.members, sheet)

    def _default_menu(self, menu: MenuView) -> Iterator[str]:
        text = f"{said('Default menu')}{mark(': ')}{listed(menu.notes)}"
        yield from self._sheet.lines(text, "  ", hang=4, is_said=True)
        yield from table_lines(menu.rows, self._sheet)

    def _conditional_menu(self, menu: MenuView) -> Iterator[str]:
        sheet = self._sheet
        symbol = pad(sheet.sign(menu.symbol), 1)
        told = (said(menu.rule), said(menu.people), listed(menu.notes))
        words = (f"{menu.place}  {menu.label}", *told)
        text = f"{symbol} {'   '.join(filter(None, words))}"
        for line in sheet.lines(text, "  ", hang=8, is_said=True):
            yield "  " + sheet.paint(line[2:], menu.style)
        for hint in menu.hints:
            yield from sheet.lines(hint, " " * 8)
        for warning in menu.warnings:
            text = f"! {said(warning)}"
            yield from sheet.lines(text, " " * 8, hang=10, style="warned", is_said=True)
        yield from field_lines(menu.fields, 8, sheet)
        yield from table_lines(menu.rows, sheet)

    def _under(self, head: str, text: str, hang: int, *, is_warning: bool = False) -> Iterator[str]:
        head = f"  {pad(said(head), 7)}"
        style: Style = "warned" if is_warning else "plain"
        return self._sheet.lines(text, head, hang=9 + hang, style=style, is_said=True)


def member_lines(members: Sequence[Member], sheet: Sheet) -> Iterator[str]:
    """Name the accounts of a block: each on a line, or all in a list."""
    told = members[:_NAMED]
    if len(members) <= _LISTED or any(member.menuids for member in members):
        names = max(cells(member.name) for member in told)
        for member in told:
            menuids = f"   menuids: {enumerated(member.menuids)}" if member.menuids else ""
            line = f"{pad(member.name, names)}   {member.appid}{menuids}"
            yield from sheet.lines(line, "  ", hang=6, is_said=True)
    else:
        names_told = enumerated(member.name for member in told)
        yield from sheet.lines(names_told, "  ", is_said=True)
    if len(members) > len(told):
        rest = count(len(members) - len(told), "more account")
        text = f"and {rest}, the last is {members[-1].name}; --format json names all"
        yield from sheet.lines(text, "  ")


def guard_lines(
    guards: Iterable[GuardView], sheet: Sheet, head: str | None = None
) -> Iterator[str]:
    """Write guards: what each is about, and whether or how it is lifted."""
    head = f"  {pad(said('Guard'), 7)}" if head is None else head
    left = " " * (cells(head) + 2)
    for guard in guards:
        text = f"! {labelled(guard.name, guard.message)}"
        yield from sheet.lines(text, head, hang=len(left), style="warned", is_said=True)
        if guard.lifted:
            yield f"{left}{said('lifted')}"
            continue
        line = f"{left}{said(f'stops; lift it with {guard.flag}')}"
        if cells(line) <= sheet.width:
            yield line
        else:  # what is to be typed is never broken
            yield f"{left}{said('stops; lift it with')}"
            yield f"{left}{guard.flag}"
