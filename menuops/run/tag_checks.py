"""Whether an account has the tags that its menu files are about: the check `tags`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from menuops.core.check import Check, failed_by
from menuops.core.errors import MenuopsError
from menuops.core.finding import Finding
from menuops.run.tags import Tags, gives_tag_ids, names_tags, unknown_ids, wanted_menus
from menuops.run.wanted import WantedAccount, import_command
from menuops.wechat.api import TagCount

_FIX = "mend the menu file; `menuops import` writes the tags that live menus are for"


class TagApi(Protocol):
    """The part of the client that lists tags."""

    def get_tags(self) -> tuple[TagCount, ...]:
        """Read the account's tags."""


def check_tags(name: str, api: TagApi, wanted: Sequence[WantedAccount]) -> Check:
    """Look up the tags of all menus of an account, whenever they are in force.

    Without any nothing is asked. A plan looks up names alone; an id that the account doesn't have
    may go unseen until a write.
    """
    missing = [each for each in wanted if each.is_unread]
    if missing:
        first = missing[0]
        fix = f"write it, or take what is live: `{import_command(first.account, first.file)}`"
        return Check(name, "tags", "skipped", f"{first.file}: can't be read, or isn't there", fix)
    broken = [each.file for each in wanted if each.loaded.menu is None]
    if broken:
        listed = ", ".join(dict.fromkeys(broken))
        return Check(name, "tags", "skipped", f"{listed}: has errors", "see them: menuops validate")
    tagged = [each for each in wanted if names_tags(each) or gives_tag_ids(each)]
    if not tagged:
        return Check(name, "tags", "ok", "no menu is for a tag")
    try:
        tags = Tags.of(api.get_tags())
    except MenuopsError as error:
        return failed_by(name, "tags", error)
    strange = [finding for each in tagged for finding in _unknown(each, tags)]
    if strange:
        told = "; ".join(
            f"{each.file}:{each.line}:{each.column}: {each.message}" for each in strange
        )
        return Check(name, "tags", "failed", told, _FIX)
    return Check(name, "tags", "ok", "the account has all tags that its menus are for")


def _unknown(wanted: WantedAccount, tags: Tags) -> tuple[Finding, ...]:
    named = wanted_menus(wanted, tags)
    return (*(named if isinstance(named, tuple) else ()), *unknown_ids(wanted, tags))
