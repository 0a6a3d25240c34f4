"""One account's plan as text: its menus with the changes in place, the calls, who sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from menuops.core.audience import Switch
from menuops.core.conditional import pair_rules
from menuops.core.diff import Change
from menuops.core.gaps import Gap
from menuops.core.guards import Guard
from menuops.core.jsonform import canonical
from menuops.core.labels import DEFAULT
from menuops.core.live import Console
from menuops.core.plan import AccountPlan
from menuops.core.schedule import NextSwitch
from menuops.core.steps import AddConditional, DeleteConditional, Step
from menuops.render.local_time import local_time
from menuops.render.menu_rows import Row, menu_rows, whole_menu_rows
from menuops.render.terminal import Paint, Style, cells, count, cut, pad, safe, wrap

WIDTH: Final = 100
_SHORTEST_NAME: Final = 16
_SHORTEST_TARGET: Final = 20


class AccountView:
    """Renders an account that changes."""

    def __init__(self, account: AccountPlan, paint: Paint) -> None:
        self._account = account
        self._paint = paint

    def lines(self) -> Iterator[str]:
        """Give the lines of the account, its name first."""
        account = self._account
        ref = account.ref
        yield f"{self._paint(safe(ref.name), 'bold')}   {ref.appid}   {ref.api}"
        if account.live.console is Console.UNREADABLE:
            yield "  get_current_selfmenu_info can't be read: a menu made or switched off in the"
            yield "  web console (公众号后台) would not be seen here"
        of_menu: dict[str, list[Change]] = {}
        for change in account.changes:
            of_menu.setdefault(change.menu, []).append(change)
        yield from self._default_menu(account, of_menu.get(DEFAULT, []))
        yield from self._conditional_menus(account, of_menu)
        for menu in account.live.dead:
            rule = safe(canonical(dict(menu.matchrule)))
            yield f"  dead: menuid {safe(menu.menuid)} matches nobody, rule {rule}; left alone"
        yield ""
        yield from self._calls(account.steps)
        yield from self._gaps(account.gaps)
        yield from self._audience(account.audience)
        yield from _keys(account)
        yield from guard_lines(account.guards, self._paint)
        if account.basis.next_switch is not None:
            yield from _under("Next", switch_text(account.basis.next_switch), 2)

    def _default_menu(self, account: AccountPlan, changes: list[Change]) -> Iterator[str]:
        before, after = account.live.menus.button, account.after.button
        if not changes:
            call = any(step.menu == DEFAULT for step in account.steps)
            yield f"  Default menu: the same{', sent again' if call else ''}"
            return
        what = f"{count(len(changes), 'change')}, replaced whole in 1 call"
        yield f"  Default menu: {what if before else 'new'}"
        yield from self._table(menu_rows(before, after, changes))

    def _conditional_menus(
        self, account: AccountPlan, of_menu: dict[str, list[Change]]
    ) -> Iterator[str]:
        before, after, labels = account.live.menus, account.after, account.labels
        if not before.conditionalmenu and not after.conditionalmenu:
            return
        yield ""
        yield "  Conditional menus: a follower gets the first that matches, else the default menu"
        was_of = {a: b for b, a in pair_rules(before, after)}
        again = {step.menu for step in account.steps if isinstance(step, AddConditional)}
        for index, (menu, label) in enumerate(
            zip(after.conditionalmenu, labels.after, strict=True)
        ):
            head = f"#{index + 1}  {safe(label)}"
            rule = f"for {safe(labels.rule(menu.matchrule))}"
            if index not in was_of:
                yield self._head("+", "added", head, rule, "new")
                yield from self._table(list(whole_menu_rows(menu.button, "+", "added")))
                continue
            inner = [change for change in of_menu.get(label, []) if not change.at.startswith("#")]
            moves = [
                c.was_at for c in of_menu.get(label, []) if c.kind == "move" and c.at[0] == "#"
            ]
            old_rule = before.conditionalmenu[was_of[index]].matchrule
            new_rule = menu.matchrule != old_rule
            notes = [f"was {was_at}" for was_at in moves]
            notes += [f"was for {safe(labels.rule(old_rule))}"] if new_rule else []
            notes += [count(len(inner), "change")] if inner else []
            notes += ["added again"] if label in again else []
            symbol, style = _mark(inner=bool(inner or new_rule), moved=bool(moves))
            yield self._head(symbol, style, head, rule, ", ".join(notes) or "the same")
            if inner:
                old = before.conditionalmenu[was_of[index]].button
                yield from self._table(menu_rows(old, menu.button, inner))
        for index, (menu, label) in enumerate(
            zip(before.conditionalmenu, labels.before, strict=True)
        ):
            if index not in was_of.values():
                rule = f"for {safe(labels.rule(menu.matchrule))}"
                note = f"removed, menuid {safe(account.live.menuids[index])}"
                yield self._head("-", "removed", f"#{index + 1}  {safe(label)}", rule, note)
                yield from self._table(list(whole_menu_rows(menu.button, "-", "removed")))

    def _head(self, symbol: str, style: Style, head: str, rule: str, note: str) -> str:
        # Where the label is the rule, saying it twice helps nobody.
        words = [head, "" if head.endswith(rule.removeprefix("for ")) else rule, note]
        return "  " + self._paint(f"{symbol or ' '} {'   '.join(filter(None, words))}", style)

    def _table(self, rows: list[Row]) -> Iterator[str]:
        types = max((cells(row.type) for row in rows), default=0)
        notes = max((cells(row.note) for row in rows), default=0)
        rest = WIDTH - 14 - types - 4 - (notes + 2 if notes else 0)
        longest = max(_SHORTEST_NAME, rest - _SHORTEST_TARGET)
        names = min(max((cells(row.name) for row in rows), default=0), longest)
        room = max(_SHORTEST_TARGET, rest - names)
        targets = min(room, max((cells(row.target) for row in rows), default=0))
        for row in rows:
            indent = "  " * (row.depth - 1)
            place = pad(f"{indent}{row.position}", 6)
            target = pad(cut(row.target, room), targets)
            name = pad(cut(row.name, names), names)
            line = f"{pad(row.symbol, 3)} {place}  {name}  {pad(row.type, types)}"
            yield ("  " + self._paint(f"{line}  {target}  {row.note}".rstrip(), row.style)).rstrip()
            for field in row.changes:
                sides: tuple[tuple[str, Any, Style], ...] = (
                    ("-", field.before, "removed"),
                    ("+", field.after, "added"),
                )
                for sign, value, style in sides:
                    if value is not None:
                        shown = f"{sign} {pad(safe(field.field), 8)} {safe(_value(value))}"
                        yield f"{' ' * 14}{self._paint(shown, style)}"

    def _calls(self, steps: Iterable[Step]) -> Iterator[str]:
        for number, step in enumerate(steps, 1):
            menuid = f" {step.menuid}" if isinstance(step, DeleteConditional) else ""
            text = f"{number}. {step.CALL}{safe(menuid)} {safe(step.menu)}: {step.reason}"
            yield from _under("Calls" if number == 1 else "", text, 3)

    def _gaps(self, gaps: Iterable[Gap]) -> Iterator[str]:
        for gap in gaps:
            sees = f"see {_menu(gap.sees)} until the calls go on"
            text = f"! after call {gap.after_step} {safe(gap.who)} {sees}"
            yield from _under("Gap", text, 2, self._paint)

    def _audience(self, audience: Iterable[Switch]) -> Iterator[str]:
        for number, switch in enumerate(audience):
            sees, saw = (_menu(switch.after), _menu(switch.before))
            change = f"get {sees}, with its changes" if sees == saw else f"get {sees} after {saw}"
            yield from _under("Seen" if number == 0 else "", f"{safe(switch.who)}: {change}", 2)


def switch_text(switch: NextSwitch) -> str:
    """Say when another file takes over."""
    then = "no menu is in force" if switch.menu is None else f"{safe(switch.menu)} is in force"
    return f"from {local_time(switch.at)} on {then}"


def _keys(account: AccountPlan) -> Iterator[str]:
    listed = (
        ("the server will receive", account.keys_gained),
        ("no longer", account.keys_lost),
    )
    text = "; ".join(f"{word} {', '.join(map(safe, keys))}" for word, keys in listed if keys)
    if text:
        yield from _under("Keys", text, 2)


def guard_lines(guards: Iterable[Guard], paint: Paint) -> Iterator[str]:
    """Render guards: what each is about, and whether or how it is lifted."""
    for guard in guards:
        name = f":{safe(guard.name)}" if guard.name else ""
        text = f"! {guard.guard}{name}: {safe(guard.message)}"
        yield from _under("Guard", text, 2, paint)
        how = "lifted" if guard.lifted else f"stops; lift it with {safe(guard.flag)}"
        yield from _under("", how, 2)


def _under(head: str, text: str, hang: int, paint: Paint | None = None) -> Iterator[str]:
    """Lay out a text behind a word; further lines stand `hang` cells further in."""
    for number, line in enumerate(wrap(text, WIDTH - 9 - hang)):
        left = f"  {head:7}" if number == 0 else " " * (9 + hang)
        yield left + (paint(line, "warned") if paint else line)


def _mark(*, inner: bool, moved: bool) -> tuple[str, Style]:
    if inner:
        return "~", "changed"
    return (">", "moved") if moved else ("", "plain")


def _menu(label: str | None) -> str:
    return "no menu" if label is None else "the default menu" if label == DEFAULT else safe(label)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)
