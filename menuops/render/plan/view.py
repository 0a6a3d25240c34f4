"""The model of a whole plan, made from core's values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from menuops.core.diff import Kind
from menuops.core.labels import DEFAULT
from menuops.core.live import Console
from menuops.core.plan import AccountPlan, Plan, UnreadableAccount, short
from menuops.core.steps import AddConditional
from menuops.render.language.speech import enumerated
from menuops.render.local_time import local_time
from menuops.render.plan.blocks import blocks, guard_view, switch_text
from menuops.render.plan.model import (
    Block,
    InSync,
    Member,
    PlanView,
    Totals,
    Unreadable,
)
from menuops.render.short_commit import short_commit
from menuops.render.terminal import count, safe

LISTED: Final = 20
"""So many accounts in sync have a line each; more share one."""
SEEN: Final = (
    "when a follower next opens the chat, after about 5 minutes; at once if they follow anew"
)
_UNSEEN: Final = "get_current_selfmenu_info can't be read: what the web console made isn't seen"
_KINDS: Final[tuple[tuple[Kind, str], ...]] = (
    ("add", "added"),
    ("change", "changed"),
    ("rename", "renamed"),
    ("move", "moved"),
    ("remove", "removed"),
)
_LEGEND: Final = (
    ("~", "changed"),
    (">", "moved"),
    ("+", "added"),
    ("-", "removed"),
    ("±", "added again"),
    ("·", "gone from here"),
)


def plan_view(plan: Plan) -> PlanView:
    """Make the model that every view of a plan lays out."""
    changed = [each for each in plan.read if each.steps or (each.changes and not each.is_watched)]
    watched = plan.watched
    of_files = plan.back_to is None
    made = (*blocks(changed, of_files=of_files), *blocks(watched, of_files=of_files))
    out = {id(each) for each in (*changed, *watched)}
    in_sync = [each for each in plan.read if id(each) not in out]
    digest = plan.digest or ""
    made_at = local_time(plan.created_at)
    return PlanView(
        head=f"menuops {safe(plan.menuops_version)}, plan of {made_at}{_wanted(plan)}",
        legend=_legend(made),
        guards=tuple(guard_view(guard) for guard in plan.guards),
        blocks=made,
        in_sync=tuple(map(_in_sync, in_sync)),
        unseen=tuple(_unseen(in_sync)),
        unreadable=_unreadable(plan.unreadable),
        totals=Totals(
            to_change=len(changed),
            watched=len(watched),
            in_sync=len(in_sync),
            unreadable=len(plan.unreadable),
            changes=tuple(_changes(changed)),
            calls=tuple(_calls(changed)),
            left_today=_left_today(changed),
        ),
        digest=digest,
        short_digest=short(digest) if digest else "",
        outcome=plan.outcome,
        stopped=tuple(dict.fromkeys(safe(guard.flag) for guard in plan.stopped)),
    )


def _wanted(plan: Plan) -> str:
    """Say what the plan wants: what the files say, or what was."""
    back = plan.back_to
    if back is not None:
        name = safe(back.name)
        return f", back to {name}" if back.kind == "snapshot" else f", back to what {name} saw"
    return f", files at {safe(short_commit(plan.commit))}" if plan.commit else ""


def _legend(made: Iterable[Block]) -> tuple[tuple[str, str], ...]:
    # The default menu is named without a symbol of its own.
    used = {menu.symbol for block in made for menu in block.conditional}
    used |= {row.symbol for block in made for menu in block.menus for row in menu.rows}
    return tuple(item for item in _LEGEND if item[0] in used)


def _in_sync(account: AccountPlan) -> InSync:
    menus = count(len(account.after.conditionalmenu), "conditional menu")
    notes = [f"in sync: the default menu and {menus}"]
    if account.is_watched:
        notes[0] += ", only watched"
    if account.live.console is Console.UNREADABLE:
        notes.append(_UNSEEN)
    if account.live.dead:
        notes.append(f"{count(len(account.live.dead), 'dead menu')} left alone")
    if account.basis.kept:
        notes.append(f"kept, though no file has it: {enumerated(map(safe, account.basis.kept))}")
    notes += [
        f"nobody can get {safe(each.menu)}: "
        f"{enumerated(map(safe, each.because)) or 'other menus'} come first"
        for each in account.unreachable
    ]
    if account.basis.next_switch is not None:
        notes.append(switch_text(account.basis.next_switch))
    return InSync(safe(account.ref.name), safe(account.ref.appid), tuple(notes))


def _unseen(accounts: Sequence[AccountPlan]) -> Iterator[str]:
    unseen = sum(each.live.console is Console.UNREADABLE for each in accounts)
    if unseen:
        yield f"for {unseen} of them {_UNSEEN}"
    dead = sum(bool(each.live.dead) for each in accounts)
    if dead:
        yield f"{dead} of them have dead menus, which are left alone"
    blocked = sum(bool(each.unreachable) for each in accounts)
    if blocked:
        yield f"{blocked} of them have conditional menus that nobody can get"
    switching = sum(each.basis.next_switch is not None for each in accounts)
    if switching:
        yield f"for {switching} of them another file takes over later"


def _unreadable(accounts: Sequence[UnreadableAccount]) -> tuple[Unreadable, ...]:
    alike: dict[tuple[str, str, str], list[Member]] = {}
    for account in accounts:
        name, error = account.ref.name, account.error
        key = (error.code, error.message.removeprefix(f"{name}: "), error.fix)
        alike.setdefault(key, []).append(Member(safe(name), safe(account.ref.appid)))
    return tuple(
        Unreadable(tuple(members), safe(message), safe(fix))
        for (_, message, fix), members in alike.items()
    )


def _changes(accounts: Sequence[AccountPlan]) -> Iterator[str]:
    """Count the changes per kind: those of default menus, then those of conditional ones."""
    default: Counter[str] = Counter()
    conditional: Counter[str] = Counter()
    again = 0
    for account in accounts:
        changed = set()
        for change in account.changes:
            (default if change.menu == DEFAULT else conditional)[change.kind] += 1
            changed.add(change.menu)
        adds = {step.menu for step in account.steps if isinstance(step, AddConditional)}
        again += len(adds - changed)
    for head, kinds in (("default menu", default), ("conditional menus", conditional)):
        listed = [f"{kinds[kind]:,} {word}" for kind, word in _KINDS if kinds[kind]]
        if kinds is conditional and again:
            listed.append(f"{again:,} added again")
        if listed:
            yield f"{head}: {', '.join(listed)}"


def _calls(accounts: Sequence[AccountPlan]) -> Iterator[str]:
    calls = Counter(step.CALL for account in accounts for step in account.steps)
    return (f"{number:,} {call}" for call, number in calls.items())


def _left_today(accounts: Sequence[AccountPlan]) -> str:
    """Say how many calls of each kind are left afterwards, for the account with the fewest."""
    left: dict[str, int] = {}
    for account in accounts:
        needed = Counter(step.CALL for step in account.steps)
        for quota in account.basis.quotas:
            rest = quota.remain - needed[quota.call]
            left[quota.call] = min(rest, left.get(quota.call, rest))
    if not left:
        return ""
    fewest = ", for the account with the fewest" if len(accounts) > 1 else ""
    listed = ", ".join(f"{number:,} {safe(call)}" for call, number in left.items())
    return f"left today afterwards: {listed}{fewest}"
