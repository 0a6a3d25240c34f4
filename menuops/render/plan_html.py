"""A plan as one page that needs nothing else: phones before and after, tables, calls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from typing import Final

from menuops.core.plan import Plan
from menuops.core.visible import safe
from menuops.render.html_page import html_page
from menuops.render.language.speech import listed, mark, said, with_command
from menuops.render.phone.html import PHONE_CSS, PHONE_JS, phone_html
from menuops.render.phone.marks import Mark
from menuops.render.plan.model import (
    Block,
    Field,
    GuardView,
    Look,
    Member,
    MenuView,
    PlanView,
    Row,
    Unreadable,
)
from menuops.render.plan.next_commands import NextCommands
from menuops.render.plan.view import SEEN, plan_view
from menuops.render.terminal import count

_NAMED: Final = 20
"""So many accounts are named in sight; more stand in a list that opens."""
_PHONES: Final = "Phones of "
"""What plan.js writes before the choice of followers."""


def plan_html(plan: Plan, *, next_commands: NextCommands | None = None) -> str:
    """Write the page; its own policy lets it run its own script and load nothing."""
    view = plan_view(plan)
    style = f"{_asset('plan.css')}{PHONE_CSS}"
    script = f"{_script()}{PHONE_JS}"
    body = (
        f"{_top(view, next_commands)}{''.join(map(_block, view.blocks))}{_in_sync(view)}"
        f"{_digests(view)}"
    )
    title = _said(f"menuops plan: {view.totals.accounts}")
    return html_page(title, body, style=style, script=script)


def _asset(name: str) -> str:
    return resources.files("menuops.render.plan").joinpath(name).read_text(encoding="utf-8")


def _script() -> str:
    """Give the script of the page; what it shows is said."""
    label = json.dumps(said(_PHONES), ensure_ascii=False)
    return _asset("plan.js").replace(json.dumps(_PHONES), label)


def _text(text: str) -> str:
    return escape(safe(text), quote=True)


def _said(text: str) -> str:
    return _text(said(text))


def _list(texts: Iterable[str], tag: str = "ul") -> str:
    items = "".join(f"<li>{text}</li>" for text in texts)
    return f"<{tag}>{items}</{tag}>\n" if items else ""


def _top(view: PlanView, following: NextCommands | None) -> str:
    totals = view.totals
    lines = [*map(_said, totals.changes)]
    if totals.calls:
        left = f"; {totals.left_today}" if totals.left_today else ""
        lines.append(_said(f"calls: {', '.join(totals.calls)}{left}"))
    if totals.to_change:
        lines += [_said(f"guards: {view.guards_said}"), _said(f"seen {SEEN}")]
    return (
        f"<header>\n<h1>{_said(totals.accounts)}</h1>\n"
        f'<p class="soft">{_said(view.head)}</p>\n{_list(lines)}'
        f'<p class="verdict">{_verdict(view.verdict(following))}</p>\n'
        f"{''.join(map(_guard, view.guards))}{''.join(map(_unreadable, view.unreadable))}"
        "</header>\n"
    )


def _verdict(end: str) -> str:
    end, colon, command = with_command(end)
    return f"{_text(end)}{colon}" + (f"<code>{_text(command)}</code>" if command else "")


def _guard(guard: GuardView) -> str:
    kind = "guard lifted" if guard.lifted else "guard"
    how = said("Lifted.")
    if not guard.lifted:
        how = said(f"Stops. If it is meant: <code>{_text(guard.flag)}</code>")
    return (
        f'<p class="{kind}"><strong>! {_text(guard.name)}</strong>{mark(": ")}'
        f"{_said(guard.message)}<br>{how}</p>\n"
    )


def _unreadable(group: Unreadable) -> str:
    fix = f"<br>{said('Fix')}{mark(': ')}{_said(group.fix)}" if group.fix else ""
    title = (
        said(f"{_text(group.members[0].name)} can't be read")
        if len(group.members) == 1
        else said(f"{count(len(group.members), 'account')} can't be read")
    )
    return (
        f'<div class="error"><strong>{title}</strong>: {_said(group.message)}{fix}'
        f"{_members(group.members) if len(group.members) > 1 else ''}</div>\n"
    )


def _members(members: Sequence[Member]) -> str:
    listed = _list(
        f"{_text(member.name)} <code>{_text(member.appid)}</code>"
        + "".join(f" <code>{_text(told)}</code>" for told in member.menuids)
        for member in members
    )
    if len(members) <= _NAMED:
        return listed
    names = f"{_text(members[0].name)} to {_text(members[-1].name)}"
    summary = said(f"{names}: all {count(len(members), 'account')}")
    return f"<details><summary>{summary}</summary>{listed}</details>\n"


def _block(block: Block) -> str:
    watched = said(" (watched: never written)") if block.is_watched else ""
    if len(block.members) == 1:
        (member,) = block.members
        title = _text(member.name)
        named = f'<p class="soft">{_text(member.appid)} {_text(block.api)}</p>\n'
    else:
        title = said(f"{count(len(block.members), 'account')} with equal changes")
        named = f'<p class="soft">{_text(block.api)}</p>\n{_members(block.members)}'
    remarks = "".join(f"<p>{_said(remark)}</p>\n" for remark in block.remarks)
    account = block.members[0].name if len(block.members) == 1 else "公众号"
    phones = "".join(_look(look, account, is_only=len(block.looks) == 1) for look in block.looks)
    return (
        f'<section class="block">\n<h2>{title}{watched}</h2>\n{named}{remarks}'
        f"{''.join(map(_guard, block.guards))}"
        f'<div class="looks">\n{phones}</div>\n'
        f"{_menus(block)}{_audience(block)}{_calls(block)}</section>\n"
    )


def _look(look: Look, account: str, *, is_only: bool) -> str:
    before = phone_html(
        look.before,
        caption=said(f"before: {look.menu_before}"),
        marks=_marks(look.rows, before=True),
        title=account,
    )
    after = phone_html(
        look.after,
        caption=said(f"after: {look.menu_after}"),
        marks=_marks(look.rows, before=False),
        title=account,
    )
    title = "" if is_only else f"<h3>{_said(look.who)}</h3>\n"
    return (
        f'<div class="look" data-who="{_said(look.who)}">{title}'
        f'<div class="phones">{before}{after}</div></div>\n'
    )


def _marks(rows: Sequence[Row], *, before: bool) -> Mapping[str, Mark]:
    marks = {}
    for row in rows:
        if row.word and row.is_before == before:
            goes = row.word == "gone"
            marks[row.position] = (
                Mark(">", "moves", "moved") if goes else Mark(row.symbol, row.word, row.style)
            )
    return marks


def _menus(block: Block) -> str:
    default = block.default
    parts = [
        f"<h3>{said('Default menu')}</h3>\n<p>{_text(listed(default.notes))}</p>\n",
        _table(default.rows),
    ]
    if block.conditional:
        parts.append(
            f"<h3>{said('Conditional menus')}</h3>\n"
            f"<p>{said('A follower gets the first that matches, else the default menu.')}</p>\n"
        )
    parts += map(_conditional, block.conditional)
    parts.append(_list(map(_said, block.dead)))
    return "".join(parts)


def _conditional(menu: MenuView) -> str:
    words = filter(None, (menu.rule, menu.people, *menu.notes))
    symbol = f"{menu.symbol} " if menu.symbol else ""
    hints = "".join(f"<br>{_said(hint)}" for hint in menu.hints)
    warnings = "".join(f'<br><span class="warned">! {_said(each)}</span>' for each in menu.warnings)
    return (
        f'<p class="menu"><strong class="{menu.style}">'
        f"{_text(f'{symbol}{menu.place} {menu.label}')}</strong> "
        f"{_text(listed(words))}{hints}{warnings}{_fields(menu.fields)}</p>\n"
        f"{_table(menu.rows)}"
    )


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    names = map(said, ("Place", "Name", "What it does", "Change"))
    head = f"<thead><tr><th></th>{''.join(f'<th>{name}</th>' for name in names)}</tr></thead>"
    return (
        f'<div class="wide"><table>{head}<tbody>{"".join(map(_row, rows))}</tbody></table></div>\n'
    )


def _row(row: Row) -> str:
    style = f"{row.style}{' sub' if row.depth > 1 else ''}"
    target = f" <code>{_text(row.target)}</code>" if row.target else ""
    note = f'<span class="note">{_text(listed(row.notes))}</span>' if row.notes else ""
    return (
        f'<tr class="{style}"><td>{_text(row.symbol)}</td><td class="place">{_text(row.position)}'
        f'</td><td class="name">{_text(row.name)}</td><td>{_text(row.type)}{target}</td>'
        f"<td>{note}{_fields(row.below(row.name, row.target))}</td></tr>"
    )


def _fields(fields: Iterable[Field]) -> str:
    parts = []
    for field in fields:
        for sign, style, value in field.sides:
            shown = _text(value.whole)
            if len(field.sides) == 2 and value.is_part:
                marked = f"<mark>{_text(value.differs)}</mark>"
                shown = f"{_text(value.same)}{marked}{_text(value.rest)}"
            parts.append(f'<span class="value {style}">{sign} {_text(field.name)} {shown}</span>')
    return "".join(parts)


def _audience(block: Block) -> str:
    lines = [f'<span class="warned">! {_said(gap)}</span>' for gap in block.gaps]
    lines += [_text(each.text) for each in block.audience]
    if block.keys:
        lines.append(_said(f"keys: {block.keys}"))
    if block.next_switch:
        lines.append(_said(f"next: {block.next_switch}"))
    return f"<h3>{said('Who gets another menu')}</h3>\n{_list(lines)}" if lines else ""


def _calls(block: Block) -> str:
    if not block.calls:
        return ""
    title = said("Calls, in this order")
    return f"<h3>{title}</h3>\n{_list((_text(call.text) for call in block.calls), 'ol')}"


def _in_sync(view: PlanView) -> str:
    if not view.in_sync:
        return ""
    listed = _list(
        f"{_text(each.name)} <code>{_text(each.appid)}</code> {_said('; '.join(each.notes))}"
        for each in view.in_sync
    )
    title = said(f"{count(len(view.in_sync), 'account')} in sync")
    if len(view.in_sync) > _NAMED:
        unseen = _list(map(_said, view.unseen))
        listed = f"{unseen}<details><summary>{said('all of them')}</summary>{listed}</details>\n"
    return f'<section class="block">\n<h2>{title}</h2>\n{listed}</section>\n'


def _digests(view: PlanView) -> str:
    if not view.digest:
        return ""
    listed = _list(
        f"{_text(member.name)} <code>{_text(member.digest)}</code>" for member in view.changing
    )
    return (
        f'<section class="block">\n<h2>{said("Digest")} {_text(view.short_digest)}</h2>\n'
        f"<p><code>{_text(view.digest)}</code></p>\n"
        f"<details><summary>{said('of each account')}</summary>{listed}</details>\n</section>\n"
    )
