"""The plan of one account: what its file wants, against what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from menuops.core.account import Account
from menuops.core.basis import Basis, Past
from menuops.core.identity import with_known_ids
from menuops.core.keeping import unclaimed, with_kept
from menuops.core.labels import label_menus
from menuops.core.live import Live
from menuops.core.model import Menus
from menuops.core.plan import AccountPlan, AccountRef, make_account_plan
from menuops.run.settings import PlanOptions
from menuops.run.tags import Tags
from menuops.run.wanted import WantedAccount


def ref_of(account: Account) -> AccountRef:
    """Name an account as plans do."""
    return AccountRef(account.name, account.appid, account.api)


def plan_account(
    wanted: WantedAccount,
    live: Live,
    after: Menus,
    tags: Tags,
    options: PlanOptions,
    *,
    applied: Past | None,
    base: Past | None,
    base_missing: str | None = None,
) -> AccountPlan:
    """Work out the plan of one account; `after` is what its file wants, tags by id.

    `applied` and `base` are what is known of the past.
    """
    account = wanted.account
    past = base or applied
    if past is not None:
        live = replace(live, menus=with_known_ids(live.menus, past.menus))
    kept: tuple[int, ...] = ()
    if account.unmanaged == "keep":
        live = replace(live, menus=unclaimed(live.menus, after))
        after, kept = with_kept(after, live.menus)
    labels = label_menus(live.menus, after, tags.names)
    return make_account_plan(
        ref_of(account),
        live,
        after,
        labels,
        lifts=(*options.lifts, *wanted.menu.allow),
        basis=Basis(
            mode="watch" if account.mode == "watch" else "manage",
            unmanaged=account.unmanaged,
            kept=tuple(labels.after[index] for index in kept),
            delete_first=options.delete_first,
            followers=_followers(live.menus, after, tags.counts),
            applied=applied,
            base=base,
            base_missing=base_missing,
            next_switch=wanted.next_switch,
        ),
    )


def planned_from(account: AccountPlan, live: Live) -> AccountPlan:
    """Plan from another live menu to what a plan wants."""
    live = replace(live, menus=with_known_ids(live.menus, account.after))
    return make_account_plan(
        account.ref,
        live,
        account.after,
        label_menus(live.menus, account.after, account.labels.tag_names),
        lifts=account.lifts,
        basis=replace(account.basis, quotas=()),
    )


def _followers(
    before: Menus, after: Menus, counts: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    """Give the followers of the tags that the rules name, as far as they were read."""
    rules = (menu.matchrule for menu in (*before.conditionalmenu, *after.conditionalmenu))
    ids = {rule.tag_id for rule in rules if rule.tag_id is not None}
    return tuple(sorted((tag_id, counts[tag_id]) for tag_id in ids if tag_id in counts))
