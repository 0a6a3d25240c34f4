"""Dropping every menu of one account through `menu/delete`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import menuops
from menuops.core.account import Account
from menuops.core.applied import Applied
from menuops.core.basis import Basis
from menuops.core.commands import Commands
from menuops.core.errors import CannotStart, MenuopsError, Usage
from menuops.core.guard_names import CONSOLE_MENU, DELETE_ALL, LIVE_CHANGED
from menuops.core.labels import label_menus
from menuops.core.live import Console
from menuops.core.model import Menus
from menuops.core.moments import utc
from menuops.core.plan import AccountPlan, Plan, make_account_plan, make_plan
from menuops.core.restorable import restorable
from menuops.files.project.project import Project
from menuops.run.account_planning import ref_of
from menuops.run.approval import Skipped
from menuops.run.carrying_out import (
    Approval,
    Ask,
    Held,
    carry_out,
    held,
    nothing_written_yet,
    unreadable,
)
from menuops.run.earlier import check_mode
from menuops.run.reading import Answers
from menuops.run.selection import open_project, select
from menuops.run.settings import DAY_S, Settings, World
from menuops.run.writing import Cause, Progress


@dataclass(frozen=True, slots=True)
class Destroying:
    """A plan that leaves nothing, with what no restore brings back."""

    account: AccountPlan
    plan: Plan
    lost: tuple[str, ...]


def account_to_destroy(settings: Settings, world: World) -> tuple[Project, Account]:
    """Find the one account that is named. Raises Usage for none, several, and a wildcard."""
    project = open_project(settings, world)
    names = [account.name for account in project.accounts]
    if len(settings.accounts) != 1:
        raise Usage(
            "destroy is about one account, which is named",
            fix=f"name it: -a {names[0] if len(names) == 1 else 'NAME'}",
        )
    (account,) = select(project, settings.accounts)[:1]
    if account.name != settings.accounts[0]:
        raise Usage(
            f"-a {settings.accounts[0]}: destroy takes no wildcard", fix=f"name it: -a {names[0]}"
        )
    check_mode(project, account)
    return project, account


def destroy(
    settings: Settings,
    world: World,
    *,
    show: Callable[[Destroying], None],
    ask: Ask | None,
    progress: Progress,
    commands: Commands | None = None,
) -> Applied:
    """Drop every menu of the account that `settings` name.

    `show` is given what goes; `ask` says whether that is approved, None where it is already.
    Raises Usage, InvalidFiles, CannotStart, NotApproved, StalePlan, Locked, Interrupted.
    """
    project, account = account_to_destroy(settings, world)
    spelt = commands or Commands()
    skipped = Skipped(keep_going=False)
    with held(settings, world, project, [account], progress, spelt, skipped) as there:
        with nothing_written_yet():
            answers = _read(account, there)
            made = _plan(account, answers, there)
        approval = Approval(lambda: show(made), ask)
        read = {made.account.ref: answers}
        return carry_out(made.plan, read, there, approval, skipped, Cause("destroy"))


def _read(account: Account, there: Held) -> Answers:
    (answer,) = there.reader.read([there.remote.api(account)])
    if isinstance(answer, MenuopsError):
        raise unreadable(ref_of(account), answer)
    return answer


def _plan(account: Account, answers: Answers, there: Held) -> Destroying:
    live = answers.live
    planned = make_account_plan(
        ref_of(account),
        live,
        Menus(),
        label_menus(live.menus, Menus(), {}),
        # Naming the account approves all of it; what goes is shown before.
        lifts=(DELETE_ALL, CONSOLE_MENU, LIVE_CHANGED),
        basis=Basis(applied=there.remote.state.last_applied.read(account.api, account.appid)),
    )
    if live.console is Console.MADE and not planned.steps:
        raise CannotStart(
            f"{account.name} has no menu of the API; the one in force was made in the web console "
            "(公众号后台). Nothing was written",
            fix="drop it in the web console: the API can't",
            code="console_menu",
        )
    now = there.world.clock()
    head = {
        "menuops_version": menuops.__version__,
        "created_at": utc(now),
        "expires_at": utc(now + DAY_S),
        "commit": None,
    }
    plan = make_plan([planned], max_accounts=1, lifts=(), head=head)
    return Destroying(planned, plan, restorable(live).lost)
