"""A plan as JSON, and back: what `plan --out` writes and `show` and `apply` read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from menuops.core.audience import switch_to_json, unreachable_to_json
from menuops.core.back_to import back_from_json, back_to_json
from menuops.core.basis import Basis, QuotaLeft, past_from_json, past_to_json
from menuops.core.diff import change_to_json
from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import StalePlan
from menuops.core.gaps import gap_to_json
from menuops.core.guards import Guard, guard_to_json
from menuops.core.identity import ids_of, with_ids
from menuops.core.jsonform import answered_to_json, menus_from_json, menus_to_json, sha256
from menuops.core.labels import Labels, label_menus
from menuops.core.live import Console, Live, dead_from_json, dead_to_json
from menuops.core.model import Menus
from menuops.core.moments import parse_moment, utc
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    PlannedAccount,
    UnreadableAccount,
    make_account_plan,
)
from menuops.core.schedule import NextSwitch
from menuops.core.steps import step_to_json


class PlanMismatch(StalePlan):
    """A plan file that is not as it was made: edited, or made by another version."""


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Build the whole document; `schemas/plan.schema.json` describes it.

    Its checksum is over all the rest, times and names too, which no digest covers: a plan of the
    same change has the same digest whenever and wherever it is made. It tells an edit by hand,
    and holds nobody who means to deceive: what is approved is a digest.
    """
    error = {} if plan.error is None else {"error": _error_to_json(plan.error)}
    document = {
        **plan_head(plan),
        "back_to": back_to_json(plan.back_to),
        "outcome": plan.outcome.word,
        "guards": [guard_to_json(guard) for guard in plan.guards],
        "accounts": [_account_to_json(account) for account in plan.accounts],
        **error,
    }
    return {**document, "checksum": sha256(document)}


def plan_head(plan: Plan) -> dict[str, Any]:
    """Give what says which plan it is: versions, times, commit, digest."""
    return {
        "format_version": FORMAT_VERSION,
        "menuops_version": plan.menuops_version,
        "created_at": plan.created_at,
        "expires_at": plan.expires_at,
        "commit": plan.commit,
        "digest": plan.digest,
    }


def _error_to_json(error: ErrorNote) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "fix": error.fix}


def _account_to_json(account: PlannedAccount) -> dict[str, Any]:
    ref = account.ref
    head = {"name": ref.name, "appid": ref.appid, "api": ref.api, "status": account.status}
    if isinstance(account, UnreadableAccount):
        empty: dict[str, Any] = {"before": None, "after": None, "fingerprint": None}
        lists = ("changes", "steps", "guards", "gaps", "audience")
        return {
            **head,
            "error": _error_to_json(account.error),
            "mode": account.mode,
            **empty,
            **{name: [] for name in lists},
            "unreachable": [],
            "click_keys": {"gained": [], "lost": []},
            "next_switch": None,
        }
    basis = account.basis
    return {
        **head,
        "digest": account.digest,
        "fingerprint": account.fingerprint,
        "before": menus_to_json(account.live.menus, answered_to_json),
        "after": menus_to_json(account.after),
        "live": {
            "menuids": list(account.live.menuids),
            "console": account.live.console.value,
            "dead": [dead_to_json(menu) for menu in account.live.dead],
        },
        "ids": {"before": ids_of(account.live.menus), "after": ids_of(account.after)},
        "labels": {
            "before": list(account.labels.before),
            "after": list(account.labels.after),
            "tags": dict(account.labels.tags),
        },
        "mode": basis.mode,
        "unmanaged": basis.unmanaged,
        "kept": list(basis.kept),
        "delete_first": basis.delete_first,
        "followers": dict(basis.followers),
        "quota": [_quota_to_json(quota) for quota in basis.quotas],
        "applied": past_to_json(basis.applied),
        "base": past_to_json(basis.base),
        "base_missing": basis.base_missing,
        "changes": [change_to_json(change) for change in account.changes],
        "steps": [step_to_json(step) for step in account.steps],
        "guards": [guard_to_json(guard) for guard in account.guards],
        "gaps": [gap_to_json(gap) for gap in account.gaps],
        "audience": [switch_to_json(switch) for switch in account.audience],
        "unreachable": [unreachable_to_json(each) for each in account.unreachable],
        "click_keys": {"gained": list(account.keys_gained), "lost": list(account.keys_lost)},
        "next_switch": _next_switch_to_json(basis.next_switch),
    }


def _quota_to_json(quota: QuotaLeft) -> dict[str, Any]:
    return {"call": quota.call, "daily_limit": quota.daily_limit, "remain": quota.remain}


def _next_switch_to_json(switch: NextSwitch | None) -> dict[str, str | None] | None:
    return None if switch is None else {"at": switch.at, "menu": switch.menu}


def plan_from_json(document: Mapping[str, Any]) -> Plan:
    """Read a document that fits the schema, working out again all that can be.

    Raises PlanMismatch where what is worked out isn't what stands there.
    """
    for name in ("created_at", "expires_at"):
        if not _is_moment(document[name]):
            raise _mismatch(f"its {name} is no moment that exists")
    plan = Plan(
        menuops_version=document["menuops_version"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        commit=document["commit"],
        accounts=tuple(
            _account_from_json(account, goes_back=document["back_to"] is not None)
            for account in document["accounts"]
        ),
        guards=tuple(_guard_from_json(guard) for guard in document["guards"]),
        back_to=back_from_json(document["back_to"]),
    )
    differing = _differing(plan_to_json(plan), document)
    if differing:
        raise _mismatch(differing)
    return plan


def _mismatch(why: str) -> PlanMismatch:
    return PlanMismatch(
        f"this plan was edited, or another version of menuops made it: {why}. Nothing was written.",
        fix="make a new plan: menuops plan --out FILE",
    )


def _differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str | None:
    """Say in what two documents differ; the checksum, which any edit changes, comes last."""
    for name in sorted({*ours, *theirs} - {"accounts", "checksum"}):
        if ours.get(name) != theirs.get(name):
            return _unlike(name)
    for mine, other in zip(ours["accounts"], theirs["accounts"], strict=True):
        for name in sorted({*mine, *other}):
            if mine.get(name) != other.get(name):
                return _unlike(f"{name} of {mine['name']}")
    if ours["checksum"] != theirs["checksum"]:
        return "its checksum isn't that of what stands in it"
    return None


def _unlike(part: str) -> str:
    return f"what it says of {part} isn't what follows from the rest of it"


def _is_moment(text: str) -> bool:
    moment_s = parse_moment(text)
    return moment_s is not None and utc(moment_s) == text


def _account_from_json(value: Mapping[str, Any], *, goes_back: bool) -> PlannedAccount:
    ref = AccountRef(value["name"], value["appid"], value["api"])
    if value["status"] == "unreadable":
        error = value["error"]
        return UnreadableAccount(ref, ErrorNote(**error), value["mode"])
    return _account_plan(ref, value, goes_back=goes_back)


def _account_plan(ref: AccountRef, value: Mapping[str, Any], *, goes_back: bool) -> AccountPlan:
    state, labels, switch = value["live"], value["labels"], value["next_switch"]
    live = Live(
        menus=with_ids(menus_from_json(value["before"]), value["ids"]["before"]),
        menuids=tuple(state["menuids"]),
        console=Console(state["console"]),
        dead=tuple(dead_from_json(menu) for menu in state["dead"]),
    )
    after = with_ids(menus_from_json(value["after"]), value["ids"]["after"])
    names = Labels(
        tuple(labels["before"]), tuple(labels["after"]), tuple(sorted(labels["tags"].items()))
    )
    _check_labels(ref, live, after, names)
    return make_account_plan(
        ref,
        live,
        after,
        names,
        lifts=[_guard_from_json(guard).allow for guard in value["guards"] if guard["lifted"]],
        basis=Basis(
            mode=value["mode"],
            unmanaged=value["unmanaged"],
            kept=tuple(value["kept"]),
            delete_first=value["delete_first"],
            followers=tuple(sorted(value["followers"].items())),
            quotas=tuple(QuotaLeft(**quota) for quota in value["quota"]),
            applied=past_from_json(value["applied"]),
            base=past_from_json(value["base"]),
            base_missing=value["base_missing"],
            next_switch=None if switch is None else _next_switch(ref, switch),
            goes_back=goes_back,
        ),
    )


def _next_switch(ref: AccountRef, value: Mapping[str, Any]) -> NextSwitch:
    if not _is_moment(value["at"]):
        raise _mismatch(f"the next switch of {ref.name} is at no moment that exists")
    return NextSwitch(value["at"], value["menu"])


def _check_labels(ref: AccountRef, live: Live, after: Menus, labels: Labels) -> None:
    if not (
        len(live.menuids) == len(live.menus.conditionalmenu) == len(labels.before)
        and len(after.conditionalmenu) == len(labels.after)
    ):
        wrong = "has another number of menus than of labels or ids"
    elif label_menus(live.menus, after, labels.tag_names) != labels:
        wrong = "has menus under labels that aren't theirs"
    else:
        return
    raise _mismatch(f"the account {ref.name} {wrong}")


def _guard_from_json(value: Mapping[str, Any]) -> Guard:
    return Guard(value["guard"], value.get("name"), value["lifted"], value["message"])
