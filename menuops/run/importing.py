"""Turning the live menu of an account, or any answer that a file holds, into a menu file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from menuops.core.account import Account
from menuops.core.adapting import adapted
from menuops.core.errors import CannotStart, InvalidFiles, MenuopsError, Usage
from menuops.core.finding import Finding
from menuops.core.patterns import is_chosen
from menuops.files.answers.answers import AnswersFile, SavedAnswers
from menuops.files.answers.answers_kinds import ErrorAnswer, Understood, read_answers_in
from menuops.files.menu.menu_file import parse_menu
from menuops.files.menu.menu_writer import Say
from menuops.files.project.click_keys import read_click_keys
from menuops.files.templates import FIRST_MENU
from menuops.run.menu_text import Imported, Shown, schema_seen_from, write_shown
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.saving import readable_tags
from menuops.run.selection import open_project, select, shown_path
from menuops.run.settings import Settings, World
from menuops.run.tags import NO_TAGS, Tags
from menuops.wechat.api import TagCount

__all__ = ["Imported", "import_file", "import_menu"]

_ERRCODE: Final = re.compile("-?[1-9][0-9]{0,9}")


def import_menu(
    settings: Settings, world: World, shown_as: str, out: Path | None = None, say: Say = str
) -> Imported:
    """Read one account and write its menus down; `shown_as` is the file's name in findings.

    `out` is where the file will stand; `say` says its comments in another language. Raises
    InvalidFiles, Usage where not exactly one account is chosen, CannotStart where it can't be
    read or has no menu.
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
        (read,) = reader.read_tags([api]) if _has_tags(answers) else [()]
    tags = _tags(readable_tags(account, read))
    try:
        shown = Shown.of(account.name, answers.menu, answers.selfmenu, tags, asked=True)
    except CannotStart as nothing:
        if account.menus:
            nothing.fix = _first_menu(account, settings)
        raise
    schema = schema_seen_from(out, settings)
    written = write_shown(shown, account.appid, shown_as, schema, account, say)
    return _saying(written, _refused_keys(written, account, settings, shown_as))


def _first_menu(account: Account, settings: Settings) -> str:
    """Say how an account that has no menu gets one: by its file, which import can't write."""
    path = Path(account.menus[0].menu)
    file = shown_path(path, settings.directory)
    plan = f"menuops plan -a {account.name}"
    if os.path.lexists(path):
        return f"its file is there already, {file}; make its menu live: {plan}"
    return f"write its first menu into {file}:\n{FIRST_MENU}then see what it makes: {plan}"


def _tags(read: Sequence[TagCount] | None) -> Tags | None:
    return None if read is None else Tags.of(read)


def _only(accounts: Sequence[Account]) -> Account:
    if len(accounts) != 1:
        raise Usage(
            f"import takes one account, and {len(accounts)} are chosen", fix="name it with -a"
        )
    return accounts[0]


def _has_tags(answers: Answers) -> bool:
    menus = answers.live.menus.conditionalmenu
    return any(menu.matchrule.tag_id is not None for menu in menus)


def _refused_keys(
    written: Imported, account: Account, settings: Settings, shown_as: str
) -> Iterator[Finding]:
    """Say for which keys a plan would refuse the file, as the account's bot has no answer."""
    if account.click_keys is None:
        return
    path = Path(account.click_keys)
    keys = read_click_keys(path, shown_path(path, settings.directory))
    source = parse_menu(written.text.encode("utf-8", "surrogatepass"), shown_as)
    loaded = source.for_account({}, account.name, account.appid)
    found = list(keys.findings)
    if loaded.menu is not None and not found:
        menu = adapted(
            loaded.menu,
            skip_conditional=account.skip_conditional,
            miniprogram_as_view=account.miniprogram_as_view,
        )
        found = keys.unanswered(replace(loaded, menu=menu), shown_as, account.name)
    for each in found:
        message = f"the next plan refuses this file: {each.message}"
        yield replace(each, rule="adapted-account", severity="warning", message=message)


def _saying(written: Imported, more: Iterable[Finding]) -> Imported:
    return replace(written, findings=tuple(sorted({*written.findings, *more})))


def import_file(
    settings: Settings,
    raw: bytes,
    file: str,
    shown_as: str,
    out: Path | None = None,
    say: Say = str,
) -> Imported:
    """Write down the menus that a file holds, offline; `file` is its name in findings.

    The file is any answer of WeChat that shows a menu, or a body that made one. Raises
    InvalidFiles where it isn't, Usage where one of its accounts must be chosen, CannotStart for
    no menu.
    """
    try:
        understood = read_answers_in(raw, file)
        saved = _chosen(understood.answers, settings.accounts)
    except ErrorAnswer as answer:
        raise InvalidFiles([_error_answer(answer, file)]) from None
    name, appid = (saved.ref.name, saved.ref.appid) if saved.ref else (None, None)
    # An answer of unknown origin doesn't tell whether the console or the API made its menu.
    asked = saved.ref is not None
    tags = _tags(_saved_tags(saved)) if asked else NO_TAGS
    shown = Shown.of(name, saved.menu, saved.selfmenu, tags, asked=asked)
    written = write_shown(shown, appid, shown_as, schema_seen_from(out, settings), say=say)
    return _saying(written, _left_out(understood, shown_as))


def _saved_tags(saved: SavedAnswers) -> list[TagCount] | None:
    if saved.tags is None:
        return None
    return [TagCount(str(tag["id"]), tag["name"], 0) for tag in saved.tags["tags"]]


def _left_out(read: Understood, shown_as: str) -> Iterator[Finding]:
    """Say what the file holds that no menu file does."""
    if read.left_out:
        reset = "; if others saw that file, reset the secret in it" if read.secrets else ""
        message = (
            f"left out, since a menu file has no place for it: {', '.join(read.left_out)}{reset}"
        )
        yield Finding(shown_as, 1, 1, "left-out", "warning", message)


def _chosen(file: AnswersFile, patterns: Sequence[str]) -> SavedAnswers:
    """Choose the one account among those of a file."""
    found = [
        each
        for each in file.answers
        if each.ref is None or not patterns or is_chosen(each.ref.name, patterns)
    ]
    if len(found) != 1:
        names = ", ".join(each.ref.name for each in file.answers[:10] if each.ref)
        raise Usage(
            f"import takes one account, and {len(found)} are chosen of those in {file.file}",
            fix=f"name it with -a; there are {names or 'none'}",
        )
    return found[0]


def _error_answer(answer: ErrorAnswer, file: str) -> Finding:
    from menuops.wechat.codes import code_of

    if _ERRCODE.fullmatch(answer.errcode):
        code = code_of(int(answer.errcode))
        what = f"{code.number}: {code.meaning}{f'; {code.fix}' if code.fix else ''}"
        message = f"this is no menu but an error that WeChat answered, {what}"
    else:  # which isn't shown: it could be anything
        message = "this is no menu, and its `errcode` is no number that WeChat answers"
    return Finding(file, 1, 1, "not-a-menu", "error", message)
