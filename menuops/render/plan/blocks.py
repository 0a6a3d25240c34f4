"""Accounts with equal changes as one block, each made once."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence

from menuops.core.audience import Switch
from menuops.core.diff import Change
from menuops.core.gaps import Gap
from menuops.core.guards import Guard
from menuops.core.jsonform import canonical
from menuops.core.labels import DEFAULT
from menuops.core.live import Console, DeadMenu
from menuops.core.model import ConditionalMenu
from menuops.core.plan import AccountPlan
from menuops.core.schedule import NextSwitch
from menuops.core.steps import DeleteConditional
from menuops.core.unknown import live_entries, unknown_fields
from menuops.render.language.speech import enumerated
from menuops.render.local_time import local_time
from menuops.render.plan.menu_views import (
    conditional_views,
    default_view,
    looks,
    menu_name,
    sorted_changes,
    up_to,
)
from menuops.render.plan.model import Audience, Block, Call, GuardView, Member
from menuops.render.short_commit import short_commit
from menuops.render.terminal import safe

UNSEEN = (
    "get_current_selfmenu_info can't be read: a menu made or switched off in the web console "
    "(公众号后台) would not be seen here"
)


def blocks(accounts: Sequence[AccountPlan], *, of_files: bool = True) -> Iterator[Block]:
    """Make one block of all accounts that show the same, in the order of their first ones.

    `of_files`: the plan is of menu files, not of a snapshot.
    """
    alike: dict[Hashable, list[AccountPlan]] = {}
    for account in accounts:
        alike.setdefault(_shown(account), []).append(account)
    return (_block(group, of_files=of_files) for group in alike.values())


def _shown(account: AccountPlan) -> Hashable:
    """Give all that a view shows of an account, but for what stands with each account.

    Tags count by their names: one menu has other ids of tags in each account. Numbers of
    followers and of calls that are left are put together, and ids of menus told of each.
    """
    basis, live = account.basis, account.live
    past = basis.past
    return (
        account.ref.api,
        live.menus.button,
        account.after.button,
        _by_rule(account, live.menus.conditionalmenu),
        _by_rule(account, account.after.conditionalmenu),
        account.labels.before,
        account.labels.after,
        tuple(map(_change_key, account.changes)),
        tuple((step.CALL, step.menu, step.reason) for step in account.steps),
        tuple((g.allow, g.lifted, guard_message(account, g)) for g in account.guards),
        account.gaps,
        tuple((switch.who, switch.before, switch.after) for switch in account.audience),
        account.unreachable,
        live.console,
        tuple((canonical(dict(menu.matchrule)), menu.button) for menu in live.dead),
        (basis.mode, basis.kept, basis.next_switch, basis.base_missing),
        unknown_fields(live_entries(live.menus)),
        past and (past.source, past.revision),
        basis.applied and (basis.applied.revision if _is_as_applied(account) else None),
        bool(basis.followers),
    )


def _by_rule(account: AccountPlan, menus: Sequence[ConditionalMenu]) -> tuple[object, ...]:
    return tuple((account.labels.rule(menu.matchrule), menu.button) for menu in menus)


def _change_key(change: Change) -> Hashable:
    # The fields follow from the menus, but for those of a rule, where tags go by their ids.
    rule = canonical([[f.field, f.before, f.after] for f in change.fields])
    own = rule if change.at.startswith("#") else ""
    return (change.kind, change.at, change.was_at, change.menu, change.same_by, change.origin, own)


def guard_message(account: AccountPlan, guard: Guard) -> str:
    """Give a guard's message without the ids of menus, which differ from account to account."""
    message = guard.message
    for menuid in account.live.menuids:
        message = message.replace(f" (menuid {menuid})", "")
    return message


def _block(accounts: Sequence[AccountPlan], *, of_files: bool) -> Block:
    first = accounts[0]
    of_menu = sorted_changes(first)
    is_one = len(accounts) == 1 or len({account.live.menuids for account in accounts}) == 1
    gone = {step.menuid for step in first.steps if isinstance(step, DeleteConditional)}
    return Block(
        members=tuple(_member(account, with_menuids=not is_one) for account in accounts),
        api=first.ref.api,
        is_watched=first.is_watched,
        remarks=tuple(_remarks(first)),
        default=default_view(first, of_menu.get(DEFAULT, [])),
        conditional=tuple(conditional_views(first, _followers(accounts))),
        dead=tuple(
            _dead(menu, with_menuid=len(accounts) == 1, gone=menu.menuid in gone)
            for menu in first.live.dead
        ),
        calls=tuple(
            Call(
                number,
                step.CALL,
                safe(step.menuid) if isinstance(step, DeleteConditional) and is_one else "",
                safe(step.menu),
                safe(step.reason),
            )
            for number, step in enumerate(first.steps, 1)
        ),
        gaps=tuple(_gap(gap, len(first.steps)) for gap in first.gaps),
        audience=tuple(
            _audience(switch, [account.audience[index].up_to for account in accounts])
            for index, switch in enumerate(first.audience)
        ),
        looks=looks(first),
        keys=_keys(first),
        guards=tuple(
            guard_view(guard, None if is_one else guard_message(first, guard), of_file=of_files)
            for guard in first.guards
        ),
        next_switch="" if first.basis.next_switch is None else switch_text(first.basis.next_switch),
    )


def _member(account: AccountPlan, *, with_menuids: bool) -> Member:
    ids = dict(zip(account.labels.before, account.live.menuids, strict=True))
    told = tuple(f"{safe(label)} {safe(menuid)}" for label, menuid in ids.items() if with_menuids)
    ref = account.ref
    return Member(safe(ref.name), safe(ref.appid), account.digest or "", told)


def _followers(accounts: Sequence[AccountPlan]) -> Mapping[str, int | None]:
    """Add up the followers of each tag over the accounts; by the tag's id in the first one."""
    if not accounts[0].basis.followers:
        return {}
    total: dict[str, int | None] = {}
    for account in accounts:
        names = account.labels.tag_names
        for tag, number in account.basis.followers:
            name = names.get(tag, tag)
            total[name] = (total.get(name) or 0) + number
    names = accounts[0].labels.tag_names
    return {tag: total[names.get(tag, tag)] for tag, _ in accounts[0].basis.followers}


def _audience(switch: Switch, numbers: Sequence[int | None]) -> Audience:
    sees, saw = menu_name(switch.after), menu_name(switch.before)
    gets = f"{sees}, with its changes" if sees == saw else f"{sees}, until now {saw}"
    known = [number for number in numbers if number is not None]
    people = up_to(sum(known)) if len(known) == len(numbers) else ""
    return Audience(safe(switch.who), gets, people)


def _gap(gap: Gap, calls: int) -> str:
    last = gap.after_step == calls
    return (
        f"after call {gap.after_step} {safe(gap.who)} see {menu_name(gap.sees)} "
        f"{'from then on' if last else f'until call {gap.after_step + 1}'}: "
        "neither the old menu nor the new one"
    )


def _dead(menu: DeadMenu, *, with_menuid: bool, gone: bool) -> str:
    menuid = f"menuid {safe(menu.menuid)}, " if with_menuid else ""
    entries = enumerated(safe(entry.name) for entry in menu.button)
    rule = safe(canonical(dict(menu.matchrule)))
    return (
        f"dead: {menuid}rule {rule} ({entries}) matches nobody; "
        f"{'removed' if gone else 'left alone'}"
    )


def _keys(account: AccountPlan) -> str:
    gained, lost = (
        enumerated(map(safe, keys)) for keys in (account.keys_gained, account.keys_lost)
    )
    told = (
        f"the server will receive {gained}" if gained else "",
        f"no longer {lost}" if lost else "",
    )
    return "; ".join(filter(None, told))


def guard_view(guard: Guard, message: str | None = None, *, of_file: bool = False) -> GuardView:
    """Show a guard, with another message than its own where one is given.

    `of_file`: it stands in the way of what a menu file says, which can lift it too.
    """
    line = f"allow: {json.dumps([guard.allow], ensure_ascii=False)}" if of_file else ""
    return GuardView(
        safe(guard.allow),
        safe(message or guard.message),
        guard.lifted,
        safe(guard.flag),
        safe(line),
    )


def switch_text(switch: NextSwitch) -> str:
    """Say when another file takes over."""
    then = "no menu is in force" if switch.menu is None else f"{safe(switch.menu)} is in force"
    return f"from {local_time(switch.at)} on {then}"


def _is_as_applied(account: AccountPlan) -> bool:
    applied = account.basis.applied
    return applied is not None and applied.menus == account.live.menus


def _remarks(account: AccountPlan) -> Iterator[str]:
    if account.live.console is Console.UNREADABLE:
        yield UNSEEN
    if account.basis.base_missing is not None:
        yield f"{safe(account.basis.base_missing[:1].upper() + account.basis.base_missing[1:])}"
    if unknown := unknown_fields(live_entries(account.live.menus)):
        yield f"Live has fields that menuops doesn't know: {enumerated(map(safe, unknown))}"
    applied, past = account.basis.applied, account.basis.past
    if applied is not None and _is_as_applied(account):
        yield f"Live is as run {safe(applied.revision)} left it"
    origins = {change.origin for change in account.changes} - {None}
    if past is None or not origins:
        return
    held = (
        f"the files at {safe(short_commit(past.revision))}"
        if past.source == "commit"
        else f"what run {safe(past.revision)} applied"
    )
    told = {
        "yours": "yours means that the file changed",
        # With a commit that may be a switch of the account's list that has come, too.
        "reverts": "reverts live means that those files say the same, and live doesn't"
        if past.source == "commit"
        else "reverts live means that live changed, and the file takes it back",
        "both": "on both sides means that live moved, and so did the file",
    }
    listed = "; ".join(words for origin, words in told.items() if origin in origins)
    yield f"Held against {held}: {listed}"
