"""Making a plan: what the files want against what the accounts have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import menuops
from menuops.core.account import EMULATOR, Account, ClassicToken
from menuops.core.errors import InvalidFiles, MenuopsError
from menuops.core.finding import Finding, Place
from menuops.core.guard_names import check_lifts
from menuops.core.guards import idle_lifts
from menuops.core.moments import parse_moment, utc
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    PlannedAccount,
    UnreadableAccount,
    has_changes,
    make_plan,
)
from menuops.files.answers.answers import AnswersFile
from menuops.files.git import head_commit
from menuops.files.project.project import Project
from menuops.run.account_planning import plan_account, ref_of
from menuops.run.past import BaseFiles, PastOfAccounts, read_base
from menuops.run.quotas import QuotaApi, with_quotas
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.saved import SavedAccounts
from menuops.run.selection import open_project
from menuops.run.settings import PlanOptions, Settings, World
from menuops.run.tags import (
    NO_TAGS,
    Tags,
    gives_tag_ids,
    loses_a_tagged_menu,
    names_tags,
    unknown_ids,
    unreadable_tags,
    wanted_menus,
)
from menuops.run.wanted import WantedAccount, findings_of, wanted_of_selected


@dataclass(frozen=True, slots=True)
class Prepared:
    """The offline half: a project whose files are all valid."""

    project: Project
    wanted: tuple[WantedAccount, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The selected accounts."""
        return tuple(each.account for each in self.wanted)


class Apis(Protocol):
    """Gives what an account's answers are read from: the remote, or a file that has them."""

    def api(self, account: Account) -> QuotaApi:
        """Give that of one account."""


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A plan with what it was made from: the answers of each account, and warnings."""

    plan: Plan
    answers: Mapping[AccountRef, Answers]
    warnings: tuple[Finding, ...]


def prepare(settings: Settings, world: World, options: PlanOptions) -> Prepared:
    """Read the project and the menus of the selected accounts; no request is made.

    Raises InvalidFiles, and Usage for a guard that doesn't exist.
    """
    check_lifts(options.lifts)
    project = open_project(settings, world)
    return Prepared(project, wanted_of_selected(project, settings, world))


def plan_accounts(
    prepared: Prepared,
    remote: Apis,
    reader: Reader,
    world: World,
    options: PlanOptions,
    past: PastOfAccounts,
) -> MadePlan:
    """Read the accounts and work out their plans; unreadable ones are listed as such.

    Raises InvalidFiles for tags that an account doesn't have.
    """
    wanted = prepared.wanted
    answers = reader.read(remote.api(each.account) for each in wanted)
    tags = _read_tags(wanted, answers, remote, reader, past, options)
    warnings = [*prepared.project.findings, *findings_of(wanted), *_classic(prepared)]
    planned, unknown = _plan_each(wanted, answers, tags, options, past)
    if unknown:
        unread = [each for each in planned if isinstance(each, UnreadableAccount)]
        raise InvalidFiles(
            sorted({*unknown, *warnings}),
            besides=[f"  {each.ref.name} can't be read: {each.error.message}" for each in unread],
        )
    of = {ref_of(each.account): each for each in wanted}
    planned = with_quotas(
        planned,
        reader,
        lambda ref: remote.api(of[ref].account),
        lambda account: (*options.lifts, *of[account.ref].menu.allow),
    )
    for each, made in zip(wanted, planned, strict=True):
        if isinstance(made, AccountPlan):
            warnings.extend(_idle(each, made))
    now = world.clock()
    plan = make_plan(
        planned,
        max_accounts=prepared.project.max_accounts,
        lifts=options.lifts,
        head={
            "menuops_version": menuops.__version__,
            "created_at": utc(now),
            "expires_at": utc(_expires_s(planned, now, options)),
            "commit": head_commit(prepared.project.root),
        },
    )
    read = {
        ref_of(each.account): answer
        for each, answer in zip(wanted, answers, strict=True)
        if isinstance(answer, Answers)
    }
    return MadePlan(plan, read, tuple(dict.fromkeys(warnings)))


def _plan_each(
    wanted: Sequence[WantedAccount],
    answers: Sequence[Answers | MenuopsError],
    tags: Sequence[Tags | MenuopsError],
    options: PlanOptions,
    past: PastOfAccounts,
) -> tuple[list[PlannedAccount], list[Finding]]:
    """Work out the plan of each account; beside them, the tags that accounts don't have."""
    planned: list[PlannedAccount] = []
    unknown: list[Finding] = []
    for each, answer, tag in zip(wanted, answers, tags, strict=True):
        if isinstance(answer, MenuopsError) or isinstance(tag, MenuopsError):
            problem = answer if isinstance(answer, MenuopsError) else tag
            assert isinstance(problem, MenuopsError)
            planned.append(_unreadable(each.account, problem))
            continue
        after = wanted_menus(each, tag)
        strange = unknown_ids(each, tag) if options.check_ids and gives_tag_ids(each) else ()
        if isinstance(after, tuple) or strange:
            unknown += (*(after if isinstance(after, tuple) else ()), *strange)
            continue
        base, missing = past.at_base(each.account, tag)
        account = plan_account(
            each,
            answer.live,
            after,
            tag,
            options,
            applied=past.applied_to(each.account),
            base=base,
            base_missing=missing,
        )
        planned.append(account)
    return planned, unknown


def _expires_s(planned: Sequence[PlannedAccount], now: float, options: PlanOptions) -> float:
    """Let no plan outlive the menu that it makes: a sale that has ended must not come back."""
    switches = (
        parse_moment(account.basis.next_switch.at)
        for account in planned
        if has_changes(account) and account.basis.next_switch is not None
    )
    ends = [moment_s - 1 for moment_s in switches if moment_s is not None and moment_s > now]
    return min([now + options.expires_in_s, *ends])


def _read_tags(
    wanted: Sequence[WantedAccount],
    answers: Sequence[Answers | MenuopsError],
    remote: Apis,
    reader: Reader,
    past: PastOfAccounts,
    options: PlanOptions,
) -> list[Tags | MenuopsError]:
    """Look tags up where a name has to be known; an account without such needs no request."""

    def needs(each: WantedAccount) -> bool:
        return names_tags(each) or (options.check_ids and gives_tag_ids(each))

    tags: list[Tags | MenuopsError] = [NO_TAGS] * len(wanted)
    asked = [
        index
        for index, (each, answer) in enumerate(zip(wanted, answers, strict=True))
        if isinstance(answer, Answers)
        and (needs(each) or loses_a_tagged_menu(each, answer.live) or past.names_tags(each.account))
    ]
    found = reader.read_tags(remote.api(wanted[index].account) for index in asked)
    for index, result in zip(asked, found, strict=True):
        if not isinstance(result, MenuopsError):
            tags[index] = Tags.of(result)
        elif needs(wanted[index]):
            tags[index] = unreadable_tags(result, wanted[index])
    return tags


def _unreadable(account: Account, error: MenuopsError) -> UnreadableAccount:
    note = ErrorNote(error.code, error.message, error.fix)
    return UnreadableAccount(
        ref_of(account), note, "watch" if account.mode == "watch" else "manage"
    )


def _classic(prepared: Prepared) -> tuple[Finding, ...]:
    """Say once what classic tokens do to the account's other servers."""
    accounts = [each for each in prepared.accounts if isinstance(each.token, ClassicToken)]
    accounts = [each for each in accounts if each.api != EMULATOR]
    if not accounts:
        return ()
    first = accounts[0]
    others = f" and {len(accounts) - 1} more" if len(accounts) > 1 else ""
    place = first.place or Place(1, 1)
    found = Finding(
        prepared.project.file,
        place.line,
        place.column,
        "classic-token",
        "warning",
        f"{first.name}{others}: `source: classic`: each token that menuops fetches voids the "
        "classic token that other servers of the account hold; `stable` voids none",
    )
    return prepared.project.unsilenced([found])


def _idle(wanted: WantedAccount, account: AccountPlan) -> tuple[Finding, ...]:
    found = []
    for lift in idle_lifts(wanted.menu.allow, account.guards):
        place = wanted.loaded.place(("allow", wanted.menu.allow.index(lift)))
        message = f"allow: {lift!r} lifts nothing on {account.ref.name}; take it out"
        found.append(
            Finding(wanted.file, place.line, place.column, "idle-allow", "warning", message)
        )
    return wanted.loaded.unsilenced(found)


def make_plan_of(
    settings: Settings, world: World, options: PlanOptions, saved: AnswersFile | None = None
) -> MadePlan:
    """Do the whole of `menuops plan`: read files, read accounts, work out the change.

    With `saved` answers no account is asked, and InvalidFiles says which of them it lacks.
    """
    prepared = prepare(settings, world, options)
    base = base_of(prepared, settings, world, options)
    if saved is not None:
        with Reader(1) as reader:
            there = SavedAccounts(saved, prepared.accounts)
            past = PastOfAccounts(None, base)
            return plan_accounts(prepared, there, reader, world, options, past)
    with (
        Remote(prepared.project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
    ):
        past = PastOfAccounts(remote.state.last_applied, base)
        return plan_accounts(prepared, remote, reader, world, options, past)


def base_of(
    prepared: Prepared, settings: Settings, world: World, options: PlanOptions
) -> BaseFiles | None:
    """Read the files of the commit that was named, if one was. Raises Usage for no commit."""
    if options.base is None:
        return None
    return read_base(prepared.project, settings, world, options.base)
