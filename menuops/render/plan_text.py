"""A plan as text for people: each account that changes, the others in a line, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from menuops.core.diff import Kind
from menuops.core.live import Console
from menuops.core.plan import AccountPlan, Plan, UnreadableAccount, short
from menuops.render.account_text import AccountView, guard_lines, switch_text
from menuops.render.terminal import Paint, count, safe

_LISTED: Final = 20
"""So many accounts in sync have a line each; more share one."""
_UNSEEN: Final = "get_current_selfmenu_info can't be read: what the web console made isn't seen"
_WORDS: Final[tuple[tuple[Kind, str], ...]] = (
    ("add", "added"),
    ("change", "changed"),
    ("rename", "renamed"),
    ("move", "moved"),
    ("remove", "removed"),
)
_LEGEND: Final[dict[Kind, str]] = {
    "change": "~ changed",
    "rename": "~ changed",
    "move": "> moved   · gone from here",
    "add": "+ added",
    "remove": "- removed",
}


@dataclass(frozen=True, slots=True)
class NextCommands:
    """What to type after a plan, whole: what applies it, and what makes it again."""

    apply: str = "menuops apply"
    plan: str = "menuops plan"


def plan_text(
    plan: Plan, *, colour: bool = False, next_commands: NextCommands | None = None
) -> str:
    """Render a whole plan; ends in a line that says how it came out, and what to type next.

    Without `next_commands` it is being applied already.
    """
    return "\n".join(_PlanView(plan, Paint(colour=colour), next_commands).lines()) + "\n"


class _PlanView:
    def __init__(self, plan: Plan, paint: Paint, next_commands: NextCommands | None) -> None:
        self._plan = plan
        self._paint = paint
        self._next = next_commands

    def lines(self) -> Iterator[str]:
        plan = self._plan
        commit = f", files at {plan.commit}" if plan.commit else ""
        head = f"menuops {plan.menuops_version}, plan of {plan.created_at}{commit}"
        yield self._paint(head, "dim")
        kinds = {change.kind for account in plan.changed for change in account.changes}
        legend = dict.fromkeys(words for kind, words in _LEGEND.items() if kind in kinds)
        if legend:
            yield self._paint("   ".join(legend), "dim")
        for account in plan.changed:
            yield ""
            yield from AccountView(account, self._paint).lines()
        yield from self._others()
        yield ""
        yield from self._totals()

    def _others(self) -> Iterator[str]:
        in_sync = [
            account
            for account in self._plan.accounts
            if account.status == "in_sync" and isinstance(account, AccountPlan)
        ]
        if in_sync:
            yield ""
        if len(in_sync) > _LISTED:
            unseen = sum(account.live.console is Console.UNREADABLE for account in in_sync)
            yield self._paint(f"{len(in_sync)} accounts in sync", "added")
            if unseen:
                yield f"  for {unseen} of them {_UNSEEN}"
        else:
            for account in in_sync:
                menus = count(len(account.after.conditionalmenu), "conditional menu")
                name = self._paint(f"{safe(account.ref.name)}   {account.ref.appid}", "added")
                yield f"{name}   in sync: the default menu and {menus}"
                if account.live.console is Console.UNREADABLE:
                    yield f"  {_UNSEEN}"
                if account.live.dead:
                    yield f"  {count(len(account.live.dead), 'dead menu')} left alone"
                if account.basis.next_switch is not None:
                    yield f"  {switch_text(account.basis.next_switch)}"
        for other in self._plan.unreadable:
            yield ""
            yield from self._unreadable(other)

    def _unreadable(self, account: UnreadableAccount) -> Iterator[str]:
        ref = account.ref
        yield self._paint(f"{safe(ref.name)}   {ref.appid}   can't be read", "warned")
        yield f"  {safe(account.error.message)}"
        if account.error.fix:
            yield f"  fix: {safe(account.error.fix)}"

    def _totals(self) -> Iterator[str]:
        plan = self._plan
        changed, unreadable = plan.changed, plan.unreadable
        in_sync = len(plan.accounts) - len(changed) - len(unreadable)
        kinds = Counter(change.kind for account in changed for change in account.changes)
        calls = Counter(step.CALL for account in changed for step in account.steps)
        yield self._paint("Plan", "bold") + (
            f"    {count(len(changed), 'account')} to change, {in_sync} in sync, "
            f"{len(unreadable)} could not be read"
        )
        if kinds:
            listed = ", ".join(f"{kinds[kind]} {word}" for kind, word in _WORDS if kinds[kind])
            yield f"Changes {listed}"
        if calls:
            yield "Calls   " + ", ".join(f"{count} {call}" for call, count in calls.items())
        yield from guard_lines(plan.guards, self._paint)
        if changed:
            yield "Seen    when a follower next opens the chat, after about 5 minutes; at once"
            yield "        after unfollow and follow"
            yield f"Digest  {short(plan.digest or '')}   {plan.digest}"
            for account in changed:
                if len(changed) > 1:
                    yield f"        {safe(account.ref.name)} {account.digest}"
        yield _verdict(plan, self._next)


def _verdict(plan: Plan, following: NextCommands | None) -> str:
    match plan.outcome.word:
        case "error":
            return f"{count(len(plan.unreadable), 'account')} can't be read. Nothing was written."
        case "refused":
            lifts = " ".join(dict.fromkeys(safe(guard.flag) for guard in plan.stopped))
            again = "" if following is None else f" If it is meant: {following.plan} {lifts}"
            return f"Refused by a guard.{again}"
        case "changes":
            if following is None:
                return f"{count(len(plan.changed), 'account')} to change."
            return f"To make this change: {following.apply}"
        case _:
            return "No changes. The accounts are as the files say."
