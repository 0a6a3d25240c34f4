"""Turning the live menu of an account into a menu file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from menuops.core.account import Account
from menuops.core.errors import CannotStart, MenuopsError, Usage
from menuops.core.finding import Finding, errors_of
from menuops.core.labels import rule_name
from menuops.core.live import Live
from menuops.core.outcome import Outcome
from menuops.files.menu_file import parse_menu
from menuops.files.menu_writer import write_menu
from menuops.run.reading import Reader
from menuops.run.remote import Remote
from menuops.run.selection import open_project, select
from menuops.run.settings import Settings, World
from menuops.run.tags import NO_TAGS, Tags


@dataclass(frozen=True, slots=True)
class Imported:
    """A menu file's text, and what is wrong with it: `findings` name places in that text."""

    account: str
    text: str
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether the file can be planned as it stands."""
        return Outcome.INVALID if errors_of(self.findings) else Outcome.DONE


def import_menu(settings: Settings, world: World, shown_as: str) -> Imported:
    """Read one account and write its menus down; `shown_as` is the file's name in findings.

    Raises InvalidFiles, Usage where not exactly one account is chosen, CannotStart where it
    can't be read or has no menu.
    """
    project = open_project(settings, world)
    account = _only(select(project, settings.accounts))
    with (
        Remote(project, world, parallel=1) as remote,
        Reader(1) as reader,
    ):
        api = remote.api(account)
        (answers,) = reader.read([api])
        if isinstance(answers, MenuopsError):
            raise answers
        live = answers.live
        tags = _tags(live, reader.read_tags([api]) if _has_tags(live) else [])
    if not live.menus.button and not live.menus.conditionalmenu:
        raise CannotStart(
            f"{account.name} has no menu that could be imported",
            fix="write a menu file and apply it",
            code="no_menu",
        )
    return _imported(account, live, tags.names, shown_as)


def _only(accounts: Sequence[Account]) -> Account:
    if len(accounts) != 1:
        raise Usage(
            f"import takes one account, and {len(accounts)} are chosen", fix="name it with -a"
        )
    return accounts[0]


def _has_tags(live: Live) -> bool:
    return any(menu.matchrule.tag_id is not None for menu in live.menus.conditionalmenu)


def _tags(live: Live, read: Sequence[object]) -> Tags:
    """Take the names that stand for one tag only; without the right to read them, none."""
    (found,) = read or ((),)
    if not isinstance(found, tuple):
        return NO_TAGS
    tags = Tags.of(found)
    used = {menu.matchrule.tag_id for menu in live.menus.conditionalmenu}
    names = {id_: name for id_, name in tags.names.items() if id_ in used}
    return Tags({id_: name for id_, name in names.items() if len(tags.ids(name)) == 1})


def _imported(
    account: Account, live: Live, tag_names: Mapping[str, str], shown_as: str
) -> Imported:
    rules = [rule_name(menu.matchrule, tag_names) for menu in live.menus.conditionalmenu]
    text = write_menu(live.menus, _ids(rules), live.dead, tag_names)
    source = parse_menu(text.encode("utf-8", "surrogatepass"), shown_as)
    findings = list(source.for_account({}, account.name, account.appid).findings)
    if live.dead:
        place = 1 + text[: text.index("\n# dead: ") + 1].count("\n")
        message = (
            f"{len(live.dead)} conditional menus match nobody any more, since WeChat withdrew "
            "what their rules ask for; they stand as comments and are left alone"
        )
        findings.append(Finding(shown_as, place, 1, "dead-menu", "warning", message))
    return Imported(account.name, text, tuple(sorted(findings)))


def _ids(rules: Sequence[str]) -> list[str]:
    """Name conditional menus after their rules: `vip-ios`; twice the same: `vip-ios-2`."""
    ids: list[str] = []
    for rule in rules:
        name = re.sub(r"[^\w]+", "-", rule.removeprefix("tag:").lower()).strip("-") or "menu"
        number, id_ = 2, "default-menu" if name == "default" else name
        while id_ in ids:
            id_, number = f"{name}-{number}", number + 1
        ids.append(id_)
    return ids
