"""The menus of one account: the default one, then the conditional ones as they are tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from menuops.core.audience import Switch
from menuops.core.diff import Change
from menuops.core.labels import DEFAULT
from menuops.core.model import Buttons, ConditionalMenu
from menuops.core.plan import AccountPlan
from menuops.core.steps import AddConditional
from menuops.render.language.speech import enumerated
from menuops.render.plan.menu_rows import ORIGIN_WORDS, menu_rows, whole_menu_rows
from menuops.render.plan.model import Look, MenuView, Row
from menuops.render.plan.values import field_views
from menuops.render.terminal import Style, count, safe

EVERYBODY_ELSE: Final = "the default menu"


def menu_name(label: str | None) -> str:
    """Name a menu in a sentence."""
    if label is None:
        return "no menu"
    return EVERYBODY_ELSE if label == DEFAULT else safe(label)


def up_to(people: int | None) -> str:
    """Say how many followers are meant at most; empty where that isn't known."""
    if people is None:
        return ""
    return f"up to {people:,} {'person' if people == 1 else 'people'}"


def sorted_changes(account: AccountPlan) -> Mapping[str, list[Change]]:
    """Sort the changes by menu."""
    of_menu: dict[str, list[Change]] = {}
    for change in account.changes:
        of_menu.setdefault(change.menu, []).append(change)
    return of_menu


def default_view(account: AccountPlan, changes: Sequence[Change]) -> MenuView:
    """Lay out the default menu."""
    before, after = account.live.menus.button, account.after.button
    sent = any(step.menu == DEFAULT for step in account.steps)
    if not changes:
        return MenuView("", DEFAULT, notes=(f"the same{', sent again' if sent else ''}",))
    rows = menu_rows(before, after, changes)
    if not before:
        return MenuView("", DEFAULT, "+", "added", notes=("new",), rows=rows)
    # An account that is only watched is written to by no call.
    whole = ("replaced whole in 1 call",) if sent else ()
    notes = (count(len(changes), "change"), *whole)
    return MenuView("", DEFAULT, "~", "changed", notes=notes, rows=rows)


def conditional_views(account: AccountPlan, people: Mapping[str, int | None]) -> Iterator[MenuView]:
    """Lay out the conditional menus, those that go away last.

    `people` are numbers of followers by tag's id.
    """
    of_menu = sorted_changes(account)
    before, after, labels = account.live.menus, account.after, account.labels
    again = {step.menu for step in account.steps if isinstance(step, AddConditional)}
    unreachable = {each.menu: each.because for each in account.unreachable}
    for index, (menu, label) in enumerate(zip(after.conditionalmenu, labels.after, strict=True)):
        place = f"#{index + 1}"
        blocked = unreachable.get(label)
        warnings = () if blocked is None else (_unreachable(blocked),)
        was = labels.before.index(label) if label in labels.before else None
        changes = of_menu.get(label, [])
        common = MenuView(
            place=place,
            label=safe(label),
            rule=_rule(account, label, menu),
            people=_people(menu, people),
            warnings=warnings,
        )
        if was is None:
            notes = ("new", *_origins(changes))
            rows = whole_menu_rows(menu.button, gone=False)
            yield replace(common, symbol="+", style="added", notes=notes, rows=rows)
            continue
        old = before.conditionalmenu[was]
        own = [change for change in changes if change.at.startswith("#")]
        inner = [change for change in changes if not change.at.startswith("#")]
        fields = tuple(field for change in own for field in change.fields)
        symbol, style = _symbol(
            changed=bool(inner or fields),
            moved=any(change.kind == "move" for change in own),
            again=label in again,
        )
        yield replace(
            common,
            symbol=symbol,
            style=style,
            notes=tuple(_notes(account, label, own, inner, again)),
            hints=tuple(_why_again(account, label, symbol)) if label in again else (),
            fields=field_views(fields, labels.tag_names),
            rows=menu_rows(old.button, menu.button, inner) if inner else (),
        )
    for index, (menu, label) in enumerate(zip(before.conditionalmenu, labels.before, strict=True)):
        if label not in labels.after:
            gets = [switch for switch in account.audience if switch.before == label]
            yield MenuView(
                place=f"#{index + 1}",
                label=safe(label),
                symbol="-",
                style="removed",
                rule=_rule(account, label, menu),
                people=_people(menu, people),
                notes=("removed", *_origins(of_menu.get(label, []))),
                hints=tuple(f"{safe(each.who)} will get {menu_name(each.after)}" for each in gets)
                or ("nobody had it: another menu took all that it was for",),
                rows=whole_menu_rows(menu.button, gone=True),
            )


def _rule(account: AccountPlan, label: str, menu: ConditionalMenu) -> str:
    rule = account.labels.rule(menu.matchrule)
    # Where the label is the rule, saying it twice helps nobody.
    return "" if rule == label else f"for {safe(rule)}"


def _people(menu: ConditionalMenu, people: Mapping[str, int | None]) -> str:
    if not people:
        return ""
    tag = menu.matchrule.tag_id
    number = None if tag is None else people.get(tag)
    return up_to(number) or "size not known"


def _symbol(*, changed: bool, moved: bool, again: bool) -> tuple[str, Style]:
    if changed:
        return "~", "changed"
    if moved:
        return ">", "moved"
    return ("±", "again") if again else ("", "plain")


def _notes(
    account: AccountPlan,
    label: str,
    own: Sequence[Change],
    inner: Sequence[Change],
    again: set[str],
) -> Iterator[str]:
    moves = [change for change in own if change.kind == "move"]
    yield from (f"moved from {change.was_at}" for change in moves)
    if any(change.fields for change in own):
        yield "for others than before"
        yield from ("same id" for change in own[:1] if change.same_by == "id")
    if inner:
        yield count(len(inner), "change")
    if not moves and not inner and not any(change.fields for change in own):
        yield "kept: no file has it" if label in account.basis.kept else "the same menu"
    elif label in account.basis.kept:
        yield "kept: no file has it"
    if label in again:
        yield "added again"
    yield from _origins(own)


def _why_again(account: AccountPlan, label: str, symbol: str) -> Iterator[str]:
    if symbol == "~":
        return  # the call says that a conditional menu can't be edited
    below = account.labels.after[account.labels.after.index(label) + 1 :]
    anew = {step.menu for step in account.steps if isinstance(step, AddConditional)}
    over = [safe(other) for other in below if other in anew]
    if over:
        yield f"WeChat tries the newest menu first, so it is added again after {enumerated(over)}"
    else:
        yield "WeChat tries the newest menu first, so it is added again to stand higher"


def _origins(changes: Sequence[Change]) -> tuple[str, ...]:
    found = dict.fromkeys(change.origin for change in changes)
    return tuple(ORIGIN_WORDS[origin] for origin in found if origin is not None)


def _unreachable(because: Sequence[str]) -> str:
    taking = enumerated(map(safe, because)) or "other menus"
    if len(because) == 1:
        return f"nobody can get it: {taking} takes everyone it is for"
    return f"nobody can get it: {taking} take everyone it is for"


def looks(account: AccountPlan) -> tuple[Look, ...]:
    """List who may be looked at with phones: the default menu, then who gets another one."""
    before, after, labels = account.live.menus, account.after, account.labels
    of_menu = sorted_changes(account)
    old = dict(zip(labels.before, (menu.button for menu in before.conditionalmenu), strict=True))
    new = dict(zip(labels.after, (menu.button for menu in after.conditionalmenu), strict=True))
    old[DEFAULT], new[DEFAULT] = before.button, after.button

    def look(who: str, was: str | None, now: str | None) -> Look:
        left: Buttons = () if was is None else old[was]
        right: Buttons = () if now is None else new[now]
        rows: tuple[Row, ...] = ()
        if was == now and was is not None:
            inner = [c for c in of_menu.get(was, []) if not c.at.startswith("#")]
            rows = menu_rows(left, right, inner)
        names = [
            menu_name(label if buttons else None) for label, buttons in ((was, left), (now, right))
        ]
        return Look(safe(who), names[0], names[1], left, right, rows)

    said: tuple[Switch, ...] = account.audience
    first = look("the default menu", DEFAULT, DEFAULT)
    default_only = len(said) == 1 and (said[0].before, said[0].after) == (DEFAULT, DEFAULT)
    others = () if default_only else tuple(look(each.who, each.before, each.after) for each in said)
    return (first, *others)
