"""From what an account shows to a menu file, and why its plan isn't empty where it isn't."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from menuops.core.account import Account
from menuops.core.console import leaves, nearest_menus
from menuops.core.errors import CannotStart
from menuops.core.finding import Finding, Place, errors_of
from menuops.core.jsonform import parse_buttons
from menuops.core.labels import DEFAULT, rule_name
from menuops.core.live import Console, Live, read_live
from menuops.core.model import Button, MatchRule, Menus, MiniProgram
from menuops.core.outcome import Outcome
from menuops.files.menu.menu_file import NOBODY, LoadedMenu, parse_menu
from menuops.files.menu.menu_writer import Head, MenuText, Say, write_menu
from menuops.files.rules import texts as rules
from menuops.run.settings import Settings
from menuops.run.tags import NO_TAGS, Tags

_SCHEMA: Final = Path("schemas", "menu.schema.json")
_NO_DEFAULT: Final = "The default menu isn't told: a conditional menu needs one (65303)."


@dataclass(frozen=True, slots=True)
class Imported:
    """A menu file's text, and what is to be said of it: `findings` name places in that text.

    `account` is None where the answers don't say whose they are.
    """

    account: str | None
    text: str
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether the file is one that can be planned, be it for another account."""
        return Outcome.INVALID if errors_of(self.findings) else Outcome.DONE


@dataclass(frozen=True, slots=True)
class Shown:
    """What the two answers show of an account; `asked` where they are known to be one's.

    `menus` is what is to be written: the menu in force, or, where the console switched it off,
    that of the API. `tags` is None where the account has no right to read them.
    """

    account: str | None
    live: Live
    menus: Menus
    asked: bool
    tags: Tags | None = NO_TAGS

    @classmethod
    def of(
        cls,
        account: str | None,
        menu: Mapping[str, Any] | None,
        selfmenu: Mapping[str, Any] | None,
        tags: Tags | None,
        *,
        asked: bool,
    ) -> Shown:
        """Make the value; raises CannotStart for no menu at all."""
        live = read_live(menu, selfmenu)
        menus = live.menus
        if live.console is Console.CLOSED and menu is not None:
            menus = Menus(parse_buttons(menu["menu"]["button"]), menus.conditionalmenu)
        if not (menus.button or menus.conditionalmenu or live.dead):
            raise CannotStart(
                f"{account or 'the file'} has no menu that could be imported",
                fix="write a menu file; the first of a new project is one: menuops init",
                code="no_menu",
            )
        return cls(account, live, menus, asked, tags)


def write_shown(
    shown: Shown,
    appid: str | None,
    shown_as: str,
    schema: str | None,
    account: Account | None = None,
    say: Say = str,
) -> Imported:
    """Write the file that a person would; `shown_as` is its name in findings.

    `schema` is where the file finds its schema, if anywhere; `account` whose file it is to be;
    `say` says its comments in the language of whoever reads them.
    """
    menus, remarks = nearest_menus(shown.menus)
    tag_names = _tag_names(menus, shown.tags or NO_TAGS)
    ids = _ids([menu.matchrule for menu in menus.conditionalmenu], tag_names)
    comment = () if shown.menus.button else (_NO_DEFAULT,)
    head = Head(schema, comment)
    written = write_menu(menus, ids, shown.live.dead, tag_names, remarks, head, say)
    source = parse_menu(written.text.encode("utf-8", "surrogatepass"), shown_as)
    loaded = source.for_account({}, shown.account or NOBODY[0], appid or NOBODY[1])
    # What is doubtful in a menu was so before; `menuops validate` tells of it.
    errors = errors_of(loaded.findings)
    if not shown.menus.button:
        errors = tuple(_alone(each, written.button) for each in errors)
    said = [
        *_console(shown, written),
        *(
            (place, each.rule, each.message)
            for place, each in zip(written.remarks, remarks, strict=True)
        ),
        *_dead(written),
        *_adapted(account, menus, written),
        *(_unnamed(menus, loaded) if shown.tags is None else ()),
    ]
    warnings = (
        Finding(shown_as, place.line, place.column, rule, "warning", message)
        for place, rule, message in said
    )
    return Imported(shown.account, written.text, tuple(sorted({*errors, *warnings})))


def _alone(error: Finding, button: Place) -> Finding:
    """Say why there is no default menu, in place of that there is none."""
    if (error.rule, error.line) != ("entry-count", button.line):
        return error
    message = "conditional menus stand alone here; write the default menu above them (65303)"
    return replace(error, message=message)


def _console(shown: Shown, written: MenuText) -> Iterator[tuple[Place, str, str]]:
    """Say why a plan of the file isn't empty though all of it is live."""
    then = "so the next plan isn't empty"
    match shown.live.console if shown.asked else Console.NONE:
        case Console.MADE | Console.OVERRIDES:
            message = (
                "the web console (公众号后台) made this menu, and an apply would put the same menu "
                f"in its place through the API, {then} and needs --allow console-menu"
            )
        case Console.CLOSED:
            message = (
                "the menu is switched off (停用) in the web console (公众号后台), and an apply may "
                f"switch it on, {then} and needs --allow console-menu"
            )
        case _:
            return
    yield written.button, "console-menu", message


def _dead(written: MenuText) -> Iterator[tuple[Place, str, str]]:
    count = len(written.dead)
    if count:
        menus = "a conditional menu matches" if count == 1 else f"{count} conditional menus match"
        message = (
            f"{menus} nobody: the rule asks for what WeChat withdrew, or for nothing; it stands "
            "as a comment here, and an apply leaves it alone"
        )
        yield written.dead[0], "dead-menu", message


def _adapted(
    account: Account | None, menus: Menus, written: MenuText
) -> Iterator[tuple[Place, str, str]]:
    """Say what an account's own keys would make of the file that was just read off it."""
    if account is None:
        return
    then = "so the next plan isn't empty"
    if account.skip_conditional and menus.conditionalmenu:
        message = f"{account.name} has `skip_conditional`, and conditional menus are live, {then}"
        yield written.button, "adapted-account", message
    if account.miniprogram_as_view and any(map(_opens_program, leaves(menus))):
        message = f"{account.name} has `miniprogram_as: view`, and mini programs are live, {then}"
        yield written.button, "adapted-account", message


def _unnamed(menus: Menus, loaded: LoadedMenu) -> Iterator[tuple[Place, str, str]]:
    """Say why ids stand where names of tags would, which hold for other accounts too."""
    tagged = (menu.matchrule.tag_id is not None for menu in menus.conditionalmenu)
    first = next((index for index, has_tag in enumerate(tagged) if has_tag), None)
    if first is not None:
        message = (
            "the account has no right to read its tags, so they stand by their ids here, which "
            "are others in each account; write `tag:` and the name where you know it"
        )
        place = loaded.place(("conditionalmenu", first, "matchrule", "tag_id"))
        yield place, "unnamed-tags", message


def _opens_program(button: Button) -> bool:
    return isinstance(button, MiniProgram)


def _tag_names(menus: Menus, tags: Tags) -> dict[str, str]:
    """Take the names that stand for one tag only, and that a file may hold."""
    used = {menu.matchrule.tag_id for menu in menus.conditionalmenu}
    bearers = Counter(tags.names.values())
    return {
        id_: name
        for id_, name in tags.names.items()
        if id_ in used
        and bearers[name] == 1
        and not any((*rules.tag(name), *rules.control_character(name)))
    }


def _ids(wanted: Sequence[MatchRule], tag_names: Mapping[str, str]) -> list[str]:
    """Name conditional menus after their rules: `vip-ios`; twice the same: `vip-ios-2`.

    A tag whose name isn't known is `tag-104`.
    """
    ids: dict[str, None] = {}
    numbers: dict[str, int] = {}  # the next to try behind a name
    for rule in wanted:
        said = rule_name(rule, tag_names)
        if rule.tag_id in tag_names:
            said = said.removeprefix("tag:")
        name = re.sub(r"[^\w]+", "-", said.lower()).strip("-") or "menu"
        number, id_ = numbers.get(name, 2), f"{DEFAULT}-menu" if name == DEFAULT else name
        while id_ in ids:
            id_, number = f"{name}-{number}", number + 1
        ids[id_], numbers[name] = None, number
    return list(ids)


def schema_seen_from(out: Path | None, settings: Settings) -> str | None:
    """Find the way from a file to the schema beside menuops.yaml, as an editor wants it.

    None where there is no schema, or the file goes to stdout and nobody knows where from there.
    """
    root = settings.config.parent if settings.config else settings.directory
    if out is None or not (root / _SCHEMA).is_file():
        return None
    try:
        way = os.path.relpath(root / _SCHEMA, out.parent)
    except ValueError:  # another drive
        return None
    return Path(way).as_posix()
