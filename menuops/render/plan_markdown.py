"""A plan as Markdown, for a comment on a pull request of GitHub or GitLab."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from menuops.core.plan import Plan
from menuops.render.language.speech import listed, mark, said, with_command
from menuops.render.markdown import (
    BUDGET_BYTES,
    LONGEST_TARGET,
    TABLE,
    code,
    marked_code,
    prose,
    spoken,
)
from menuops.render.plan.model import (
    Block,
    Field,
    GuardView,
    Member,
    MenuView,
    PlanView,
    Row,
    Unreadable,
)
from menuops.render.plan.next_commands import NextCommands
from menuops.render.plan.shortened import shortened
from menuops.render.plan.view import LISTED, SEEN, plan_view
from menuops.render.plan_comment import plan_comment
from menuops.render.terminal import count, cut

_TAIL_BYTES: Final = 1_500
_NAMES_BYTES: Final = 2_000


def plan_markdown(
    plan: Plan, *, next_commands: NextCommands | None = None, budget_bytes: int = BUDGET_BYTES
) -> str:
    """Render a plan in less than `budget_bytes` of UTF-8, at least 4,000; says what it left out.

    Totals come first, then guards and errors, then the menus with their changes; the digests
    stand in a hidden line, which `read_plan_comment` reads.

    Where there is no room for all, long values are cut first, so that nobody gets a button past
    a reviewer with long links beside it; then buttons are left out, and accounts.
    """
    view = plan_view(plan)
    paper = _Paper(budget_bytes - _TAIL_BYTES)
    _write(view, paper)
    short = shortened(view) if paper.left_out else view
    is_cut = short != view
    if is_cut:
        paper = _Paper(budget_bytes - _TAIL_BYTES)
        _write(short, paper)
    return paper.text + _tail(view, paper.left_out, next_commands, _TAIL_BYTES, is_cut=is_cut)


class _Paper:
    """Takes pieces as long as there is room for them, and counts what it couldn't take."""

    def __init__(self, room_bytes: int) -> None:
        self.room_bytes = room_bytes
        self._pieces: list[str] = []
        self.left_out: Counter[str] = Counter()

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def take(self, piece: str, what: str = "", number: int = 1, *, leaving_bytes: int = 0) -> bool:
        """Add a paragraph, if there is room; else count it as so many of `what`."""
        if not self.has_room(piece, leaving_bytes):
            self.left_out[what] += number
            return False
        self._pieces.append(f"{piece}\n\n")
        self.room_bytes -= len(piece.encode()) + 2
        return True

    def has_room(self, piece: str, leaving_bytes: int = 0) -> bool:
        """Tell whether a paragraph fits."""
        return len(piece.encode()) + 2 <= self.room_bytes - leaving_bytes


def _write(view: PlanView, paper: _Paper) -> None:
    digests = {member.name: member.digest for member in view.changing}
    paper.take(plan_comment(view.digest, digests, paper.room_bytes // 4))
    paper.take(said(f"## menuops plan: {spoken(view.totals.headline)}"))
    room = paper.room_bytes - paper.room_bytes // 3
    for guard in _guards(view):
        paper.take(guard, "guard", leaving_bytes=room)
    for group in view.unreadable:
        paper.take(_unreadable(group), "unreadable account", len(group.members), leaving_bytes=room)
    paper.take(_totals(view))
    for block in view.blocks:
        if paper.take(_head(block), "account", len(block.members)):
            _block(block, paper)
    in_sync = _in_sync(view)
    if in_sync:
        paper.take(in_sync, "in-sync account", len(view.in_sync))


def _guards(view: PlanView) -> Iterator[str]:
    yield from (_guard(guard, "") for guard in view.guards)
    of_guard: dict[GuardView, list[Member]] = {}
    for block in view.blocks:
        for guard in block.guards:
            of_guard.setdefault(guard, []).extend(block.members)
    # What stops comes first: there may be room for no more.
    for guard in sorted(of_guard, key=lambda guard: guard.lifted):
        yield _guard(guard, f"{_who(of_guard[guard])}{mark(': ')}")


def _guard(guard: GuardView, who: str) -> str:
    told = f"> {who}{code(guard.name)}{mark(': ')}{spoken(guard.message)}"
    if guard.lifted:
        return said(f"{told} (lifted)")
    if guard.line:  # who reads this in a pull request has files, and no command line
        line, flag = code(guard.line), code(guard.flag)
        return said(f"> **Stops:** {told[2:]}. If it is meant: {line} in the menu file, or {flag}")
    return said(f"> **Stops:** {told[2:]}. If it is meant: {code(guard.flag)}")


def _unreadable(group: Unreadable) -> str:
    fix = f"<br>{said('Fix')}{mark(': ')}{spoken(group.fix)}" if group.fix else ""
    return said(f"> **Can't be read:** {_who(group.members)}: {spoken(group.message)}{fix}")


def _who(members: Sequence[Member]) -> str:
    """Name accounts, as many as fit."""
    names: list[str] = []
    size = 0
    for member in members:
        name = code(member.name)
        size += len(name.encode()) + 2
        if names and size > _NAMES_BYTES:
            break
        names.append(name)
    more = len(members) - len(names)
    rest = f" and {count(more, 'more account')}, the last {code(members[-1].name)}" if more else ""
    return f"{', '.join(names)}{rest}"


def _totals(view: PlanView) -> str:
    totals = view.totals
    lines = [f"- {spoken(text)}" for text in totals.changes]
    if totals.calls:
        left = f"; {totals.left_today}" if totals.left_today else ""
        lines.append(said(f"- calls: {spoken(', '.join(totals.calls) + left)}"))
    if totals.to_change:
        lines.append(said(f"- seen {spoken(SEEN)}"))
    lines.append(f"- {spoken(view.head)}")
    return "\n".join(lines)


def _head(block: Block) -> str:
    watched = said(" (watched: never written)") if block.is_watched else ""
    if len(block.members) == 1:
        (member,) = block.members
        title = f"### {code(member.name)}{watched}"
        named = f"{code(member.appid)} {code(block.api)}"
    else:
        title = said(f"### {count(len(block.members), 'account')} with equal changes{watched}")
        named = f"{_who(block.members)}<br>{code(block.api)}"
    menuids = _menuids(block.members)
    remarks = "".join(f"\n\n{spoken(remark)}" for remark in block.remarks)
    return f"{title}\n\n{named}{menuids}{remarks}"


def _menuids(members: Sequence[Member]) -> str:
    """List the ids of menus that each account has of its own, as many as fit."""
    lines, size = [], 0
    told = [member for member in members if member.menuids]
    for member in told:
        line = f"{code(member.name)}: {', '.join(map(code, member.menuids))}"
        size += len(line.encode())
        if size > _NAMES_BYTES * 2:
            break
        lines.append(line)
    if not told:
        return ""
    more = len(told) - len(lines)
    rest = f"<br>and of {count(more, 'more account')}" if more else ""
    return f"\n\nmenuids: {'<br>'.join(lines)}{rest}"


def _block(block: Block, paper: _Paper) -> None:
    _menu(block.default, _default_menu, paper)
    if block.conditional:
        paper.take(
            said(
                "**Conditional menus:** a follower gets the first that matches, "
                "else the default menu"
            )
        )
    for menu in block.conditional:
        _menu(menu, _conditional_menu, paper)
    for text in block.dead:
        paper.take(f"- {spoken(text)}", "dead menu")
    who = _audience(block)
    if who:
        paper.take(who, "audience list")
    if block.calls:
        calls = "\n".join(f"{call.number}. {prose(call.text)}" for call in block.calls)
        told = said(f"{count(len(block.calls), 'call')}, in this order")
        title = f"<summary>{told}</summary>"
        paper.take(f"<details>{title}\n\n{calls}\n\n</details>", "call list")


def _menu(menu: MenuView, written: Callable[[MenuView], str], paper: _Paper) -> None:
    """Write as many of a menu's rows as there is room for."""

    def part(number: int) -> str:
        return written(replace(menu, rows=menu.rows[:number]))

    whole = written(menu)
    if paper.has_room(whole) or len(menu.rows) < 2 or not paper.has_room(part(1)):
        paper.take(whole, "menu")
        return
    number = bisect_left(range(1, len(menu.rows)), True, key=lambda n: not paper.has_room(part(n)))
    paper.take(part(number))
    paper.left_out["button"] += len(menu.rows) - number


def _default_menu(menu: MenuView) -> str:
    return said(f"**Default menu:** {prose(listed(menu.notes))}") + _table(menu.rows)


def _conditional_menu(menu: MenuView) -> str:
    words = [spoken(part) for part in (menu.rule, menu.people) if part]
    words.append(f"**{prose(listed(menu.notes))}**")
    symbol = f"{prose(menu.symbol)} " if menu.symbol else ""
    lines = [f"{symbol}**{prose(menu.place)}** {code(menu.label)} {mark(', ').join(words)}"]
    lines += [spoken(hint) for hint in menu.hints]
    lines += [f"**! {spoken(warning)}**" for warning in menu.warnings]
    lines += list(_fields(menu.fields))
    return "<br>".join(lines) + _table(menu.rows)


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    return "\n".join(["\n", said(TABLE), *map(_row, rows)])


def _row(row: Row) -> str:
    target = cut(row.target, LONGEST_TARGET)
    indent = "&nbsp;&nbsp;&nbsp;" if row.depth > 1 else ""  # no line ends there
    does = " ".join(filter(None, (prose(row.type), code(target) if target else "")))
    notes = prose(listed(row.notes))
    change = "<br>".join(
        [f"**{notes}**" if row.word else notes, *_fields(row.below(row.name, target))]
    )
    cells = (prose(row.symbol), indent + prose(row.position), code(row.name), does, change)
    return f"| {' | '.join(cells)} |"


def _fields(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        for sign, _, value in field.sides:
            shown = marked_code(value) if len(field.sides) == 2 else code(value.whole)
            yield f"{prose(sign)} {prose(field.name)} {shown}"


def _audience(block: Block) -> str:
    lines = [said(f"- **Gap:** {spoken(gap)}") for gap in block.gaps]
    lines += [f"- {prose(each.text)}" for each in block.audience]
    if block.keys:
        lines.append(said(f"- keys: {spoken(block.keys)}"))
    if block.next_switch:
        lines.append(said(f"- next: {spoken(block.next_switch)}"))
    return "\n".join([said("**Who gets another menu**"), "", *lines]) if lines else ""


def _in_sync(view: PlanView) -> str:
    if not view.in_sync:
        return ""
    if len(view.in_sync) > LISTED:
        lines = list(map(spoken, view.unseen))
    else:
        lines = [
            f"{code(account.name)} {code(account.appid)}{mark(': ')}"
            f"{prose(mark('; ').join(map(said, account.notes)))}"
            for account in view.in_sync
        ]
    title = said(f"### {count(len(view.in_sync), 'account')} in sync")
    return "\n".join([title, "", *(f"- {line}" for line in lines)])


def _tail(
    view: PlanView,
    left_out: Counter[str],
    following: NextCommands | None,
    most_bytes: int,
    *,
    is_cut: bool,
) -> str:
    lines = []
    if is_cut:
        lines.append(said("**Long values are cut short, since a comment holds only so much.**"))
    if left_out:
        listed = ", ".join(count(number, what) for what, number in left_out.items() if what)
        left = said(
            f"**Left out, since a comment holds only so much:** {listed}. See the plan file, or "
            "{command}."
        )
        lines.append(left.format(command=code("menuops show PLAN")))
    if view.digest:
        # In full, since a job that is started by hand takes no other.
        digest = said(f"Digest {code(view.short_digest)}, in full {code(view.digest)}")
        lines.append(digest)
    end, colon, command = with_command(view.verdict(following))
    told = f"{prose(end)}{colon}{code(command) if command else ''}"
    if len("\n\n".join([*lines, told]).encode()) + 2 > most_bytes:
        told = prose(end)
    return "\n\n".join([*lines, told]) + "\n"
